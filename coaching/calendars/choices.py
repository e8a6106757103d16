"""What a member chose about mails of coaching, and the signed link that stops one kind of them.

The link is revoked by raising the membership's `link_version`, like the others (`cohorts.mail.signed_links`).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coaching.models import MailChoice
from cohorts.audit import record
from cohorts.mail.signed_links import BadLink, read_numbers, sign_numbers
from cohorts.models import Membership

SALT = "coaching.stop"


class Switch(StrEnum):
    """What can be switched off by itself; the field of `MailChoice`."""

    INVITATIONS = "invitations_on"
    REMINDERS = "reminders_on"


@dataclass(frozen=True, slots=True)
class StopLink:
    organisation_id: int
    member_id: int
    version: int
    switch: Switch


def stop_token(member: Membership, switch: Switch) -> str:
    number = list(Switch).index(switch)
    return sign_numbers(SALT, member.organisation_id, member.pk, member.link_version, number)


def read_stop(token: str) -> StopLink:
    """The member and the mails that this token stops. Raises BadLink."""
    organisation_id, member_id, version, number = read_numbers(SALT, token, count=4)
    try:
        switch = list(Switch)[number]
    except IndexError as problem:
        raise BadLink from problem
    return StopLink(organisation_id, member_id, version, switch)


def choice_of(member: Membership) -> MailChoice:
    """The member's choices; unsaved defaults if they never chose."""
    return MailChoice.objects.filter(member=member).first() or MailChoice(member=member)


def set_mails(*, member: Membership, switch: Switch, is_on: bool, by: Membership | None, now: datetime) -> None:
    """Switch invitations or reminders by mail on or off. Idempotent."""
    choice, _is_new = MailChoice.objects.select_for_update().get_or_create(member=member)
    if getattr(choice, switch) == is_on:
        return
    setattr(choice, switch, is_on)
    choice.save(update_fields=[switch])
    what = "calendar invitations" if switch == Switch.INVITATIONS else "coaching reminders"
    record(by=by, verb=f"switched {what} {'on' if is_on else 'off'}", thing=member, now=now)


def members_without(switch: Switch, members: object) -> set[int]:
    """Those of these members who switched it off."""
    off = MailChoice.objects.filter(member__in=members, **{switch: False})
    return set(off.values_list("member_id", flat=True))
