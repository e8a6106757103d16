"""Recovery of somebody who lost their factors: an owner asks, a day passes in which it can be stopped, they go.

The person and every owner get a mail when it is asked for, stopped and done. Each step is in the trail; the reason is
not, because it may speak of somebody's life. An operator can do it at once, for the cases that no owner may decide.
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.access.account_mail import put_off
from cohorts.access.sessions import end_sessions
from cohorts.audit import record
from cohorts.failures import logged
from cohorts.mail.signed_links import read_numbers, sign_numbers
from cohorts.models import FactorRecovery, Membership, Organisation, Person, Role
from cohorts.models.delayed_change import DELAY
from cohorts.people.memberships import belongings_of
from cohorts.people.recovery_rules import (
    ensure_has_factors,
    ensure_may_recover,
    ensure_only_here,
    ensure_owner,
    ensure_reason,
)
from cohorts.tenancy.addresses import absolute, front_door, inside
from cohorts.tenancy.wall import current_organisation_id, within
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock

SALT = "cohorts.people.recovery"


def open_recovery(member: Membership) -> FactorRecovery | None:
    """What is asked for and neither stopped nor done."""
    return FactorRecovery.objects.waiting().filter(member=member).first()


@transaction.atomic
def ask_recovery(*, member: Membership, reason: str, by: Membership, now: datetime) -> FactorRecovery:
    ensure_may_recover(member, by)
    ensure_reason(reason)
    lock(member)
    if open_recovery(member):
        raise NotNow(_("Someone has already asked for this. It is waiting."))
    due_at = now + DELAY
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
    _stop(recovery, by=by or recovery.member, now=now)


def _stop(recovery: FactorRecovery, *, by: Membership | None, now: datetime) -> None:
    """`by` None is the program, when the recovery may no longer be carried out."""
    waiting = FactorRecovery.objects.waiting().select_for_update().filter(pk=recovery.pk)
    if waiting.update(stopped_at=now):
        record(by=by, verb="stopped factor recovery", thing=recovery.member, now=now)
        _tell("recovery_stopped", recovery, now)


@transaction.atomic
def carry_out_recoveries(*, now: datetime) -> int:
    """Remove the factors whose waiting time is over, in the open organisation. Returns of how many people.

    Somebody who has left or joined another organisation since keeps theirs; so does everybody when the one who asked
    is no longer an owner here. One that fails is logged, is tried again with the next call, and holds back no other.
    """
    waiting = FactorRecovery.objects.waiting().select_for_update(of=("self",))
    done = 0
    for recovery in waiting.filter(due_at__lte=now).select_related("member__person", "asked_by"):
        ids = {"organisation_id": recovery.organisation_id, "recovery_id": recovery.pk}
        with logged("a recovery was not carried out", **ids), transaction.atomic():
            done += _settle(recovery, now)
    return done


def _settle(recovery: FactorRecovery, now: datetime) -> bool:
    """Whether the factors were removed; the recovery is stopped otherwise."""
    if not _is_still_right(recovery):
        _stop(recovery, by=None, now=now)
        return False
    _take_factors(recovery.member.person)
    FactorRecovery.objects.filter(pk=recovery.pk).update(done_at=now)
    record(by=None, verb="recovered from lost factors", thing=recovery.member, now=now)
    _tell("recovery_done", recovery, now)
    return True


@transaction.atomic
def recover_at_once(*, person: Person, reason: str, now: datetime) -> None:
    """An operator's act, for the only owner and for members of several organisations. Each organisation is told."""
    ensure_has_factors(person)
    ensure_reason(reason)
    _take_factors(person)
    for belonging in belongings_of(person):
        with within(belonging.organisation_id):
            at = Organisation.objects.get(pk=belonging.organisation_id).now(now)
            member = Membership.objects.select_related("person").get(person=person)
            FactorRecovery.objects.waiting().filter(member=member).update(done_at=at)
            record(by=None, verb="operator removed lost factors", thing=member, now=at)
            _mail("recovery_done", member, now, {"reason": reason.strip(), "asked_by": ""})


def _take_factors(person: Person) -> None:
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)


def _is_still_right(recovery: FactorRecovery) -> bool:
    try:
        ensure_only_here(recovery.member)
    except NotNow:
        return False
    asker, member = recovery.asked_by, recovery.member
    return member.is_active and asker.is_active and asker.has_role(Role.OWNER)


def stop_token(recovery: FactorRecovery) -> str:
    return sign_numbers(SALT, recovery.organisation_id, recovery.pk)


def read_stop_token(token: str) -> tuple[int, int]:
    """Organisation and recovery. Raises BadLink."""
    organisation_id, recovery_id = read_numbers(SALT, token, count=2)
    return organisation_id, recovery_id


def _tell(kind: str, recovery: FactorRecovery, now: datetime) -> None:
    facts = {"asked_by": recovery.asked_by.name, "reason": recovery.reason}
    _mail(kind, recovery.member, now, facts, recovery=recovery)


def _mail(
    kind: str, member: Membership, now: datetime, facts: dict[str, str], recovery: FactorRecovery | None = None
) -> None:
    """To the person and every owner; of a recovery that waits with a link, of the person's own or to the page."""
    organisation = Organisation.objects.get(pk=current_organisation_id())
    owners = Membership.objects.active().with_role(Role.OWNER).select_related("person").exclude(pk=member.pk)
    for reader in [member, *owners]:
        put_off(
            kind=kind,
            address=reader.person.email,
            person=reader.person,
            facts={
                **facts,
                **(_waiting(recovery, reader, organisation) if recovery else {}),
                "is_person": reader.pk == member.pk,
                "name": member.name,
                "organisation_name": organisation.name,
            },
            language=reader.person.language,
            now=now,
        )


def _waiting(recovery: FactorRecovery, reader: Membership, organisation: Organisation) -> dict[str, str]:
    """Until when it waits, in the reader's language and zone, and where they stop it."""
    with translation.override(reader.person.language):
        due = date_format(recovery.due_at.astimezone(reader.zone), "DATETIME_FORMAT")
    own = front_door("recovery_stopping", stop_token(recovery))
    page = inside(organisation.slug, "member_recovery", recovery.member_id)
    return {"due": f"{due} ({reader.zone})", "link": absolute(own if reader.pk == recovery.member_id else page)}
