"""Days away, for one leader or a whole cohort."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.enrolment.rules import ensure_days_away
from cohorts.web.inputs import CalendarDateField


class AwayForm(forms.Form):
    """First and last day away, both included, without a reason."""

    starts_on = CalendarDateField(label=gettext_lazy("First day away"))
    ends_on = CalendarDateField(label=gettext_lazy("Last day away"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_ends_on(self) -> date:
        ends_on: date = self.cleaned_data["ends_on"]
        ensure_days_away(self.cleaned_data.get("starts_on", ends_on), ends_on, today=self.today)
        return ends_on
