"""Agreements as pages show them: who signed which version, and what that means today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Prefetch, QuerySet

from coaching.agreements.policies import may_read_version, parties
from coaching.models import Agreement, AgreementSignature, AgreementVersion, PairingState
from cohorts.models import Membership


@dataclass(frozen=True)
class Signer:
    member: Membership
    signed_at: datetime | None
    is_reader: bool


@dataclass(frozen=True)
class AgreementStanding:
    """One agreement as one reader may see it: `versions` are those they may read, newest first."""

    agreement: Agreement
    reader: Membership
    versions: tuple[AgreementVersion, ...]

    @property
    def newest(self) -> AgreementVersion:
        return self.versions[0]

    @property
    def in_force(self) -> AgreementVersion | None:
        return next((each for each in self.versions if each.number == self.agreement.in_force), None)

    @property
    def earlier(self) -> tuple[AgreementVersion, ...]:
        return self.versions[1:]

    @cached_property
    def signers(self) -> tuple[Signer, ...]:
        at = {each.signer_id: each.at for each in self.newest.signatures.all()}
        return tuple(Signer(each, at.get(each.pk), each.pk == self.reader.pk) for each in parties(self.newest))

    @property
    def has_signed(self) -> bool:
        return any(each.is_reader and each.signed_at for each in self.signers)

    @property
    def missing(self) -> list[Membership]:
        return [each.member for each in self.signers if not each.signed_at]

    @property
    def has_ended(self) -> bool:
        return self.agreement.pairing.state != PairingState.ACTIVE

    @property
    def is_live(self) -> bool:
        return self.agreement.stopped_at is None and not self.has_ended

    @property
    def waits_for_reader(self) -> bool:
        """Whether the newest wording waits for this reader's signature."""
        return (
            self.is_live
            and self.newest.number == self.agreement.newest
            and may_read_version(self.reader, self.newest)
            and not self.has_signed
        )

    @property
    def is_sponsor(self) -> bool:
        return self.reader.pk not in (self.agreement.pairing.leader_id, self.agreement.pairing.partner_id)

    def is_due(self, today: date) -> bool:
        return self.is_live and self.in_force is not None and self.in_force.review_on <= today


def standings(member: Membership) -> list[AgreementStanding]:
    """Every agreement this member is part of, those that wait for them first, in a fixed number of queries."""
    found = [standing_of(agreement, member) for agreement in _read(member)]
    return sorted(found, key=lambda each: (not each.waits_for_reader, not each.is_live, -each.agreement.pk))


def standing(member: Membership, pk: int) -> AgreementStanding | None:
    agreement = _read(member).filter(pk=pk).first()
    return standing_of(agreement, member) if agreement else None


def standing_of(agreement: Agreement, member: Membership) -> AgreementStanding:
    versions: Iterable[AgreementVersion] = agreement.versions.all()
    for version in versions:
        version.agreement = agreement
    readable = [each for each in versions if may_read_version(member, each)]
    return AgreementStanding(agreement, member, tuple(sorted(readable, key=lambda each: -each.number)))


def _read(member: Membership) -> QuerySet[Agreement]:
    signatures = Prefetch("signatures", AgreementSignature.objects.order_by("at"))
    versions = AgreementVersion.objects.select_related("sponsor").prefetch_related(signatures)
    agreements = Agreement.objects.visible_to(member).select_related("pairing__leader", "pairing__partner")
    return agreements.prefetch_related(Prefetch("versions", versions))
