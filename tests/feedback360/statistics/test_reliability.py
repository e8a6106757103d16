"""Reliability, shrinking and the reliable change index, worked by hand."""

import pytest

from feedback360.statistics.reliability import icc1, reliability, shrunken
from feedback360.statistics.summary import Summary

# the figures of rooms.md I8, with p = .19
RELIABILITIES = [(1, 0.19, "low"), (4, 0.484, "low"), (5, 0.54, "fair"), (8, 0.652, "fair"), (10, 0.701, "fair")]
RELIABILITIES += [(12, 0.738, "good"), (11, 0.721, "good")]


@pytest.mark.parametrize(("n", "value", "word"), RELIABILITIES)
def test_reliability_grows_with_raters(n, value, word):
    found = reliability(n)

    assert found.value == pytest.approx(value, abs=0.001)
    assert found.word == word


def test_reliability_takes_the_cohorts_own_figure():
    assert reliability(4, 0.5).value == pytest.approx(0.8)
    assert reliability(4, 0.0).value == 0.0


def test_reliability_of_nobody_is_refused():
    with pytest.raises(ValueError):
        reliability(0)


def test_icc1_is_that_of_the_worked_analysis_of_variance():
    """15 leaders at 3 and 15 at 4, five raters each, s² = .5: MSB = 150·.25/29 = 1.2931, MSW = .5."""
    cohort = [Summary(5, 3.0, 0.5), Summary(5, 4.0, 0.5)] * 15

    assert icc1(cohort) == pytest.approx((1.2931 - 0.5) / (1.2931 + 4 * 0.5), abs=0.0001)


def test_icc1_allows_for_leaders_with_different_numbers_of_raters():
    """N = 180, Σn² = 15·16 + 15·64 = 1200, n0 = (180 − 6.6667)/29 = 5.977; grand mean (60·3 + 120·4)/180 = 3.6667;
    MSB = (60·.4444 + 120·.1111)/29 = 1.3793; MSW = (45·.5 + 105·.5)/150 = .5"""
    cohort = [Summary(4, 3.0, 0.5), Summary(8, 4.0, 0.5)] * 15

    assert icc1(cohort) == pytest.approx((1.3793 - 0.5) / (1.3793 + 4.977 * 0.5), abs=0.0001)


def test_icc1_is_never_negative():
    assert icc1([Summary(5, 3.0, 0.5)] * 30) == 0.0


@pytest.mark.parametrize("cohort", [[], [Summary(5, 3.0, 0.5)] * 29, [Summary(1, 3.0, 0.0)] * 30])
def test_icc1_of_too_few_leaders_or_raters_is_unknown(cohort):
    assert icc1(cohort) is None


def test_icc1_without_any_difference_is_unknown():
    assert icc1([Summary(5, 3.0, 0.0)] * 30) is None


def test_a_leaders_score_shrinks_towards_the_cohort():
    """c = .81/.19 = 4.2632; (5·4.5 + 4.2632·3.5) / 9.2632"""
    assert shrunken(4.5, 5, 3.5) == pytest.approx(4.0398, abs=0.0001)
    assert shrunken(4.5, 5, 3.5, 0.5) == pytest.approx((5 * 4.5 + 3.5) / 6)
    assert shrunken(4.5, 5, 3.5, 0.0) == 3.5
