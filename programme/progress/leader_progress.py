"""How one leader's ninety days go: what the page of their sponsor and every copy of the report are made from.

Reads that practice happened and how it went; never where, and never the leader's own line.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from cohorts.charts.geometry import Day
from cohorts.models import Enrolment, Organisation
from cohorts.schedule.calendars import calendar_of, pauses_of
from cohorts.schedule.path import Calendar, Span
from goals.models import Focus, Practice
from goals.reserve import reserve_weeks
from programme.progress import measures
from programme.progress.days import Logged, path_days
from programme.progress.measures import Measure, PracticeWeek, Transparency


@dataclass(frozen=True)
class Progress:
    """Day, measures and days of one leader on one date. `focuses` come with their dials."""

    enrolment: Enrolment
    calendar: Calendar
    today: date
    day: int
    logged: tuple[Logged, ...]
    focuses: tuple[Focus, ...]
    reserve: tuple[Span, ...]
    weeks: tuple[PracticeWeek, ...]

    @property
    def done(self) -> set[date]:
        return {word.on for word in self.logged if word.did_it}

    @property
    def days(self) -> tuple[Day, ...]:
        return path_days(self.calendar, {word.on: word for word in self.logged}, self.today)

    @property
    def practice_rate(self) -> Measure:
        return measures.practice_rate(self.weeks, with_reserve=False)

    @property
    def practice_rate_with_reserve(self) -> Measure:
        return measures.practice_rate(self.weeks, with_reserve=True)

    @property
    def regularity(self) -> Measure:
        return measures.regularity(self.weeks)

    @property
    def sustainment(self) -> Measure:
        return measures.sustainment(self.calendar, self.done, self.today)

    @property
    def dial(self) -> Transparency:
        return measures.dial_transparency(self.calendar, [focus.life for focus in self.focuses], self.today)


def progress_of(enrolment: Enrolment, *, organisation: Organisation, today: date) -> Progress:
    """What stands on `today`; whatever was logged for a later date is not in it. Three queries."""
    calendar = calendar_of(enrolment, organisation, pauses_of(enrolment))
    logged = _logged(enrolment, today)
    begun = Focus.objects.with_sponsor().filter(enrolment=enrolment, started_on__lte=today)
    focuses = tuple(begun.with_turns().order_by("pk"))
    reserve = _spans(reserve_weeks([focus.life for focus in focuses], today))
    done = {word.on for word in logged if word.did_it}
    return Progress(
        enrolment=enrolment,
        calendar=calendar,
        today=today,
        day=measures.day_of(calendar, today),
        logged=logged,
        focuses=focuses,
        reserve=reserve,
        weeks=measures.weeks_so_far(calendar, done, reserve, today),
    )


def _logged(enrolment: Enrolment, today: date) -> tuple[Logged, ...]:
    rows = Practice.objects.filter(enrolment=enrolment, on__lte=today).order_by("on")
    return tuple(Logged(*row) for row in rows.values_list("on", "did_it", "went", "is_back_filled", "logged_at"))


def _spans(mondays: list[date]) -> tuple[Span, ...]:
    return tuple((monday, monday + timedelta(days=6)) for monday in mondays)
