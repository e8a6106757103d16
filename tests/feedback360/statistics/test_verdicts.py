"""What a report claims: the primary scale first, then Holm over the behaviours, in one group only."""

import pytest

from feedback360.statistics.change import Outcome, Pair
from feedback360.statistics.summary import BorrowedSpread, Summary
from feedback360.statistics.verdicts import claiming_group, described, holm, judged

SEVEN = ("goal_minded", "enthusiastic", "clear", "quality_minded", "encouraging", "understanding", "initiative")


def pair(by: float, *, n: int = 8, variance: float = 0.25, start: float = 3.5, **about) -> Pair:
    """With n 8 and s² .25 in both rounds: SE .25, df 14, t(.95) 1.761. Shown from a change of .4403."""
    return Pair(Summary(n, start, variance), Summary(n, start + by, variance), **about)


OUTCOMES = [(0.45, "improved"), (0.43, "not_shown"), (0.0, "not_shown"), (-0.43, "not_shown"), (-0.45, "declined")]


@pytest.mark.parametrize(("by", "outcome"), OUTCOMES)
def test_the_primary_scale_has_three_outcomes(by, outcome):
    assert judged(pair(by), {}).primary.outcome == outcome


def test_not_shown_always_says_what_could_have_been_seen():
    """(1.7613 + .8681) · .25"""
    verdict = judged(pair(0.2), {}).primary

    assert verdict.visible_from == pytest.approx(0.657, abs=0.001)
    assert judged(pair(0.5), {}).primary.visible_from is None


@pytest.mark.parametrize("by", [0.0, 0.43])
def test_a_closed_gate_leaves_every_behaviour_without_a_verb(by):
    verdicts = judged(pair(by), {key: pair(2.0) for key in SEVEN})

    assert {verdict.outcome for verdict in verdicts.behaviours.values()} == {Outcome.NOT_TESTED}
    assert verdicts.behaviours["clear"].change.value == 2.0
    assert verdicts.behaviours["clear"].visible_from is None


def test_behind_the_gate_behaviours_are_adjusted_by_holm():
    """t = D/.25 at 14 df: .80 → p .0032 ≤ .05/7; .70 → p .0071 ≤ .05/6; .60 → p .0155 > .05/5 = .01."""
    changes = dict(zip(SEVEN, (0.60, 0.80, 0.70, 0.45, 0.0, -0.2, -1.5), strict=True))

    verdicts = judged(pair(0.6), {key: pair(by) for key, by in changes.items()})

    improved = {key for key, verdict in verdicts.behaviours.items() if verdict.outcome is Outcome.IMPROVED}
    assert improved == {"enthusiastic", "clear"}
    assert verdicts.behaviours["goal_minded"].outcome is Outcome.NOT_SHOWN


def test_a_behaviour_is_never_called_declined_behind_an_improved_gate():
    verdicts = judged(pair(0.6), {"clear": pair(-1.5)})

    assert verdicts.behaviours["clear"].outcome is Outcome.NOT_SHOWN


def test_behind_a_declined_gate_behaviours_may_decline():
    verdicts = judged(pair(-0.6), {"clear": pair(-0.9), "initiative": pair(0.9)})

    assert verdicts.behaviours["clear"].outcome is Outcome.DECLINED
    assert verdicts.behaviours["initiative"].outcome is Outcome.NOT_SHOWN


def test_a_behaviour_not_shown_names_the_change_holm_would_pass():
    """Stopped at .05/2: (t(.975; 14) 2.1448 + .8681) · .25"""
    verdicts = judged(pair(0.6), {"clear": pair(0.2), "initiative": pair(0.1)})

    assert verdicts.behaviours["clear"].visible_from == pytest.approx(0.753, abs=0.001)


def test_behaviours_that_cannot_be_tested_leave_holm_to_the_others():
    behaviours = {"clear": pair(0.55), "initiative": pair(0.5, n=4), "encouraging": pair(0.5, is_comparable=False)}

    verdicts = judged(pair(0.6), behaviours).behaviours

    assert [verdicts[key].outcome for key in behaviours] == ["improved", "too_few", "not_comparable"]


SMALL_P = {"a": 0.0071, "b": 0.0083, "c": 0.0099, "d": 0.013, "e": 0.2, "f": 0.3, "g": 0.4}


@pytest.mark.parametrize(
    ("p_values", "passed", "level"),
    [
        (SMALL_P, "abc", 0.05 / 4),
        (SMALL_P | {"a": 0.0072}, "", 0.05 / 7),
        ({"a": 0.02, "b": 0.04}, "ab", 0.05),
        ({"a": 0.04, "b": 0.04}, "", 0.025),
        ({"a": 0.05}, "a", 0.05),
        ({}, "", 0.05),
    ],
)
def test_holm_steps_down_until_one_fails(p_values, passed, level):
    assert holm(p_values) == (frozenset(passed), pytest.approx(level))


UNTOLD = [
    (pair(1.0, n=4), "too_few"),
    (Pair(Summary(8, 3.0, 0.3), Summary(4, 4.0, 0.3)), "too_few"),
    (Pair(None, Summary(8, 4.0, 0.3)), "too_few"),
    (Pair(Summary(8, 4.0, 0.3), None), "too_few"),
    (pair(1.0, responses_suffice=False), "too_few"),
    (pair(1.0, is_comparable=False), "not_comparable"),
    (pair(1.0, variance=0.0), "same_answers"),
]


@pytest.mark.parametrize(("bad", "outcome"), UNTOLD)
def test_without_enough_there_is_no_change_and_no_number(bad, outcome):
    verdicts = judged(bad, {"clear": pair(2.0)})

    assert verdicts.primary.outcome == outcome
    assert verdicts.primary.change is None
    assert verdicts.behaviours["clear"].outcome is Outcome.NOT_TESTED


def test_equal_answers_are_judged_with_the_spread_of_a_large_cohort():
    lent = BorrowedSpread(0.36, 28)
    same = Pair(Summary(5, 3.0, 0.0), Summary(5, 4.0, 0.0), lent, lent)

    assert judged(same, {}).primary.outcome is Outcome.IMPROVED


@pytest.mark.parametrize("by", [-0.6, 0.0, 0.45])
def test_the_ceiling_is_noticed_with_every_outcome(by):
    verdicts = judged(pair(by, start=4.5), {"clear": pair(by, start=4.6), "initiative": pair(by)})

    assert verdicts.primary.is_at_ceiling
    assert verdicts.behaviours["clear"].is_at_ceiling
    assert not verdicts.behaviours["initiative"].is_at_ceiling


@pytest.mark.parametrize(
    ("groups", "claims"),
    [({"peers", "team", "manager"}, "team"), ({"peers", "colleagues"}, "colleagues"), ({"peers"}, "peers")],
)
def test_one_group_of_a_report_may_claim_a_change(groups, claims):
    assert claiming_group(groups) == claims


@pytest.mark.parametrize("groups", [set(), {"manager", "self"}])
def test_one_manager_and_oneself_never_claim_a_change(groups):
    assert claiming_group(groups) is None


def test_other_groups_are_described_without_a_verb():
    found = described({"clear": pair(3.0), "initiative": pair(1.0, n=3)})

    assert [verdict.outcome for verdict in found.values()] == ["not_tested", "too_few"]
