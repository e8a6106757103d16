"""Whom a freed place is offered to, from when and until when."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.visiting.queue_rules import Turn, Window, choose, free_seats, offer_window, places_free, places_over

OSLO = ZoneInfo("Europe/Oslo")
WINDOW = Window(datetime(2026, 3, 11, 9, tzinfo=UTC), datetime(2026, 3, 16, 9, tzinfo=UTC))


@dataclass(frozen=True)
class Weekdays:
    """Monday to Friday but for days away."""

    zone: ZoneInfo = OSLO
    away: frozenset[date] = frozenset()

    def is_open(self, on: date) -> bool:
        return on.isoweekday() <= 5 and on not in self.away


def oslo(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=OSLO)


def window(now: datetime, starts_at: datetime, calendar: Weekdays | None = None) -> tuple[datetime, datetime] | None:
    found = offer_window(now=now, starts_at=starts_at, calendar=calendar or Weekdays())
    return (found.begins, found.ends) if found else None


@pytest.mark.parametrize(
    ("now", "starts_at", "begins", "ends"),
    [
        # Wednesday morning, a visit far ahead: three working days.
        (oslo(11, 10), oslo(31, 9), oslo(11, 10), oslo(16, 10)),
        # At night: from eight o'clock in the morning.
        (oslo(11, 3), oslo(31, 9), oslo(11, 8), oslo(13, 16)),
        # Friday at 15: one hour of Friday, all of Monday and Tuesday, seven hours of Wednesday.
        (oslo(13, 15), oslo(31, 9), oslo(13, 15), oslo(18, 15)),
        # On a Saturday: from Monday.
        (oslo(14, 12), oslo(31, 9), oslo(16, 8), oslo(18, 16)),
        # Less than two working days away: four working hours.
        (oslo(11, 10), oslo(12, 15), oslo(11, 10), oslo(11, 14)),
        # Exactly two working days away: 24 hours would be after the start, so it ends there.
        (oslo(11, 8), oslo(13, 8), oslo(11, 8), oslo(13, 8)),
        # Two and a half hours before the start: until the start.
        (oslo(11, 10), oslo(11, 12, 30), oslo(11, 10), oslo(11, 12, 30)),
        # Across the change of the clocks on 29 March: hours of work, not of the sun.
        (oslo(27, 15), oslo(20, 9, month=4), oslo(27, 15), oslo(1, 15, month=4)),
    ],
)
def test_an_offer_stands_for_24_or_4_working_hours(
    now: datetime, starts_at: datetime, begins: datetime, ends: datetime
) -> None:
    assert window(now, starts_at) == (begins, ends)


@pytest.mark.parametrize(
    ("now", "starts_at"),
    [
        (oslo(11, 10), oslo(11, 11, 59)),  # less than two hours
        (oslo(11, 10), oslo(11, 9)),  # begun
        (oslo(11, 5), oslo(11, 9)),  # at work from 8, an hour before the start
        (oslo(14, 10), oslo(14, 18)),  # a Saturday, and the visit is on it
    ],
)
def test_no_offer_under_two_hours_or_after_the_start(now: datetime, starts_at: datetime) -> None:
    assert window(now, starts_at) is None


def test_exactly_two_hours_before_the_start_an_offer_still_goes() -> None:
    assert window(oslo(11, 10), oslo(11, 12)) == (oslo(11, 10), oslo(11, 12))


def test_days_away_do_not_count() -> None:
    away = Weekdays(away=frozenset({date(2026, 3, 12), date(2026, 3, 13)}))

    assert window(oslo(11, 10), oslo(31, 9), away) == (oslo(11, 10), oslo(18, 10))


def test_the_hours_are_those_of_the_guests_own_zone() -> None:
    singapore = Weekdays(zone=ZoneInfo("Asia/Singapore"))

    begins, _ends = window(oslo(11, 10), oslo(31, 9), singapore)

    assert begins == datetime(2026, 3, 12, 8, tzinfo=singapore.zone)


def turn(*keys: int, joined: int = 0, is_first: bool = False, asked: bool = True) -> Turn:
    at = WINDOW.begins + timedelta(minutes=joined)
    return Turn(keys, at, is_first, tuple(WINDOW if asked else None for _key in keys))


def keys_of(turns: tuple[Turn, ...]) -> list[tuple[int, ...]]:
    return [each.keys for each in turns]


def test_the_place_goes_to_the_one_who_joined_first() -> None:
    assert keys_of(choose([turn(1, joined=2), turn(2, joined=1), turn(3, joined=3)], 2).offered) == [(2,), (1,)]


def test_guests_of_a_cancelled_date_come_before_the_others() -> None:
    assert keys_of(choose([turn(1, joined=1), turn(2, joined=9, is_first=True)], 1).offered) == [(2,)]


def test_two_together_are_passed_over_for_one_place() -> None:
    chosen = choose([turn(1, 2, joined=1), turn(3, joined=2)], 1)

    assert (keys_of(chosen.offered), keys_of(chosen.passed_over)) == ([(3,)], [(1, 2)])


def test_two_together_get_two_places_before_the_next() -> None:
    chosen = choose([turn(1, 2, joined=1), turn(3, joined=2)], 2)

    assert (keys_of(chosen.offered), chosen.passed_over) == ([(1, 2)], ())


def test_two_together_of_whom_one_is_asleep_until_too_late_wait() -> None:
    half = Turn((1, 2), WINDOW.begins, is_first=False, windows=(WINDOW, None))

    assert keys_of(choose([half, turn(3, joined=5)], 2).offered) == [(3,)]


def test_somebody_who_can_only_be_asked_too_late_is_passed_over() -> None:
    chosen = choose([turn(1, joined=1, asked=False), turn(2, joined=2)], 1)

    assert (keys_of(chosen.offered), chosen.passed_over) == ([(2,)], ())


def test_without_a_free_place_nobody_is_offered_or_passed_over() -> None:
    chosen = choose([turn(1, 2), turn(3)], 0)

    assert (chosen.offered, chosen.passed_over) == ((), ())


TURNS = st.lists(st.tuples(st.integers(1, 2), st.integers(0, 50), st.booleans(), st.booleans()), max_size=12)


@given(rows=TURNS, free=st.integers(0, 8))
def test_never_more_places_are_offered_than_are_free(rows: list[tuple[int, int, bool, bool]], free: int) -> None:
    keys = iter(range(100))
    turns = [
        turn(*(next(keys) for _one in range(size)), joined=joined, is_first=first, asked=asked)
        for size, joined, first, asked in rows
    ]

    offered = choose(turns, free).offered

    left = free - sum(len(each.keys) for each in offered)
    assert left >= 0
    singles = [each for each in turns if len(each.keys) == 1 and each.can_be_asked and each not in offered]
    assert not (left and singles)


def test_a_smaller_capacity_leaves_none_free_and_says_how_many_over() -> None:
    assert (places_free(capacity=4, taken=6), places_over(capacity=4, taken=6)) == (0, 2)
    assert (places_free(capacity=6, taken=4), places_over(capacity=6, taken=4)) == (2, 0)


def test_the_lowest_free_seats_are_given_first() -> None:
    assert free_seats({1, 3}, capacity=5, count=2) == [2, 4]
    assert free_seats({1, 2, 3}, capacity=3, count=2) == []
