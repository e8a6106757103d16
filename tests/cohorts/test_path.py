"""The ninety days as a pure function: against a plain day-by-day reading of its rules, over generated calendars."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.schedule.path import (
    LENGTH,
    SPACING,
    Calendar,
    Cursor,
    Dialled,
    Due,
    Plan,
    Rota,
    Span,
    StepSlot,
    in_quiet_hours,
    local_instant,
    next_due,
    walk,
)
from tests.work import work

DAY_1 = date(2026, 3, 2)

OSLO = ZoneInfo("Europe/Oslo")
NINE = time(9)
EVERY_DAY = frozenset(range(1, 8))
ONE_DAY = timedelta(days=1)
SEVERAL = ("clear", "encouraging", "initiative")
START = datetime(2020, 1, 1, tzinfo=UTC)  # before everything: the whole path is ahead
STEADY = Dialled()

# Zones that change in every way: by an hour, by half an hour, at midnight, southern, never.
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut", "Africa/Cairo",
            "Pacific/Auckland", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC",
        )
    ]
)  # fmt: skip
HOURS = st.times(time(0), time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    core = sorted(draw(st.sets(st.integers(1, LENGTH), min_size=1, max_size=30)))
    extra = sorted(draw(st.sets(st.integers(1, LENGTH), max_size=20)))
    return Plan(
        core=tuple(StepSlot(key=day, day=day) for day in core),
        extra=tuple(
            StepSlot(key=100 + day, day=day, cadence=draw(st.integers(0, 3)), behaviour=draw(st.sampled_from(SEVERAL)))
            for day in extra
        ),
    )


@st.composite
def rotas(draw: st.DrawFn) -> Rota:
    """Its first day on may lie long before day 1, or after it."""
    on, off = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    return Rota(on, off, DAY_1 + timedelta(days=draw(st.integers(-400, 60))))


def days_on(rota: Rota) -> frozenset[date]:
    """Shift after shift, from a first day on well before day 1."""
    first = rota.starts
    while first > DAY_1:
        first -= timedelta(days=rota.on + rota.off)
    shifts = (first + timedelta(days=n) for n in range(0, 1800, rota.on + rota.off))
    return frozenset(shift + timedelta(days=n) for shift in shifts for n in range(rota.on))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = DAY_1 + timedelta(days=draw(st.integers(-10, 130)))
    return start, start + timedelta(days=draw(st.integers(0, 25)))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Shifts, part time, public holidays, overlapping pauses, every hour and quiet hours of every shape."""
    holidays = draw(st.sets(st.integers(0, 200), max_size=30))
    closed = frozenset(DAY_1 + timedelta(days=n) for n in holidays)
    quiet = draw(st.one_of(st.just((time(0), time(0))), st.just((time(21), time(6))), st.tuples(HOURS, HOURS)))
    return Calendar(
        day1=DAY_1,
        zone=draw(ZONES),
        hour=draw(HOURS),
        working_days=frozenset(draw(st.sets(st.integers(1, 7), min_size=1))),
        holidays=closed,
        pauses=tuple(draw(st.lists(spans(), max_size=3))),
        quiet_from=quiet[0],
        quiet_until=quiet[1],
        rota=draw(st.none() | rotas()),
    )


DIALS = st.builds(
    Dialled,
    cadence=st.integers(0, 3),
    until=st.none() | st.integers(0, 150).map(lambda n: DAY_1 + timedelta(days=n)),
    prefers=st.frozensets(st.sampled_from(SEVERAL), max_size=2),
)


def read_plainly(plan: Plan, calendar: Calendar, dialled: Dialled) -> list[tuple[date, int, StepSlot]]:
    """The rules at the head of `cohorts/schedule/path.py`, one date after another, with nothing clever."""
    core, extra = list(plan.core), list(plan.extra)
    given_on: list[tuple[date, int, StepSlot]] = []
    day = 0
    shifts = days_on(calendar.rota) if calendar.rota else frozenset()
    for on in (DAY_1 + timedelta(days=n) for n in range(1200)):
        if any(start <= on <= end for start, end in calendar.pauses):
            continue
        day += 1
        works = on in shifts if calendar.rota else on.isoweekday() in calendar.working_days
        if not works or on in calendar.holidays:
            continue
        cadence = dialled.on(on)
        if given_on and (on - given_on[-1][0]).days < SPACING[cadence]:
            continue
        extra = [slot for slot in extra if slot.day > day - 7]
        if core and core[0].day <= day:
            given_on.append((on, day, core.pop(0)))
            continue
        if core and core[0].day < day + SPACING[cadence]:
            continue
        waiting = [slot for slot in extra if slot.day <= day and slot.cadence <= cadence]
        waiting = [slot for slot in waiting if slot.behaviour in dialled.prefers] or waiting
        if waiting:
            given_on.append((on, day, waiting[0]))
            extra = [slot for slot in extra if slot.day > waiting[0].day]
    return given_on


