"""The same for several leaders of a cohort at once, and its Undo.

Each leader goes through the action that one leader goes through, with its rules and its audit entry. What was changed
is returned, so that Undo restores exactly that and leaves alone what somebody else has changed since.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from cohorts.enrolment.actions.enrolments import change_schedule, end_pause, pause
from cohorts.enrolment.current import date_at
from cohorts.enrolment.rules import ensure_at_once
from cohorts.models import Cohort, Enrolment, Membership, Organisation, Pause
from cohorts.people.actions.invitations import HELD_FOR, resend_invitation, take_back_resent
from cohorts.people.actions.members import change_sponsor
from cohorts.schedule.calendars import rota_of
from cohorts.schedule.rules import ensure_nudge_hour
from cohorts.web.refusals import NotNow

Value = int | str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was changed, by its key: what it was before, and what it is now."""

    key: int
    before: Value = None
    after: Value = None


@transaction.atomic
def resend_all(*, enrolments: Collection[Enrolment], by: Membership, now: datetime) -> list[Change]:
    """Invite again those who haven't signed in; the others need no invitation."""
    ensure_at_once(enrolments)
    changes = []
    for enrolment in enrolments:
        try:
            resend_invitation(member=enrolment.leader, by=by, now=now, held=HELD_FOR)
        except NotNow:
            continue
        changes.append(Change(enrolment.pk))
    return changes


@transaction.atomic
def pause_all(
    *, cohort: Cohort, enrolments: Collection[Enrolment], starts_on: date, ends_on: date, by: Membership, now: datetime
) -> list[Change]:
    """Days away for each of these leaders."""
    ensure_at_once(enrolments)
    return [
        Change(
            pause(
                cohort=cohort,
                enrolment=enrolment,
                starts_on=starts_on,
                ends_on=ends_on,
                today=date_at(enrolment, now),
                by=by,
                now=now,
            ).pk
        )
        for enrolment in enrolments
    ]


@transaction.atomic
def change_sponsors(
    *,
    enrolments: Collection[Enrolment],
    sponsor: Membership | None,
    by: Membership,
    now: datetime,
) -> list[Change]:
    """Another sponsor for each of these leaders, or none. A leader who is that sponsor keeps the one they have."""
    ensure_at_once(enrolments)
    after = sponsor.pk if sponsor else None
    changes = []
    for enrolment in enrolments:
        before = enrolment.sponsor_id
        if after in (before, enrolment.leader_id):
            continue
        change_sponsor(enrolment=enrolment, sponsor=sponsor, by=by, now=now)
        changes.append(Change(enrolment.pk, before, after))
    return changes


@transaction.atomic
def move_hours(
    *, enrolments: Collection[Enrolment], nudge_hour: time, by: Membership, organisation: Organisation, now: datetime
) -> list[Change]:
    """Another hour for each of these leaders' nudges."""
    ensure_at_once(enrolments)
    ensure_nudge_hour(nudge_hour, organisation)
    changes = []
    for enrolment in enrolments:
        before = enrolment.nudge_hour
        if before != nudge_hour:
            _set_hour(enrolment, nudge_hour, by, now)
            changes.append(Change(enrolment.pk, before.isoformat(), nudge_hour.isoformat()))
    return changes


@transaction.atomic
def take_back_all(*, changes: Sequence[Change], by: Membership, now: datetime) -> int:
    """Undo `resend_all`, as far as the mails haven't left. Returns how many were taken back."""
    taken = 0
    for enrolment in _enrolments(changes):
        try:
            take_back_resent(member=enrolment.leader, by=by, now=now)
        except NotNow:
            continue
        taken += 1
    return taken


@transaction.atomic
def end_pauses(*, changes: Sequence[Change], by: Membership, now: datetime) -> int:
    """Undo `pause_all`."""
    pauses = Pause.objects.filter(pk__in=[change.key for change in changes]).select_related("enrolment", "cohort")
    ended = 0
    for found in pauses:
        if found.enrolment is not None and found.ends_on >= (today := date_at(found.enrolment, now)):
            end_pause(pause=found, today=today, by=by, now=now)
            ended += 1
    return ended


@transaction.atomic
def restore_sponsors(*, changes: Sequence[Change], by: Membership, now: datetime) -> int:
    """Undo `change_sponsors`."""
    was = {change.key: change for change in changes}
    sponsors = Membership.objects.in_bulk([change.before for change in changes if change.before])
    restored = 0
    for enrolment in _enrolments(changes):
        change = was[enrolment.pk]
        if enrolment.sponsor_id == change.after:
            sponsor = sponsors.get(int(change.before)) if change.before else None
            change_sponsor(enrolment=enrolment, sponsor=sponsor, by=by, now=now)
            restored += 1
    return restored


@transaction.atomic
def restore_hours(*, changes: Sequence[Change], by: Membership, now: datetime) -> int:
    """Undo `move_hours`."""
    was = {change.key: change for change in changes}
    restored = 0
    for enrolment in _enrolments(changes):
        change = was[enrolment.pk]
        if enrolment.nudge_hour.isoformat() == change.after:
            _set_hour(enrolment, time.fromisoformat(str(change.before)), by, now)
            restored += 1
    return restored


def _enrolments(changes: Iterable[Change]) -> Iterable[Enrolment]:
    chosen = Enrolment.objects.active().filter(pk__in=[change.key for change in changes])
    return chosen.select_related("leader", "cohort", "sponsor").order_by("pk")


def _set_hour(enrolment: Enrolment, hour: time, by: Membership, now: datetime) -> None:
    change_schedule(
        enrolment=enrolment,
        zone=enrolment.zone,
        nudge_hour=hour,
        working_days=enrolment.working_days,
        rota=rota_of(enrolment),
        by=by,
        now=now,
    )
