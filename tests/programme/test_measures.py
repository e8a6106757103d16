"""Hand-checked tables. Day 1 is Monday 5 January 2026, working Monday to Friday, so day n is easy to count."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cohorts.schedule.path import Calendar
from goals.dial_rules import Setting
from goals.reserve import Life
from programme.progress.measures import (
    Attempt,
    Debrief,
    Evidence,
    Measure,
    Transparency,
    day_of,
    debrief_rate,
    dial_transparency,
    practice_rate,
    regularity,
    sustainment,
    week_of,
    weeks_so_far,
)

DAY1 = date(2026, 1, 5)


def on(day: int) -> date:
    return DAY1 + timedelta(days=day - 1)


def calendar(*, pauses=(), holidays=frozenset()) -> Calendar:
    return Calendar(
        day1=DAY1,
        zone=ZoneInfo("Europe/Oslo"),
        hour=time(9),
        working_days=frozenset({1, 2, 3, 4, 5}),
        pauses=tuple(pauses),
        holidays=holidays,
    )


def days(*numbers: int) -> set[date]:
    return {on(number) for number in numbers}


@pytest.mark.parametrize(("day", "week"), [(1, 1), (7, 1), (8, 2), (84, 12), (85, 13), (90, 13)])
def test_weeks_are_seven_programme_days(day, week):
    assert week_of(day) == week


@pytest.mark.parametrize(("today", "day"), [(on(-3), 0), (on(1), 1), (on(90), 90), (on(200), 90)])
def test_the_day_stays_between_0_and_90(today, day):
    assert day_of(calendar(), today) == day


# Two weeks lived, the Monday after has begun: planned 5 + 5, and today only when practised.
RATES = [
    ("nothing logged", set(), (), None, Evidence.NONE, 0),
    ("every planned day", days(1, 2, 3, 4, 5, 8, 9, 10, 11, 12), (), 1.0, Evidence.ENOUGH, 10),
    ("half", days(1, 2, 8, 9, 10), (), 0.5, Evidence.ENOUGH, 10),
    ("seven in one week are still five", days(1, 2, 3, 4, 5, 6, 7), (), 0.5, Evidence.ENOUGH, 10),
    ("today practised is planned", days(1, 15), (), 2 / 11, Evidence.ENOUGH, 11),
    ("a reserve week is in neither sum", days(1, 2, 3, 4), [(on(8), on(14))], 0.8, Evidence.ENOUGH, 5),
    ("reserve takes its practices with it", days(1, 8, 9), [(on(8), on(14))], 0.2, Evidence.ENOUGH, 5),
    ("reserve across two weeks", days(1, 2, 3, 12), [(on(4), on(10))], 0.8, Evidence.ENOUGH, 5),
    ("too little outside reserve", days(8), [(on(1), on(14))], None, Evidence.TOO_EARLY, 0),
]


@pytest.mark.parametrize(
    ("done", "reserve", "value", "state", "n"), [row[1:] for row in RATES], ids=[row[0] for row in RATES]
)
def test_practice_rate_without_reserve_weeks(done, reserve, value, state, n):
    weeks = weeks_so_far(calendar(), done, reserve, today=on(15))

    assert practice_rate(weeks, with_reserve=False) == Measure(pytest.approx(value), n, state)


def test_with_reserve_weeks_included_the_same_days_count_less():
    weeks = weeks_so_far(calendar(), days(1, 2, 3, 4), [(on(8), on(14))], today=on(15))

    assert practice_rate(weeks, with_reserve=True) == Measure(pytest.approx(0.4), 10, Evidence.ENOUGH)
    assert [week.is_reserve for week in weeks] == [False, True, False]


def test_the_practice_rate_is_too_early_before_five_days():
    weeks = weeks_so_far(calendar(), days(1), (), today=on(4))

    assert practice_rate(weeks, with_reserve=True) == Measure(None, 3, Evidence.TOO_EARLY)


def test_pauses_and_holidays_are_not_planned():
    away = calendar(pauses=[(on(8), on(14))], holidays=frozenset({on(2)}))

    weeks = weeks_so_far(away, days(1, 3), (), today=on(22))

    assert [(week.number, week.done, week.planned) for week in weeks] == [(1, 2, 4), (2, 0, 5), (3, 0, 0)]


def test_before_day_1_there_are_no_weeks():
    assert weeks_so_far(calendar(), set(), (), today=on(0)) == ()


def test_after_day_90_nothing_is_added():
    late = weeks_so_far(calendar(), days(90, 95), (), today=on(120))

    assert (len(late), late[-1].done, late[-1].planned) == (13, 1, 5)


REGULAR = [
    ("nothing logged", set(), 20, None, Evidence.NONE, 0),
    ("the first week is too early", days(1), 5, None, Evidence.TOO_EARLY, 1),
    ("the running week does not count against", days(1, 8), 16, 1.0, Evidence.ENOUGH, 2),
    ("the week is over in the evening of its last day", days(1, 8), 28, 2 / 4, Evidence.ENOUGH, 4),
    ("the running week counts for", days(1, 15), 16, 2 / 3, Evidence.ENOUGH, 3),
    ("an empty last week counts", days(1), 90, 1 / 13, Evidence.ENOUGH, 13),
    ("seven of thirteen", days(1, 8, 15, 22, 29, 36, 90), 90, 7 / 13, Evidence.ENOUGH, 13),
]


@pytest.mark.parametrize(
    ("done", "today", "value", "state", "n"), [row[1:] for row in REGULAR], ids=[row[0] for row in REGULAR]
)
def test_regularity(done, today, value, state, n):
    weeks = weeks_so_far(calendar(), done, (), today=on(today))

    assert regularity(weeks) == Measure(pytest.approx(value), n, state)


def test_a_week_of_holidays_only_does_not_count_against():
    closed = calendar(holidays=frozenset(days(8, 9, 10, 11, 12)))

    assert regularity(weeks_so_far(closed, days(1), (), today=on(20))).value == 1.0


# Before: 23 days from 8 to 30. After: from 61 on. Ten in 23 days are 3.04 a week.
TEN = days(*range(8, 18))
SUSTAINED = [
    ("before day 67", TEN | days(61), 66, None, Evidence.TOO_EARLY, 11),
    ("nothing to compare with", days(61, 62), 90, None, Evidence.NONE, 2),
    ("as much as before", days(*range(8, 31)) | days(*range(61, 91)), 90, 1.0, Evidence.ENOUGH, 53),
    ("stopped", TEN, 90, 0.0, Evidence.ENOUGH, 10),
    ("half as dense", TEN | days(61, 62), 69, (2 / 9) / (10 / 23), Evidence.ENOUGH, 12),
]


@pytest.mark.parametrize(
    ("done", "today", "value", "state", "n"), [row[1:] for row in SUSTAINED], ids=[row[0] for row in SUSTAINED]
)
def test_sustainment(done, today, value, state, n):
    assert sustainment(calendar(), done, on(today)) == Measure(pytest.approx(value), n, state)


def test_sustainment_counts_programme_days_so_a_pause_moves_both_spans():
    away = calendar(pauses=[(on(40), on(49))])
    done = days(*range(8, 31)) | days(*range(71, 101))

    assert sustainment(away, done, on(100)).value == pytest.approx(1.0)


MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)


def after(hours: float, about: int = 1) -> Debrief:
    return Debrief(on(about), MORNING + timedelta(hours=hours))


def practised(*numbers: int) -> list[Attempt]:
    return [Attempt(on(number), MORNING + timedelta(days=number - 1)) for number in numbers]


LONG_AFTER = MORNING + timedelta(days=30)
DEBRIEFED = [
    ("no practice", [], [after(1)], LONG_AFTER, None, Evidence.NONE, 0),
    ("fewer than three", practised(1, 2), [after(1)], LONG_AFTER, None, Evidence.TOO_EARLY, 2),
    ("no such reflection at all", practised(1, 2, 3), [], LONG_AFTER, None, Evidence.NONE, 3),
    ("at 72 hours it counts", practised(1, 12, 13), [after(72, 4)], LONG_AFTER, 1 / 3, Evidence.ENOUGH, 3),
    ("a minute later it does not", practised(1, 12, 13), [after(72.1, 4)], LONG_AFTER, 0.0, Evidence.ENOUGH, 3),
    ("one reflection, one practice", practised(1, 2, 3), [after(49, 3)], LONG_AFTER, 1 / 3, Evidence.ENOUGH, 3),
    ("three for three", practised(1, 2, 3), [after(49), after(50), after(51)], LONG_AFTER, 1.0, Evidence.ENOUGH, 3),
    ("written first, about the same day", practised(1, 12, 13), [after(-1, 1)], LONG_AFTER, 1 / 3, Evidence.ENOUGH, 3),
    (
        "hours not over yet are not counted",
        practised(1, 2, 3, 12),
        [after(1)],
        MORNING + timedelta(days=12),
        1 / 3,
        Evidence.ENOUGH,
        3,
    ),
]


@pytest.mark.parametrize(
    ("attempts", "debriefs", "now", "value", "state", "n"),
    [row[1:] for row in DEBRIEFED],
    ids=[row[0] for row in DEBRIEFED],
)
def test_debrief_rate(attempts, debriefs, now, value, state, n):
    assert debrief_rate(attempts, debriefs, now) == Measure(pytest.approx(value), n, state)


def focus(*settings: Setting, starts: int = 1, ends: int | None = None) -> Life:
    return Life(on(starts), on(ends) if ends else None, settings)


DIALLED = [
    ("no focus", [], Transparency(0, 0, 0)),
    ("never touched is steady", [focus()], Transparency(0, 4, 0)),
    (
        "all four levels",
        [focus(Setting(0, on(1)), Setting(1, on(8)), Setting(2, on(15)), Setting(3, on(22)))],
        Transparency(2, 1, 1),
    ),
    ("a light week ends by itself", [focus(Setting(1, on(8), on(14)))], Transparency(1, 3, 0)),
    ("most days decide", [focus(Setting(3, on(1)), Setting(2, on(12)))], Transparency(0, 2, 2)),
    ("two focuses", [focus(), focus(Setting(3, on(1)), ends=15)], Transparency(0, 4, 2)),
    ("the last word of a day stands", [focus(Setting(3, on(1)), Setting(1, on(1)))], Transparency(4, 0, 0)),
]


@pytest.mark.parametrize(("focuses", "expected"), [row[1:] for row in DIALLED], ids=[row[0] for row in DIALLED])
def test_dial_transparency_over_four_weeks(focuses, expected):
    assert dial_transparency(calendar(), focuses, on(28)) == expected


def test_when_two_levels_held_equally_long_the_lower_counts():
    even = focus(Setting(3, on(1)), Setting(1, on(4)), ends=7)

    assert dial_transparency(calendar(), [even], on(28)) == Transparency(1, 0, 0)


def test_paused_days_are_in_no_focus_week():
    away = calendar(pauses=[(on(8), on(14))])

    assert dial_transparency(away, [focus()], on(14)) == Transparency(0, 1, 0)
