"""Which level a dial stands on, how often nudges come, and which weeks are reserve weeks: tables of cases."""

from datetime import date, timedelta

import pytest

from goals.dial_rules import LIGHT, RESTING, STEADY, STRETCH, Setting, cadence, setting_on
from goals.habits.back_fill import first_open, is_open
from goals.reserve import Life, light_weeks, reserve_weeks, sunday_of

MONDAY = date(2026, 3, 2)


def day(number: int) -> date:
    """Day 0 is Monday 2 March."""
    return MONDAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("turns", "on", "level"),
    [
        ([], 0, STEADY),
        ([Setting(LIGHT, day(2))], 1, STEADY),
        ([Setting(LIGHT, day(2))], 2, LIGHT),
        ([Setting(LIGHT, day(2), day(4))], 4, LIGHT),
        ([Setting(LIGHT, day(2), day(4))], 5, STEADY),
        ([Setting(STRETCH, day(0)), Setting(LIGHT, day(2), day(4))], 5, STEADY),
        ([Setting(LIGHT, day(2)), Setting(STRETCH, day(2))], 2, STRETCH),
        ([Setting(STRETCH, day(3)), Setting(RESTING, day(0))], 4, STRETCH),
    ],
)
def test_the_newest_turn_that_has_begun_holds_until_its_last_day(turns: list[Setting], on: int, level: int) -> None:
    assert setting_on(turns, day(on)).level == level


@pytest.mark.parametrize(
    ("in_force", "expected"),
    [
        ([], (STEADY, None)),
        ([Setting(STEADY, day(0), day(3))], (STEADY, None)),
        ([Setting(LIGHT, day(0), day(6))], (LIGHT, day(6))),
        ([Setting(LIGHT, day(0), day(6)), Setting(RESTING, day(0), day(3))], (LIGHT, day(3))),
        ([Setting(LIGHT, day(0)), Setting(RESTING, day(0))], (LIGHT, None)),
        ([Setting(LIGHT, day(0), day(6)), Setting(STEADY, day(0))], (STEADY, None)),
        ([Setting(STRETCH, day(0), day(6)), Setting(STRETCH, day(0), day(9))], (STRETCH, day(9))),
        ([Setting(STRETCH, day(0), day(6)), Setting(STRETCH, day(0))], (STRETCH, None)),
    ],
)
def test_nudges_follow_the_highest_dial_until_it_runs_out(
    in_force: list[Setting], expected: tuple[int, date | None]
) -> None:
    assert cadence(in_force) == expected


def focus(*turns: Setting, since: int = 0, until: int | None = None) -> Life:
    return Life(day(since), None if until is None else day(until), turns)


def light(week: int, first: int = 0) -> Setting:
    return Setting(LIGHT, day(7 * week + first), day(7 * week + 6))


@pytest.mark.parametrize(
    ("focuses", "today", "weeks"),
    [
        ([], 30, []),
        ([focus()], 30, []),
        ([focus(light(1))], 30, [1]),
        ([focus(light(1, first=6))], 30, [1]),
        ([focus(light(1)), focus()], 30, []),
        ([focus(light(1)), focus(light(1, first=3))], 30, [1]),
        ([focus(light(1)), focus(until=7)], 30, [1]),
        ([focus(light(1)), focus(since=14)], 30, [1]),
        ([focus(Setting(RESTING, day(7)))], 15, [1, 2]),
        ([focus(Setting(RESTING, day(7), day(27)))], 8, [1, 2, 3]),
        ([focus(light(1), Setting(STEADY, day(8)))], 30, [1]),
    ],
)
def test_a_week_is_light_when_every_current_focus_rests_on_some_day(
    focuses: list[Life], today: int, weeks: list[int]
) -> None:
    assert light_weeks(focuses, day(today)) == [day(7 * week) for week in weeks]


def test_only_the_first_three_light_weeks_come_out_of_the_stock() -> None:
    lives = [focus(light(1), light(3), light(4), light(8))]

    assert light_weeks(lives, day(80)) == [day(7), day(21), day(28), day(56)]
    assert reserve_weeks(lives, day(80)) == [day(7), day(21), day(28)]


def test_a_light_spell_ends_with_the_sunday_of_its_week() -> None:
    assert [sunday_of(day(number)) for number in (0, 3, 6, 7)] == [day(6), day(6), day(6), day(13)]


@pytest.mark.parametrize(
    ("ago", "day1_ago", "expected"),
    [(0, 9, True), (3, 9, True), (4, 9, False), (-1, 9, False), (2, 1, False), (1, 1, True), (0, 0, True)],
)
def test_three_days_stay_open_but_never_before_day_1(ago: int, day1_ago: int, *, expected: bool) -> None:
    today = day(30)
    day1 = today - timedelta(days=day1_ago)

    assert is_open(today - timedelta(days=ago), today=today, day1=day1) is expected
    assert first_open(today, day1) == max(day1, today - timedelta(days=3))
