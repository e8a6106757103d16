"""Forms of teams, for the table in `refused.py`."""

from typing import Any

from goals.models import Team, TeamMember
from goals.teams.actions.charters import save_charter
from goals.teams.actions.teams import add_members, name_team, rename_member
from goals.teams.forms.charter import CharterForm
from goals.teams.forms.team import MembersForm, TeamForm, TeamMemberForm
from goals.teams.rules import CHARTER_TEXTS, MAX_LINES, MAX_MEMBERS
from tests import factories as make
from tests.architecture.refused import Refused, Scene, Values, day
from tests.times import TODAY

NO_NAMES: list[Any] = ["kari@example.com", "Kari 91 23 45 67", "+47 912 34 567", "12", "🙂"]


def _team(scene: Scene) -> Team:
    return Team.objects.select_related("leader").get(leader=scene.cast.ada)


def _member(scene: Scene) -> TeamMember:
    return TeamMember.objects.select_related("team").get(team__leader=scene.cast.ada)


def _taken(scene: Scene) -> str:
    """A name of somebody else in the team."""
    return make.TeamMemberFactory(team=_team(scene), name="Jon T").name.upper()


def _save_charter(scene: Scene, values: Values) -> object:
    texts = {name: values[name] for name in CHARTER_TEXTS}
    said = {name: values[name] for name in ("review_on", "made_with")}
    return save_charter(team=_team(scene), texts=texts, today=TODAY, **said, **scene.leader)


TEAMS = [
    Refused(
        "the name of a team",
        TeamForm,
        lambda scene, data: TeamForm(data),
        lambda scene: {"name": "Late shift"},
        lambda scene, values: name_team(leader=scene.cast.ada, **scene.leader, **values),
        free={"opened": "what the page showed, signed"},
    ),
    Refused(
        "new members of a team",
        MembersForm,
        lambda scene, data: MembersForm(data, present=[]),
        lambda scene: {"names": "Kari A, JT\n\nML"},
        lambda scene, values: add_members(team=_team(scene), **scene.leader, **values),
        lambda scene: {
            "names": [
                *NO_NAMES,
                " ,;\n",
                "x" * 41,
                "\n".join(f"Member {chr(65 + n)}{n}" for n in range(MAX_MEMBERS + 1)),
            ]
        },
    ),
    Refused(
        "the name of a member",
        TeamMemberForm,
        lambda scene, data: TeamMemberForm(data),
        lambda scene: {"name": "Kari"},
        lambda scene, values: rename_member(member=_member(scene), by=scene.cast.ada, **values),
        lambda scene: {"name": NO_NAMES},
    ),
    Refused(
        "a charter",
        CharterForm,
        lambda scene, data: CharterForm(data, today=TODAY),
        lambda scene: {
            **dict.fromkeys(CHARTER_TEXTS, "We help each other."),
            "review_on": day(90),
            "made_with": 8,
        },
        _save_charter,
        lambda scene: {"working": ["\n".join(["line"] * (MAX_LINES + 1))], "review_on": [day(732)]},
        {"opened": "what the page showed, signed"},
    ),
]