@given(plans(), calendars(), DIALS)
def test_the_path_is_what_a_plain_reading_of_the_rules_says(plan: Plan, calendar: Calendar, dialled: Dialled) -> None:
    ahead = list(walk(plan, calendar, Cursor(), dialled, START))

    assert [(due.on, due.day, due.slot) for due in ahead] == read_plainly(plan, calendar, dialled)


@given(plans(), calendars(), DIALS)
def test_no_core_step_is_lost_or_out_of_order_and_no_date_has_two(
    plan: Plan, calendar: Calendar, dialled: Dialled
) -> None:
    ahead = list(walk(plan, calendar, Cursor(), dialled, START))

    assert tuple(due.slot for due in ahead if due.is_core) == plan.core
    assert all(one.on < other.on for one, other in pairwise(ahead))
    assert all(calendar.is_open(due.on) and due.on >= DAY_1 and due.slot.day <= due.day for due in ahead)


@given(plans(), calendars(), DIALS)
def test_cadence_spaces_nudges_and_gates_extras(plan: Plan, calendar: Calendar, dialled: Dialled) -> None:
    ahead = list(walk(plan, calendar, Cursor(), dialled, START))

    assert all((other.on - one.on).days >= SPACING[dialled.on(other.on)] for one, other in pairwise(ahead))
    assert all(due.slot.cadence <= dialled.on(due.on) for due in ahead if not due.is_core)
    assert all(due.day - due.slot.day < 7 for due in ahead if not due.is_core)


@given(plans(), calendars(), DIALS, st.data())
def test_from_any_cursor_the_rest_is_the_rest(
    plan: Plan, calendar: Calendar, dialled: Dialled, data: st.DataObject
) -> None:
    """What is kept in the database, one cursor, is enough: nothing depends on how the walk came here."""
    ahead = list(walk(plan, calendar, Cursor(), dialled, START))
    cursor, taken = Cursor(), data.draw(st.integers(0, len(ahead)))
    for due in ahead[:taken]:
        cursor = cursor.after(due)
    now = ahead[taken - 1].at if taken else START

    assert list(walk(plan, calendar, cursor, dialled, now)) == ahead[taken:]


@given(rotas(), st.integers(-1000, 1000))
def test_a_rota_repeats_before_and_after_its_start(rota: Rota, cycles: int) -> None:
    first = rota.starts + timedelta(days=cycles * (rota.on + rota.off))
    dates = (first + timedelta(days=n) for n in range(-rota.off, rota.on + rota.off))

    assert [rota.works(on) for on in dates] == [False] * rota.off + [True] * rota.on + [False] * rota.off


@given(
    plans(), calendars(), DIALS, st.integers(1, 6), st.dates(DAY_1 - timedelta(days=800), DAY_1 + timedelta(days=800))
)
def test_a_rota_of_seven_days_is_the_same_weekdays_every_week(
    plan: Plan, calendar: Calendar, dialled: Dialled, on: int, starts: date
) -> None:
    """Five on, two off from a Monday is Monday to Friday."""
    weekdays = frozenset((starts + timedelta(days=n)).isoweekday() for n in range(on))
    in_weekdays = replace(calendar, working_days=weekdays, rota=None)
    in_rota = replace(calendar, working_days=EVERY_DAY - weekdays, rota=Rota(on, 7 - on, starts))

    ahead = [list(walk(plan, each, Cursor(), dialled, START)) for each in (in_weekdays, in_rota)]

    assert ahead[0] == ahead[1]


