"""A leader's next steps by theme with live events by name, and the steps reached so far by title.

Only themes are shown ahead because a week of headlines is enough for one page. The full text of every step can be read
on *The ninety days* (`programme.reading.views.ninety_days`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from cohorts.models import Clock, Enrolment, Nudge, Organisation, Step
from cohorts.nudges.planner import cursor_of, plan_of
from cohorts.schedule.calendars import dialled_of
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.milestone_cards import Live, live_of
from cohorts.schedule.path import LENGTH, Calendar, Due, walk
from cohorts.schedule.time_zones import local_date
from programme.progress.days import Logged

SHOWN = 5
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A future step: date, programme day and theme."""

    on: date
    day: int
    theme: str

    @property
    def stands_on(self) -> date:
        return self.on


@dataclass(frozen=True, slots=True)
class Reached:
    """A step the leader has received, and what they logged for its date."""

    on: date
    step_day: int
    title: str
    minutes: int
    word: Logged | None


def ahead_of(
    clock: Clock, *, organisation: Organisation, calendar: Calendar, now: datetime, language: str
) -> list[Ahead | Live]:
    """The next steps as things stand now, today's own among them until it has come, and the live events around them.

    The next event is always told, however far it is; on one date, the event comes first. One query.
    """
    steps = _steps(clock, organisation, calendar, now, language)
    today = local_date(now, calendar.zone)
    dated = diary_of(organisation, [clock.enrolment.cohort]).of_leader(clock.enrolment, calendar)
    events = [live_of(each, clock.enrolment.cohort, language) for each in dated if each.on and each.on >= today]
    until = steps[-1].on if steps else today
    near = [event for event in events if event.stands_on <= until] or events[:1]
    both: list[Ahead | Live] = [*near, *steps]
    return sorted(both, key=lambda each: each.stands_on)


def _steps(clock: Clock, organisation: Organisation, calendar: Calendar, now: datetime, language: str) -> list[Ahead]:
    if clock.is_finished:
        return []
    version = clock.enrolment.cohort.version
    themes = themes_of(organisation.pk, version.pk)
    coming = islice(_walk(clock, organisation, calendar, now), SHOWN)
    return [Ahead(due.on, due.day, version.theme_in(themes.get(due.slot.key, ""), language)) for due in coming]


def late_end(clock: Clock, *, organisation: Organisation, calendar: Calendar, now: datetime) -> date | None:
    """When the last core step comes, if few working days or a light dial carry it well past the ninety days."""
    core = (due.on for due in _walk(clock, organisation, calendar, now) if due.is_core)
    last = max(core, default=None)
    return last if last and last > calendar.date_of(LENGTH) + A_WEEK else None


def _walk(clock: Clock, organisation: Organisation, calendar: Calendar, now: datetime) -> Iterator[Due]:
    enrolment = clock.enrolment
    plan = plan_of(organisation.pk, enrolment.cohort.version_id)
    return walk(plan, calendar, cursor_of(clock), dialled_of(enrolment), now)


@lru_cache(maxsize=256)
def themes_of(organisation_id: int, version_id: int) -> Mapping[int, str]:
    """The theme of each step of a version. A published version never changes, so it is read once a process."""
    return dict(Step.objects.filter(version=version_id).values_list("pk", "theme"))


def reached_by(enrolment: Enrolment, words: Mapping[date, Logged], language: str) -> list[Reached]:
    """Every step met so far, newest first."""
    nudges = Nudge.objects.filter(enrolment=enrolment).select_related("step").order_by("-on", "pk")
    steps: dict[int, Reached] = {}
    for nudge in nudges:
        step, word = nudge.step, words.get(nudge.on)
        title = step.in_language(language).title
        steps.setdefault(step.pk, Reached(nudge.on, step.day, title, step.minutes, word))
    return list(steps.values())
