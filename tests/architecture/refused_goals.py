"""Forms of a leader's goals, for the table in `refused.py`."""

from decimal import Decimal
from typing import Any

from goals.leader_goals.actions.agreeing import agree_goal, send_back_goal
from goals.leader_goals.actions.writing import rewrite_goal, write_goal
from goals.leader_goals.forms.goal import SAID, GoalForm, NewGoalForm, ReplyForm, SeenForm
from goals.leader_goals.rules import GoalPlan, bound_field, words_field
from goals.leader_goals.scale import STEPS, Rung
from goals.models import Focus, Goal, Objective
from tests.architecture.refused import Refused, Scene, Values, day
from tests.times import NOW, TODAY

ANSWER = {"today": TODAY, "now": NOW}


def _goal(scene: Scene) -> Values:
    return {
        "outcome": "Customers get it solved in the first contact",
        "why": "They trust us less when they call twice",
        "measure": "First-contact resolution",
        "unit": "%",
        "direction": "up",
        "baseline": Decimal(68),
        "baseline_on": TODAY,
        "target": Decimal(74),
        "tolerance": Decimal(1),
        "due_on": day(60),
        "weight": 3,
        "words_0": "As it is",
        "words_1": "Half-way",
        "bound_1": Decimal(70),
        "words_2": "What we agreed",
        "words_3": "More",
        "bound_3": Decimal("75.5"),
        "words_4": "Far more",
        "bound_4": Decimal(80),
        "focuses": [scene.focus.pk],
        "objective": Objective.objects.get(team__leader=scene.cast.ada),
    }


def _bad_goal(scene: Scene) -> dict[str, list[Any]]:
    return {
        "baseline": [Decimal(74), Decimal(75), Decimal(-1)],
        "target": [Decimal(68), Decimal(60), Decimal(101)],
        "baseline_on": [day(1)],
        "due_on": [TODAY, day(-1), day(732)],
        "bound_1": [Decimal(74), Decimal(75)],
        "bound_3": [Decimal(74), Decimal(80)],
        "bound_4": [Decimal(75), Decimal("75.5")],
        "objective": [Objective.objects.get(team__leader=scene.cast.bo)],
    }


def _plan(values: Values) -> GoalPlan:
    return GoalPlan(
        **{name: values[name] for name in SAID},
        weight=values["weight"],
        rungs=tuple(Rung(score, values[words_field(score)], values.get(bound_field(score))) for score in STEPS),
        focuses=tuple(Focus.objects.filter(pk=pk).first() or Focus(pk=pk) for pk in values["focuses"]),
        objective=values["objective"],
    )


def _write(scene: Scene, values: Values) -> object:
    keys = {name: values[name] for name in ("key", "edition")}
    return write_goal(enrolment=scene.ada, plan=_plan(values), today=TODAY, **scene.leader, **keys)


def _rewrite(scene: Scene, values: Values) -> object:
    draft = Goal.objects.select_related("enrolment").get(enrolment=scene.ada, state="draft")
    return rewrite_goal(goal=draft, plan=_plan(values), today=TODAY, by=scene.cast.ada)


def _proposed(scene: Scene) -> Goal:
    return Goal.objects.select_related("enrolment").get(enrolment=scene.ada, state="proposed")


def _agree(scene: Scene, values: Values) -> object:
    return agree_goal(goal=_proposed(scene), by=scene.cast.sol, expected_revision=values["seen"], **ANSWER)


def _send_back(scene: Scene, values: Values) -> object:
    words, seen = values["words"], values["seen"]
    return send_back_goal(goal=_proposed(scene), words=words, by=scene.cast.sol, expected_revision=seen, **ANSWER)


SEEN = {"seen": "which revision was read: any other is Stale"}
GOALS = [
    Refused(
        "a new goal",
        NewGoalForm,
        lambda scene, data: NewGoalForm(data, enrolment=scene.ada, today=TODAY),
        _goal,
        _write,
        _bad_goal,
        {
            "key": "a form's own; anything else is a new one",
            "edition": "a number no person typed: anything else is as good as none",
        },
    ),
    Refused(
        "a draft goal",
        GoalForm,
        lambda scene, data: GoalForm(data, enrolment=scene.ada, today=TODAY),
        _goal,
        _rewrite,
        _bad_goal,
    ),
    Refused(
        "agreeing to a goal",
        SeenForm,
        lambda scene, data: SeenForm(data),
        lambda scene: {"seen": _proposed(scene).revision},
        _agree,
        free=SEEN,
    ),
    Refused(
        "sending a goal back",
        ReplyForm,
        lambda scene, data: ReplyForm(data),
        lambda scene: {"seen": _proposed(scene).revision, "words": "The whole team, please"},
        _send_back,
        free=SEEN,
    ),
]