@given(plans(), calendars(), DIALS, st.data())
def test_a_step_met_in_an_older_version_is_as_if_it_were_not_there(
    plan: Plan, calendar: Calendar, dialled: Dialled, data: st.DataObject
) -> None:
    met = frozenset(data.draw(st.sets(st.sampled_from([slot.key for slot in (*plan.core, *plan.extra)]))))
    rest = Plan(*(tuple(slot for slot in slots if slot.key not in met) for slots in (plan.core, plan.extra)))

    ahead = list(walk(plan, calendar, Cursor(met=met), dialled, START))

    assert tuple(due.slot for due in ahead if due.is_core) == rest.core
    assert ahead == list(walk(rest, calendar, Cursor(), dialled, START))


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[date, str, object]]:
    """What a leader, a sponsor or an admin does along the way, by date."""
    kinds = {
        "dialled": DIALS,
        "working_days": st.sets(st.integers(1, 7), min_size=1).map(frozenset),
        "rota": st.none() | rotas(),
        "zone": ZONES,
        "hour": HOURS,
        "pause": st.integers(0, 20),
    }
    names = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=6))
    dates = st.integers(0, 140).map(lambda n: DAY_1 + timedelta(days=n))
    return sorted(((draw(dates), name, draw(kinds[name])) for name in names), key=lambda change: change[0])


def live(plan: Plan, calendar: Calendar, happens: list[tuple[date, str, object]]) -> tuple[list[Due], list[Calendar]]:
    """Play the days one by one, as the planner does: the path is asked again after each nudge and each change."""
    cursor, dialled = Cursor(), STEADY
    given_on: list[Due] = []
    calendars_then: list[Calendar] = []
    due = next_due(plan, calendar, cursor, dialled, START)
    today, last = DAY_1, max((on for on, *_ in happens), default=DAY_1)
    while due is not None or today <= last:
        happening = [(name, value) for on, name, value in happens if on == today]
        for name, value in happening:
            if name == "dialled":
                dialled = value
            elif name == "pause":
                span = (today, today + timedelta(days=value))
                calendar = replace(calendar, pauses=(*calendar.pauses, span))
            else:
                calendar = replace(calendar, **{name: value})
        now = local_instant(today, time(0), calendar.zone)
        if happening:
            due = next_due(plan, calendar, cursor, dialled, now)
        if due is not None and due.on == today:
            given_on.append(due)
            calendars_then.append(calendar)
            cursor = cursor.after(due)
            due = next_due(plan, calendar, cursor, dialled, now)
        today += ONE_DAY
    return given_on, calendars_then


@given(plans(), calendars(), changes())
def test_changes_on_the_way_lose_nothing_and_double_nothing(
    plan: Plan, calendar: Calendar, happens: list[tuple[date, str, object]]
) -> None:
    given_on, calendars_then = live(plan, calendar, happens)

    assert tuple(due.slot for due in given_on if due.is_core) == plan.core
    assert all(one.on < other.on for one, other in pairwise(given_on))
    assert len({due.slot.key for due in given_on}) == len(given_on)
    for due, then in zip(given_on, calendars_then, strict=True):
        assert then.is_open(due.on)


@given(plans(), calendars())
def test_living_day_by_day_gives_the_same_as_walk(plan: Plan, calendar: Calendar) -> None:
    given_on, _ = live(plan, calendar, [])

    assert given_on == list(walk(plan, calendar, Cursor(), STEADY, START))


@given(calendars(), st.integers(0, 120))
def test_a_nudge_goes_on_its_own_date_and_outside_quiet_hours(calendar: Calendar, ahead: int) -> None:
    on = DAY_1 + timedelta(days=ahead)
    wall = calendar.instant(on).astimezone(calendar.zone)

    assert wall.date() == on
    if minutes_allowed(calendar) > 60:  # else a clock change can swallow the only hour there is
        assert not in_quiet_hours(wall.time(), calendar.quiet_from, calendar.quiet_until)


def minutes_allowed(calendar: Calendar) -> int:
    """How much of a day lies outside quiet hours; equal ends mean no quiet hours."""
    start, end = (at.hour * 60 + at.minute for at in (calendar.quiet_until, calendar.quiet_from))
    return (end - start) % (24 * 60) or 24 * 60


@given(calendars(), st.integers(1, LENGTH + 40))
def test_every_programme_day_has_its_date(calendar: Calendar, day: int) -> None:
    on = calendar.date_of(day)

    assert calendar.day(on) == day
    assert not calendar.is_paused(on)
    assert calendar.day(on - ONE_DAY) == day - 1


@given(calendars(), st.integers(-14, 0))
def test_a_day_before_day_1_falls_on_no_day_away(calendar: Calendar, day: int) -> None:
    on = calendar.date_of(day)
    there = (DAY_1 + timedelta(days=day - 1 + n) for n in range(200))

    assert on == next(each for each in there if not calendar.is_paused(each))


