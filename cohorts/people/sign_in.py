"""Whether a member has signed in, and if not, why: one answer for the cohort page, People and downloads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.models import Invitation
from cohorts.models.mail import Reason


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who hasn't signed in. `is_trouble` when they can't get in without help, `is_expired` when a new
    invitation is that help."""

    tone: str
    why: str
    is_expired: bool = False

    @property
    def words(self) -> str:
        return _("Hasn’t signed in")

    @property
    def is_trouble(self) -> bool:
        return self.tone == "trouble"

    def __str__(self) -> str:
        return f"{self.words} · {self.why}"


def sign_in_of(invitation: Invitation, *, zone: ZoneInfo, now: datetime) -> SignIn | None:
    """What a member's newest invitation says; None when they have signed in."""
    if invitation.accepted_at is not None:
        return None
    if invitation.revoked_at is not None:
        return SignIn("quiet", _("invitation withdrawn"))
    failures: dict[str, str] = {
        Reason.REFUSED: _("mail bounced"),
        Reason.UNREACHABLE: _("mail server unreachable"),
        Reason.SILENT: _("mail may not have arrived"),
    }
    if invitation.reason in failures:
        return SignIn("trouble", failures[invitation.reason])
    if invitation.expires_at <= now:
        return SignIn("trouble", _("invitation expired"), is_expired=True)
    if invitation.sent_at is None:
        return SignIn("waiting", _("invitation on its way"))
    sent_on = date_format(invitation.sent_at.astimezone(zone), "MONTH_DAY_FORMAT")
    return SignIn("waiting", _("invited %(date)s") % {"date": sent_on})


def sign_ins(members: Iterable[int], *, zone: ZoneInfo, now: datetime) -> dict[int, SignIn]:
    """Of these members, those who haven't signed in, in one query. A member without an invitation signs in freely."""
    newer = Invitation.objects.filter(membership=OuterRef("membership"), pk__gt=OuterRef("pk"))
    newest = Invitation.objects.filter(~Exists(newer), membership__in=list(members), accepted_at=None)
    found = {invitation.membership_id: sign_in_of(invitation, zone=zone, now=now) for invitation in newest}
    return {member: sign_in for member, sign_in in found.items() if sign_in is not None}
