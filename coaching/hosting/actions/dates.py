"""Visits and talks as dates: opened, changed, moved, cancelled.

Nobody's booking is touched here. A moved or cancelled date counts its `sequence` up, which its host reads in their
calendar; `coaching.visiting` passes that on to every guest.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from uuid import UUID, uuid5

from django.db import transaction

from coaching.calendars import clock, invitations
from coaching.hosting.facts import DateFacts
from coaching.hosting.policies import ensure_may_run
from coaching.hosting.rules import (
    MAX_REASON,
    ensure_date_facts,
    ensure_open,
    ensure_room_in_month,
    ensure_start,
)
from coaching.models import Host, Visit, VisitState
from cohorts.audit import record
from cohorts.models import Membership
from cohorts.schedule.time_zones import local_date
from cohorts.web.bounds import ensure_date, ensure_text, missing
from cohorts.web.revisions import lock, lock_revision, save_revision

CALENDAR = ("starts_at", "minutes", "place")  # what a calendar shows


def starts(host: Host, day: date, at: time) -> datetime:
    """The instant of this hour on the host's clock; an hour that summer time skips is the one after it."""
    return datetime.combine(day, at, tzinfo=host.zone)


@transaction.atomic
def open_dates(
    *, host: Host, facts: DateFacts, days: Mapping[str, date], at: time, key: UUID, by: Membership, now: datetime
) -> list[Visit]:
    """Open one date on each of these days, all or none. The same key opens them once.

    `days` has the name of the field each stands in, so that a refusal comes back beside it.
    """
    ensure_may_run(by, host)
    lock(host)
    ensure_date_facts(host, facts)
    if not days:
        raise missing("day_1")
    opened = []
    for field, day in days.items():
        ensure_date(field, day)
        own_key = uuid5(key, day.isoformat())
        there = host.visits.filter(key=own_key).first()
        if there is None:
            ensure_start(host, starts(host, day, at), facts.minutes, field=field, now=now)
            ensure_room_in_month(host, day, field=field)
            there = Visit.objects.create(host=host, starts_at=starts(host, day, at), key=own_key, **asdict(facts))
            invitations.invite(there, now=now)
            record(by=by, verb="opened date", thing=there, now=now, format=facts.format, places=facts.capacity)
        opened.append(there)
    return opened


@transaction.atomic
def change_date(
    *,
    visit: Visit,
    facts: DateFacts,
    day: date,
    at: time,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> bool:
    """Save a date, and return whether it moved. Fewer places than taken throw nobody out."""
    host = visit.host
    ensure_may_run(by, host)
    ensure_date_facts(host, facts)
    ensure_date("day", day)
    values = {**asdict(facts), "starts_at": starts(host, day, at)}
    lock(host)
    lock_revision(visit, expected_revision, *values, "state", "sequence")
    ensure_open(visit, now)
    if values["starts_at"] != visit.starts_at:
        ensure_start(host, values["starts_at"], facts.minutes, field="day", now=now)
        if (day.year, day.month) != _month(visit, host):
            ensure_room_in_month(host, day, field="day", but=visit)
    is_moved = any(values[name] != getattr(visit, name) for name in CALENDAR)
    save_revision(visit, **values)
    if is_moved:
        invitations.moved(visit, now=now)
    record(by=by, verb="moved date" if is_moved else "changed date", thing=visit, now=now, places=facts.capacity)
    clock.wake(now)  # `coaching.visiting` tells the guests, and offers places that are new
    return is_moved


def _month(visit: Visit, host: Host) -> tuple[int, int]:
    day = local_date(visit.starts_at, host.zone)
    return day.year, day.month


@transaction.atomic
def cancel_date(*, visit: Visit, reason: str, by: Membership, now: datetime) -> None:
    """Call a date off; guests read the reason."""
    ensure_may_run(by, visit.host)
    ensure_text("reason", reason, most=MAX_REASON)
    lock(visit)
    ensure_open(visit, now)
    save_revision(visit, state=VisitState.CANCELLED, cancel_reason=reason.strip(), cancelled_at=now)
    invitations.cancelled(visit, now=now)
    record(by=by, verb="cancelled date", thing=visit, now=now)
    clock.wake(now)
