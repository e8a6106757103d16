"""The product's own functions on simulated rounds, quickly and with a fixed seed; `make calibrate` is the long run.

Bars of the issue: 90 % intervals hold the truth in 88 to 92 % of cases, a report without any true change says
*improved* in at most 5.5 %, a category is false in at most 5 %. Where a bar cannot be reached, the test says so, says
what was measured, and what the product does there. First the formulas, then what a released report prints.
"""

from statistics import fmean

import pytest

from feedback360.statistics.agreement import Category
from feedback360.statistics.change import Outcome
from tests.feedback360.calibration import figures, printed
from tests.feedback360.calibration.figures import LEVELS, SCALES

SEED = 360


@pytest.mark.parametrize("level", ["middle", "lenient"])
@pytest.mark.parametrize("scale", ["primary", "area"])
def test_intervals_of_a_mean_hold_the_truth_nine_times_in_ten(scale, level):
    """From four items on, at every n from 3."""
    found = [
        figures.mean_coverage(SEED, 4000, n, LEVELS[level], SCALES[scale])[0].value for n in (3, 4, 5, 6, 8, 10, 12)
    ]

    assert all(0.88 <= covered <= 0.92 for covered in found), found


def test_intervals_near_the_ceiling_hold_the_truth_less_often():
    """The limit: at a mean of 4.6 it is .85 to .88 with four or five items, and .81 to .98 with one or two, where few
    raters can differ. The product prints ranges outward in steps of 0.5 below eight answers, and bounds near the end.
    """
    four_or_five = [
        figures.mean_coverage(SEED, 4000, n, LEVELS["ceiling"], SCALES[scale])[0].value
        for scale in ("primary", "area")
        for n in (3, 5, 8, 12)
    ]
    two = [figures.mean_coverage(SEED, 4000, n, LEVELS["ceiling"], SCALES["behaviour"])[0].value for n in (3, 5, 8)]

    assert all(0.84 <= covered <= 0.90 for covered in four_or_five), four_or_five
    assert min(two) < 0.85
    assert max(two) > 0.95


@pytest.mark.parametrize("level", ["middle", "lenient"])
@pytest.mark.parametrize(("scale", "by"), [("behaviour", 0.0), ("primary", 0.3)])
def test_intervals_of_a_change_hold_the_truth_nine_times_in_ten(scale, by, level):
    found = [figures.change_coverage(SEED, 3000, n, LEVELS[level], SCALES[scale], by=by).value for n in (5, 8, 12)]

    assert all(0.88 <= covered <= 0.92 for covered in found), found


def test_intervals_of_a_change_are_cautious_where_answers_pile_up():
    """The limit: from 4.6, with two items and five raters, .945. With three raters .96; there nothing is claimed."""
    at_the_ceiling = figures.change_coverage(SEED, 3000, 5, LEVELS["ceiling"], SCALES["behaviour"]).value
    of_three = figures.change_coverage(SEED, 3000, 3, LEVELS["ceiling"], SCALES["behaviour"]).value

    assert 0.92 < at_the_ceiling < 0.97
    assert 0.94 < of_three < 0.98


def test_intervals_of_a_change_are_wide_where_the_same_people_answer():
    """I7: nothing links a person's two answers, so the range errs on the cautious side. The report says so."""
    covered = figures.change_coverage(SEED, 2000, 8, 3.5, SCALES["primary"], same_people=True).value

    assert 0.97 < covered <= 1.0


@pytest.mark.parametrize("level", LEVELS)
def test_a_whole_report_rarely_says_improved_without_a_change(level):
    found = [figures.false_claims(SEED, 1200, n, LEVELS[level]) for n in (5, 8, 12)]

    assert 0.03 <= fmean(claims[Outcome.IMPROVED].value for claims in found) <= 0.055
    assert 0.03 <= fmean(claims[Outcome.DECLINED].value for claims in found) <= 0.055


def test_unchanged_behaviours_are_rarely_improved_beside_others_that_are():
    """The gate stands open here: Holm alone protects the five."""
    found = [figures.false_behind_the_gate(SEED, 800, n, 3.5).value for n in (5, 8, 12)]

    assert 0.02 <= fmean(found) <= 0.055


def test_drop_out_at_random_adds_no_false_improvement():
    found = figures.false_claims(SEED, 1500, 10, 3.5, answering=figures.three_of_four)

    assert found[Outcome.IMPROVED].value <= 0.055


def test_drop_out_of_critics_is_a_change_that_nobody_can_tell():
    """The limit: if the strict half answers in .55 and the lenient half in .95 of cases, .07 to .09 are false.

    The product refuses claims below 60 % responses and prints the rate; the method page says the rest.
    """
    found = figures.false_claims(SEED, 1500, 16, 3.5, answering=figures.critics_leave)

    assert 0.055 < found[Outcome.IMPROVED].value < 0.12


