"""When live events take place: the rule of `cohorts.schedule.milestone_dates`, case by case, then over any calendar."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.models import Milestone
from cohorts.schedule.milestone_dates import IS_PERSONAL, Slot, limits, next_open
from cohorts.schedule.milestone_dates import dated as dated_rows
from cohorts.schedule.path import Calendar, Rota

DAY_1 = date(2026, 3, 2)  # a Monday
WEEKDAYS = frozenset({1, 2, 3, 4, 5})


def calendar(*pauses, working_days=WEEKDAYS, holidays=frozenset(), rota=None):
    return Calendar(DAY_1, ZoneInfo("Europe/Oslo"), time(9), frozenset(working_days), holidays, pauses, rota=rota)


def dated(slots, moved, *, own, shared):
    return dated_rows([(slot, slot) for slot in slots], moved, own=own, shared=shared)


def march(day):
    return date(2026, 3, day)


PAUSE = (march(9), march(13))  # the second working week: days 8 to 12
TALK = Slot("talk", "three_way_talk", 10)
CIRCLE = Slot("circle", "circle", 10)


@pytest.mark.parametrize(
    ("day", "own", "on"),
    [
        (1, calendar(), march(2)),
        (0, calendar(), march(2)),  # the Sunday before: the next open day is day 1
        (-2, calendar(), date(2026, 2, 27)),  # the Friday before
        (5, calendar(), march(6)),
        (6, calendar(), march(9)),  # a Saturday goes to Monday
        (3, calendar(holidays={march(4)}), march(5)),
        (5, calendar(holidays={march(6), march(9)}), march(10)),
        (8, calendar(PAUSE), march(16)),  # day 8 falls on the Saturday after the pause, and goes to Monday
        (10, calendar(PAUSE), march(16)),
        (8, calendar((march(9), march(9))), march(10)),
        (6, calendar(working_days={6, 7}), march(7)),
        (5, calendar(rota=Rota(4, 4, DAY_1)), march(10)),  # four on, four off: days 5 to 8 are off
        (104, calendar(), date(2026, 6, 15)),  # day 104 is Saturday, 13 June
    ],
)
def test_a_day_moves_to_the_next_working_date(day, own, on):
    assert next_open(own, day) == on


def test_without_working_days_the_date_itself_is_used():
    assert next_open(calendar(working_days=()), 6) == march(7)


@pytest.mark.parametrize(
    ("own", "shared", "talk_on", "circle_on"),
    [
        (calendar(), calendar(), march(11), march(11)),
        (calendar(PAUSE), calendar(), march(16), march(11)),  # the leader's leave moves their own talk, and no meeting
        (calendar(PAUSE), calendar(PAUSE), march(16), march(16)),
        (calendar(working_days={1, 5}), calendar(), march(13), march(11)),
        (calendar(), calendar(holidays={march(11)}), march(11), march(12)),
    ],
)
def test_what_is_personal_follows_the_leader_and_what_is_shared_the_cohort(own, shared, talk_on, circle_on):
    found = {each.milestone.key: each.on for each in dated([TALK, CIRCLE], {}, own=own, shared=shared)}

    assert found == {"talk": talk_on, "circle": circle_on}


def test_a_date_the_cohort_sets_is_exact_on_whatever_day_it_falls():
    saturday = march(14)
    both = calendar(PAUSE, holidays={saturday})

    (talk, circle) = dated([TALK, CIRCLE], {"talk": saturday, "circle": march(9)}, own=both, shared=both)[::-1]

    assert (talk.on, talk.planned_on, talk.is_set) == (saturday, march(16), True)
    assert (circle.on, circle.planned_on, circle.is_set) == (march(9), march(16), True)


def test_what_is_called_off_has_no_date_and_keeps_its_place():
    late = Slot("late", "circle", 20)

    found = dated([late, TALK, CIRCLE], {"circle": None}, own=calendar(), shared=calendar())

    assert [(each.milestone.key, each.on) for each in found] == [
        ("circle", None),
        ("talk", march(11)),
        ("late", march(23)),
    ]


def test_moved_events_are_sorted_by_their_new_date():
    found = dated([TALK, CIRCLE], {"talk": march(25)}, own=calendar(), shared=calendar())

    assert [each.milestone.key for each in found] == ["circle", "talk"]


def test_dates_for_unknown_events_are_ignored():
    assert [each.is_set for each in dated([CIRCLE], {"gone": march(9)}, own=calendar(), shared=calendar())] == [False]


def test_a_cohort_may_set_from_the_classroom_until_200_days_after_day_1():
    assert limits(date(2026, 2, 27), DAY_1) == (date(2026, 2, 27), date(2026, 9, 18))


def test_what_is_personal_are_kinds_there_are():
    assert set(Milestone.Kind.values) > IS_PERSONAL


# Any calendar in which somebody works at all, and any milestones.
dates = st.integers(-30, 160).map(lambda days: DAY_1 + timedelta(days=days))
spans = st.lists(st.tuples(dates, st.integers(0, 20)), max_size=3)
rotas = st.builds(Rota, st.integers(1, 8), st.integers(1, 8), dates)
calendars = st.builds(
    lambda pauses, days, holidays, rota: calendar(
        *sorted((start, start + timedelta(days=length)) for start, length in pauses),
        working_days=days,
        holidays=holidays,
        rota=rota,
    ),
    spans,
    st.frozensets(st.integers(1, 7), min_size=1),
    st.frozensets(dates, max_size=8),
    st.none() | rotas,
)
events = st.lists(
    st.builds(Slot, st.uuids().map(str), st.sampled_from(Milestone.Kind.values), st.integers(-14, 104)),
    min_size=1,
    max_size=8,
)


@given(events, calendars, calendars, st.data())
def test_computed_dates_are_in_order_and_on_working_days(milestones, own, shared, data):
    keys = st.sampled_from([each.key for each in milestones])
    moved = data.draw(st.dictionaries(keys, st.none() | dates, max_size=3))

    found = dated(milestones, moved, own=own, shared=shared)

    assert sorted(each.milestone.key for each in found) == sorted(each.key for each in milestones)
    assert [each.stands_on for each in found] == sorted(each.stands_on for each in found)
    for is_personal, theirs in ((True, own), (False, shared)):
        computed = [each for each in found if each.is_personal == is_personal and not each.is_set]
        assert all(each.on is not None and theirs.is_open(each.on) for each in computed)
        assert all(each.on >= theirs.date_of(each.milestone.day) for each in computed if each.on)
        days = [each.milestone.day for each in computed]
        assert days == sorted(days)
    assert {each.milestone.key: each.on for each in found if each.is_set} == moved
