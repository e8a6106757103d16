from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from coaching.models import Obstacle
from coaching.models.sponsoring import MAX_PROTECTED, MIN_PROTECTED
from coaching.sponsoring.rules import ensure_protected_on
from cohorts.web.arrivals import KeyedForm
from cohorts.web.inputs import CalendarDateField


class TimeForm(KeyedForm):
    """Time to keep free for a leader."""

    on = CalendarDateField(label=gettext_lazy("Day"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=MIN_PROTECTED,
        max_value=MAX_PROTECTED,
        initial=30,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        ensure_protected_on(on, today=self.today)
        return on

    def offer(self) -> dict[str, Any]:
        """The arguments of `offer_time`."""
        return {name: self.cleaned_data[name] for name in ("on", "minutes", "key")}


class ObstacleForm(forms.Form):
    """Why a week's part does not come about."""

    obstacle = forms.ChoiceField(
        label=gettext_lazy("What stands in the way?"), choices=Obstacle.choices, widget=forms.RadioSelect
    )
