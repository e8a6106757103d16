"""The dates of a round, from the date it opens. Pure.

The rules, on the cohort's calendar (its working days, public holidays, pauses and zone):

1. Raters are chosen from the 14th day before the opening. A round that is planned later begins at once, and opens at
   least 7 days after that, so that a list of raters can be made and approved.
2. It opens at 9:00. Raters are asked to answer by 16:00 on the 7th day after, it closes at 16:00 on the 10th, and at
   least two days after the day they were asked for. Reports are released at 9:00 on the working day after the close.
3. A day off, a public holiday or a pause moves any of them to the next working day; the beginning moves to the working
   day before.
4. An hour in the organisation's quiet hours becomes their end. A doubled hour of a clock change is the first one.
5. At most three reminders at 9:00: on the third day after the opening, on the day raters were asked to answer by, and
   on the last working day before the close. Two are at least two days apart, and one whose day has passed is left out.
6. A mail that an admin or a late clock asks for outside 8:00 to 18:00 of a working day waits for the next 9:00.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

from cohorts.schedule.path import HORIZON, Calendar, in_quiet_hours, local_instant
from cohorts.schedule.time_zones import local_date

CHOOSING_DAYS = 14
LEAST_CHOOSING_DAYS = 7
ANSWER_BY_DAYS = 7
CLOSE_DAYS = 10
LAST_CALL_DAYS = 2
FIRST_REMINDER_DAYS = 3
DAYS_BETWEEN_REMINDERS = 2
FOLLOW_UP, FOLLOW_UP_DAY = "follow-up", 168
OWN = "own-"  # how the keys of rounds begin that an admin planned
MORNING, AFTERNOON = time(9), time(16)
MAILS_FROM, MAILS_UNTIL = time(8), time(18)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The five instants of a round, in order."""

    nominates_at: datetime
    opens_at: datetime
    reminds_at: datetime
    closes_at: datetime
    releases_at: datetime


INSTANTS = tuple(field.name for field in fields(Timetable))


def timetable(opens_on: date, calendar: Calendar, *, chosen_from: date) -> Timetable:
    """The round that opens on this date. `chosen_from` is the earliest date on which choosing raters can begin."""
    begins = working_day_before(calendar, opens_on - timedelta(days=CHOOSING_DAYS))
    if begins < chosen_from:
        begins = working_day(calendar, chosen_from)
        opens_on = max(opens_on, begins + timedelta(days=LEAST_CHOOSING_DAYS))
    opens_on = working_day(calendar, opens_on)
    return Timetable(at(calendar, begins, MORNING), *after_opening(opens_on, calendar))


def after_opening(opens_on: date, calendar: Calendar) -> tuple[datetime, datetime, datetime, datetime]:
    """Opening, the day raters are asked to answer by, close and release."""
    answer_by = working_day(calendar, opens_on + timedelta(days=ANSWER_BY_DAYS))
    earliest = max(opens_on + timedelta(days=CLOSE_DAYS), answer_by + timedelta(days=LAST_CALL_DAYS))
    closes_on = working_day(calendar, earliest)
    return (
        at(calendar, opens_on, MORNING),
        local_instant(answer_by, AFTERNOON, calendar.zone),
        local_instant(closes_on, AFTERNOON, calendar.zone),
        release_after(closes_on, calendar),
    )


def release_after(closed_on: date, calendar: Calendar) -> datetime:
    """When the reports of a round closed on this date are released."""
    return at(calendar, working_day(calendar, closed_on + DAY), MORNING)


def reminders(
    calendar: Calendar, *, opens_at: datetime, reminds_at: datetime, closes_at: datetime
) -> tuple[datetime, ...]:
    """The instants of at most three reminders, in order."""
    opens_on, answer_by, closes_on = (local_date(each, calendar.zone) for each in (opens_at, reminds_at, closes_at))
    wanted = [
        working_day(calendar, opens_on + timedelta(days=FIRST_REMINDER_DAYS)),
        working_day(calendar, answer_by),
        working_day_before(calendar, closes_on - DAY),
    ]
    last, days = opens_on, list[date]()
    for on in wanted:
        if last + timedelta(days=DAYS_BETWEEN_REMINDERS) <= on < closes_on:
            days.append(on)
            last = on
    return tuple(at(calendar, on, MORNING) for on in days)


def reminder_of_today(planned: Sequence[datetime], now: datetime, calendar: Calendar) -> int | None:
    """The number, from 1, of the reminder that is due on this very date; None when there is none."""
    today = local_date(now, calendar.zone)
    due = [
        number
        for number, instant in enumerate(planned, start=1)
        if instant <= now and local_date(instant, calendar.zone) == today
    ]
    return due[-1] if due else None


def mail_time(calendar: Calendar, now: datetime) -> datetime:
    """Now, if a mail may go now; else 9:00 of the next working day, which may be today."""
    local = now.astimezone(calendar.zone)
    on, wall = local.date(), local.time()
    if working_day(calendar, on) == on:
        if wall < MAILS_FROM or (wall < MAILS_UNTIL and _is_quiet(calendar, wall)):
            return max(now, at(calendar, on, MORNING))
        if wall < MAILS_UNTIL:
            return now
    return at(calendar, working_day(calendar, on + DAY), MORNING)


def at(calendar: Calendar, on: date, hour: time) -> datetime:
    """This hour of a date, or the end of the quiet hours it falls in."""
    instant = local_instant(on, hour, calendar.zone)
    wall = instant.astimezone(calendar.zone).time()
    return local_instant(on, calendar.quiet_until, calendar.zone) if _is_quiet(calendar, wall) else instant


def working_day(calendar: Calendar, on: date) -> date:
    """This date or the next working day; the date itself if none follows."""
    ahead = (on + timedelta(days=later) for later in range(HORIZON.days))
    return next((each for each in ahead if calendar.is_open(each)), on)


def working_day_before(calendar: Calendar, on: date) -> date:
    """This date or the last working day before it; the date itself if there is none."""
    back = (on - timedelta(days=earlier) for earlier in range(HORIZON.days))
    return next((each for each in back if calendar.is_open(each)), on)


def _is_quiet(calendar: Calendar, wall: time) -> bool:
    return in_quiet_hours(wall, calendar.quiet_from, calendar.quiet_until)
