"""The step that belongs to a leader's date."""

from collections.abc import Sequence
from datetime import date

from cohorts.models import Clock, Enrolment, Nudge, Step
from goals.models import Focus


def step_on(enrolment: Enrolment, on: date) -> Step | None:
    """The step nudged on that date, else the one about to be; None if the date has no step."""
    nudge = Nudge.objects.filter(enrolment=enrolment, on=on).select_related("step").order_by("pk").first()
    if nudge is not None:
        return nudge.step
    clock = Clock.objects.filter(enrolment=enrolment, next_on=on).select_related("next_step").first()
    return clock.next_step if clock is not None else None


def newest_nudge(enrolment: Enrolment, on: date) -> Nudge | None:
    """The newest nudge by a date, with its step."""
    nudges = Nudge.objects.filter(enrolment=enrolment, on__lte=on)
    return nudges.select_related("step").order_by("-on", "pk").first()


def last_step(enrolment: Enrolment, on: date) -> Step | None:
    """The newest step nudged by a date, to read again on a day without one."""
    nudge = newest_nudge(enrolment, on)
    return nudge.step if nudge is not None else None


def likely_focus(focuses: Sequence[Focus], step: Step | None) -> Focus | None:
    """The focus a practice is probably for: the one whose behaviour the step trains, else the older one."""
    fitting = [focus for focus in focuses if step is not None and focus.behaviour == step.behaviour]
    return next(iter([*fitting, *focuses]), None)
