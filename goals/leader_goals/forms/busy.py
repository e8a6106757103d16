"""A busy period that an admin offers to a cohort."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.web.forms import beside_its_field
from cohorts.web.inputs import CalendarDateField, NameField
from goals.leader_goals.busy_rules import MAX_TITLE_CHARACTERS, ensure_days
from goals.models import Level

DOWN = [(level.value, level.label) for level in (Level.RESTING, Level.LIGHT)]


class BusyForm(forms.Form):
    """What is going on, its first and last day, and how far down the dials go."""

    title = NameField(
        label=gettext_lazy("What is going on"),
        max_length=MAX_TITLE_CHARACTERS,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Autumn campaign")}),
    )
    starts_on = CalendarDateField(label=gettext_lazy("First day"))
    ends_on = CalendarDateField(label=gettext_lazy("Last day"))
    level = forms.TypedChoiceField(
        label=gettext_lazy("How far down"),
        choices=DOWN,
        coerce=int,
        initial=Level.LIGHT.value,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Light: a nudge every other day at most. Resting: one a week at most."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        starts_on, ends_on = (self.cleaned_data.get(name) for name in ("starts_on", "ends_on"))
        if starts_on is not None and ends_on is not None:
            with beside_its_field(self):
                ensure_days(starts_on, ends_on, today=self.today)
        return self.cleaned_data
