"""The heading that every page of a cohort shares: its facts, and a tab with an address for each page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Organisation
from cohorts.schedule.date_words import date_words, fill
from cohorts.schedule.milestone_calendar import Diary, diary_of
from cohorts.schedule.path import LENGTH
from cohorts.schedule.time_zones import local_date
from cohorts.web.language import page_language


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a cohort, as components/tabs.html shows it."""

    url: str
    label: str
    is_current: bool
    count: int | None = None


def header_of(
    cohort: Cohort,
    current: str,
    *,
    organisation: Organisation,
    now: datetime,
    diary: Diary | None = None,
    leaders: int | None = None,
) -> dict[str, Any]:
    """What cohorts/_cohort_header.html shows. A page that has read the diary, or counted the leaders, hands it over."""
    diary = diary or diary_of(organisation, [cohort])
    return {"cohort": cohort, "facts": _facts(cohort, diary, now), "tabs": _tabs(cohort, current, leaders)}


def _tabs(cohort: Cohort, current: str, leaders: int | None) -> list[Tab]:
    pages = {
        "cohort": _("Leaders"),
        "cohort_milestones": _("Calendar"),
        "cohort_mails": _("Mails"),
        "cohort_rounds": _("360"),
        "cohort_support": _("Support"),
        "cohort_ninety_days": _("Curriculum"),
        "cohort_change": _("Settings"),
    }
    return [
        Tab(reverse(name, args=[cohort.pk]), label, name == current, leaders if name == "cohort" else None)
        for name, label in pages.items()
    ]


def _facts(cohort: Cohort, diary: Diary, now: datetime) -> str:
    calendar = diary.calendar(cohort)
    dates = {"first": cohort.day1_on, "last": calendar.date_of(LENGTH)}
    title, number = cohort.version.title_in(page_language()), cohort.version.number
    return format_html(
        '{} <span class="only-desk">· {} · {}</span>',
        day_words(cohort, diary, now),
        fill(_("%(first)s to %(last)s"), {name: date_words(on, "MONTH_DAY_FORMAT") for name, on in dates.items()}),
        _("%(title)s, version %(number)d") % {"title": title, "number": number},
    )


def day_words(cohort: Cohort, diary: Diary, now: datetime) -> str:
    """Where a cohort is in its ninety days."""
    day = diary.calendar(cohort).day(local_date(now, cohort.zone))
    if day < 1:
        return fill(_("Day 1: %(date)s"), {"date": date_words(cohort.day1_on)})
    if day > LENGTH:
        return _("Ninety days done")
    return _("Day %(day)d of 90, week %(week)d") % {"day": day, "week": (day - 1) // 7 + 1}
