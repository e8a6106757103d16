"""Whether a member can come in, has signed in, and if not, why: the same words on every page and download."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from cohorts.models import Invitation, Membership
from cohorts.models.mail import Reason
from cohorts.schedule.date_words import date_words, fill


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who hasn't signed in, or cannot. `is_trouble` when they can't get in without help, `is_expired` when a
    new invitation is that help."""

    tone: str
    why: str
    is_expired: bool = False
    is_suspended: bool = False
    has_left: bool = False

    @property
    def words(self) -> str:
        if self.has_left:
            return _("No longer a member")
        return _("Suspended") if self.is_suspended else _("Hasn’t signed in")

    @property
    def is_trouble(self) -> bool:
        return self.tone == "trouble"

    @property
    def may_be_invited(self) -> bool:
        """Whether sending a (new) invitation is an act for them."""
        return not (self.is_suspended or self.has_left)

    def __str__(self) -> str:
        return f"{self.words} · {self.why}"


def sign_in_of(
    invitation: Invitation | None,
    *,
    zone: ZoneInfo,
    now: datetime,
    suspended_at: datetime | None = None,
    left_at: datetime | None = None,
) -> SignIn | None:
    """What a member's newest invitation and their row say; None when they have signed in and can do so again."""
    if left_at is not None:
        return SignIn("quiet", _since(left_at, zone), has_left=True)
    is_withdrawn = invitation is not None and invitation.revoked_at is not None and invitation.accepted_at is None
    if suspended_at is not None and not is_withdrawn:
        return SignIn("paused", _since(suspended_at, zone), is_suspended=True)
    if invitation is None or invitation.accepted_at is not None:
        return None
    return _unanswered(invitation, zone, now)


def _unanswered(invitation: Invitation, zone: ZoneInfo, now: datetime) -> SignIn:
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
    return SignIn("waiting", fill(_("invited %(date)s"), {"date": _date(invitation.sent_at, zone)}))


class Standing(NamedTuple):
    """What a member's row says of it."""

    pk: int
    suspended_at: datetime | None
    left_at: datetime | None


def standing_of(member: Membership) -> Standing:
    return Standing(member.pk, member.suspended_at, member.left_at)


def sign_ins(members: Iterable[Standing], *, zone: ZoneInfo, now: datetime) -> dict[int, SignIn]:
    """Of these members, those who haven’t signed in or cannot. One query; without an invitation one signs in freely."""
    standing = {member.pk: member for member in members}
    unanswered = {each.membership_id: each for each in newest_invitations(standing).filter(accepted_at=None)}
    found = {}
    for pk, suspended_at, left_at in standing.values():
        sign_in = sign_in_of(unanswered.get(pk), zone=zone, now=now, suspended_at=suspended_at, left_at=left_at)
        if sign_in is not None:
            found[pk] = sign_in
    return found


def newest_invitations(members: Iterable[int]) -> QuerySet[Invitation]:
    newer = Invitation.objects.filter(membership=OuterRef("membership"), pk__gt=OuterRef("pk"))
    return Invitation.objects.filter(~Exists(newer), membership__in=list(members))


def has_withdrawn_invitation(member: Membership) -> bool:
    """Whether they are shut out because their newest invitation was withdrawn before they answered it."""
    return newest_invitations([member.pk]).filter(accepted_at=None, revoked_at__isnull=False).exists()


def _since(at: datetime, zone: ZoneInfo) -> str:
    return fill(_("since %(date)s"), {"date": _date(at, zone)})


def _date(at: datetime, zone: ZoneInfo) -> str:
    return date_words(at.astimezone(zone).date(), "MONTH_DAY_FORMAT")
