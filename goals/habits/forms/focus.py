from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.curriculum.behaviours import Behaviour
from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, TextField
from goals.habits.rules import MAX_PLAN_CHARACTERS, ensure_last_day, half_of_plan
from goals.models import Level


class FocusForm(EditForm):
    """One behaviour as an if-then plan. The page prints the opening words."""

    behaviour = forms.ChoiceField(label=gettext_lazy("Behaviour"), choices=Behaviour.choices)
    cue = TextField(
        label=gettext_lazy("When…"),
        max_length=MAX_PLAN_CHARACTERS,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": gettext_lazy("the queue has been red for half an hour")}
        ),
    )
    response = TextField(
        label=gettext_lazy("I will…"),
        max_length=MAX_PLAN_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": gettext_lazy("tell two people what they do well")}),
    )

    def clean_cue(self) -> str:
        return half_of_plan("cue", self.cleaned_data["cue"])

    def clean_response(self) -> str:
        return half_of_plan("response", self.cleaned_data["response"])


class NewFocusForm(KeyedForm, FocusForm):
    """A plan to begin with. `reader_id` is the sponsor whom the page names."""

    reader_id = forms.IntegerField(required=False, widget=forms.HiddenInput)


class DialForm(forms.Form):
    """The dial of a focus and its last day. Light and resting end with the week unless a date is given.

    `latest` is the last day that can be chosen; a form that is only shown needs none.
    """

    level = forms.TypedChoiceField(
        label=gettext_lazy("How much attention"), choices=Level.choices, coerce=int, widget=forms.RadioSelect
    )
    ends_on = CalendarDateField(label=gettext_lazy("Until and including"), required=False)

    def __init__(self, *args: Any, today: date, latest: date = date.max, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.latest = today, latest

    def clean_ends_on(self) -> date | None:
        ends_on: date | None = self.cleaned_data["ends_on"]
        if ends_on is not None:
            ensure_last_day(ends_on, today=self.today, latest=self.latest)
        return ends_on
