"""The chart's title, its bands, and the story of a goal as its leader and their sponsor read it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cohorts.models import Membership
from cohorts.tenancy.wall import within
from goals.leader_goals.finding import finding
from goals.leader_goals.goal_chart import goal_chart, light_days
from goals.leader_goals.history import with_history
from goals.leader_goals.story import Change, Entry, story_of
from goals.models import Goal
from tests import factories as make
from tests.cast import Cast
from tests.times import DAY_1, NOW, TODAY

SEVEN_WEEKS_AGO = TODAY - timedelta(weeks=7)


def read(goal: Goal) -> Goal:
    return with_history(Goal.objects.filter(pk=goal.pk)).get()


def make_goal(cast: Cast, **facts: Any) -> Goal:
    goal: Goal = make.GoalFactory(enrolment=cast.enrolment(cast.ada), **{"baseline_on": SEVEN_WEEKS_AGO, **facts})
    return goal


@pytest.mark.parametrize(
    ("facts", "reading", "title"),
    [
        ({}, {"value": 71}, "Up three points in seven weeks; three to go"),
        ({}, {"value": 69}, "Up one point in seven weeks; five to go"),
        ({}, {"value": Decimal("70.5")}, "Up 2.5 points in seven weeks; 3.5 to go"),
        ({}, {"value": 68}, "Unchanged in seven weeks; six to go"),
        ({}, {"value": 66}, "Down two points in seven weeks; eight to go"),
        ({}, {"value": 74}, "Up six points in seven weeks; what was agreed"),
        ({}, {"value": 76}, "Up eight points in seven weeks; two more than agreed"),
        ({"baseline_on": TODAY}, {"value": 71}, "Up three points in less than a week; three to go"),
        (
            {"unit": "s", "direction": "down", "baseline": 420, "target": 390},
            {"value": 405},
            "Down 15\u00a0s in seven weeks; 15 to go",
        ),
        ({"direction": "hold", "tolerance": 2}, {"value": 75}, "One away from 74\u00a0%, as agreed"),
        ({"direction": "hold", "tolerance": 2}, {"value": 77}, "Three away from 74\u00a0%: further than agreed"),
        ({"direction": "hold", "tolerance": 2}, {"value": 74}, "Right on 74\u00a0%, where it should stay"),
        ({"direction": "steps"}, {"value": None, "step": -2}, "On step −2; two to go"),
        ({"direction": "steps"}, {"value": None, "step": 0}, "On the step that was agreed"),
        ({"direction": "steps"}, {"value": None, "step": 1}, "One step more than agreed"),
        ({"baseline": None, "baseline_on": None}, {"value": 71}, "Now 71\u00a0%; three to go"),
    ],
)
def test_the_title_of_the_chart_is_the_finding(
    cast: Cast, facts: dict[str, Any], reading: dict[str, Any], title: str
) -> None:
    with within(cast.acme):
        goal = make_goal(cast, **facts)
        make.CheckInFactory(goal=goal, on=TODAY, **reading)

        assert finding(read(goal)) == title


def test_a_goal_without_a_check_in_has_no_chart(cast: Cast) -> None:
    with within(cast.acme):
        goal = read(make_goal(cast))

        assert (goal_chart(goal, TODAY), finding(goal)) == (None, "No figure yet")


def test_the_chart_runs_from_the_beginning_to_the_date(cast: Cast) -> None:
    with within(cast.acme):
        goal = make_goal(cast)
        make.CheckInFactory(goal=goal, on=TODAY, value=71)
        chart = goal_chart(read(goal), TODAY)

    assert chart is not None
    assert [(row.on, row.says, row.note) for row in chart.desk.rows] == [
        (TODAY, "71\u00a0%", ""),
        (SEVEN_WEEKS_AGO, "68\u00a0%", "where it began"),
    ]
    assert chart.desk.target is not None
    assert chart.desk.target.label.text == "agreed 74\u00a0%"
    assert chart.desk.end is not None
    assert chart.desk.end.text == "71\u00a0% now"


def test_light_weeks_are_bands_with_a_word(cast: Cast) -> None:
    def day(number: int) -> date:
        return DAY_1 + timedelta(days=number)

    with within(cast.acme):
        goal = make_goal(cast)
        make.GoalDialFactory(goal=goal, level=1, starts_on=day(0), ends_on=day(1))
        make.GoalDialFactory(goal=goal, level=1, starts_on=day(2), ends_on=day(3))
        make.GoalDialFactory(goal=goal, level=0, starts_on=day(6))
        make.GoalDialFactory(goal=goal, level=3, starts_on=day(8))
        bands = light_days(read(goal), SEVEN_WEEKS_AGO, TODAY)

    assert [(band.start, band.end, band.says) for band in bands] == [
        (day(0), day(3), "light"),
        (day(6), day(7), "resting"),
    ]


def told(goal: Goal, reader: Membership) -> list[tuple[str, str]]:
    return [(entry.words, entry.quote) for entry in story_of(read(goal), reader)]


def test_a_unit_that_ends_in_a_full_stop_does_not_double_it(cast: Cast) -> None:
    with within(cast.acme):
        goal = make_goal(cast, unit="min.")
        make.GoalEventFactory(goal=goal, kind="closed", on=TODAY)
        make.CheckInFactory(goal=goal, value=70, on=TODAY - timedelta(days=2), line="Two new colleagues")
        make.GoalReviewFactory(goal=goal, on=TODAY - timedelta(days=1))

        words = {entry.words for entry in story_of(read(goal), cast.ada)}

    assert words == {"Kept, with 70\u00a0min.", "70\u00a0min.", "Closed, with 70\u00a0min."}


def entries(goal: Goal, reader: Membership) -> list[Entry]:
    return story_of(read(goal), reader)


def test_the_leader_reads_decisions_and_lines_the_sponsor_only_that(cast: Cast) -> None:
    with within(cast.acme):
        goal = make_goal(cast)
        make.GoalEventFactory(goal=goal, kind="agreed")
        make.CheckInFactory(goal=goal, value=70, on=TODAY - timedelta(days=2), line="Two new colleagues")
        make.GoalReviewFactory(goal=goal, on=TODAY, line="The night shift writes the promise down")

        assert told(goal, cast.ada) == [
            ("Kept, with 70\u00a0%.", "The night shift writes the promise down"),
            ("70\u00a0%.", "Two new colleagues"),
            ("Agreed with Sol. Scale locked.", ""),
        ]
        assert told(goal, cast.sol) == [("Review held.", ""), ("Agreed with Sol. Scale locked.", "")]


def test_the_sponsor_never_reads_what_a_review_decided(cast: Cast) -> None:
    with within(cast.acme):
        goal = make_goal(cast)
        for number, decision in enumerate(("keep", "change", "let_go")):
            make.GoalReviewFactory(
                goal=goal, on=TODAY, due_on=TODAY + timedelta(days=number), decision=decision, line="weighed"
            )

        assert told(goal, cast.sol) == [("Review held.", "")] * 3


def test_a_change_stands_with_old_and_new(cast: Cast) -> None:
    details = {
        "outcome": ["Solved", "Solved at once"],
        "why": ["", "Less"],
        "due_on": ["2026-05-01", "2026-06-01"],
    }
    with within(cast.acme):
        goal = make_goal(cast)
        make.GoalEventFactory(goal=goal, kind="changed", by=cast.ada, details=details)

        assert entries(goal, cast.sol)[0].changes == (
            Change("What will be different", "Solved", "Solved at once"),
            Change("Why it matters", "nothing", "Less"),
            Change("By when", "1 May", "1 June"),
        )


def test_a_sponsor_reads_only_the_plans_they_may_see(cast: Cast) -> None:
    with within(cast.acme):
        goal = make_goal(cast)
        hidden = make.FocusFactory(enrolment=goal.enrolment, cue="the phone rings", response="count to three")
        hidden.shares.all().delete()
        make.GoalEventFactory(goal=goal, kind="changed", by=cast.ada, details={"focuses": [[], [hidden.pk]]})

        ours, theirs = (entries(goal, reader)[0].changes for reader in (cast.ada, cast.sol))
        assert ours == (Change("Which plans move it", "none", "When the phone rings, I will count to three."),)
        assert theirs == (Change("Which plans move it", "none", "one plan of their own"),)


def test_what_was_undone_on_the_same_day_is_left_out_of_the_story(cast: Cast) -> None:
    with within(cast.acme):
        goal = make_goal(cast)
        for minute, (kind, on) in enumerate(
            [("let_go", DAY_1), ("taken_up", DAY_1), ("closed", DAY_1), ("reopened", TODAY)]
        ):
            make.GoalEventFactory(goal=goal, kind=kind, by=cast.ada, on=on, at=NOW + timedelta(minutes=minute))

        assert told(goal, cast.ada) == [("Opened again.", ""), ("Closed.", "")]


def test_every_kind_of_event_has_its_words(cast: Cast) -> None:
    acts = [
        ("proposed", {}, "Asked for agreement."),
        ("withdrawn", {}, "Proposal withdrawn."),
        ("sent_back", {}, "Sent back by Sol."),
        ("let_go", {}, "Let go."),
        ("closed", {}, "Closed, with 71\u00a0%."),
        ("scored", {"score": [None, 1]}, "Scored +1 by Sol."),
        ("scored", {"score": [1, -1]}, "Score changed from +1 to −1 by Sol."),
    ]
    with within(cast.acme):
        goal = make_goal(cast)
        make.CheckInFactory(goal=goal, value=71, on=DAY_1)
        for minute, (kind, details, _words) in enumerate(acts):
            make.GoalEventFactory(goal=goal, kind=kind, details=details, at=NOW + timedelta(minutes=minute))

        assert [words for words, _quote in reversed(told(goal, cast.ada))] == [words for _, _, words in acts]


def test_a_dial_stands_in_the_story_with_its_reason(cast: Cast) -> None:
    with within(cast.acme):
        goal = make_goal(cast)
        period = make.BusyPeriodFactory(cohort=goal.enrolment.cohort, title="Autumn campaign", offered_by=cast.hana)
        make.GoalDialFactory(goal=goal, level=1, starts_on=DAY_1, ends_on=TODAY, period=period)
        make.GoalDialFactory(goal=goal, level=3, starts_on=TODAY)

        assert told(goal, cast.sol) == [
            ("Dial to stretch.", ""),
            ("Dial to light until 11 March, for “Autumn campaign”.", ""),
        ]
