"""The date a cohort holds a milestone on."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.models import Cohort
from cohorts.schedule.rules import ensure_held_on
from cohorts.web.inputs import CalendarDateField


class MilestoneForm(forms.Form):
    """One date, not before the classroom has ended and not long after the ninety days."""

    on = CalendarDateField(label=gettext_lazy("Held on"))

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        ensure_held_on(on, self.cohort)
        return on
