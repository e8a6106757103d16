"""A leader's steps with their titles: those reached, with what was logged, and those ahead as things stand now.

Titles ahead are no secret (decision 9): the full text of every step can be read on *The ninety days*.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from cohorts.models import Clock, Enrolment, Nudge, Organisation, SponsorWeek, Step
from cohorts.nudges.planner import cursor_of, plan_of
from cohorts.schedule.calendars import dialled_of
from cohorts.schedule.path import LENGTH, Calendar, Due, walk
from programme.progress.days import Logged

A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Stop:
    """One step on one date. `word` is what the leader logged for it; a step ahead has none and cannot be opened."""

    on: date
    step_day: int
    title: str
    language: str
    is_reached: bool
    word: Logged | None = None


def dues_of(clock: Clock, *, organisation: Organisation, calendar: Calendar, now: datetime) -> list[Due]:
    """Every step still to come, today's own among them until it has come."""
    if clock.is_finished:
        return []
    plan = plan_of(organisation.pk, clock.enrolment.cohort.version_id)
    return list(walk(plan, calendar, cursor_of(clock), dialled_of(clock.enrolment), now))


def late_end(dues: Iterable[Due], calendar: Calendar) -> date | None:
    """When the last core step comes, if few working days or a light dial carry it well past the ninety days."""
    last = max((due.on for due in dues if due.is_core), default=None)
    return last if last and last > calendar.date_of(LENGTH) + A_WEEK else None


def ahead_of(dues: Iterable[Due], *, organisation: Organisation, version_id: int, language: str) -> Iterator[Stop]:
    """Each step to come by its title."""
    titles = titles_of(organisation.pk, version_id, language)
    for due in dues:
        title = titles[due.slot.key]
        yield Stop(due.on, due.slot.day, title.text, title.language, is_reached=False)


class Title(NamedTuple):
    """The title of a step and the language it is in."""

    text: str
    language: str


@lru_cache(maxsize=256)
def titles_of(organisation_id: int, version_id: int, language: str) -> Mapping[int, Title]:
    """The title of each step of a version. A published version never changes, so it is read once a process."""
    texts = {step.pk: step.in_language(language) for step in Step.objects.filter(version=version_id)}
    return {pk: Title(text.title, text.language) for pk, text in texts.items()}


@lru_cache(maxsize=256)
def themes_of(organisation_id: int, version_id: int) -> Mapping[int, Mapping[str, str]]:
    """The theme of each week of a version, by language. Read once a process, too."""
    return dict(SponsorWeek.objects.filter(version=version_id).values_list("week", "theme"))


def reached_by(enrolment: Enrolment, words: Mapping[date, Logged], language: str) -> list[Stop]:
    """Every step met so far, each on the last date it came, newest first."""
    nudges = Nudge.objects.filter(enrolment=enrolment).select_related("step").order_by("-on", "pk")
    stops: dict[int, Stop] = {}
    for nudge in nudges:
        step, text = nudge.step, nudge.step.in_language(language)
        stop = Stop(nudge.on, step.day, text.title, text.language, is_reached=True, word=words.get(nudge.on))
        stops.setdefault(step.pk, stop)
    return list(stops.values())
