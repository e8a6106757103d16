from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST = 366


class AwayForm(forms.Form):
    """Days away, both ends included. No reason is asked."""

    starts_on = forms.DateField(
        label=gettext_lazy("First day away"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day away"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on:
            self._check(starts_on, ends_on)
        return cleaned

    def _check(self, starts_on: date, ends_on: date) -> None:
        if ends_on < starts_on:
            self.add_error("ends_on", _("The last day is before the first."))
        elif ends_on < self.today:
            self.add_error("ends_on", _("Those days are already over."))
        elif (ends_on - starts_on).days > LONGEST:
            self.add_error("ends_on", _("Longer than a year: please talk with your programme admin."))
