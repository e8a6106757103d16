"""Mails about requests: a mentor is asked, a leader has an answer or gets the request back. No sentence is quoted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from coaching.calendars.coaching_mail import Kind
from coaching.mentors.mail_names import ANSWERED, ASKED
from coaching.models import CoachingMail, MentorRequest, PairingState
from cohorts.models import Organisation

SETTLED = (PairingState.ACTIVE, PairingState.DECLINED, PairingState.LAPSED)


def still_waiting(
    mails: Sequence[CoachingMail], organisation: Organisation, now: datetime
) -> Mapping[int, Mapping[str, Any]]:
    """Requests that wait for an answer; a mentor who answered before the mail went gets none."""
    requests = _requests(mails)
    return {
        mail.pk: {"leader": requests[mail.about].pairing.leader.name, "answer_by": requests[mail.about].answer_by}
        for mail in mails
        if mail.about in requests and requests[mail.about].pairing.state == PairingState.REQUESTED
    }


def still_settled(
    mails: Sequence[CoachingMail], organisation: Organisation, now: datetime
) -> Mapping[int, Mapping[str, Any]]:
    """Requests with an answer, or without one when the time was out."""
    requests = _requests(mails)
    return {
        mail.pk: {"mentor": requests[mail.about].pairing.partner.name, "state": requests[mail.about].pairing.state}
        for mail in mails
        if mail.about in requests and requests[mail.about].pairing.state in SETTLED
    }


def _requests(mails: Sequence[CoachingMail]) -> dict[int, MentorRequest]:
    rows = MentorRequest.objects.select_related("pairing__leader", "pairing__partner")
    return rows.in_bulk({mail.about for mail in mails})


ASKED_MAILS = Kind(name=ASKED, act=gettext_lazy("Answer"), page=lambda _mail: ("mentoring",), needed=still_waiting)
ANSWERED_MAILS = Kind(
    name=ANSWERED,
    act=gettext_lazy("See what is next"),
    page=lambda _mail: ("my_mentors",),
    needed=still_settled,
)
