"""What members of a team answer by its link, and the leader's mark that it was dealt with."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock
from goals.models import Objective, ObjectiveVoice, TeamLink, TeamMember
from goals.teams.openness import SHOWN, Openness, openness
from goals.teams.policies import ensure_leads
from goals.teams.rules import voice_words

MAX_VOICES = 30  # of one member about one objective


@transaction.atomic
def answer_by_link(
    *, link: TeamLink, objective: Objective, member: TeamMember, kind: str, words: str, now: datetime
) -> ObjectiveVoice:
    """Save an answer. The same one again is that answer. Raises NotNow when the link or the objective is not open,
    or when it is about another team, and Invalid.
    """
    words = voice_words(kind, words)
    lock(link.team)
    link.refresh_from_db(fields=["closed_at", "expires_at"])
    if openness(link, now=now) != Openness.OPEN:
        raise NotNow(_("This link does not open any more. Nothing was sent."))
    if not TeamMember.objects.filter(pk=member.pk, team=link.team_id).exists():
        raise NotNow(_("This name is not in the team any more. Choose another one."))
    lock(objective)
    if objective.team_id != link.team_id or objective.state not in SHOWN:
        raise NotNow(_("This objective is not shown to the team at the moment. Nothing was sent."))
    said = ObjectiveVoice.objects.filter(objective=objective, member=member).order_by("-at", "-pk")
    newest = said.first()
    if newest is not None and (newest.kind, newest.words) == (kind, words):
        return newest
    if said.count() >= MAX_VOICES:
        raise NotNow(_("That is very many answers to one objective. Talk with your leader instead."))
    return ObjectiveVoice.objects.create(
        objective=objective, member=member, kind=kind, words=words, by_link=True, at=now
    )


@transaction.atomic
def mark_answered(*, voice: ObjectiveVoice, by: Membership, now: datetime) -> None:
    """The leader has answered it, in whatever way. Idempotent."""
    ensure_leads(by, voice.member.team)
    ObjectiveVoice.objects.filter(pk=voice.pk, answered_at=None).update(answered_at=now)


@transaction.atomic
def mark_open(*, voice: ObjectiveVoice, by: Membership) -> None:
    """Undo of that. Idempotent."""
    ensure_leads(by, voice.member.team)
    ObjectiveVoice.objects.filter(pk=voice.pk).update(answered_at=None)
