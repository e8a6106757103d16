"""Mails to members' calendars, a kind of the outbox: an invitation, an update or a cancellation for one attendee.

The subject names nobody. Neither text nor calendar quotes what somebody wrote: they say who, when and where, and link
to the page.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any, NamedTuple

from django.utils import translation
from psycopg import sql

from coaching.calendars.choices import Switch, members_without, stop_token
from coaching.calendars.ics import calendar_part
from coaching.calendars.members import calendars_of
from coaching.calendars.things import SORTS, Sort, ends_at
from coaching.models import CalendarMail
from cohorts.logos.stored import mail_logo
from cohorts.mail.message import first_name, whole_message
from cohorts.mail.outbox import MailKind
from cohorts.mail.server import message_id
from cohorts.models import Membership, Organisation
from cohorts.models.mail import MailState, Reason
from cohorts.schedule.path import Calendar
from cohorts.schedule.time_zones import city
from cohorts.tenancy.addresses import absolute, front_door, inside

# States of a mail that has reached somebody, or may have.
LEFT = (MailState.SENT, MailState.AMBIGUOUS, MailState.SENDING)

Method = CalendarMail.Method

DETAILS = sql.SQL("""
SELECT claimed.id, claimed.attempts, claimed.due_at, person.email, claimed.recipient_id, claimed.sort, claimed.about,
    claimed.uid::text, claimed.sequence, claimed.method, claimed.slot
FROM claimed
    JOIN cohorts_membership AS member ON member.organisation_id = %(organisation)s AND member.id = claimed.recipient_id
    JOIN cohorts_person AS person ON person.id = member.person_id
ORDER BY claimed.id
""")


class ClaimedCalendarMail(NamedTuple):
    """One such mail in a worker's hands."""

    id: int
    attempts: int
    due_at: datetime
    email: str
    recipient_id: int
    sort: str
    about: int
    uid: str
    sequence: int
    method: str
    slot: str


class Message(NamedTuple):
    """What one message to a calendar says: that a meeting is on in this slot, or off."""

    method: str
    slot: str


def is_news(message: Message, latest: Message | None) -> bool:
    """Whether it changes anything for somebody who has got `latest` about the same meeting, or nothing yet."""
    if message.method == Method.CANCEL:
        return latest is not None and latest.method == Method.REQUEST
    return message != latest


class Writer:
    """Writes the calendar mails of one organisation."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._now = now
        self._members: dict[int, Membership] = {}
        self._calendars: dict[int, Calendar] = {}
        self._things: dict[tuple[str, int], Any] = {}
        self._latest: dict[tuple[str, int], Message] = {}
        self._unsubscribed: set[int] = set()

    def prepare(self, mails: Sequence[ClaimedCalendarMail]) -> None:
        self._members = Membership.objects.select_related("person").in_bulk({mail.recipient_id for mail in mails})
        self._calendars = calendars_of(self._members.values(), self._organisation)
        self._things = dict(_things(mails))
        self._latest = _latest(mails)
        self._unsubscribed = members_without(Switch.INVITATIONS, self._members)

    def reason_to_skip(self, mail: ClaimedCalendarMail, now: datetime) -> str | None:
        """An empty reason: a later mail says what is true now, or they know it already."""
        thing = self._things.get((mail.sort, mail.about))
        if not self._members[mail.recipient_id].is_active:
            return Reason.LEFT
        if thing is None or thing.sequence != mail.sequence:
            return ""
        is_on = SORTS[mail.sort].is_on(thing)
        if mail.method == Method.REQUEST and (not is_on or ends_at(thing) <= now):
            return Reason.EXPIRED
        if mail.recipient_id in self._unsubscribed:
            return Reason.UNSUBSCRIBED
        latest = self._latest.get((mail.uid, mail.recipient_id))
        return None if is_news(Message(mail.method, mail.slot), latest) else ""

    def content(self, mail: ClaimedCalendarMail) -> bytes:
        organisation, member = self._organisation, self._members[mail.recipient_id]
        sort, thing = SORTS[mail.sort], self._things[mail.sort, mail.about]
        zone, language = self._calendars[member.pk].zone, member.person.language
        with translation.override(language):
            title = sort.title(thing, member)
        url = absolute(inside(organisation.slug, *sort.page(thing)))
        unsubscribe = absolute(front_door("unsubscribe_coaching", stop_token(member, Switch.INVITATIONS)))
        context = {
            "organisation_name": organisation.name,
            "name": first_name(member.name),
            "language": language,
            "title": title,
            "act": self._act(mail),
            "starts": _on_the_wall(thing.starts_at, zone),
            "ends": _on_the_wall(ends_at(thing), zone),
            "zone": city(zone.key),
            "place": thing.place,
            "page_url": url,
            "unsubscribe_url": unsubscribe,
        }
        part = calendar_part(
            thing,
            method=mail.method,
            title=title,
            url=url,
            email=mail.email,
            name=member.name,
            zone=zone,
            now=self._now,
        )
        return whole_message(
            "calendar",
            context,
            to=mail.email,
            language=language,
            message_id=message_id(CALENDAR_MAILS.name, mail.id),
            now=self._now,
            logo=mail_logo(organisation),
            unsubscribe=unsubscribe,
            calendar=part,
        )

    def _act(self, mail: ClaimedCalendarMail) -> str:
        """New, moved or cancelled, as this reader sees it."""
        if mail.method == Method.CANCEL:
            return "cancelled"
        latest = self._latest.get((mail.uid, mail.recipient_id))
        return "moved" if latest is not None and latest.method == Method.REQUEST else "new"


def _on_the_wall(moment: datetime, zone: tzinfo) -> datetime:
    """The local time without its zone, which a template would convert to another."""
    return moment.astimezone(zone).replace(tzinfo=None)


def _things(mails: Iterable[ClaimedCalendarMail]) -> Iterable[tuple[tuple[str, int], Any]]:
    """What these are about, one query a sort."""
    for name, group in groupby(sorted(mails, key=lambda mail: mail.sort), key=lambda mail: mail.sort):
        sort: Sort = SORTS[name]
        for key, thing in sort.rows(mail.about for mail in group).items():
            yield (name, key), thing


def _latest(mails: Sequence[ClaimedCalendarMail]) -> dict[tuple[str, int], Message]:
    """By UID and recipient, the newest message that has left before these."""
    earlier = CalendarMail.objects.filter(uid__in={mail.uid for mail in mails}, state__in=LEFT)
    rows = earlier.exclude(pk__in=[mail.id for mail in mails]).order_by("sequence")
    found = rows.values_list("uid", "recipient_id", "method", "slot")
    return {(str(uid), recipient): Message(method, slot) for uid, recipient, method, slot in found}


CALENDAR_MAILS = MailKind(name="calendar", model=CalendarMail, row=ClaimedCalendarMail, details=DETAILS, writer=Writer)
