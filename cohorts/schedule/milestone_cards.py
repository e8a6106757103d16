"""Live events for display: date, title, what to prepare, and the agenda if there is one."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cohorts.models import Cohort, CurriculumVersion, Milestone
from cohorts.models.curriculum import MilestoneText
from cohorts.schedule.date_words import date_words, dated_text
from cohorts.schedule.milestone_dates import Dated


@dataclass(frozen=True, slots=True)
class Live:
    """One live event in one language. `stands_on` is its date for sorting; `on` is None if it is called off.

    `month` is set if it has an agenda. `is_about` marks the cohort's date of a personal event, which may differ for a
    leader.
    """

    on: date | None
    stands_on: date
    text: MilestoneText
    kind: str
    minutes: int
    cohort_id: int
    month: int | None
    is_about: bool = False


def live_of(dated: Dated[Milestone], cohort: Cohort, language: str, *, is_own: bool = True) -> Live:
    """The card of one event. `is_own` if the date is this leader's own."""
    milestone = dated.milestone
    return Live(
        on=dated.on,
        stands_on=dated.stands_on,
        text=milestone.in_language(language),
        kind=str(milestone.get_kind_display()),
        minutes=milestone.minutes,
        cohort_id=cohort.pk,
        month=month_of(cohort.version, milestone.key),
        is_about=dated.is_personal and not dated.is_set and not is_own,
    )


def month_of(version: CurriculumVersion, key: str) -> int | None:
    """The month of a circle meeting with an agenda; None otherwise."""
    return next((meeting["month"] for meeting in version.circle if meeting["milestone"] == key), None)


def day_word(on: date, today: date) -> str:
    """`Today`, `Tomorrow` or the weekday, for dates within a week."""
    if on == today:
        return dated_text(on, _("Today"))
    if on == today + timedelta(days=1):
        return dated_text(on, _("Tomorrow"))
    return date_words(on, "l", is_first=True)