def test_power_grows_with_raters_and_with_the_change():
    small, large = ([figures.power(SEED, 400, n, 3.5, by) for n in (5, 8, 12)] for by in (0.3, 0.8))
    of_small, of_large = ([power.primary.value for power in powers] for powers in (small, large))

    assert of_small == sorted(of_small)
    assert of_large == sorted(of_large)
    assert 0.12 < of_small[0] < 0.22
    assert of_large[2] > 0.9
    assert 0.15 < large[0].behaviours.value < large[2].behaviours.value


@pytest.mark.parametrize("n", [5, 8, 12])
def test_the_change_named_as_visible_shows_four_times_in_five(n):
    assert 0.75 <= figures.seen_as_promised(SEED, 800, n).value <= 0.84


@pytest.mark.parametrize("wobble", [0.0, 0.5])
def test_categories_are_rarely_false(wobble):
    """A leader truly level is called over or under, or one who truly gives 1.0 too much is called in line."""
    numbers = (3, 5, 8, 12)
    level = [figures.categories(SEED, 4000, n, 0.0, wobble=wobble) for n in numbers]
    over = [figures.categories(SEED, 4000, n, 1.0, wobble=wobble) for n in numbers]

    assert max(said[Category.OVER].value + said[Category.UNDER].value for said in level) <= 0.05
    assert fmean(said[Category.IN_LINE].value + said[Category.UNDER].value for said in over) <= 0.05
    assert min(said[Category.IN_LINE].value for said in level) > 0.3
    assert min(said[Category.OVER].value for said in over) > 0.4


def test_categories_between_level_and_over_are_a_matter_of_luck():
    """The limit: at a true gap of 0.5, two thirds of the way to *over*, it is said in .15 to .23 of cases."""
    found = figures.categories(SEED, 4000, 5, 0.5, wobble=0.5)

    assert 0.15 < found[Category.OVER].value < 0.3


def test_a_fall_of_three_tenths_is_rarely_called_held():
    fallen = [figures.held(SEED, 600, n, -0.3).value for n in (5, 8, 12)]

    assert max(fallen) <= 0.055
    assert figures.held(SEED, 600, 12, 0.0).value > 0.35


@pytest.mark.parametrize("by", [0.0, 0.5])
def test_the_interval_of_a_cohorts_effect_holds_the_truth(by):
    """Twelve leaders and more; with five it errs on the cautious side (.96)."""
    assert 0.88 <= figures.cohort_coverage(SEED, 600, 12, by).value <= 0.93


@pytest.mark.parametrize("level", LEVELS)
def test_printed_ranges_of_a_mean_are_on_the_cautious_side(level):
    """The limit: the wall rounds spreads up and ranges outward, so they hold the truth in .95 to 1.0 of cases."""
    found = [printed.means_covered(SEED, 150, n, LEVELS[level]).by_kind for n in (5, 8, 12)]

    assert min(kinds[kind].value for kinds in found for kind in ("behaviour", "area", "primary")) >= 0.92


@pytest.mark.parametrize("level", ["middle", "lenient"])
def test_a_printed_report_rarely_says_improved_without_a_change(level):
    found = [printed.false_claims(SEED, 200, n, LEVELS[level]) for n in (5, 8, 12)]

    assert fmean(claims[Outcome.IMPROVED].value for claims in found) <= 0.055
    assert fmean(claims[Outcome.DECLINED].value for claims in found) <= 0.055


def test_a_printed_report_finds_a_large_change():
    """The price of the wall: a rise of 0.8 is found by .3 of reports with five raters (.65 before rounding)."""
    found = [printed.power(SEED, 150, n, 3.5, 0.8) for n in (5, 8, 12)]

    assert 0.2 < found[0]["primary"].value < found[1]["primary"].value < found[2]["primary"].value
    assert found[2]["primary"].value > 0.8
    assert found[2]["behaviour"].value > 0.4


def test_printed_unchanged_behaviours_are_rarely_improved():
    assert printed.false_behind_the_gate(SEED, 300, 12, 3.5).value <= 0.055


def test_printed_categories_are_rarely_false():
    level, over = ([printed.categories(SEED, 200, n, gap) for n in (5, 8, 12)] for gap in (0.0, 1.0))

    assert max(said[Category.OVER].value + said[Category.UNDER].value for said in level) <= 0.05
    assert max(said[Category.IN_LINE].value + said[Category.UNDER].value for said in over) <= 0.05
    assert min(said[Category.IN_LINE].value for said in level) > 0.3
    assert min(said[Category.OVER].value for said in over) > 0.5
