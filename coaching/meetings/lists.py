"""What the lists of pairings show: who, when they last met, when next, and what is open. A fixed number of queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from coaching.meetings.cadence import Standing, standing
from coaching.meetings.days import days_by_pairing
from coaching.meetings.labels import other_of
from coaching.models import Action, Pairing, Session, SessionState
from cohorts.models import Membership


@dataclass(frozen=True)
class PairingLine:
    """One pairing as one of the two sees it."""

    pairing: Pairing
    other: Membership
    standing: Standing
    planned: tuple[Session, ...]
    actions: tuple[Action, ...]
    own_id: int

    @property
    def next(self) -> Session | None:
        """The first planned talk: one that has begun and was not closed comes before one ahead."""
        return next(iter(self.planned), None)

    @property
    def is_overdue(self) -> bool:
        return self.next is None and self.standing in (Standing.LATE, Standing.LAPSED)

    @property
    def own_actions(self) -> tuple[Action, ...]:
        return tuple(each for each in self.actions if each.owner_id == self.own_id)


def people_of(member: Membership) -> QuerySet[Pairing]:
    """The pairings in which they are the partner, those that need a talk first."""
    mine = Pairing.objects.active().filter(partner=member).select_related("leader", "partner")
    return mine.order_by(F("due_on").asc(nulls_first=True), "leader__name", "pk")


def partners_of(member: Membership) -> QuerySet[Pairing]:
    """The pairings in which they are the leader."""
    mine = Pairing.objects.active().filter(leader=member).select_related("leader", "partner")
    return mine.order_by(F("due_on").asc(nulls_first=True), "partner__name", "pk")


def lines_of(pairings: Sequence[Pairing], *, member: Membership, today: date) -> list[PairingLine]:
    days = days_by_pairing(pairings)
    planned, actions = _planned_sessions(pairings), _open_actions(pairings)
    return [
        PairingLine(
            pairing=each,
            other=other_of(each, member),
            standing=standing(each.due_on or today, each.cadence_days, today, days[each.pk].works_on),
            planned=tuple(planned.get(each.pk, ())),
            actions=tuple(actions.get(each.pk, ())),
            own_id=member.pk,
        )
        for each in pairings
    ]


def _planned_sessions(pairings: Collection[Pairing]) -> dict[int, list[Session]]:
    planned: dict[int, list[Session]] = {}
    for session in Session.objects.filter(pairing__in=pairings, state=SessionState.PLANNED).order_by("starts_at", "pk"):
        planned.setdefault(session.pairing_id, []).append(session)
    return planned


def _open_actions(pairings: Collection[Pairing]) -> dict[int, list[Action]]:
    people = {member.pk: member for each in pairings for member in (each.leader, each.partner)}
    actions: dict[int, list[Action]] = {}
    theirs = Action.objects.open().filter(pairing__in=pairings)
    for action in theirs.order_by(F("due_on").asc(nulls_last=True), "made_at", "pk"):
        action.owner = people.get(action.owner_id)
        actions.setdefault(action.pairing_id, []).append(action)
    return actions
