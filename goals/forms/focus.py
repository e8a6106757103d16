import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.curriculum.behaviours import Behaviour
from cohorts.web.arrivals import KeyedForm
from cohorts.web.inputs import TextField
from goals.dial_rules import LIGHT
from goals.models import Level
from goals.reserve import sunday_of

# Remove an opening word that was typed although the page prints it.
OPENINGS = {
    "cue": re.compile(r"^(when|if|når|hvis)(\s+|$)", re.IGNORECASE),
    "response": re.compile(r"^(then\s+)?(i will|i['’]ll|jeg skal|skal jeg|så skal jeg)(\s+|$)", re.IGNORECASE),
}


class FocusForm(forms.Form):
    """One behaviour as an if-then plan. The page prints the opening words."""

    behaviour = forms.ChoiceField(label=gettext_lazy("Behaviour"), choices=Behaviour.choices)
    cue = TextField(
        label=gettext_lazy("When…"),
        max_length=160,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": gettext_lazy("the queue has been red for half an hour")}
        ),
    )
    response = TextField(
        label=gettext_lazy("I will…"),
        max_length=160,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": gettext_lazy("tell two people what they do well")}),
    )

    def clean_cue(self) -> str:
        return self._bare("cue")

    def clean_response(self) -> str:
        return self._bare("response")

    def _bare(self, name: str) -> str:
        words = " ".join(self.cleaned_data[name].split())
        bare = OPENINGS[name].sub("", words).rstrip(" .,;")
        if not bare:
            raise forms.ValidationError(_("Say it in a few words of your own."))
        return bare


class NewFocusForm(KeyedForm, FocusForm):
    """A plan to begin with."""


class DialForm(forms.Form):
    """The dial of a focus and its last day. Light and resting end with the week unless a date is given."""

    level = forms.TypedChoiceField(
        label=gettext_lazy("How much attention now"), choices=Level.choices, coerce=int, widget=forms.RadioSelect
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until and including"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_ends_on(self) -> date | None:
        ends_on: date | None = self.cleaned_data["ends_on"]
        if ends_on is not None and ends_on < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return ends_on

    def last_day(self) -> date | None:
        """The chosen last day, or this week's Sunday for light and resting."""
        if self.cleaned_data["ends_on"] or self.cleaned_data["level"] > LIGHT:
            return self.cleaned_data["ends_on"]
        return sunday_of(self.today)
