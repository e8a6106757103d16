"""Recovery of somebody who lost their factors: an owner asks, a day passes in which it can be stopped, they go.

The person and every owner get a mail when it is asked for, stopped and done. Each step is in the trail; the reason is
not, because it may speak of somebody's life.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.access.account_mail import put_off
from cohorts.access.sessions import end_sessions
from cohorts.audit import record
from cohorts.mail.signed_links import read_numbers, sign_numbers
from cohorts.models import FactorRecovery, Membership, Organisation, Role
from cohorts.people.recovery_rules import ensure_may_recover, ensure_only_here, ensure_owner, ensure_reason
from cohorts.tenancy.addresses import absolute, front_door, inside
from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock

WAITING_HOURS = 24
SALT = "cohorts.people.recovery"


def open_recovery(member: Membership) -> FactorRecovery | None:
    """What is asked for and neither stopped nor done."""
    return FactorRecovery.objects.filter(member=member, stopped_at=None, done_at=None).first()


@transaction.atomic
def ask_recovery(*, member: Membership, reason: str, by: Membership, now: datetime) -> FactorRecovery:
    ensure_may_recover(member, by)
    ensure_reason(reason)
    lock(member)
    if open_recovery(member):
        raise NotNow(_("This has been asked for already, and waits."))
    due_at = now + timedelta(hours=WAITING_HOURS)
    recovery = FactorRecovery.objects.create(
        member=member, asked_by=by, reason=reason.strip(), asked_at=now, due_at=due_at
    )
    record(by=by, verb="asked for factor recovery", thing=member, now=now)
    _tell("recovery_asked", recovery, now)
    return recovery


@transaction.atomic
def stop_recovery(*, recovery: FactorRecovery, by: Membership | None, now: datetime) -> None:
    """`by` is an owner; None is the person themself, through the link in their mail. Idempotent."""
    if by is not None:
        ensure_owner(by)
    waiting = FactorRecovery.objects.select_for_update().filter(pk=recovery.pk, stopped_at=None, done_at=None)
    if waiting.update(stopped_at=now):
        record(by=by or recovery.member, verb="stopped factor recovery", thing=recovery.member, now=now)
        _tell("recovery_stopped", recovery, now)


@transaction.atomic
def carry_out_recoveries(*, now: datetime) -> int:
    """Remove the factors whose waiting time is over, in the open organisation. Returns of how many people.

    Somebody who has left or joined another organisation since keeps theirs.
    """
    waiting = FactorRecovery.objects.select_for_update(of=("self",)).select_related("member__person", "asked_by")
    done = 0
    for recovery in waiting.filter(stopped_at=None, done_at=None, due_at__lte=now):
        if not _is_still_right(recovery.member):
            stop_recovery(recovery=recovery, by=None, now=now)
            continue
        person = recovery.member.person
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person)
        FactorRecovery.objects.filter(pk=recovery.pk).update(done_at=now)
        record(by=None, verb="recovered from lost factors", thing=recovery.member, now=now)
        _tell("recovery_done", recovery, now)
        done += 1
    return done


def _is_still_right(member: Membership) -> bool:
    try:
        ensure_only_here(member)
    except NotNow:
        return False
    return Membership.objects.active().filter(pk=member.pk).exists()


def stop_token(recovery: FactorRecovery) -> str:
    return sign_numbers(SALT, recovery.organisation_id, recovery.pk)


def read_stop_token(token: str) -> tuple[int, int]:
    """Organisation and recovery. Raises BadLink."""
    organisation_id, recovery_id = read_numbers(SALT, token, count=2)
    return organisation_id, recovery_id


def _tell(kind: str, recovery: FactorRecovery, now: datetime) -> None:
    """The person, with a link of their own, and every owner, with one to the page."""
    organisation = Organisation.objects.get(pk=current_organisation_id())
    member = recovery.member
    owners = Membership.objects.active().with_role(Role.OWNER).select_related("person").exclude(pk=member.pk)
    page = absolute(inside(organisation.slug, "member_recovery", member.pk))
    stop = absolute(front_door("recovery_stopping", stop_token(recovery)))
    for reader, link in [(member, stop), *((owner, page) for owner in owners)]:
        with translation.override(reader.person.language):
            due = date_format(recovery.due_at.astimezone(reader.zone), "DATETIME_FORMAT")
        facts: dict[str, Any] = {
            "is_person": reader.pk == member.pk,
            "name": member.name,
            "asked_by": recovery.asked_by.name,
            "organisation_name": organisation.name,
            "reason": recovery.reason,
            "due": f"{due} ({reader.zone})",
            "link": link,
        }
        put_off(
            kind=kind,
            address=reader.person.email,
            person=reader.person,
            facts=facts,
            language=reader.person.language,
            now=now,
        )
