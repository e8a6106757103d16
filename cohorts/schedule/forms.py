"""The date a cohort holds a milestone on."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Cohort
from cohorts.schedule.milestone_dates import limits
from cohorts.web.inputs import date_input


class MilestoneForm(forms.Form):
    """One date, not before the classroom has ended and not long after the ninety days."""

    on = forms.DateField(label=gettext_lazy("Held on"), widget=date_input())

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.last = limits(cohort.classroom_ends_on, cohort.day1_on)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on < self.first:
            first = date_format(self.first, "DATE_FORMAT")
            raise forms.ValidationError(_("The classroom ends on %(date)s. It cannot be earlier.") % {"date": first})
        if on > self.last:
            last = date_format(self.last, "DATE_FORMAT")
            raise forms.ValidationError(_("The last date there can be is %(date)s.") % {"date": last})
        return on
