"""How many talks were held and actions done: counts over columns that hold no text."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from coaching.models import Action, ActionState, Session, SessionState
from cohorts.models import Membership


@dataclass(frozen=True, slots=True)
class TalkFigures:
    """Talks whose time has come, of them held; actions whose date has come, of them done by it.

    Cancelled talks are in neither, nor are actions that were let go.
    """

    planned: int
    held: int
    due: int
    done_in_time: int


def talks_of(leader: Membership, *, since: date, on: date, partner: Membership | None = None) -> TalkFigures:
    """A leader's figures between two local dates, both included; with one partner, or with all of them. Two queries."""
    talks, actions = Session.objects.filter(pairing__leader=leader), Action.objects.filter(pairing__leader=leader)
    if partner is not None:
        talks, actions = talks.filter(pairing__partner=partner), actions.filter(pairing__partner=partner)
    return TalkFigures(**_talks(talks, since, on), **_actions(actions, since, on))


def _talks(talks: QuerySet[Session], since: date, on: date) -> dict[str, int]:
    counted = talks.exclude(state=SessionState.CANCELLED).filter(starts_at__date__range=(since, on))
    return counted.aggregate(planned=Count("pk"), held=Count("pk", filter=Q(state=SessionState.HELD)))


def _actions(actions: QuerySet[Action], since: date, on: date) -> dict[str, int]:
    counted = actions.exclude(state=ActionState.LET_GO).filter(due_on__range=(since, on))
    in_time = Q(state=ActionState.DONE, closed_on__lte=F("due_on"))
    counted = counted.annotate(closed_on=TruncDate("closed_at"))
    return counted.aggregate(due=Count("pk"), done_in_time=Count("pk", filter=in_time))
