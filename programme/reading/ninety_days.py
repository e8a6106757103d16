"""The whole curriculum of one cohort, by week with dates, and where the reader is now.

Nothing in it is secret (decision 9): leaders may read ahead of their nudges.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from cohorts.curriculum.reading import Rows, StepLine, chapters_of
from cohorts.enrolment.current import date_at
from cohorts.models import Cohort, Enrolment, Membership, Milestone, Organisation, SponsorWeek, Step
from cohorts.models.curriculum import SponsorText, first_available
from cohorts.schedule.calendars import calendar_of, pauses_of
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.milestone_cards import Live, live_of
from cohorts.schedule.milestone_dates import Dated
from cohorts.schedule.path import LENGTH, Calendar, Span
from cohorts.schedule.time_zones import local_date
from programme.progress.measures import WEEKS, week_of

BEFORE, AFTER = 0, WEEKS + 1  # week numbers for what is before day 1 and after day 90


@dataclass(frozen=True)
class Standpoint:
    """The reader's position: on a leader's own calendar, or on the cohort's for everybody else."""

    cohort: Cohort
    enrolment: Enrolment | None
    calendar: Calendar
    today: date
    dated: tuple[Dated[Milestone], ...]

    @property
    def is_own(self) -> bool:
        return self.enrolment is not None

    @property
    def day(self) -> int:
        return self.calendar.day(self.today)

    @property
    def week(self) -> int:
        return _week(self.day)

    def events(self, language: str) -> dict[int, list[Live]]:
        """Live events by week, on the reader's calendar."""
        found: dict[int, list[Live]] = {}
        for each in self.dated:
            week = _week(self.calendar.day(each.stands_on))
            found.setdefault(week, []).append(live_of(each, self.cohort, language, is_own=self.is_own))
        return found


@dataclass(frozen=True)
class ReadingWeek:
    """One of the thirteen weeks, or what is before or after them. `theme_language` is the language of its theme."""

    number: int
    theme: str
    theme_language: str
    dates: Span | None
    lines: tuple[StepLine, ...]
    events: tuple[Live, ...]
    sponsor: SponsorText | None
    sponsor_minutes: int
    is_now: bool
    is_past: bool


def standpoint_of(member: Membership, cohort: Cohort, *, organisation: Organisation, now: datetime) -> Standpoint:
    """The position of this member. Three queries for a leader, two for others."""
    diary = diary_of(organisation, [cohort])
    enrolment = Enrolment.objects.active().filter(cohort=cohort, leader=member).first()
    if enrolment is None:
        today = local_date(now, cohort.zone)
        return Standpoint(cohort, None, diary.calendar(cohort), today, tuple(diary.of_cohort(cohort)))
    enrolment.cohort = cohort
    calendar = calendar_of(enrolment, organisation, pauses_of(enrolment))
    today = date_at(enrolment, now)
    return Standpoint(cohort, enrolment, calendar, today, tuple(diary.of_leader(enrolment, calendar)))


def weeks_of(standpoint: Standpoint, language: str) -> list[ReadingWeek]:
    """All weeks, and what is before and after them if anything is. Two queries."""
    version = standpoint.cohort.version
    rows = Rows(version, list(version.steps.all()), list(version.sponsor_weeks.all()), [])
    return list(_weeks(standpoint, rows, range(BEFORE, AFTER + 1), language))


def week_at(standpoint: Standpoint, number: int, language: str) -> ReadingWeek:
    """One week. Two queries."""
    version = standpoint.cohort.version
    days = (7 * number - 6, min(7 * number, LENGTH))
    steps = list(Step.objects.filter(version=version, day__range=days))
    rows = Rows(version, steps, list(SponsorWeek.objects.filter(version=version, week=number)), [])
    return next(_weeks(standpoint, rows, [number], language))


def _weeks(standpoint: Standpoint, rows: Rows, numbers: Iterable[int], language: str) -> Iterator[ReadingWeek]:
    chapters = {chapter.number: chapter for chapter in chapters_of(rows, "week", language)}
    themes = {week.week: week.theme for week in rows.weeks}
    events = standpoint.events(language)
    for number in numbers:
        if number in {BEFORE, AFTER} and number not in events:
            continue
        theme, written_in = first_available(themes.get(number, {}), language)
        chapter = chapters.get(number)
        yield ReadingWeek(
            number=number,
            theme=theme or "",
            theme_language=written_in,
            dates=_dates(standpoint.calendar, number),
            lines=tuple(line for line in chapter.lines if isinstance(line, StepLine)) if chapter else (),
            events=tuple(events.get(number, ())),
            sponsor=chapter.sponsor if chapter else None,
            sponsor_minutes=chapter.sponsor_minutes if chapter else 0,
            is_now=number == standpoint.week,
            is_past=number < standpoint.week,
        )


def _dates(calendar: Calendar, number: int) -> Span | None:
    """First and last date of a week; days away may be between them."""
    if number in {BEFORE, AFTER}:
        return None
    return calendar.date_of(7 * number - 6), calendar.date_of(min(7 * number, LENGTH))


def _week(day: int) -> int:
    return AFTER if day > LENGTH else max(week_of(day), BEFORE)
