"""Response rates and the effect over a cohort, worked by hand."""

import pytest

from feedback360.statistics.cohort import cohort_effect, enough_responded, response_rate

RATES = [
    ({"invited": 10, "answered": 6}, 0.6),
    ({"invited": 10, "answered": 6, "bounced": 1, "declined": 1}, 0.75),
    ({"invited": 3, "answered": 0}, 0.0),
    ({"invited": 0, "answered": 0}, None),
    ({"invited": 2, "answered": 0, "bounced": 1, "declined": 1}, None),
]


@pytest.mark.parametrize(("counts", "rate"), RATES)
def test_the_response_rate_is_of_those_who_could_answer(counts, rate):
    assert response_rate(**counts) == rate


@pytest.mark.parametrize("counts", [{"invited": 5, "answered": 6}, {"invited": 5, "answered": 3, "declined": 3}])
def test_more_answers_than_raters_are_refused(counts):
    with pytest.raises(ValueError):
        response_rate(**counts)


@pytest.mark.parametrize(("rate", "enough"), [(0.6, True), (0.599, False), (None, False)])
def test_a_claim_needs_sixty_per_cent(rate, enough):
    assert enough_responded(rate) is enough


def test_the_cohort_effect_of_a_worked_example():
    """Mean change .4, SD of the changes .2; the unit is the mean of the SDs before and after."""
    before = [3.0, 3.5, 4.0, 3.5, 3.0]  # mean 3.4, squares .70/4 = .175, SD .41833
    changes = [0.2, 0.4, 0.6, 0.2, 0.6]
    after = [3.2, 3.9, 4.6, 3.7, 3.6]  # mean 3.8, squares 1.06/4 = .265, SD .51478
    assert [round(late - early, 9) for early, late in zip(before, after, strict=True)] == changes

    effect = cohort_effect(list(zip(before, after, strict=True)))

    # d = .4/.46656; covariance (.175 + .265 − .04)/2 = .2, twice = 2·.04/.21535 = .37149;
    # unit's variance .81149/32 = .025359; error √(.04/5 + .8573²·.025359)/.46656 = .34982, times t(.95; 4) 2.1318
    assert effect.leaders == 5
    assert effect.value == pytest.approx(0.8573, abs=0.0002)
    assert effect.interval.low == pytest.approx(0.8573 - 0.7455, abs=0.0005)
    assert effect.interval.high == pytest.approx(0.8573 + 0.7455, abs=0.0005)


@pytest.mark.parametrize(
    "levels",
    [[], [(3.0, 3.5), (3.5, 4.1), (3.2, 3.3), (4.0, 4.4)], [(3.0, 3.5)] * 6, [(3.0, 3.5), (4.0, 4.5)] * 3],
)
def test_few_or_equal_leaders_have_no_effect(levels):
    assert cohort_effect(levels) is None
