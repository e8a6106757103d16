"""From rows to figures: steps, marks, ageing, and the words for page and paper."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cohorts.models import Enrolment
from cohorts.tenancy.wall import within
from goals.leader_goals.ageing_words import age_words
from goals.leader_goals.attainment import Attainment, Mark, attainment
from goals.leader_goals.attainment_words import attainment_words, verdict
from goals.leader_goals.history import ageing_of, agreed_due_on, attainment_of, with_history
from goals.models import Goal
from tests import factories as make
from tests.cast import Cast
from tests.times import DAY_1, NOW, TODAY

D6 = [Mark(3, 1, 1), Mark(2, 0, 0), Mark(1, is_let_go=True, is_late=True)]


@pytest.fixture
def bo(cast: Cast) -> Enrolment:
    """Somebody whose goals of the cast are gone from sight: each test looks at its own."""
    return cast.enrolment(cast.bo)


def read(*goals: Goal) -> list[Goal]:
    return list(with_history(Goal.objects.filter(pk__in=[goal.pk for goal in goals])))


def figures(enrolment: Enrolment, *goals: Goal) -> Attainment:
    return attainment_of(enrolment, read(*goals), TODAY)


def checked(enrolment: Enrolment, value: int, on: int = -1, **facts: Any) -> Goal:
    goal: Goal = make.GoalFactory(enrolment=enrolment, **facts)
    make.CheckInFactory(goal=goal, value=value, on=TODAY + timedelta(days=on))
    return goal


def test_d6_comes_out_of_the_rows(cast: Cast, bo: Enrolment) -> None:
    with within(cast.acme):
        first = checked(bo, 76, weight=3)
        second = checked(bo, 75, weight=2)
        late = checked(bo, 67, weight=1, state="let_go", agreed_on=DAY_1, ended_on=TODAY)
        found = figures(bo, first, second, late)

        assert found.score == pytest.approx(57.4, abs=0.05)
        assert found.with_let_go == pytest.approx(52.2, abs=0.05)
        assert found.comparative == pytest.approx(54.4, abs=0.05)


def test_a_goal_let_go_early_and_on_its_line_is_not_late(cast: Cast, bo: Enrolment) -> None:
    with within(cast.acme):
        early = checked(bo, 70, weight=1, state="let_go", agreed_on=DAY_1, ended_on=TODAY)

        assert (figures(bo, early).let_go, figures(bo, early).let_go_late) == (1, 0)


def test_moving_the_date_on_does_not_make_letting_go_early(cast: Cast, bo: Enrolment) -> None:
    with within(cast.acme):
        goal = checked(bo, 74, state="let_go", agreed_on=DAY_1, ended_on=TODAY, due_on=DAY_1 + timedelta(days=200))
        old, new = DAY_1 + timedelta(days=12), DAY_1 + timedelta(days=200)
        details = {"due_on": [old.isoformat(), new.isoformat()]}
        make.GoalEventFactory(goal=goal, kind="changed", by=cast.bo, details=details)

        assert agreed_due_on(read(goal)[0]) == old
        assert figures(bo, goal).let_go_late == 1


def test_the_score_of_the_sponsor_goes_before_the_newest_check_in(cast: Cast, bo: Enrolment) -> None:
    with within(cast.acme):
        goal = checked(bo, 68, state="done", score=2, scored_by=cast.max, scored_at=NOW)

        assert (figures(bo, goal).score, figures(bo, goal).scored) == (70, 1)


def test_drafts_and_proposals_have_no_part_in_attainment(cast: Cast, bo: Enrolment) -> None:
    with within(cast.acme):
        waiting = [make.GoalFactory(enrolment=bo, state=state) for state in ("draft", "proposed")]

        assert figures(bo, *waiting).goals == 0


def test_figures_of_reserve_weeks_are_left_out_of_the_second_score(cast: Cast, bo: Enrolment) -> None:
    with within(cast.acme):
        for focus in bo.focuses.all():
            make.DialFactory(focus=focus, level=1, starts_on=TODAY, set_by=cast.bo)
        goal = checked(bo, 75, on=-7)
        make.CheckInFactory(goal=goal, value=60, on=TODAY)

        assert figures(bo, goal).score == 30
        assert figures(bo, goal).outside_reserve == 50


def test_a_goal_is_touched_by_everything_that_happens_to_it(cast: Cast, bo: Enrolment) -> None:
    since = TODAY - timedelta(days=40)
    touches: list[Callable[[Goal], object]] = [
        lambda goal: make.CheckInFactory(goal=goal, on=since, at=NOW),
        lambda goal: make.GoalReviewFactory(goal=goal, on=TODAY),
        lambda goal: make.GoalEventFactory(goal=goal, kind="changed", by=cast.bo, on=TODAY),
        lambda goal: make.GoalDialFactory(goal=goal, starts_on=TODAY),
    ]
    with within(cast.acme):
        goal = make.GoalFactory(enrolment=bo, agreed_on=since)
        old = ageing_of(read(goal)[0], TODAY)
        assert age_words(old) == "Not touched for 5 weeks"
        for touch in touches:
            other = make.GoalFactory(enrolment=bo, agreed_on=since)
            touch(other)
            fresh = ageing_of(read(other)[0], TODAY)
            assert fresh is not None
            assert (fresh.days, age_words(fresh)) == (0, "")


def test_only_a_goal_under_way_grows_old(cast: Cast, bo: Enrolment) -> None:
    with within(cast.acme):
        goals = [make.GoalFactory(enrolment=bo, state=state) for state in ("draft", "proposed", "done", "let_go")]

        assert [ageing_of(goal, TODAY) for goal in read(*goals)] == [None] * 4


def test_attainment_reads_as_much_for_many_goals_as_for_one(
    cast: Cast, bo: Enrolment, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    def load() -> object:
        mine = with_history(Goal.objects.filter(enrolment=bo))
        return attainment_of(bo, mine, TODAY)

    with within(cast.acme):
        same_queries_at_1_and_30(load, lambda _number: checked(bo, 71))


def test_attainment_in_words_says_all_of_d6() -> None:
    words = attainment_words(attainment(D6))

    assert words is not None
    assert words.headline == "More than agreed"
    assert words.sentences == (
        "Score 57.4, over 2 of 2 goals; 50 is exactly what was agreed.",
        "1 of 3 let go (weight 1 of 6). Counted as −2, the score is 52.2.",
        "One was let go after half its time or below its line, so it counts as −1 wherever scores are compared: 54.4.",
        "2 are not yet scored: their newest check-ins stand for them.",
    )


def test_attainment_in_words_says_what_is_missing() -> None:
    nothing = attainment_words(attainment([Mark(2), Mark(1)]))
    only_reserve = attainment_words(attainment([Mark(2, step=0, is_scored=True)]))
    other_outside = attainment_words(attainment([Mark(2, step=-1, outside_reserve=0, is_scored=True)]))

    assert attainment_words(attainment([])) is None
    assert nothing is not None
    assert (nothing.headline, nothing.sentences) == (
        "Nothing measured yet",
        ("2 goals are agreed, and none has a figure yet.",),
    )
    assert only_reserve is not None
    assert "All figures are from reserve weeks." in only_reserve.sentences
    assert other_outside is not None
    assert "Without the figures of reserve weeks, it is 50.0." in other_outside.sentences


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (None, "Nothing measured yet"),
        (30, "Far less than agreed"),
        (35, "Far less than agreed"),
        (40, "Less than agreed"),
        (45, "Less than agreed"),
        (45.1, "About as agreed"),
        (52.2, "About as agreed"),
        (55, "More than agreed"),
        (65, "Far more than agreed"),
    ],
)
def test_a_score_is_a_word_before_it_is_a_number(score: float | None, words: str) -> None:
    assert verdict(score) == words
