"""Begin and change a three-way agreement, sign it, stop it and go on.

A wording never changes: a change is the next version, and all three sign that one. Until they have, the version they
all signed before holds.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.agreements.mails import ask_to_sign
from coaching.agreements.policies import (
    ensure_may_begin,
    ensure_may_sign,
    ensure_may_stop,
    ensure_may_write,
)
from coaching.agreements.rules import ensure_review, ensure_words
from coaching.models import Agreement, AgreementSignature, AgreementVersion, Pairing
from cohorts.audit import record
from cohorts.enrolment.current import own_enrolment
from cohorts.models import Membership
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock, save_revision

SIGNERS = 3


@dataclass(frozen=True, kw_only=True)
class AgreedWords:
    """What the three sign."""

    purpose: str
    tells_dates: bool
    tells_themes: bool
    tells_goals: bool
    limits: str
    stopping: str
    review_on: date


@transaction.atomic
def begin_agreement(*, pairing: Pairing, wording: AgreedWords, today: date, by: Membership, now: datetime) -> Agreement:
    """Write version 1. From now on the pair plans its first talks only, until all three have signed. Idempotent."""
    ensure_may_begin(by, pairing)
    _ensure(wording, today)
    lock(pairing)
    agreement, is_new = Agreement.objects.get_or_create(pairing=pairing)
    if not is_new and wording_of(newest_version(agreement)) != wording:
        raise NotNow(_("There is an agreement already. Open it to change it."))
    if is_new:
        _write(agreement, wording, by=by, now=now)
        record(by=by, verb="began agreement", thing=agreement, now=now)
    return agreement


@transaction.atomic
def change_agreement(
    *, agreement: Agreement, wording: AgreedWords, today: date, by: Membership, now: datetime
) -> AgreementVersion:
    """Write the next version, which needs three signatures. The same words are no change."""
    ensure_may_write(by, agreement)
    _ensure(wording, today)
    lock(agreement)
    _ensure_not_stopped(agreement)
    newest = newest_version(agreement)
    sponsor = _sponsor_for(agreement.pairing)
    if wording_of(newest) == wording and newest.sponsor_id == sponsor.pk:
        return newest
    save_revision(agreement, newest=agreement.newest + 1)
    version = _write(agreement, wording, by=by, now=now)
    record(by=by, verb="changed agreement", thing=agreement, now=now, version=version.number)
    return version


@transaction.atomic
def sign(*, agreement: Agreement, number: int, by: Membership, now: datetime) -> None:
    """Sign the version that was read. The third signature puts it in force."""
    lock(agreement)
    version = newest_version(agreement)
    ensure_may_sign(by, version)
    _ensure_not_stopped(agreement)
    if number != version.number:
        raise NotNow(
            _("The words were changed in the meantime. Read version %(number)d, then sign.")
            % {"number": version.number}
        )
    _ensure_sponsor_of_now(version)
    _signature, is_new = AgreementSignature.objects.get_or_create(version=version, signer=by, defaults={"at": now})
    if not is_new:
        return
    record(by=by, verb="signed agreement", thing=agreement, now=now, version=number)
    if version.signatures.count() == SIGNERS:
        save_revision(agreement, in_force=version.number)


@transaction.atomic
def take_back_signature(*, agreement: Agreement, number: int, by: Membership, now: datetime) -> None:
    """Undo one's own signature, while not all three have signed. Later, stopping is the way out."""
    lock(agreement)
    if agreement.in_force is not None and agreement.in_force >= number:
        raise NotNow(_("All three have signed. You can change the agreement or stop it."))
    deleted, _rows = AgreementSignature.objects.filter(
        version__agreement=agreement, version__number=number, signer=by
    ).delete()
    if deleted:
        record(by=by, verb="took signature back", thing=agreement, now=now, version=number)


@transaction.atomic
def stop_agreement(*, agreement: Agreement, by: Membership, now: datetime) -> None:
    """End it, without a reason. Nothing more goes to the sponsor, and what went is closed to them."""
    lock(agreement)
    ensure_may_stop(by, agreement, newest_version(agreement))
    if agreement.stopped_at is None:
        save_revision(agreement, stopped_at=now)
        record(by=by, verb="stopped agreement", thing=agreement, now=now)


@transaction.atomic
def resume_agreement(*, agreement: Agreement, by: Membership, now: datetime) -> None:
    """Go on where it was stopped, by the two who talk: the sponsor alone cannot open it again."""
    ensure_may_write(by, agreement)
    lock(agreement)
    if agreement.stopped_at is not None:
        save_revision(agreement, stopped_at=None)
        record(by=by, verb="resumed agreement", thing=agreement, now=now)


def newest_version(agreement: Agreement) -> AgreementVersion:
    versions = agreement.versions.select_related("agreement__pairing__leader", "agreement__pairing__partner", "sponsor")
    return versions.get(number=agreement.newest)


def wording_of(version: AgreementVersion) -> AgreedWords:
    return AgreedWords(**{name: getattr(version, name) for name in AgreedWords.__dataclass_fields__})


def _write(agreement: Agreement, wording: AgreedWords, *, by: Membership, now: datetime) -> AgreementVersion:
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=agreement.newest,
        sponsor=_sponsor_for(agreement.pairing),
        written_by=by,
        written_at=now,
        **asdict(wording),
    )
    ask_to_sign(version, now)
    return version


def _ensure(wording: AgreedWords, today: date) -> None:
    ensure_words(purpose=wording.purpose, limits=wording.limits, stopping=wording.stopping)
    ensure_review(wording.review_on, today=today)


def _ensure_not_stopped(agreement: Agreement) -> None:
    if agreement.stopped_at is not None:
        raise NotNow(_("This agreement was stopped. Go on with it first."))


def sponsor_of_now(pairing: Pairing) -> Membership | None:
    enrolment = own_enrolment(pairing.leader)
    return enrolment.sponsor if enrolment else None


def _sponsor_for(pairing: Pairing) -> Membership:
    """The leader's sponsor. Raises NotNow when there is none, or when it is the very coach."""
    sponsor = sponsor_of_now(pairing)
    if sponsor is None:
        raise NotNow(
            _("%(name)s has no sponsor yet, so there is nobody to agree with.") % {"name": pairing.leader.name}
        )
    if sponsor.pk == pairing.partner_id:
        raise NotNow(
            _("%(name)s is coach and sponsor at once. A three-way agreement needs three people.")
            % {"name": sponsor.name}
        )
    return sponsor


def _ensure_sponsor_of_now(version: AgreementVersion) -> None:
    sponsor = sponsor_of_now(version.agreement.pairing)
    if sponsor is None or sponsor.pk != version.sponsor_id:
        leader = version.agreement.pairing.leader
        raise NotNow(
            _("%(sponsor)s is not the sponsor of %(leader)s any more. Write a new version with the current sponsor.")
            % {"sponsor": version.sponsor.name, "leader": leader.name}
        )
