"""The questions of one talk as one member sees them. Nobody's name is on it, except to admins on what was reported."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from coaching.hosting.policies import may_report
from coaching.models import QuestionState, TalkQuestion, TalkVote, Visit
from cohorts.models import Membership

NAMED = (QuestionState.REPORTED, QuestionState.REMOVED)


@dataclass(frozen=True, slots=True)
class WallQuestion:
    """One question. `asker` is empty unless an admin reads one that was reported or removed."""

    question: TalkQuestion
    votes: int
    is_own: bool
    has_voted: bool
    may_report: bool
    asker: str


def wall_of(talk: Visit, member: Membership) -> list[WallQuestion]:
    """Reported ones first for those who judge them, then by votes; the oldest first where they are equal."""
    voted = TalkVote.objects.filter(question=OuterRef("pk"), member=member)
    rows = TalkQuestion.objects.visible_to(member).filter(visit=talk).select_related("asked_by", "visit__host__member")
    rows = rows.annotate(count=Count("votes"), has_voted=Exists(voted))
    shown = [
        WallQuestion(
            question=row,
            votes=row.count + 1,
            is_own=row.asked_by_id == member.pk,
            has_voted=row.has_voted,
            may_report=row.state == QuestionState.SHOWN and may_report(member, row),
            asker=row.asked_by.name if member.is_admin and row.state in NAMED else "",
        )
        for row in rows
    ]
    return sorted(shown, key=lambda each: (not each.asker, -each.votes, each.question.asked_at, each.question.pk))
