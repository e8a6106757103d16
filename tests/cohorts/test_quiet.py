from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cohorts.schedule.inactivity import has_gone_quiet
from cohorts.schedule.path import Calendar, Rota

MONDAY = date(2026, 3, 2)
BASE = Calendar(day1=MONDAY, zone=ZoneInfo("Europe/Oslo"), hour=time(9), working_days=frozenset({1, 2, 3, 4, 5}))


def on(days):
    return MONDAY + timedelta(days=days)


def calendar(**changes):
    return Calendar(**{name: getattr(BASE, name) for name in BASE.__slots__} | changes)


@pytest.mark.parametrize(
    ("says", "changes", "last", "today", "is_quiet"),
    [
        ("five working days since day 1", {}, None, on(7), True),
        ("four and a weekend since day 1", {}, None, on(4), False),
        ("today does not count", {}, on(0), on(7), False),
        ("five since the last practice", {}, on(0), on(8), True),
        ("a practice yesterday", {}, on(6), on(7), False),
        ("a weekend is not silence", {}, on(4), on(10), False),
        ("a holiday is not silence", {"holidays": {on(3)}}, None, on(7), False),
        ("days away are not silence", {"pauses": ((on(1), on(2)),)}, None, on(7), False),
        ("nobody is missed while away", {"pauses": ((on(7), on(9)),)}, None, on(8), False),
        ("three working days a week", {"working_days": frozenset({1, 2, 3})}, None, on(8), False),
        ("three working days a week, longer", {"working_days": frozenset({1, 2, 3})}, None, on(9), True),
        ("four days on is not five", {"rota": Rota(4, 4, MONDAY)}, None, on(8), False),
        ("four on, four off, and one of the next four", {"rota": Rota(4, 4, MONDAY)}, None, on(9), True),
        ("before day 1", {}, None, on(-3), False),
        ("after day 90", {}, on(60), on(90), False),
        ("on day 90", {}, on(60), on(89), True),
        ("a practice before day 1", {}, on(-1), on(7), True),
    ],
)
def test_gone_quiet_cases(says, changes, last, today, is_quiet):
    assert has_gone_quiet(calendar(**changes), last, today) is is_quiet
