"""The next talks of a member, for the pages that show what is ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.dateparse import parse_datetime

from coaching.models import Action, Session, SessionState
from cohorts.models import Membership
from cohorts.schedule.time_zones import local_date

A_WEEK = timedelta(days=7)
A_QUARTER = timedelta(days=91)
ON_TODAY = 3


@dataclass(frozen=True, slots=True)
class ComingSession:
    """A planned talk as one of the two sees it: with whom, when on their own clock, where, and how much is open."""

    pk: int
    name: str
    starts_at: datetime
    zone: ZoneInfo
    minutes: int
    place: str
    open_actions: int

    @property
    def on(self) -> date:
        return local_date(self.starts_at, self.zone)

    @property
    def local_start(self) -> datetime:
        """The time on the wall, without its zone: a template would convert it to another."""
        return self.starts_at.astimezone(self.zone).replace(tzinfo=None)


def coming_sessions(
    member: Membership, now: datetime, *, zone: ZoneInfo | None = None, ahead: timedelta = A_WEEK
) -> list[ComingSession]:
    """The member's planned talks of the next days, those that have not ended; in `zone` or their own. One query."""
    theirs = Session.objects.visible_to(member).filter(_is_ahead(now, ahead), state=SessionState.PLANNED)
    rows = theirs.select_related("pairing__leader", "pairing__partner").annotate(open_actions=_open_actions())
    return [
        ComingSession(
            pk=each.pk,
            name=(each.pairing.partner if each.pairing.leader_id == member.pk else each.pairing.leader).name,
            starts_at=each.starts_at,
            zone=zone or member.zone,
            minutes=each.minutes,
            place=each.place,
            open_actions=each.open_actions,
        )
        for each in rows.order_by("starts_at", "pk")
    ]


def sessions_of_leader(*, now: datetime) -> ArraySubquery:
    """The leader's next talks, as part of a query for their clock; `leader_sessions` reads it."""
    theirs = Session.objects.filter(_is_ahead(now, A_QUARTER), pairing__leader=OuterRef("enrolment__leader"))
    planned = theirs.filter(state=SessionState.PLANNED).annotate(open_actions=_open_actions())
    columns = JSONObject(
        pk="pk",
        name="pairing__partner__name",
        starts_at="starts_at",
        minutes="minutes",
        place="place",
        open_actions="open_actions",
    )
    return ArraySubquery(planned.order_by("starts_at", "pk").values(row=columns)[:ON_TODAY])


def leader_sessions(rows: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> list[ComingSession]:
    """The same as `coming_sessions`, out of `sessions_of_leader`."""
    return [ComingSession(**{**row, "starts_at": _instant(row["starts_at"])}, zone=zone) for row in rows]


def _is_ahead(now: datetime, ahead: timedelta) -> Q:
    """Begun a while ago counts: a talk is on for its length, and people come late."""
    return Q(starts_at__gt=now - timedelta(hours=1), starts_at__lt=now + ahead)


def _open_actions() -> Coalesce:
    """How many actions of the pair are open."""
    theirs = Action.objects.open().filter(pairing=OuterRef("pairing")).order_by().values("pairing")
    return Coalesce(Subquery(theirs.annotate(count=Count("pk")).values("count")), 0)


def _instant(text: str) -> datetime:
    instant = parse_datetime(text)
    if instant is None:
        raise ValueError(text)
    return instant
