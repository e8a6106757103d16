"""Which groups are asked: the threshold, joining, and nobody who answers for nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback360.rounds.groups import by_group, can_reach, expected_answers, needed, outlook, plan_groups

# k, response rate in per cent -> invited needed, worked by hand: the smallest whole number with floor(n × rate) ≥ k
NEEDED = [
    (5, 70, 8),  # 8 × .7 = 5.6; 7 × .7 = 4.9
    (5, 100, 5),
    (5, 50, 10),
    (4, 70, 6),  # 4.2
    (3, 70, 5),  # 3.5; 4 × .7 = 2.8
    (3, 33, 10),  # 3.3; 9 × .33 = 2.97
    (5, 10, 50),
    (5, 60, 9),  # 5.4; 8 × .6 = 4.8
]


@pytest.mark.parametrize(("threshold", "rate", "people"), NEEDED)
def test_how_many_must_be_invited_for_a_group(threshold, rate, people):
    assert needed(threshold=threshold, response_rate=rate) == people


@given(threshold=st.integers(3, 5), rate=st.integers(10, 100))
def test_needed_is_the_smallest_number_that_reaches_k(threshold, rate):
    people = needed(threshold=threshold, response_rate=rate)

    assert expected_answers(people, rate) >= threshold > expected_answers(people - 1, rate)


# team, peers -> the groups they are asked in, with k 5 and 70 %: 8 are needed
PLANS = [
    (8, 8, "team", "peers"),
    (12, 8, "team", "peers"),
    (8, 7, "colleagues", "colleagues"),
    (7, 8, "colleagues", "colleagues"),
    (7, 7, "colleagues", "colleagues"),
    (4, 4, "colleagues", "colleagues"),
    (7, 1, "colleagues", "colleagues"),
    (8, 0, "team", ""),
    (0, 8, "", "peers"),
    (7, 0, "", ""),
    (0, 7, "", ""),
    (4, 3, "", ""),
    (0, 0, "", ""),
]


@pytest.mark.parametrize(("team", "peers", "team_in", "peers_in"), PLANS)
def test_groups_that_cannot_be_shown_are_joined_or_not_asked(team, peers, team_in, peers_in):
    planned = plan_groups({"team": team, "peer": peers, "manager": 1}, threshold=5, response_rate=70)

    assert planned == {"team": team_in, "peer": peers_in, "manager": "manager", "self": "self"}


def test_without_a_manager_nobody_is_asked_as_one():
    assert plan_groups({"team": 8}, threshold=5, response_rate=70)["manager"] == ""


@given(team=st.integers(0, 20), peers=st.integers(0, 20), threshold=st.integers(3, 5), rate=st.integers(10, 100))
def test_whoever_is_asked_is_in_a_group_that_can_be_shown(team, peers, threshold, rate):
    invited = {"team": team, "peer": peers}
    planned = plan_groups(invited, threshold=threshold, response_rate=rate)

    assert all(expected_answers(count, rate) >= threshold for count in by_group(planned, invited).values())
    assert can_reach(planned, invited, threshold=threshold, response_rate=rate)


@given(team=st.integers(0, 20), peers=st.integers(0, 20))
def test_no_group_is_asked_beside_the_one_that_contains_it(team, peers):
    """Colleagues minus team would be the peers."""
    groups = set(plan_groups({"team": team, "peer": peers}, threshold=5, response_rate=70).values())

    assert "colleagues" not in groups or not groups & {"team", "peers"}


def test_a_group_that_lost_people_can_no_longer_be_shown():
    groups = plan_groups({"team": 8, "peer": 8}, threshold=5, response_rate=70)

    assert not can_reach(groups, {"team": 8, "peer": 7}, threshold=5, response_rate=70)
    assert can_reach(groups, {"team": 8, "peer": 8}, threshold=5, response_rate=70)


def test_the_outlook_counts_who_is_missing():
    team, peers = outlook({"team": 9, "peer": 6}, threshold=5, response_rate=70)

    assert (team.group, team.expected, team.missing) == ("colleagues", 6, 0)
    assert (peers.group, peers.expected, peers.missing) == ("colleagues", 4, 2)
