"""A meeting as an iCalendar object for one attendee (RFC 5545, 5546).

The organiser is this installation's own address and never changes, or calendars would take an update for another
meeting. Each copy names one attendee: only the title says who else comes.
"""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, Timezone, vCalAddress, vUri

from coaching.calendars.things import Thing, ends_at
from coaching.models import CalendarMail
from cohorts.mail.message import CalendarPart
from cohorts.mail.server import sender

PRODUCT = "-//Embed90//Coaching//EN"


def new_calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    return calendar


def uid_of(thing: Thing) -> str:
    return f"{thing.uid}@{settings.MAIL_DOMAIN}"


def calendar_part(
    thing: Thing, *, method: str, title: str, url: str, email: str, name: str, zone: ZoneInfo, now: datetime
) -> CalendarPart:
    """The invitation, update or cancellation for one attendee, in their own zone."""
    event = Event()
    event.add("uid", uid_of(thing))
    event.add("sequence", thing.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", thing.starts_at.astimezone(zone))
    event.add("dtend", ends_at(thing).astimezone(zone))
    event.add("summary", title)
    event.add("status", "CANCELLED" if method == CalendarMail.Method.CANCEL else "CONFIRMED")
    event.add("organizer", _address(sender().address, CN=sender().name))
    event.add("attendee", _address(email, CN=name, ROLE="REQ-PARTICIPANT", PARTSTAT="NEEDS-ACTION", RSVP="FALSE"))
    if thing.place:
        event.add("location", thing.place)
    event["url"] = vUri(url)
    calendar = new_calendar()
    calendar.add("method", method)
    calendar.add_component(event)
    _add_zones(calendar, thing, zone)
    return CalendarPart(method, calendar.to_ical())


def _address(email: str, **params: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params.update(params)
    return address


def _add_zones(calendar: Calendar, thing: Thing, zone: ZoneInfo) -> None:
    """The zone's rules for the years of this meeting; without bounds it would be those of 1970 to 2038."""
    first, last = thing.starts_at.astimezone(zone), ends_at(thing).astimezone(zone)
    calendar.add_missing_timezones(first_date=date(first.year, 1, 1), last_date=date(last.year + 1, 1, 1))
    for timezone in calendar.timezones:
        _correct_onsets(timezone)


def _correct_onsets(timezone: Timezone) -> None:
    """icalendar 7.3 writes when summer time begins on the new clock; RFC 5545 (3.6.5) counts it on the old one."""
    observances: list[Any] = [*timezone.standard, *timezone.daylight]
    for observance in observances:
        gap = observance.TZOFFSETTO - observance.TZOFFSETFROM
        if gap.total_seconds() > 0:
            observance.DTSTART -= gap
