"""Forms of goals under way and at their end, for the table in `refused.py`."""

from decimal import Decimal

from goals.leader_goals.actions.changing import GoalChange, change_goal, let_goal_go
from goals.leader_goals.actions.check_ins import check_in
from goals.leader_goals.actions.closing import score_goal
from goals.leader_goals.actions.reviews import keep_goal
from goals.leader_goals.forms.change import ChangeForm
from goals.leader_goals.forms.live import CheckInForm, KeepForm, LetGoForm, ScoreForm
from goals.models import Focus, Goal, Objective
from tests import factories as make
from tests.architecture.refused import KEYED, Refused, Scene, Values, day
from tests.times import DAY_1, TODAY


def _goal(scene: Scene) -> Goal:
    """Ada's, with a review that is due today."""
    goals = Goal.objects.filter(enrolment=scene.ada, state="agreed").exclude(direction="steps")
    goals.update(next_review_on=TODAY)
    return goals.select_related("enrolment__leader", "enrolment__sponsor").get()


def _closed(scene: Scene) -> Goal:
    closed = Goal.objects.filter(enrolment=scene.ada, state="done").select_related("enrolment").first()
    return closed or make.GoalFactory(enrolment=scene.ada, state="done", ended_on=TODAY)


def _goal_in_words(scene: Scene) -> Goal:
    words = Goal.objects.filter(enrolment=scene.ada, direction="steps").select_related("enrolment").first()
    return words or make.GoalFactory(enrolment=scene.ada, direction="steps", baseline=None, target=None)


def _act(scene: Scene, goal: Goal) -> Values:
    return {"goal": goal, "today": TODAY, **scene.leader}


def _change(scene: Scene, values: Values) -> object:
    keys = values["focuses"]
    focuses = tuple(Focus.objects.filter(pk__in=keys))
    if len(focuses) < len(keys):
        focuses = (make.FocusFactory(enrolment=scene.cast.enrolment(scene.cast.bo)),)
    return change_goal(change=GoalChange(**{**values, "focuses": focuses}), **_act(scene, _goal(scene)))


GOAL_LIFE = [
    Refused(
        "a figure of a goal",
        CheckInForm,
        lambda scene, data: CheckInForm(data, goal=_goal(scene), today=TODAY),
        lambda scene: {"on": TODAY, "value": Decimal("71.5"), "line": "Better at night"},
        lambda scene, values: check_in(**{"step": None, **values}, **_act(scene, _goal(scene))),
        lambda scene: {
            "value": [Decimal(101), Decimal(-1), Decimal("70.1234"), Decimal(10) ** 9, None],
            "on": [day(1), DAY_1.replace(day=1)],
        },
        KEYED,
    ),
    Refused(
        "a step of a goal",
        CheckInForm,
        lambda scene, data: CheckInForm(data, goal=_goal_in_words(scene), today=TODAY),
        lambda scene: {"on": TODAY, "step": 1, "line": ""},
        lambda scene, values: check_in(**{"value": None, **values}, **_act(scene, _goal_in_words(scene))),
        lambda scene: {"step": [None]},
        KEYED,
    ),
    Refused(
        "a review that keeps a goal",
        KeepForm,
        lambda scene, data: KeepForm(data),
        lambda scene: {"due_on": TODAY, "line": "Better at night"},
        lambda scene, values: keep_goal(**values, **_act(scene, _goal(scene))),
    ),
    Refused(
        "why a goal is let go",
        LetGoForm,
        lambda scene, data: LetGoForm(data),
        lambda scene: {"reason": "The queue moved"},
        lambda scene, values: let_goal_go(**values, **_act(scene, _goal(scene))),
    ),
    Refused(
        "a change of a goal",
        ChangeForm,
        lambda scene, data: ChangeForm(data, goal=_goal(scene), today=TODAY),
        lambda scene: {
            "outcome": "Customers get it solved at once",
            "why": "Nobody likes to call twice",
            "due_on": day(40),
            "focuses": [scene.focus.pk],
            "objective": Objective.objects.filter(place="department").first(),
        },
        _change,
        lambda scene: {
            "due_on": [TODAY, day(732)],
            "objective": [Objective.objects.filter(place="team").exclude(team__leader=scene.cast.ada).first()],
        },
        {"opened": "what the page showed, signed"},
    ),
    Refused(
        "the score of a goal",
        ScoreForm,
        lambda scene, data: ScoreForm(data, goal=_closed(scene)),
        lambda scene: {"score": 1},
        lambda scene, values: score_goal(
            goal=_closed(scene), today=TODAY, by=scene.cast.sol, now=scene.leader["now"], **values
        ),
    ),
]
