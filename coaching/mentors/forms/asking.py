"""A sentence with a request or an answer, why somebody stops, and a handover note."""

from django import forms
from django.utils.translation import gettext_lazy

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
