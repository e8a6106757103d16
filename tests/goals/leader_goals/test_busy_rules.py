"""Which dials an accepted busy period turns on its first day: a table of cases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cohorts.web.refusals import Invalid
from goals.dial_rules import LIGHT, RESTING, STEADY, STRETCH, Setting
from goals.leader_goals.busy_rules import Turned, ensure_days, is_turned

FIRST, LAST = date(2026, 3, 16), date(2026, 3, 29)
ACCEPTED = datetime(2026, 3, 12, 9, tzinfo=UTC)
BEFORE, LATER = ACCEPTED - timedelta(hours=1), ACCEPTED + timedelta(hours=1)
THURSDAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], True),
        ([Turned(Setting(STRETCH, THURSDAY), BEFORE)], True),
        ([Turned(Setting(STRETCH, THURSDAY), None)], True),
        # By hand after accepting: the later hand wins, as long as its setting holds.
        ([Turned(Setting(STRETCH, THURSDAY), LATER)], False),
        ([Turned(Setting(STEADY, THURSDAY), LATER)], False),
        ([Turned(Setting(RESTING, THURSDAY, date(2026, 3, 15)), LATER)], True),
        # As low already, for as long or longer: nothing to turn.
        ([Turned(Setting(LIGHT, THURSDAY, LAST), BEFORE)], False),
        ([Turned(Setting(RESTING, THURSDAY), BEFORE)], False),
        ([Turned(Setting(LIGHT, THURSDAY, LAST - timedelta(days=1)), BEFORE)], True),
        # Only the setting in force counts, not one that an equal later one replaced.
        ([Turned(Setting(LIGHT, THURSDAY, LAST), LATER), Turned(Setting(STRETCH, THURSDAY), BEFORE)], True),
    ],
)
def test_a_later_hand_and_a_dial_as_low_are_left_alone(turns: list[Turned], expected: bool) -> None:
    assert is_turned(turns, level=LIGHT, ends_on=LAST, today=FIRST, accepted_at=ACCEPTED) is expected


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [(0, -1, "ends_on"), (-5, -1, "ends_on"), (0, 56, "ends_on"), (181, 190, "starts_on")],
)
def test_a_busy_period_has_an_end_in_sight(starts: int, ends: int, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        ensure_days(THURSDAY + timedelta(days=starts), THURSDAY + timedelta(days=ends), today=THURSDAY)

    assert refusal.value.field == field


def test_a_busy_period_may_be_one_day_or_eight_weeks() -> None:
    ensure_days(THURSDAY, THURSDAY, today=THURSDAY)
    ensure_days(THURSDAY, THURSDAY + timedelta(days=55), today=THURSDAY)
    ensure_days(THURSDAY - timedelta(days=3), THURSDAY + timedelta(days=3), today=THURSDAY)
