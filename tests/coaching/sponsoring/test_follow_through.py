"""Follow-through, by worked examples."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from coaching.sponsoring.follow_through import (
    Part,
    Parts,
    Support,
    follow_through,
    over_leaders,
    over_sponsors,
    parts_of,
    shares_by_days,
)
from coaching.sponsoring.weeks import Tenure, open_weeks, week_of, weeks_over
from cohorts.schedule.path import Calendar

DAY_1 = date(2026, 3, 2)
LAST_DAY = DAY_1 + timedelta(days=89)
ALL = frozenset(range(14))


def calendar(*, pauses=()):
    weekdays = frozenset({1, 2, 3, 4, 5})
    return Calendar(day1=DAY_1, zone=ZoneInfo("Europe/Oslo"), hour=time(9), working_days=weekdays, pauses=pauses)


def day(number):
    return DAY_1 + timedelta(days=number - 1)


def parts(*, pre_brief=(1, 1), check_ins=(4, 6), answers=(3, 5), end_review=(0, 1)):
    return Parts(Part(*pre_brief), Part(*check_ins), Part(*answers), Part(*end_review))


@pytest.mark.parametrize(
    ("says", "of", "score"),
    [
        ("1, 4/6, 3/5, 0", parts(), 63.7),
        ("the same with nothing asked", parts(answers=(0, 0)), 64.6),
        ("everything", parts(check_ins=(6, 6), answers=(5, 5), end_review=(1, 1)), 100.0),
        ("nothing", parts(pre_brief=(0, 1), check_ins=(0, 6), answers=(0, 5)), 0.0),
        ("more check-ins than expected count as all", parts(check_ins=(12, 6), answers=(0, 0)), 81.2),
        ("only the first talk could be held", parts(check_ins=(0, 0), answers=(0, 0), end_review=(0, 0)), 100.0),
    ],
)
def test_follow_through_of_the_worked_examples(says, of, score):
    assert round(follow_through(of), 1) == score, says


def test_no_part_that_could_be_done_is_no_score():
    assert follow_through(parts(pre_brief=(0, 0), check_ins=(0, 0), answers=(0, 0), end_review=(0, 0))) is None


def test_the_rows_of_the_first_example_give_its_score():
    support = Support(over=ALL, confirmed=frozenset({0, 2, 5, 7, 11}), asked=5, answered_in_time=3)

    assert round(follow_through(parts_of(support)), 1) == 63.7


def test_a_blocked_week_leaves_numerator_and_denominator():
    done = frozenset({0, 1, 3, 5, 7})
    blocked = parts_of(Support(over=ALL, confirmed=done, blocked=frozenset({9, 10, 11, 12, 13})))
    missed = parts_of(Support(over=ALL, confirmed=done))

    assert (blocked.check_ins, blocked.end_review.possible) == (Part(4, 4), 0)
    assert (missed.check_ins, missed.end_review.possible) == (Part(4, 6), 1)
    assert follow_through(blocked) == 100 > follow_through(missed)


def test_several_leaders_are_their_median_and_never_their_sum():
    assert over_leaders([100, 100, 0, 10, None]) == 55
    assert over_leaders([90.0, 0, 0]) == 0
    assert over_leaders([None]) is None


@pytest.mark.parametrize(
    ("today", "since", "until", "over"),
    [
        (day(10), day(-6), None, {0, 1}),
        (day(7), day(-6), None, set()),
        (day(8), day(-6), None, {0, 1}),
        (day(97), day(-6), None, set(range(13))),
        (day(98), day(-6), None, set(range(14))),
        (day(98), day(-6), day(45), set(range(7))),
        (day(98), day(46), None, {0, *range(8, 14)}),
        (day(50), day(46), None, set()),
    ],
)
def test_a_sponsor_answers_only_for_whole_weeks_of_their_own(today, since, until, over):
    assert weeks_over(calendar(), Tenure(since, until), today) == over


def test_a_leader_who_leaves_does_not_lower_the_score():
    done = frozenset({0, 2, 4})
    stayed = Support(over=weeks_over(calendar(), Tenure(day(-6)), day(30)), confirmed=done)
    left = Support(over=weeks_over(calendar(), Tenure(day(-6), day(30)), day(300)), confirmed=done)

    assert follow_through(parts_of(left)) == follow_through(parts_of(stayed)) == 100


def test_a_pause_lies_in_no_week():
    away = calendar(pauses=((day(8), day(21)),))

    assert (week_of(away, day(21)), week_of(away, day(22))) == (1, 2)
    assert weeks_over(away, Tenure(day(-6)), day(22)) == {0, 1}


@pytest.mark.parametrize(
    ("today", "since", "weeks"),
    [
        (day(-3), day(-20), {0}),
        (day(1), day(-20), {0, 1}),
        (day(8), day(-20), {1, 2}),
        (day(50), day(48), {0, 7, 8}),
        (day(90), day(-20), {12, 13}),
        (day(97), day(-20), {12, 13}),
        (day(98), day(-20), set()),
    ],
)
def test_the_part_of_this_week_and_the_last_is_open(today, since, weeks):
    assert open_weeks(calendar(), since, today) == weeks


def test_a_change_of_sponsor_splits_by_the_days_held():
    tenures = {1: [Tenure(day(-30), day(30))], 2: [Tenure(day(31))]}

    shares = shares_by_days(tenures, DAY_1, LAST_DAY)

    assert shares == {1: pytest.approx(1 / 3), 2: pytest.approx(2 / 3)}
    assert over_sponsors({1: 90.0, 2: 60.0}, shares) == pytest.approx(70)
    assert over_sponsors({1: 90.0, 2: None}, shares) == 90


def test_days_without_a_sponsor_are_nobodys_share():
    tenures = {1: [Tenure(day(1), day(10))], 2: [Tenure(day(81))], 3: [Tenure(day(200))]}

    assert shares_by_days(tenures, DAY_1, LAST_DAY) == {1: 0.5, 2: 0.5}
    assert over_sponsors({1: None}, {1: 1.0}) is None


def test_the_new_sponsor_begins_with_a_talk_and_nothing_red():
    support = Support(over=weeks_over(calendar(), Tenure(day(46)), day(52)))

    assert follow_through(parts_of(support)) is None
    assert 0 in open_weeks(calendar(), day(46), day(52))