def test_finding_a_date_takes_as_long_for_a_century_away_as_for_a_day() -> None:
    calendars = [
        Calendar(DAY_1, OSLO, time(9), frozenset({1}), pauses=((DAY_1, DAY_1 + timedelta(days=days)),))
        for days in (1, 36_500)
    ]

    short, long = (work(lambda calendar=calendar: calendar.date_of(LENGTH)) for calendar in calendars)

    assert calendars[1].date_of(1) == DAY_1 + timedelta(days=36_501)
    assert long == short


@given(calendars(), st.integers(0, 100), st.integers(0, 30))
def test_a_pause_moves_the_end_by_its_days(calendar: Calendar, ahead: int, length: int) -> None:
    """By those of its days that were not paused already; what was before it stays where it was."""
    span = (DAY_1 + timedelta(days=ahead), DAY_1 + timedelta(days=ahead + length))
    paused = replace(calendar, pauses=(*calendar.pauses, span))
    new = sum(not calendar.is_paused(span[0] + timedelta(days=n)) for n in range(length + 1))

    for on in (DAY_1 + timedelta(days=n) for n in range(ahead)):
        assert paused.day(on) == calendar.day(on)
    for on in (span[1] + timedelta(days=n) for n in range(1, 60)):
        assert paused.day(on) == calendar.day(on) - new
    assert paused.date_of(LENGTH) >= calendar.date_of(LENGTH)


def test_a_holiday_pushes_its_step_to_the_next_day_at_work() -> None:
    plan = Plan(core=tuple(StepSlot(day, day) for day in (1, 2, 3)), extra=())
    calendar = Calendar(DAY_1, OSLO, NINE, frozenset({1, 2, 3, 4, 5}), holidays={DAY_1 + ONE_DAY})

    ahead = list(walk(plan, calendar, Cursor(), STEADY, START))

    assert [(due.on.day, due.slot.day) for due in ahead] == [(2, 1), (4, 2), (5, 3)]


def test_a_missed_core_step_comes_first_even_past_day_90() -> None:
    plan = Plan(core=tuple(StepSlot(day, day) for day in (88, 89, 90)), extra=())
    mondays = Calendar(DAY_1, OSLO, NINE, frozenset({1}))

    ahead = list(walk(plan, mondays, Cursor(), STEADY, START))

    assert [(due.day, due.slot.day) for due in ahead] == [(92, 88), (99, 89), (106, 90)]


def test_an_extra_waits_for_core_and_lapses_after_a_week() -> None:
    plan = Plan(core=(StepSlot(1, 1), StepSlot(2, 2)), extra=(StepSlot(11, 1), StepSlot(12, 3)))
    calendar = Calendar(DAY_1, OSLO, NINE, EVERY_DAY, pauses=())

    assert [due.slot.key for due in walk(plan, calendar, Cursor(), STEADY, START)] == [1, 2, 11, 12]
    assert [due.slot.key for due in walk(plan, calendar, Cursor(), Dialled(0), START)] == [1, 2]


@given(plans(), calendars(), DIALS)
def test_no_extra_moves_a_core_step(plan: Plan, calendar: Calendar, dialled: Dialled) -> None:
    """So a step that prepares for a live event comes as early as it would if there were no extras at all."""
    core = [due for due in walk(plan, calendar, Cursor(), dialled, START) if due.is_core]

    assert core == list(walk(replace(plan, extra=()), calendar, Cursor(), dialled, START))


def test_of_the_waiting_extras_a_chosen_behaviour_comes_first() -> None:
    extra = (StepSlot(11, 2, behaviour="initiative"), StepSlot(12, 3, behaviour="clear"), StepSlot(13, 9))
    plan = Plan(core=(StepSlot(1, 1),), extra=extra)
    mondays_and_fridays = Calendar(DAY_1, OSLO, NINE, frozenset({1, 5}))

    for prefers, keys in ((set(), [1, 11, 12, 13]), ({"clear"}, [1, 12, 13]), ({"encouraging"}, [1, 11, 12, 13])):
        ahead = walk(plan, mondays_and_fridays, Cursor(), Dialled(prefers=frozenset(prefers)), START)
        assert [due.slot.key for due in ahead] == keys


