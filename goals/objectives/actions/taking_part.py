"""Each member's part, and what members said in a team meeting. By the link they answer themselves: `goals.teams`."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import Invalid, NotNow, NotYours
from cohorts.web.revisions import lock, lock_revision, save_revision
from goals.models import Objective, ObjectivePart, ObjectiveVoice, TeamMember
from goals.objectives.actions.writing import ensure_open
from goals.objectives.policies import may_know_members
from goals.objectives.rules import MAX_PART, ensure_voice


@transaction.atomic
def save_parts(
    *,
    objective: Objective,
    parts: Mapping[int, str],
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """What each member does for an objective, by their key; an empty text is no part. Others keep theirs."""
    ensure_knows_team(by, objective)
    hold_team(objective)
    lock_revision(objective, expected_revision, "state")
    ensure_open(objective)
    ours = set(TeamMember.objects.filter(team=objective.team).values_list("pk", flat=True))
    for key, text in parts.items():
        ensure_text(part_name(key), text, most=MAX_PART, is_required=False)
        if key not in ours:
            raise Invalid(part_name(key), _("Choose someone from this team."))
        if text.strip():
            ObjectivePart.objects.update_or_create(
                objective=objective, member_id=key, defaults={"text": " ".join(text.split())}
            )
        else:
            ObjectivePart.objects.filter(objective=objective, member_id=key).delete()
    save_revision(objective)
    record(by=by, verb="saved parts", thing=objective, now=now)


@transaction.atomic
def note_voice(
    *, objective: Objective, member: TeamMember, kind: str, words: str, by: Membership, now: datetime
) -> ObjectiveVoice:
    """Note what a member said in a meeting. The same again within the same state of things is noted once."""
    ensure_knows_team(by, objective)
    ensure_voice(kind, words)
    hold_team(objective)
    if not TeamMember.objects.filter(pk=member.pk, team=objective.team).exists():
        raise Invalid("member", _("Choose someone from this team."))
    lock(objective)
    ensure_open(objective)
    last = objective.voices.filter(member=member).last()
    if last is not None and (last.kind, last.words) == (kind, words.strip()):
        return last
    voice = ObjectiveVoice.objects.create(objective=objective, member=member, kind=kind, words=words.strip(), at=now)
    record(by=by, verb="noted voice", thing=voice, now=now, kind=kind)
    return voice


def ensure_knows_team(by: Membership, objective: Objective) -> None:
    if objective.team is None:
        raise NotNow(_("Only an objective of a team has parts of its members."))
    if not may_know_members(by, objective):
        raise NotYours(_("Only the team’s leader knows its members here."))


def hold_team(objective: Objective) -> None:
    """Nobody is taken out of the team meanwhile. Held before the objective, as by the team's link."""
    lock(objective.team)


def part_name(member_key: int) -> str:
    """The field of a member's part."""
    return f"part_{member_key}"
