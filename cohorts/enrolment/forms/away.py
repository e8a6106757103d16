"""Days away, for one leader or a whole cohort."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.web.inputs import date_input

MAX_DAYS_AWAY = 366


class AwayForm(forms.Form):
    """First and last day away, both included, without a reason."""

    starts_on = forms.DateField(label=gettext_lazy("First day away"), widget=date_input())
    ends_on = forms.DateField(label=gettext_lazy("Last day away"), widget=date_input())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_ends_on(self) -> date:
        ends_on: date = self.cleaned_data["ends_on"]
        starts_on = self.cleaned_data.get("starts_on", ends_on)
        if ends_on < starts_on:
            raise forms.ValidationError(_("The last day is before the first."))
        if ends_on < self.today:
            raise forms.ValidationError(_("Those days are already over."))
        if (ends_on - starts_on).days > MAX_DAYS_AWAY:
            raise forms.ValidationError(_("That is longer than a year."))
        return ends_on
