"""The form for a cohort's settings."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.enrolment.actions.cohorts import FIXED_BY_FIRST_NUDGE, CohortPlan
from cohorts.enrolment.forms.schedule import ScheduleForm
from cohorts.enrolment.rules import (
    MAX_COHORT_NAME_CHARACTERS,
    ensure_after_classroom,
    ensure_cohort_day,
    ensure_free_name,
)
from cohorts.models import Cohort, CurriculumVersion
from cohorts.schedule.countries import COUNTRIES
from cohorts.web.inputs import CalendarDateField, NameField
from cohorts.web.language import page_language


def monday_after(on: date) -> date:
    return on + timedelta(days=8 - on.isoweekday())


class VersionField(forms.ModelChoiceField):
    """A curriculum version, labelled with its title in the reader's language."""

    def label_from_instance(self, version: CurriculumVersion) -> str:
        title = version.title_in(page_language())
        return _("%(title)s, version %(number)d") % {"title": title, "number": version.number}


class CohortForm(ScheduleForm):
    """Name, curriculum, dates and initial schedule."""

    name = NameField(label=gettext_lazy("Name"), max_length=MAX_COHORT_NAME_CHARACTERS)
    version = VersionField(label=gettext_lazy("Curriculum"), queryset=None, empty_label=None)
    classroom_ends_on = CalendarDateField(label=gettext_lazy("Last day in the classroom"))
    day1_on = CalendarDateField(
        label=gettext_lazy("Day 1"),
        required=False,
        help_text=gettext_lazy("If left empty: the Monday after the classroom."),
    )
    holidays = forms.ChoiceField(
        label=gettext_lazy("Public holidays"),
        required=False,
        choices=[("", gettext_lazy("None")), *COUNTRIES],
        help_text=gettext_lazy("No nudges are sent on these days."),
    )

    field_order = (
        "name",
        "version",
        "classroom_ends_on",
        "day1_on",
        "nudge_hour",
        "zone",
        "working_days",
        "holidays",
    )

    def __init__(
        self, *args: Any, today: date, cohort: Cohort | None = None, has_begun: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.cohort = today, cohort
        published = CurriculumVersion.objects.filter(published_at__isnull=False)
        cast(VersionField, self.fields["version"]).queryset = published.order_by("-pk")
        if has_begun:
            for name in FIXED_BY_FIRST_NUDGE:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Cannot change after the first nudge.")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        ensure_free_name(name, cohort=self.cohort)
        return name

    def clean_classroom_ends_on(self) -> date:
        return self._within("classroom_ends_on", self.cleaned_data["classroom_ends_on"])

    def clean_day1_on(self) -> date | None:
        classroom_ends_on = self.cleaned_data.get("classroom_ends_on")
        if classroom_ends_on is None:
            return None
        day1_on = self.cleaned_data["day1_on"] or monday_after(classroom_ends_on)
        ensure_after_classroom(day1_on, classroom_ends_on)
        return self._within("day1_on", day1_on)

    def _within(self, field: str, on: date) -> date:
        ensure_cohort_day(field, on, before=getattr(self.cohort, field) if self.cohort else None, today=self.today)
        return on

    def plan(self) -> CohortPlan:
        """The settings, once the form is valid."""
        return CohortPlan(**self.cleaned_data)