@pytest.mark.parametrize(
    ("cadence", "days"), [(0, [1, 8, 15, 22]), (1, [1, 3, 5, 7]), (2, [1, 2, 3, 4]), (3, [1, 2, 3, 4])]
)
def test_no_cadence_drops_a_core_step(cadence: int, days: list[int]) -> None:
    plan = Plan(core=tuple(StepSlot(day, day) for day in (1, 2, 3, 4)), extra=())
    calendar = Calendar(DAY_1, OSLO, NINE, EVERY_DAY)

    assert [due.day for due in walk(plan, calendar, Cursor(), Dialled(cadence), START)] == days


def test_a_light_spell_ends_by_itself() -> None:
    light = Dialled(1, until=DAY_1 + timedelta(days=6))

    assert [light.on(DAY_1 + timedelta(days=n)) for n in (0, 6, 7)] == [1, 1, 2]


def test_an_hour_already_past_is_still_today() -> None:
    """Lateness is the sender's decision: within six hours it still goes, later it is skipped with its reason."""
    plan = Plan(core=(StepSlot(1, 1),), extra=())
    calendar = Calendar(DAY_1, OSLO, NINE, EVERY_DAY)

    due = next_due(plan, calendar, Cursor(), STEADY, datetime(2026, 3, 2, 22, tzinfo=UTC))

    assert due is not None
    assert due.on == DAY_1
    assert due.at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_path_with_no_date_left_is_over() -> None:
    plan = Plan(core=(StepSlot(1, 1),), extra=())
    years_away = Calendar(DAY_1, OSLO, NINE, EVERY_DAY, pauses=((DAY_1, DAY_1 + timedelta(days=5000)),))

    assert next_due(plan, years_away, Cursor(), STEADY, START) is None


@pytest.mark.parametrize(
    ("hour", "quiet_from", "quiet_until", "is_quiet"),
    [
        (time(9), time(21), time(6), False),
        (time(21), time(21), time(6), True),
        (time(5, 59), time(21), time(6), True),
        (time(6), time(21), time(6), False),
        (time(12), time(11), time(13), True),
        (time(13), time(11), time(13), False),
        (time(0), time(0), time(0), False),
    ],
)
def test_quiet_hours_begin_and_end(hour: time, quiet_from: time, quiet_until: time, is_quiet: bool) -> None:
    assert in_quiet_hours(hour, quiet_from, quiet_until) == is_quiet


def test_an_hour_in_the_gap_moves_forward_and_a_doubled_hour_fires_first() -> None:
    half_past_two = time(2, 30)

    assert local_instant(date(2026, 3, 29), half_past_two, OSLO) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 3.30
    assert local_instant(date(2026, 10, 25), half_past_two, OSLO) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # summer


def test_an_hour_moved_into_quiet_hours_becomes_their_end() -> None:
    calendar = Calendar(DAY_1, OSLO, time(2, 30), EVERY_DAY, quiet_from=time(3), quiet_until=time(6))

    assert calendar.instant(date(2026, 3, 29)).astimezone(OSLO).time() == time(6)
    assert calendar.instant(date(2026, 3, 30)).astimezone(OSLO).time() == time(2, 30)


def transitions(zone: ZoneInfo, year: int) -> list[date]:
    """Local dates of a year that are not twenty-four hours long."""
    dates = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    midnights = [datetime.combine(on, time(0), tzinfo=zone).astimezone(UTC) for on in dates]
    return [on for on, (one, other) in zip(dates, pairwise(midnights), strict=False) if other - one != ONE_DAY]


@pytest.mark.parametrize("year", [2026, 2027])
def test_every_clock_change_of_every_zone(year: int) -> None:
    """In a gap the nudge comes later by the size of the gap; when an hour comes twice, the first time; else on time."""
    tried = 0
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for on in transitions(zone, year):
            for minutes in range(0, 24 * 60, 15):
                hour = time(minutes // 60, minutes % 60)
                wall = local_instant(on, hour, zone).astimezone(zone)
                meant = datetime.combine(on, hour, tzinfo=zone)
                gap = max(meant.replace(fold=0).utcoffset() - meant.replace(fold=1).utcoffset(), -ONE_DAY)
                later = -gap if gap < timedelta(0) else timedelta(0)
                assert wall.replace(tzinfo=None) == meant.replace(tzinfo=None) + later, (name, on, hour)
                assert wall.fold == 0, (name, on, hour)
                tried += 1
    assert tried > 10_000
