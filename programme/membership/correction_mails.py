"""The mails about a corrected address: to the address until now, to the new one, and to the owners.

Only the mail to the new address shows it: the old mailbox may be a stranger's, who got the first mail by mistake.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import translation
from django.utils.formats import date_format

from cohorts.access.account_mail import put_off
from cohorts.models import Membership, Organisation, Person, Role
from cohorts.tenancy.addresses import absolute, front_door, inside
from cohorts.tenancy.wall import current_organisation_id


class CorrectionMail(StrEnum):
    """The kinds of these mails, as in `account_mail_kinds`."""

    ASKED = "address_asked"
    STOPPED = "address_stopped"
    DONE = "address_done"


def tell(
    what: CorrectionMail,
    *,
    member: Membership,
    asked_by: Membership,
    now: datetime,
    due_at: datetime | None = None,
    token: str = "",
    before: Person | None = None,
    to_owners: bool = True,
    is_merge: bool = False,
) -> None:
    """Queue one mail for each reader. `before` is the person who had the membership, once it has moved.

    With `is_merge`, the membership of `member` becomes one with another one.
    """
    organisation = Organisation.objects.get(pk=current_organisation_id())
    facts: dict[str, Any] = {
        "organisation_name": organisation.name,
        "asked_by": asked_by.name,
        "about": member.name,
        "is_merge": is_merge,
    }
    old = before or member.person
    page = absolute(inside(organisation.slug, "member", member.pk))

    def put(reader: str, to: Person, link: str, first_name: str) -> None:
        _put(what, to, now, {**facts, "reader": reader, "link": link, "name": first_name, **_due(due_at, to, member)})

    put("old", old, absolute(front_door("correction_stopping", token)) if token else "", member.first_name)
    if what == CorrectionMail.DONE:
        put("new", member.person, absolute(front_door("account_login")), member.first_name)
    if to_owners:
        owners = Membership.objects.active().with_role(Role.OWNER).exclude(pk=member.pk).select_related("person")
        for owner in owners:
            put("owner", owner.person, page, owner.first_name)


def _put(what: CorrectionMail, to: Person, now: datetime, facts: dict[str, Any]) -> None:
    put_off(kind=what.value, address=to.email, person=to, facts=facts, language=to.language, now=now)


def _due(due_at: datetime | None, reader: Person, member: Membership) -> dict[str, str]:
    """In the reader's language, and the member's zone."""
    if due_at is None:
        return {}
    with translation.override(reader.language):
        return {"due": f"{date_format(due_at.astimezone(member.zone), 'DATETIME_FORMAT')} ({member.zone})"}
