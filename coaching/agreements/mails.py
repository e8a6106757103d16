"""The two mails of an agreement: words wait for your signature, or they were changed. Neither holds a word of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from coaching.agreements.policies import parties
from coaching.calendars.coaching_mail import Kind
from coaching.models import AgreementSignature, AgreementVersion, CoachingMail, PairingState
from coaching.models.mail import MAIL_DELAY
from cohorts.models import Organisation

SIGN, CHANGED = "agreement-sign", "agreement-changed"


def ask_to_sign(version: AgreementVersion, now: datetime) -> None:
    """A mail to each of the three but the one who wrote these words."""
    kind = SIGN if version.number == 1 else CHANGED
    CoachingMail.objects.bulk_create(
        (
            CoachingMail(
                recipient=each,
                kind=kind,
                about=version.agreement_id,
                number=version.number,
                due_at=now + MAIL_DELAY,
                not_before=now + MAIL_DELAY,
            )
            for each in parties(version)
            if each.pk != version.written_by_id
        ),
        ignore_conflicts=True,
    )


def _needed(
    mails: Sequence[CoachingMail], organisation: Organisation, now: datetime
) -> Mapping[int, Mapping[str, Any]]:
    """While these are the newest words, the agreement goes on and the reader has not signed."""
    versions = AgreementVersion.objects.filter(
        agreement__in={mail.about for mail in mails},
        agreement__stopped_at=None,
        agreement__pairing__state=PairingState.ACTIVE,
    ).select_related("agreement__pairing__leader", "agreement__pairing__partner", "sponsor")
    newest = {each.agreement_id: each for each in versions if each.number == each.agreement.newest}
    signed = set(
        AgreementSignature.objects.filter(version__in=newest.values()).values_list("version__agreement", "signer")
    )
    facts = {}
    for mail in mails:
        version = newest.get(mail.about)
        if version is None or version.number != mail.number or (mail.about, mail.recipient_id) in signed:
            continue
        if mail.recipient_id in {each.pk for each in parties(version)}:
            facts[mail.pk] = {"leader": version.agreement.pairing.leader.name, "number": version.number}
    return facts


def _kind(name: str) -> Kind:
    act = gettext_lazy("Read and sign")
    return Kind(name=name, act=act, page=lambda mail: ("agreement", mail.about), needed=_needed)


AGREEMENT_MAILS = (_kind(SIGN), _kind(CHANGED))
