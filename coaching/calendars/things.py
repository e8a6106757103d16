"""What a calendar needs to know about each sort of thing that people are invited to.

To invite people to another sort of row under `Invited`, describe it here as a `Sort`; nothing else changes. Titles
name people and places, never what somebody wrote.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coaching.models import Booking, BookingState, Session, SessionState, Visit, VisitState
from cohorts.models import Membership


class Thing(Protocol):
    """A row that is in people's calendars, or reads its time from one that is."""

    pk: Any
    sequence: int

    @property
    def uid(self) -> UUID: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def minutes(self) -> int: ...
    @property
    def place(self) -> str: ...


@dataclass(frozen=True)
class Sort:
    """One sort of thing: who is invited, whether it is on, what each reads in their calendar, its page, and whose."""

    name: str
    model: type
    related: tuple[str, ...]
    attendees: Callable[[Any], Iterable[Membership]]
    is_on: Callable[[Any], bool]
    title: Callable[[Any, Membership], str]
    page: Callable[[Any], tuple[Any, ...]]
    of_member: Callable[[Membership, datetime, datetime], QuerySet]  # for their feed: those that begin between

    def rows(self, keys: Iterable[int]) -> dict[int, Any]:
        """These rows with what the rest asks of them, in one query."""
        return dict(self.model.objects.select_related(*self.related).in_bulk(set(keys)))  # type: ignore[attr-defined]


def _the_two(session: Session) -> tuple[Membership, ...]:
    return session.pairing.leader, session.pairing.partner


def _with_the_other(session: Session, reader: Membership) -> str:
    leader, partner = _the_two(session)
    return _("1:1 with %(name)s") % {"name": partner if reader == leader else leader}


def _talks_of(member: Membership, since: datetime, until: datetime) -> QuerySet:
    theirs = Session.objects.visible_to(member).filter(state__in=[SessionState.PLANNED, SessionState.HELD])
    return theirs.filter(starts_at__range=(since, until)).order_by("starts_at", "pk")


SESSIONS = Sort(
    name="session",
    model=Session,
    related=("pairing__leader__person", "pairing__partner__person"),
    attendees=_the_two,
    is_on=lambda session: session.state == SessionState.PLANNED,
    title=_with_the_other,
    page=lambda session: ("session", session.pk),
    of_member=_talks_of,
)


def _at_the_host(booking: Booking, _reader: Membership) -> str:
    return _("Visit: %(host)s") % {"host": booking.visit.host.name}


def _bookings_of(member: Membership, since: datetime, until: datetime) -> QuerySet:
    booked = Booking.objects.filter(guest=member, state__in=[BookingState.BOOKED, BookingState.NO_SHOW])
    return booked.filter(visit__starts_at__range=(since, until)).order_by("visit__starts_at", "pk")


BOOKINGS = Sort(
    name="booking",
    model=Booking,
    related=("guest__person", "visit__host"),
    attendees=lambda booking: (booking.guest,),
    is_on=lambda booking: booking.state in (BookingState.BOOKED, BookingState.NO_SHOW),
    title=_at_the_host,
    page=lambda booking: ("visit_booking", booking.visit_id),
    of_member=_bookings_of,
)


def _hosted_by(member: Membership, since: datetime, until: datetime) -> QuerySet:
    own = Visit.objects.filter(host__member=member, starts_at__range=(since, until))
    return own.exclude(state=VisitState.CANCELLED).order_by("starts_at", "pk")


VISITS = Sort(
    name="visit",
    model=Visit,
    related=("host__member__person",),
    attendees=lambda visit: (visit.host.member,) if visit.host.member else (),
    is_on=lambda visit: visit.state == VisitState.OPEN,
    title=lambda visit, _reader: visit.title,
    page=lambda visit: ("visit_guests", visit.pk),
    of_member=_hosted_by,
)

SORTS = {sort.name: sort for sort in (SESSIONS, BOOKINGS, VISITS)}
_BY_MODEL = {sort.model: sort for sort in SORTS.values()}


def sort_of(thing: Thing) -> Sort:
    return _BY_MODEL[type(thing)]


def ends_at(thing: Thing) -> datetime:
    return thing.starts_at + timedelta(minutes=thing.minutes)


def slot_of(thing: Thing) -> str:
    """A fingerprint of when and where: an edit that leaves it alone concerns no calendar."""
    facts = f"{thing.starts_at.timestamp():.0f} {thing.minutes} {thing.place}"
    return sha256(facts.encode()).hexdigest()[:32]
