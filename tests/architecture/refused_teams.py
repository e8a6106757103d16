"""Forms of teams, for the table in `refused.py`."""

from typing import Any

from goals.models import Objective, Team, TeamLink, TeamMember
from goals.teams.actions.charters import save_charter
from goals.teams.actions.links import make_link
from goals.teams.actions.teams import add_members, name_team, rename_member
from goals.teams.actions.voices import answer_by_link
from goals.teams.forms.charter import CharterForm
from goals.teams.forms.link import LinkForm, VoiceForm
from goals.teams.forms.team import MembersForm, TeamForm, TeamMemberForm
from goals.teams.rules import CHARTER_TEXTS, MAX_LINES, MAX_MEMBERS
from programme.reports.actions import ask_report
from programme.reports.forms import CharterPrintForm
from tests.architecture.refused import Refused, Scene, Values, day
from tests.times import NOW, TODAY

NO_NAMES: list[Any] = ["kari@example.com", "Kari 91 23 45 67", "+47 912 34 567", "12", "🙂"]


def _team(scene: Scene) -> Team:
    return Team.objects.select_related("leader").get(leader=scene.cast.ada)


def _member(scene: Scene) -> TeamMember:
    return TeamMember.objects.select_related("team").get(team__leader=scene.cast.ada)


def _save_charter(scene: Scene, values: Values) -> object:
    texts = {name: values[name] for name in CHARTER_TEXTS}
    said = {name: values[name] for name in ("review_on", "made_with")}
    return save_charter(team=_team(scene), texts=texts, today=TODAY, **said, **scene.leader)


def _answer(scene: Scene, values: Values) -> object:
    link = TeamLink.objects.select_related("team__leader").get(team=_team(scene))
    objective = Objective.objects.get(team=_team(scene))
    return answer_by_link(link=link, objective=objective, member=_member(scene), now=NOW, **values)


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
    Refused(
        "a team's link",
        LinkForm,
        lambda scene, data: LinkForm(data),
        lambda scene: {"days": 14},
        lambda scene, values: make_link(team=_team(scene), **scene.leader, **values),
    ),
    Refused(
        "a member's question",
        VoiceForm,
        lambda scene, data: VoiceForm(data),
        lambda scene: {"kind": "question", "words": "From when?"},
        _answer,
        lambda scene: {"words": ["", "  "], "kind": ["accepted"]},
    ),
    Refused(
        "a charter as a PDF",
        CharterPrintForm,
        lambda scene, data: CharterPrintForm(data),
        lambda scene: {"language": "en"},
        lambda scene, values: ask_report(
            enrolment=scene.ada, team=_team(scene), copy="own", today=TODAY, **scene.leader, **values
        ),
        free={"with_names": "a mark: there is no third value"},
    ),
]
