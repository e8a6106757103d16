"""Writing a goal: what a draft is held to, what the page says while it is typed, who reads it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotYours
from goals.leader_goals.actions.agreeing import propose_goal
from goals.leader_goals.actions.writing import write_goal
from goals.leader_goals.ladder import ladder
from goals.leader_goals.policies import may_see_goal
from goals.leader_goals.rules import GoalPlan, ensure_plan, plan_of
from goals.leader_goals.scale import STEPS, Rung
from goals.models import Direction, Goal
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.goals.leader_goals.test_agreeing import PLAN
from tests.times import NOW, TODAY

Clients = Callable[..., OrganisationClient]
DOWN = replace(PLAN, direction=Direction.DOWN, unit="s", baseline=Decimal(420), target=Decimal(390))
HOLD = replace(
    PLAN, direction=Direction.HOLD, unit="s", baseline=Decimal(400), target=Decimal(400), tolerance=Decimal(20)
)
WORDS = replace(
    PLAN,
    direction=Direction.STEPS,
    baseline=None,
    target=None,
    rungs=tuple(Rung(score, f"Step {score}") for score in STEPS),
)


def bounded(**bounds: str) -> tuple[Rung, ...]:
    """Own bounds for the steps −1, +1 and +2, by the names `low`, `more` and `most`."""
    named = {-1: "low", 1: "more", 2: "most"}
    return tuple(
        Rung(score, "", Decimal(bounds[named[score]]) if named.get(score) in bounds else None) for score in STEPS
    )


@pytest.mark.parametrize(
    ("plan", "field", "sentence"),
    [
        (replace(PLAN, target=Decimal(68)), "target", "where it is today"),
        (replace(PLAN, target=Decimal(60)), "target", "below today’s figure"),
        (replace(DOWN, target=Decimal(430)), "target", "above today’s figure"),
        (replace(DOWN, target=Decimal(420)), "target", "where it is today"),
        (replace(HOLD, tolerance=None), "tolerance", "required"),
        (replace(HOLD, tolerance=Decimal(0)), "tolerance", "above zero"),
        (replace(PLAN, due_on=TODAY), "due_on", "after today"),
        (replace(PLAN, due_on=TODAY - timedelta(days=1)), "due_on", "after today"),
        (replace(PLAN, due_on=TODAY + timedelta(days=732)), "due_on", "within two years"),
        (replace(PLAN, baseline_on=TODAY + timedelta(days=1)), "baseline_on", "has not come yet"),
        (replace(PLAN, unit="calls", target=Decimal(10**9)), "target", "before the decimal point"),
        (replace(PLAN, unit="calls", target=Decimal("Infinity")), "target", "Enter a number"),
        (replace(PLAN, unit="calls", target=Decimal("NaN")), "target", "Enter a number"),
        (replace(PLAN, target=Decimal("74.0001")), "target", "3 decimal places"),
        (replace(PLAN, target=Decimal(101)), "target", "between 0 % and 100 %"),
        (replace(PLAN, baseline=Decimal(-1)), "baseline", "between 0 % and 100 %"),
        (replace(PLAN, weight=4), "weight", "valid choice"),
        (replace(PLAN, direction="sideways"), "direction", "valid choice"),
        (replace(PLAN, outcome="  "), "outcome", "required"),
        (replace(PLAN, rungs=bounded(more="73")), "bound_3", "better than the one below"),
        (replace(PLAN, rungs=bounded(low="74")), "bound_1", "better than the one below"),
        (replace(PLAN, rungs=bounded(more="80", most="79")), "bound_4", "better than the one below"),
        (replace(DOWN, rungs=bounded(low="380")), "bound_1", "better than the one below"),
        (replace(HOLD, rungs=bounded(most="30")), "bound_4", "better than the one below"),
        (replace(PLAN, rungs=PLAN.rungs[:4]), "scale", "five steps"),
        (replace(PLAN, rungs=tuple(Rung(score, "x" * 121) for score in STEPS)), "words_0", "at most 120"),
    ],
)
def test_what_contradicts_itself_is_refused_beside_its_field(plan: GoalPlan, field: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        ensure_plan(plan, today=TODAY)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        DOWN,
        HOLD,
        WORDS,
        GoalPlan("Improve customer service"),
        replace(PLAN, target=None),
        replace(PLAN, due_on=TODAY + timedelta(days=731)),
        replace(PLAN, rungs=bounded(low="70", more="74.5", most="90")),
    ],
)
def test_half_a_goal_is_kept_as_a_draft(plan: GoalPlan) -> None:
    assert ensure_plan(plan, today=TODAY).outcome == plan.outcome


def test_steps_in_words_keep_no_figures() -> None:
    plan = ensure_plan(replace(WORDS, baseline=Decimal(1), target=Decimal(2)), today=TODAY)

    assert (plan.baseline, plan.target) == (None, None)
    assert [rung.bound for rung in plan.rungs] == [None] * 5


def test_own_bounds_stay_and_the_others_are_suggested() -> None:
    plan = ensure_plan(replace(PLAN, rungs=bounded(most="90")), today=TODAY)

    assert [str(rung.bound) for rung in plan.rungs] == ["None", "71", "74", "76", "90"]


@pytest.mark.parametrize(
    ("plan", "figures"),
    [
        (PLAN, ["78 % or more", "76 to 78 %", "74 to 76 %", "71 to 74 %", "Below 71 %, where it began"]),
        (DOWN, ["370 s or less", "370 to 380 s", "380 to 390 s", "390 to 405 s", "More than 405 s, where it began"]),
        (
            HOLD,
            [
                "At most 5 away from 400 s",
                "At most 10 away from 400 s",
                "At most 20 away from 400 s",
                "At most 30 away from 400 s",
                "More than 30 away from 400 s",
            ],
        ),
    ],
)
def test_each_step_says_which_figures_count_as_it(plan: GoalPlan, figures: list[str]) -> None:
    with override("en"):
        steps = ladder(ensure_plan(plan, today=TODAY), value=plan.baseline)

    assert [step.figures.replace("\u00a0", " ") for step in steps] == figures
    assert [step.sign for step in steps] == ["+2", "+1", "0", "−1", "−2"]


def test_the_newest_figure_stands_on_the_step_it_reaches() -> None:
    steps = ladder(ensure_plan(PLAN, today=TODAY), value=Decimal("71.5"))

    assert [(step.score, step.now.replace("\u00a0", " ")) for step in steps if step.now] == [(-1, "Now, 71.5 %")]
    assert [step.score for step in ladder(ensure_plan(WORDS, today=TODAY), step=1) if step.now] == [1]


@pytest.mark.parametrize(
    ("state", "agreed_on"),
    [
        *((each, None) for each in ("draft", "proposed", "let_go")),
        *((each, TODAY) for each in ("agreed", "done", "let_go")),
    ],
)
def test_a_sponsor_sees_a_goal_that_waits_or_was_agreed(cast: Cast, state: str, agreed_on: date | None) -> None:
    with within(cast.acme):
        goal = make.GoalFactory(enrolment=cast.enrolment(cast.ada), state=state, agreed_on=agreed_on)
        people = {name: getattr(cast, name) for name in ("ada", "sol", "max", "bo", "hana", "olav")}
        seen = {name for name, each in people.items() if Goal.objects.visible_to(each).filter(pk=goal.pk).exists()}

        assert seen == ({"ada", "sol"} if agreed_on or state == "proposed" else {"ada"})
        assert seen == {name for name, each in people.items() if may_see_goal(each, goal)}


@pytest.mark.parametrize("name", ["sol", "bo", "hana"])
def test_only_the_leader_writes_and_proposes(cast: Cast, name: str) -> None:
    with within(cast.acme):
        ada = cast.enrolment(cast.ada)
        goal = Goal.objects.select_related("enrolment").get(enrolment=ada, state="draft")
        with pytest.raises(NotYours):
            write_goal(enrolment=ada, plan=PLAN, today=TODAY, by=getattr(cast, name), now=NOW)
        with pytest.raises(NotYours):
            propose_goal(goal=goal, today=TODAY, by=getattr(cast, name), now=NOW)


def test_a_saved_goal_opens_with_what_was_written(cast: Cast) -> None:
    with within(cast.acme):
        ada = cast.enrolment(cast.ada)
        plan = ensure_plan(replace(PLAN, focuses=tuple(ada.focuses.all())), today=TODAY)
        goal = write_goal(enrolment=ada, plan=plan, today=TODAY, by=cast.ada, now=NOW)

        assert plan_of(Goal.objects.get(pk=goal.pk)) == plan


def test_a_suggested_bound_follows_the_target(cast: Cast, client_for: Clients) -> None:
    """Saved again with another target, the steps that nobody chose are suggested anew."""
    with within(cast.acme):
        goal = write_goal(enrolment=cast.enrolment(cast.ada), plan=PLAN, today=TODAY, by=cast.ada, now=NOW)
    client = client_for(cast.ada)
    page = client.get(client.url("goal_wording", goal.pk))
    shown = {field.html_name: field.value() for field in page.context["form"]}
    fields = {name: value for name, value in shown.items() if value not in (None, "", [])}

    client.post(client.url("goal_wording", goal.pk), {**fields, "target": "80"})

    with within(cast.acme):
        goal.refresh_from_db()
        assert [step["bound"] for step in goal.scale] == [None, "74", "80", "84", "88"]


def test_help_while_typing_saves_nothing(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.ada)
    with within(cast.acme):
        before = Goal.objects.count()

    page = client.post(client.url("goal_checking"), {"outcome": "Improve customer service", "direction": "up"})

    assert "This is a wish" in page.content.decode()
    with within(cast.acme):
        assert Goal.objects.count() == before


def test_help_while_typing_survives_any_nonsense(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.ada)
    nonsense = {
        "outcome": "x" * 5000,
        "direction": "sideways",
        "baseline": "NaN",
        "target": "1e999",
        "due_on": "31.31.2026",
        "weight": "many",
        "focuses": ["99", "a"],
        "objective": "0",
        "bound_1": "-",
        "words_0": "\0",
    }

    assert client.post(client.url("goal_checking"), nonsense).status_code == 200
    assert client.post(client.url("goal_new"), nonsense).status_code == 422


def test_the_list_of_goals_asks_the_same_for_one_and_for_thirty(
    cast: Cast, client_for: Clients, count_queries: Callable[..., list[str]]
) -> None:
    client = client_for(cast.ada)
    few = len(count_queries(lambda: client.get(client.url("goals"))))
    with within(cast.acme):
        for state in ("draft", "done", "let_go"):
            make.GoalFactory.create_batch(10, enrolment=cast.enrolment(cast.ada), state=state)

    assert len(count_queries(lambda: client.get(client.url("goals")))) == few
