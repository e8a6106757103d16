"""A sentence with a request or an answer, why somebody stops, and a handover note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from coaching.mentors.handover import HandoverChoices
from coaching.mentors.rules import MAX_SENTENCE_CHARACTERS
from coaching.models import MAX_WORDS_CHARACTERS, StopReason
from cohorts.web.inputs import TextField


class AskForm(forms.Form):
    words = TextField(
        label=gettext_lazy("A sentence to them, if you like"),
        max_length=MAX_WORDS_CHARACTERS,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": gettext_lazy("I would like to get better at calm handovers.")}
        ),
    )


class AnswerForm(forms.Form):
    answer = TextField(
        label=gettext_lazy("A kind sentence, if you like"),
        max_length=MAX_WORDS_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class StopForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why, if you like to say"),
        choices=[("", gettext_lazy("I would rather not say")), *StopReason.choices],
        required=False,
        widget=forms.RadioSelect,
    )


class HandoverForm(forms.Form):
    """What a new partner may know of earlier talks."""

    behaviours = forms.MultipleChoiceField(
        label=gettext_lazy("What you have worked on"), required=False, widget=forms.CheckboxSelectMultiple
    )
    actions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("What is still open"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    sentence = TextField(
        label=gettext_lazy("In your own words"),
        max_length=MAX_SENTENCE_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, offered: HandoverChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["behaviours"].choices = [(each.value, each.label) for each in offered.behaviours]  # type: ignore[attr-defined]
        self.fields["actions"].choices = [(action.pk, action.text) for action in offered.actions]  # type: ignore[attr-defined]
