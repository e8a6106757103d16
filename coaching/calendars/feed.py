"""A member's calendar as a feed: their meetings, and the live events of their cohort or of their leaders. Read-only.

It holds titles, places and links, nothing that somebody wrote. Services read a feed every few hours, so it never is the
way to tell of a change: invitations are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from icalendar import Event, vUri

from coaching.calendars.ics import new_calendar, uid_of
from coaching.calendars.things import SORTS, ends_at
from cohorts.models import Enrolment, Membership, Organisation
from cohorts.schedule.calendars import calendar_of, pauses_by_enrolment
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.tenancy.addresses import absolute, inside

BEHIND, AHEAD = timedelta(days=30), timedelta(days=400)
REFRESH_HOURS = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the feed; `starts` and `ends` are dates for a whole day."""

    uid: str
    title: str
    starts: datetime | date
    ends: datetime | date
    place: str
    url: str


def entries_of(member: Membership, organisation: Organisation, *, now: datetime) -> list[Entry]:
    """What stands in the member's calendar, in the language that is active."""
    return [*_meetings(member, organisation, now), *_live_events(member, organisation, now)]


def fingerprint(entries: list[Entry]) -> str:
    """Changes exactly when something in the feed does."""
    return sha256(repr(entries).encode()).hexdigest()[:32]


def feed_content(entries: list[Entry], organisation: Organisation, *, now: datetime) -> bytes:
    """The feed as iCalendar (RFC 5545), with the refresh hint of RFC 7986."""
    calendar = new_calendar()
    calendar.add("method", "PUBLISH")
    name = _("Embed90 at %(organisation)s") % {"organisation": organisation.name}
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=REFRESH_HOURS), parameters={"VALUE": "DURATION"})
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.ends)
        event.add("summary", entry.title)
        if entry.place:
            event.add("location", entry.place)
        event["url"] = vUri(entry.url)
        calendar.add_component(event)
    return calendar.to_ical()


def _meetings(member: Membership, organisation: Organisation, now: datetime) -> Iterator[Entry]:
    for sort in SORTS.values():
        for thing in sort.of_member(member, now - BEHIND, now + AHEAD).select_related(*sort.related):
            yield Entry(
                uid=uid_of(thing),
                title=sort.title(thing, member),
                starts=thing.starts_at.astimezone(UTC),
                ends=ends_at(thing).astimezone(UTC),
                place=thing.place,
                url=absolute(inside(organisation.slug, *sort.page(thing))),
            )


def _live_events(member: Membership, organisation: Organisation, now: datetime) -> Iterator[Entry]:
    """Shared events once a cohort, personal ones once a leader."""
    mine = Enrolment.objects.active().filter(Q(leader=member) | Q(sponsor=member))
    enrolments = list(mine.select_related("leader", "cohort").order_by("leader__name", "pk"))
    pauses = pauses_by_enrolment(enrolments)
    diary = diary_of(organisation, [enrolment.cohort for enrolment in enrolments])
    url = absolute(inside(organisation.slug, "organisation_home"))
    seen: set[str] = set()
    for enrolment in enrolments:
        calendar = calendar_of(enrolment, organisation, pauses.get(enrolment.pk, ()))
        for dated in diary.of_leader(enrolment, calendar):
            whose = f"e{enrolment.pk}" if dated.is_personal else f"c{enrolment.cohort_id}"
            uid = f"live-{organisation.pk}-{whose}-{dated.slot.key}@{settings.MAIL_DOMAIN}"
            if dated.on is None or uid in seen or not (now - BEHIND).date() <= dated.on <= (now + AHEAD).date():
                continue
            seen.add(uid)
            title = dated.milestone.in_language(member.person.language).title
            if dated.is_personal and enrolment.leader_id != member.pk:
                title = f"{title}: {enrolment.leader.name}"
            yield Entry(uid, title, dated.on, dated.on + timedelta(days=1), "", url)
