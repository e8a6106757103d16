"""What a schedule and a moved live event are held to. Asked by the forms, decided in the actions."""

from collections.abc import Collection
from datetime import date, time
from zoneinfo import ZoneInfo

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Milestone, Organisation
from cohorts.schedule.date_words import date_words, fill
from cohorts.schedule.milestone_dates import limits
from cohorts.schedule.path import in_quiet_hours
from cohorts.schedule.time_zones import offered_zones
from cohorts.web.bounds import ensure_choice, ensure_choices, ensure_text
from cohorts.web.refusals import Invalid

MAX_KEY_CHARACTERS = 60  # as the column has it


def ensure_schedule(
    zone: ZoneInfo, nudge_hour: time, working_days: Collection[int], organisation: Organisation
) -> None:
    ensure_choice("zone", str(zone), offered_zones())
    ensure_nudge_hour(nudge_hour, organisation)
    ensure_choices("working_days", working_days, range(1, 8), none=_("Choose at least one working day."))


def ensure_nudge_hour(hour: time, organisation: Organisation) -> None:
    """Outside the organisation's quiet hours."""
    if in_quiet_hours(hour, organisation.quiet_from, organisation.quiet_until):
        sentence = _("No nudges are sent during quiet hours, %(hours)s. Choose another hour.")
        raise Invalid("nudge_hour", sentence % {"hours": quiet_hours(organisation)})


def quiet_hours(organisation: Organisation) -> str:
    return f"{time_format(organisation.quiet_from, 'H:i')}–{time_format(organisation.quiet_until, 'H:i')}"


def ensure_event_of(cohort: Cohort, key: str) -> None:
    """Some version of the cohort's curriculum has this live event; the cohort may be moving to that one just now."""
    ensure_text("key", key, most=MAX_KEY_CHARACTERS)
    if not Milestone.objects.filter(version__curriculum__versions__cohorts=cohort, key=key).exists():
        raise Invalid("key", _("This curriculum has no such live event."))


def ensure_held_on(on: date, cohort: Cohort) -> None:
    """Not before the classroom has ended, and not long after the ninety days."""
    first, last = limits(cohort.classroom_ends_on, cohort.day1_on)
    if on < first:
        sentence = _("The classroom ends on %(date)s. It cannot be earlier.")
        raise Invalid("on", fill(sentence, {"date": date_words(first)}))
    if on > last:
        sentence = _("The latest possible date is %(date)s.")
        raise Invalid("on", fill(sentence, {"date": date_words(last)}))
