"""Correct the name and the address of a member.

Another address lets another mailbox in. If the member has not come in yet, it is corrected at once: there is nothing to
see. Otherwise a day passes first, in which the old address, an owner or an admin can stop it (decision 57).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from coaching.calendars.actions.feed import end_feed
from cohorts.audit import record
from cohorts.failures import logged
from cohorts.mail.signed_links import read_numbers, sign_numbers
from cohorts.models import AddressCorrection, Membership, Organisation, Person
from cohorts.models.delayed_change import DELAY
from cohorts.people.actions.addresses import ensure_free, move_to_address, rename
from cohorts.people.imports.values import MAX_NAME_CHARACTERS
from cohorts.people.ownership import lock_organisation
from cohorts.people.policies import POWERFUL
from cohorts.people.rules import ensure_address
from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.addresses import plain_address
from cohorts.web.bounds import ensure_choice, ensure_name
from cohorts.web.letters import cleaned, visible
from cohorts.web.refusals import Invalid, NotNow, NotYours
from cohorts.web.revisions import lock, lock_revision
from feedback360.rounds.actions.members import follow_member
from programme.membership.correction_mails import CorrectionMail, tell
from programme.membership.correction_rules import ensure_may_correct, ensure_may_move, has_come_in, may_correct
from programme.membership.merging import Merged, merge, rehearse

SALT = "programme.membership.correction"


class Stays(StrEnum):
    """Which of two addresses of one person stays: the one whose page it was said on, or the other."""

    THIS = "this"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Merging:
    """Two members who are one person, and what merging them does. `waits_until` is None when it happens at once."""

    kept: Membership
    gone: Membership
    done: Merged
    waits_until: datetime | None = None


def open_correction(member: Membership) -> AddressCorrection | None:
    """The correction that waits; None if there is none."""
    return AddressCorrection.objects.waiting().filter(member=member).select_related("asked_by").first()


@transaction.atomic
def correct(
    *,
    member: Membership,
    name: str,
    email: str,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> AddressCorrection | None:
    """Correct the name at once, the address at once or after a day. Returns the correction that waits, if one does.

    Idempotent.

    Raises Stale when the member is not the expected revision, Invalid beside `name` or `email`, NotYours, NotNow.
    """
    ensure_name("name", visible(name), most=MAX_NAME_CHARACTERS)
    name, email = cleaned(name), plain_address(email)
    ensure_address(email)
    lock(member)
    lock_revision(member, expected_revision, "name")
    ensure_may_correct(by, member)
    if name != member.name:
        rename(member=member, name=name, by=by, now=now)
        follow_member(member=member, now=now)
    if email == member.person.email.lower():
        return None
    ensure_can_move(member=member, email=email, by=by)
    if has_come_in(member):
        return _ask(member, email, by, now)
    _carry_out(member, email, by=by, asked_by=by, now=now)
    return None


def ensure_can_move(*, member: Membership, email: str, by: Membership) -> None:
    """Raises NotYours, NotNow and Invalid as `correct` does for an address; the preview asks it, too."""
    ensure_may_move(by, member)
    ensure_free(email, member)
    waiting = AddressCorrection.objects.waiting()
    if waiting.filter(Q(member=member) | Q(into=member)).exists():
        raise Invalid("email", _("A new address is waiting already. Stop that change first."))


def preview_merge(*, member: Membership, email: str, stays: str, by: Membership, now: datetime) -> Merging:
    """What `ask_merge` would do now. Raises as it does."""
    kept, gone = _kept_and_gone(member, email=email, stays=stays)
    done = rehearse(kept=kept, gone=gone, by=by, now=now)
    if open_correction(gone) or open_correction(kept):
        raise Invalid("email", _("A new address is waiting already. Stop that change first."))
    return Merging(kept, gone, done, now + DELAY if has_come_in(gone) else None)


@transaction.atomic
def ask_merge(*, member: Membership, email: str, stays: str, by: Membership, now: datetime) -> Merging:
    """Merge this member and the one with that address: at once or after a day.

    Raises Invalid beside `email` or `stays`, NotYours, and NotNow with what has to be ended first.
    """
    lock_organisation()  # what a rehearsal locks is free again after it
    for each in sorted(_kept_and_gone(member, email=email, stays=stays), key=attrgetter("pk")):
        lock(each)
    merging = preview_merge(member=member, email=email, stays=stays, by=by, now=now)
    kept, gone = merging.kept, merging.gone
    if merging.waits_until is not None:
        _ask(gone, kept.person.email, by, now, into=kept)
        return merging
    at_once = {"asked_at": now, "due_at": now, "done_at": now, "by_program": bool(by.key_prefix)}
    AddressCorrection.objects.create(member=gone, into=kept, email=kept.person.email, asked_by=by, **at_once)
    _merge(gone, kept, asked_by=by, has_waited=False, now=now)
    return merging


@transaction.atomic
def stop_correction(*, correction: AddressCorrection, by: Membership | None, now: datetime) -> None:
    """`by` is an admin; None is the person, through the link in their mail. Idempotent."""
    if by is not None:
        ensure_may_correct(by, correction.member)
    _stop(correction, by=by or correction.member, now=now)


@transaction.atomic
def carry_out_corrections(*, now: datetime) -> int:
    """Move the memberships whose day is over, in the open organisation. Returns how many.

    One whose asker may no longer ask, or whose address somebody took meanwhile, is stopped; one that fails is logged,
    is tried again with the next call, and holds back no other.
    """
    waiting = AddressCorrection.objects.waiting().select_for_update(of=("self",)).select_related("asked_by", "into")
    due = waiting.filter(due_at__lte=now).order_by("pk")
    if not due.exists():
        return 0
    Organisation.objects.select_for_update(no_key=True).get(pk=current_organisation_id())  # before any other lock
    done = 0
    for correction in due:
        ids = {"organisation_id": correction.organisation_id, "correction_id": correction.pk}
        with logged("a correction was not carried out", **ids), transaction.atomic():
            done += _settle(correction, now)
    return done


def _settle(correction: AddressCorrection, now: datetime) -> bool:
    """Whether it was carried out; it is stopped otherwise."""
    member, asker = correction.member, correction.asked_by
    lock(member)
    if not _is_still_right(correction, asker):
        _stop(correction, by=None, now=now)
        return False
    try:
        with transaction.atomic():
            AddressCorrection.objects.filter(pk=correction.pk).update(done_at=now)
            if correction.into is not None:
                _merge(member, correction.into, asked_by=asker, has_waited=True, now=now)
            else:
                _carry_out(member, correction.email, by=None, asked_by=asker, now=now)
    except (NotNow, NotYours, Invalid, IntegrityError):
        _stop(correction, by=None, now=now)
        return False
    return True


def stop_token(correction: AddressCorrection) -> str:
    return sign_numbers(SALT, correction.organisation_id, correction.pk)


def read_stop_token(token: str) -> tuple[int, int]:
    """Organisation and correction. Raises BadLink."""
    organisation_id, correction_id = read_numbers(SALT, token, count=2)
    return organisation_id, correction_id


def _kept_and_gone(member: Membership, *, email: str, stays: str) -> tuple[Membership, Membership]:
    """The one that stays, and the one that ends. Raises Invalid beside `email` or `stays`."""
    email = plain_address(email)
    ensure_address(email)
    ensure_choice("stays", stays, list(Stays))
    other = Membership.objects.here().select_related("person").filter(person__email__iexact=email).first()
    if other is None or other.pk == member.pk:
        raise Invalid("email", _("No other member has this address."))
    return (member, other) if stays == Stays.THIS else (other, member)


def _ask(
    member: Membership, email: str, by: Membership, now: datetime, *, into: Membership | None = None
) -> AddressCorrection:
    correction = AddressCorrection.objects.create(
        member=member,
        into=into,
        asked_by=by,
        email=email,
        asked_at=now,
        due_at=now + DELAY,
        by_program=bool(by.key_prefix),
    )
    record(by=by, verb="asked for another address", thing=member, now=now)
    tell(
        CorrectionMail.ASKED,
        member=member,
        asked_by=by,
        now=now,
        due_at=correction.due_at,
        token=stop_token(correction),
        is_merge=into is not None,
    )
    return correction


def _carry_out(member: Membership, email: str, *, by: Membership | None, asked_by: Membership, now: datetime) -> None:
    has_waited = by is None
    before: Person = move_to_address(member=member, email=email, by=by, now=now)
    end_feed(member=member, now=now)
    follow_member(member=member, now=now)
    tell(CorrectionMail.DONE, member=member, asked_by=asked_by, now=now, before=before, to_owners=has_waited)


def _merge(gone: Membership, kept: Membership, *, asked_by: Membership, has_waited: bool, now: datetime) -> None:
    merge(kept=kept, gone=gone, by=asked_by, now=now)
    tell(
        CorrectionMail.DONE,
        member=kept,
        asked_by=asked_by,
        now=now,
        before=gone.person,
        to_owners=has_waited,
        is_merge=True,
    )


def _stop(correction: AddressCorrection, *, by: Membership | None, now: datetime) -> None:
    """`by` is None when the system stops it, because it may no longer be carried out."""
    waiting = AddressCorrection.objects.waiting().filter(pk=correction.pk)
    if waiting.update(stopped_at=now):
        record(by=by, verb="stopped another address", thing=correction.member, now=now)
        is_merge = correction.into_id is not None
        tell(CorrectionMail.STOPPED, member=correction.member, asked_by=correction.asked_by, now=now, is_merge=is_merge)


def _is_still_right(correction: AddressCorrection, asker: Membership) -> bool:
    """Whether it could be asked for today as well, and leads to the mailbox that was shown."""
    member, into = correction.member, correction.into
    if into is not None and into.person.email.lower() != correction.email.lower():
        return False  # what was shown to the owners is another mailbox by now
    if correction.by_program and any(not POWERFUL.isdisjoint(each.roles) for each in (member, into) if each):
        return False
    try:
        ensure_may_move(asker, member)
        if into is None:
            ensure_free(correction.email, member)
    except (Invalid, NotYours):
        return False
    return member.left_at is None and asker.is_active and may_correct(asker, member)
