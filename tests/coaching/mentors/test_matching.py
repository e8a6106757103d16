"""Matching as a table of cases: who can be asked, in which order, and why."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from coaching.mentors.matching import Barrier, Hours, Offer, Seeker, barrier, find, shared_hours
from coaching.mentors.reporting_lines import lines_from

ON = date(2026, 3, 11)
OSLO, MANILA, LONDON = ZoneInfo("Europe/Oslo"), ZoneInfo("Asia/Manila"), ZoneInfo("Europe/London")
DAY = Hours(time(8), time(16), OSLO)
LEADER = Seeker(
    member_id=1,
    languages=frozenset({"nb"}),
    hours=DAY,
    line=frozenset({7}),
    behaviours=frozenset({"clear"}),
    skills=frozenset({"figures"}),
    site="Hamar",
)
MENTOR = Offer(
    profile_id=10,
    member_id=2,
    kind="mentor",
    behaviours=frozenset({"clear"}),
    skills=frozenset(),
    languages=frozenset({"nb", "en"}),
    hours=DAY,
    site="Hamar",
    places=2,
)


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        ({}, None),
        ({"member_id": 1}, Barrier.SELF),
        ({"member_id": 7}, Barrier.LINE),
        ({"conflicts": frozenset({1})}, Barrier.CONFLICT),
        ({"conflicts": frozenset({3})}, None),
        ({"languages": frozenset({"en"})}, Barrier.LANGUAGE),
        ({"is_accepting": False}, Barrier.CLOSED),
        ({"places": 0}, Barrier.CLOSED),
        ({"taken": 1}, None),
        ({"taken": 2}, Barrier.FULL),
        ({"places": 1, "taken": 3}, Barrier.FULL),
        ({"member_id": 7, "taken": 2, "is_accepting": False}, Barrier.LINE),
        ({"languages": frozenset({"en"}), "taken": 2}, Barrier.LANGUAGE),
    ],
)
def test_the_firmest_barrier_is_the_reason(offer, expected):
    assert barrier(LEADER, replace(MENTOR, **offer)) == expected


def test_somebody_with_a_mentor_can_still_ask_a_coach():
    paired = replace(LEADER, kinds=frozenset({"mentor"}))

    assert barrier(paired, MENTOR) == Barrier.SAME_KIND
    assert barrier(paired, replace(MENTOR, kind="coach")) is None


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"behaviours": frozenset(), "skills": frozenset({"figures"}), "site": "Bergen"}),
        ({"skills": frozenset({"figures"})}, {"site": "Bergen"}),
        ({"hours": DAY}, {"hours": Hours(time(12), time(20), OSLO), "site": "Bergen"}),
        ({"site": "Bergen"}, {"site": " hamar "}),
        ({"site": "Bergen"}, {"site": ""}),
    ],
    ids=["theme before skill", "skill before site", "hours before site", "another site", "unknown site"],
)
def test_what_two_have_in_common_decides_the_order(better, worse):
    first, second = replace(MENTOR, **better), replace(MENTOR, profile_id=11, member_id=3, **worse)

    for offers in ([first, second], [second, first]):
        assert [match.offer for match in find(LEADER, offers, on=ON).free] == [first, second]


def test_equals_keep_their_order_and_no_name_comes_first_for_all():
    equals = [replace(MENTOR, profile_id=number, member_id=number + 100) for number in range(10, 20)]
    orders = set()
    for key in range(1, 6):
        seeker = replace(LEADER, member_id=key)
        found = [each.offer.profile_id for each in find(seeker, equals, on=ON).free]
        assert found == [each.offer.profile_id for each in find(seeker, reversed(equals), on=ON).free]
        orders.add(found[0])

    assert len(orders) > 1


def test_reasons_are_what_they_share_and_nothing_else():
    offer = replace(MENTOR, behaviours=frozenset({"clear", "encouraging"}), site="Bergen")

    (match,) = find(LEADER, [offer], on=ON).free

    assert match.behaviours == {"clear"}
    assert (match.skills, match.languages, match.shared_hours, match.is_elsewhere) == (frozenset(), {"nb"}, 8, True)


def test_a_theme_keeps_only_those_who_help_with_it():
    other = replace(MENTOR, profile_id=11, member_id=3, behaviours=frozenset({"encouraging"}))

    found = find(LEADER, [MENTOR, other], on=ON, theme="encouraging")

    assert [each.offer for each in found.free] == [other]
    assert found.barred == {}


def test_full_mentors_stand_apart_and_barred_ones_are_counted():
    full = replace(MENTOR, profile_id=11, member_id=3, taken=2)
    barred = [replace(MENTOR, profile_id=12, member_id=7), replace(MENTOR, profile_id=13, member_id=8, places=0)]

    found = find(LEADER, [full, *barred], on=ON)

    assert found.free == ()
    assert [each.offer for each in found.full] == [full]
    assert found.barred == {Barrier.LINE: 1, Barrier.CLOSED: 1}


@pytest.mark.parametrize(
    ("theirs", "hours"),
    [
        (DAY, 8),
        (Hours(time(8), time(16), LONDON), 7),
        (Hours(time(8), time(16), MANILA), 1),  # 01–09 in Oslo
        (Hours(time(0), time(4), MANILA), 0),
        (Hours(time(15), time(23), MANILA), 8),  # 08–16 in Oslo
        (Hours(time(16), time(23), OSLO), 0),
        (Hours(time(15, 30), time(23), OSLO), 0),
    ],
)
def test_hours_in_common_are_counted_across_zones(theirs, hours):
    assert shared_hours(DAY, theirs, on=ON) == hours


def test_hours_in_common_follow_each_zones_summer_time():
    new_york = Hours(time(8), time(16), ZoneInfo("America/New_York"))

    assert shared_hours(DAY, new_york, on=date(2026, 3, 7)) == 2  # neither has summer time
    assert shared_hours(DAY, new_york, on=date(2026, 3, 11)) == 3  # New York alone


@pytest.mark.parametrize(
    ("pairs", "line"),
    [
        ([], set()),
        ([(1, 2), (2, 3), (3, 4)], {2, 3, 4}),
        ([(5, 1), (6, 5)], {5, 6}),
        ([(1, 2), (9, 2)], {2}),  # a colleague below the same manager is not in the line
        ([(1, 2), (2, 3), (3, 1)], {2, 3}),  # a loop
        ([(1, 1)], set()),
        ([(1, 2), (1, 3), (3, 4)], {2, 3, 4}),  # a manager and another sponsor
    ],
)
def test_a_reporting_line_has_any_depth_and_stops_at_loops(pairs, line):
    assert lines_from(pairs).of(1) == line
