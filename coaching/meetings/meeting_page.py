"""What the page of one talk shows. A fixed number of queries, however much was written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from coaching.models import Action, ActionState, AgendaItem, ItemState, Session, SessionState
from coaching.models.session import SessionQuerySet
from cohorts.models import Membership

CARRIED_TOO_LONG = 2  # held talks after which the two decide: keep, shrink or let go


@dataclass(frozen=True)
class Agenda:
    """What to talk about: first what was carried too long, then the items in their order."""

    items: tuple[AgendaItem, ...]
    stuck: tuple[Action, ...]

    @property
    def minutes(self) -> int:
        return sum(item.minutes or 0 for item in self.items)

    @property
    def now(self) -> AgendaItem | None:
        return next((item for item in self.items if item.state == ItemState.RAISED), None)


def sessions_of(member: Membership) -> SessionQuerySet:
    """Talks this member may open, with the two, which of their talks it is, and when the next one is."""
    earlier = Session.objects.filter(
        pairing=OuterRef("pairing"), state=SessionState.HELD, starts_at__lt=OuterRef("starts_at")
    )
    held_before = earlier.order_by().values("pairing").annotate(count=Count("pk")).values("count")
    later = Session.objects.filter(
        pairing=OuterRef("pairing"), state=SessionState.PLANNED, starts_at__gt=OuterRef("starts_at")
    )
    return (
        Session.objects.visible_to(member)
        .select_related("pairing__leader", "pairing__partner")
        .annotate(
            held_before=Coalesce(Subquery(held_before), 0),
            next_id=Subquery(later.order_by("starts_at").values("pk")[:1]),
            next_at=Subquery(later.order_by("starts_at").values("starts_at")[:1]),
        )
    )


def agenda_of(session: Session, actions: Iterable[Action]) -> Agenda:
    items = tuple(session.agenda.all())
    people: dict[int | None, Membership] = {each.pk: each for each in (session.pairing.leader, session.pairing.partner)}
    for item in items:
        item.raised_by = people.get(item.raised_by_id)
    return Agenda(items, tuple(each for each in actions if is_stuck(each)))


def is_stuck(action: Action) -> bool:
    return action.state == ActionState.OPEN and action.carried >= CARRIED_TOO_LONG  # type: ignore[attr-defined]


def actions_of(session: Session) -> list[Action]:
    """What is open between the two, what was agreed in this talk, and what was closed since the last one."""
    window = timedelta(days=session.pairing.cadence_days)
    closed_lately = Q(closed_at__gte=session.starts_at - window, closed_at__lte=session.starts_at + timedelta(days=1))
    shown = session.pairing.actions.filter(Q(state=ActionState.OPEN) | Q(session=session) | closed_lately)
    shown = shown.filter(session__starts_at__lte=session.starts_at)
    people = {each.pk: each for each in (session.pairing.leader, session.pairing.partner)}
    actions = list(shown.counting_carried().select_related("session").order_by("made_at", "pk"))
    for action in actions:
        action.pairing, action.owner = session.pairing, people.get(action.owner_id)
        action.is_carried = action.session.starts_at < session.starts_at
    return sorted(actions, key=lambda each: each.state != ActionState.OPEN)
