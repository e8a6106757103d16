"""Forms of objectives, for the table in `refused.py`."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from cohorts.web.refusals import Invalid
from goals.models import Kpi, Objective, Team, TeamMember
from goals.objectives.actions.ending import let_go_objective
from goals.objectives.actions.progress import enter_reading
from goals.objectives.actions.taking_part import note_voice, save_parts
from goals.objectives.actions.writing import change_objective, write_objective
from goals.objectives.facts import ObjectiveFacts
from goals.objectives.forms.objective import NewObjectiveForm, ObjectiveForm
from goals.objectives.forms.steps import LetGoObjectiveForm, NoteVoiceForm, PartsForm, ReadingForm
from tests import factories as make
from tests.architecture.refused import KEYED, Refused, Scene, Values, day
from tests.times import TODAY

NO_NUMBERS: list[Any] = [Decimal(10) ** 10, Decimal("0.0001"), Decimal(-(10**10))]
OPEN = {"opened": "what the page showed, signed"}


def _team(scene: Scene) -> Team:
    return Team.objects.get(leader=scene.cast.ada)


def _objective(scene: Scene) -> Objective:
    rows = Objective.objects.select_related("team", "parent", "kpi", "guardrail")
    return rows.filter(team__leader=scene.cast.ada).earliest("pk")


def _draft(scene: Scene) -> Objective:
    """A draft of Ada's team with nothing but its words."""
    return make.ObjectiveFactory(place="team", team=_team(scene), state="draft", written_by=scene.cast.ada)


def _typed(scene: Scene) -> Values:
    return {
        "outcome": "Nobody waits longer than a minute",
        "why": "Customers hang up",
        "parent": Objective.objects.filter(place="department").earliest("pk").pk,
        "course": "down",
        "kpi": "",
        "measure": "Waiting",
        "unit": "s",
        "baseline": Decimal(90),
        "baseline_on": TODAY,
        "target": Decimal(60),
        "tolerance": None,
        "milestones": "",
        "due_on": day(60),
        "weight": 2,
        "guardrail": "",
    }


def _row(model: Any, name: str, value: Any) -> Any:
    """The row a form would have found. A key that names none is no value of the action."""
    if value in (None, ""):
        return None
    row = value if isinstance(value, model) else model.objects.filter(pk=value).first()
    if row is None:
        raise Invalid(name, "not a value of the action: it is a row")
    return row


def _facts(values: Values) -> ObjectiveFacts:
    said = {name: value for name, value in values.items() if name in ObjectiveFacts.__slots__}
    for name, model in (("parent", Objective), ("guardrail", Objective), ("kpi", Kpi)):
        said[name] = _row(model, name, said[name])
    lines = said["milestones"]
    said["milestones"] = tuple(lines.split("\n")) if isinstance(lines, str) and lines else tuple(lines)
    return ObjectiveFacts(**said)


def _write(scene: Scene, values: Values) -> object:
    keys = {name: values[name] for name in ("key", "edition")}
    return write_objective(place="team", team=_team(scene), facts=_facts(values), today=TODAY, **keys, **scene.leader)


def _write_department(scene: Scene, values: Values) -> object:
    keys = {name: values[name] for name in ("key", "edition")}
    return write_objective(place="department", facts=_facts(values), today=TODAY, **keys, **scene.admin)


def _change(scene: Scene, values: Values) -> object:
    return change_objective(objective=_draft(scene), facts=_facts(values), today=TODAY, **scene.leader)


def _bad(scene: Scene) -> dict[str, list[Any]]:
    ended = make.ObjectiveFactory(state="let_go", let_go_reason="busy", ended_on=TODAY)
    theirs = Objective.objects.get(team__leader=scene.cast.bo)
    return {
        "parent": [ended.pk, theirs.pk],
        "baseline": [*NO_NUMBERS, Decimal(60), Decimal(30)],
        "target": [*NO_NUMBERS, Decimal(90), Decimal(95)],
        "tolerance": [*NO_NUMBERS, Decimal(-1)],
        "baseline_on": [day(1)],
        "due_on": [TODAY, day(-1)],
        "milestones": ["x" * 161, "the same\nThe same", "\n".join(str(line) for line in range(13))],
    }


FREE = {
    "kpi": "a row that the form offers; one that is no longer kept: test_actions",
    "guardrail": "a row that the form offers; itself: test_actions",
}


def _other_member(scene: Scene) -> list[int]:
    return list(TeamMember.objects.filter(team__leader=scene.cast.bo).values_list("pk", flat=True))


def _members(scene: Scene) -> list[TeamMember]:
    return list(TeamMember.objects.filter(team__leader=scene.cast.ada))


def _note(scene: Scene, values: Values) -> object:
    said = {**values, "member": _row(TeamMember, "member", values["member"])}
    return note_voice(objective=_objective(scene), **said, **scene.leader)


OBJECTIVES = [
    Refused(
        "a new objective of a team",
        NewObjectiveForm,
        lambda scene, data: NewObjectiveForm(data, place="team", team=_team(scene), today=TODAY),
        _typed,
        _write,
        _bad,
        {**KEYED, **OPEN, **FREE},
    ),
    Refused(
        "a new objective of a department",
        NewObjectiveForm,
        lambda scene, data: NewObjectiveForm(data, place="department", team=None, today=TODAY),
        lambda scene: {
            **_typed(scene),
            "department": "Sales",
            "parent": Objective.objects.get(place="organisation").pk,
        },
        _write_department,
        _bad,
        {**KEYED, **OPEN, **FREE},
    ),
    Refused(
        "other words of an objective",
        ObjectiveForm,
        lambda scene, data: ObjectiveForm(data, place="team", team=_team(scene), today=TODAY, objective=_draft(scene)),
        _typed,
        _change,
        _bad,
        {**OPEN, **FREE},
    ),
    Refused(
        "where an objective stands",
        ReadingForm,
        lambda scene, data: ReadingForm(data, today=TODAY),
        lambda scene: {"value": Decimal("17.5"), "on": TODAY},
        lambda scene, values: enter_reading(objective=_objective(scene), today=TODAY, **scene.leader, **values),
        lambda scene: {"value": [*NO_NUMBERS, None], "on": [day(1)]},
    ),
    Refused(
        "why an objective is let go",
        LetGoObjectiveForm,
        lambda scene, data: LetGoObjectiveForm(data, objective=_objective(scene), today=TODAY),
        lambda scene: {"reason": "A new system", "on": TODAY},
        lambda scene, values: let_go_objective(objective=_objective(scene), today=TODAY, **scene.leader, **values),
        lambda scene: {"on": [day(1), _objective(scene).agreed_on - timedelta(days=1)]},
    ),
    Refused(
        "the parts of an objective",
        PartsForm,
        lambda scene, data: PartsForm(data, members=_members(scene), parts={}),
        lambda scene: {f"part_{member.pk}": "Asks once more" for member in _members(scene)},
        lambda scene, values: save_parts(
            objective=_objective(scene),
            parts={int(name.removeprefix("part_")): text for name, text in values.items()},
            **scene.leader,
        ),
        free=OPEN,
    ),
    Refused(
        "what a member said of an objective",
        NoteVoiceForm,
        lambda scene, data: NoteVoiceForm(data, objective=_objective(scene)),
        lambda scene: {"member": _members(scene)[0].pk, "kind": "question", "words": "Why me?"},
        _note,
        lambda scene: {"member": _other_member(scene), "words": ["", "  "]},
    ),
]
