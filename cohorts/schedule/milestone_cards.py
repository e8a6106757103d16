"""Live events as somebody reads them: when, what, what to get ready, and the agenda where there is one."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cohorts.models import Cohort, CurriculumVersion, Milestone
from cohorts.models.curriculum import MilestoneText
from cohorts.schedule.milestone_dates import Dated


@dataclass(frozen=True, slots=True)
class Live:
    """One live event in one language. `stands_on` is its place in a list; `on` is None when it is called off.

    `month` when there is an agenda for it; `is_about` when the date is the cohort's and a leader's own may be another.
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
    """What the reader is told. `is_own` when the date is that of the leader it is about."""
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
    """The month whose circle meeting this milestone is, when the curriculum has an agenda for it."""
    return next((meeting["month"] for meeting in version.circle if meeting["milestone"] == key), None)


def day_word(on: date, today: date) -> str:
    """`Today`, `Tomorrow`, or the day of the week: for dates so near that no more is needed."""
    if on == today:
        return _("Today")
    if on == today + timedelta(days=1):
        return _("Tomorrow")
    return capfirst(formats.date_format(on, "l"))
