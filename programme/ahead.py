"""What lies ahead of a leader, by its theme, and what lies behind, by its title."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from cohorts.models import Clock, Enrolment, Nudge, Organisation, Step
from cohorts.nudging import cursor_of, plan_of
from cohorts.path import Calendar, Dialled, walk
from programme.days import Logged

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step still to come: when, on which day, about what. Its words stay closed until then."""

    on: date
    day: int
    theme: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A step the leader has met, and what they said about its date."""

    on: date
    step_day: int
    title: str
    minutes: int
    word: Logged | None


def ahead_of(
    clock: Clock, *, organisation: Organisation, calendar: Calendar, now: datetime, language: str
) -> list[Ahead]:
    """The next steps as things stand now; today's own is among them until it has come."""
    enrolment = clock.enrolment
    if clock.is_finished:
        return []
    plan = plan_of(organisation.pk, enrolment.cohort.version_id)
    dialled = Dialled(enrolment.cadence, enrolment.cadence_until)
    coming = list(islice(walk(plan, calendar, cursor_of(clock), dialled, now), SHOWN))
    themes = dict(Step.objects.filter(pk__in=[due.slot.key for due in coming]).values_list("pk", "theme"))
    version = enrolment.cohort.version
    return [Ahead(due.on, due.day, version.theme_in(themes.get(due.slot.key, ""), language)) for due in coming]


def reached_by(enrolment: Enrolment, words: Mapping[date, Logged], language: str) -> list[Reached]:
    """Every step met so far, newest first."""
    nudges = Nudge.objects.filter(enrolment=enrolment).select_related("step").order_by("-on", "pk")
    steps: dict[int, Reached] = {}
    for nudge in nudges:
        step, word = nudge.step, words.get(nudge.on)
        title = step.in_language(language).title
        steps.setdefault(step.pk, Reached(nudge.on, step.day, title, step.minutes, word))
    return list(steps.values())
