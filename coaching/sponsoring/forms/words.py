from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from coaching.models.sponsoring import MAX_ANSWER, MAX_ASK
from coaching.sponsoring.rules import question_of
from cohorts.models import Enrolment
from cohorts.web.arrivals import KeyedForm
from cohorts.web.inputs import TextField


class SponsorAskForm(KeyedForm):
    """One sentence to the sponsor; `sponsor_id` is the one the page names."""

    sponsor_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = TextField(
        label=gettext_lazy("What you ask"),
        max_length=MAX_ASK,
        widget=forms.Textarea(
            attrs={
                "rows": 2,
                "placeholder": gettext_lazy("Can I move the Thursday huddle to after the handover?"),
                "aria-describedby": "readers",
            }
        ),
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["sponsor_id"] = enrolment.sponsor_id

    def clean_text(self) -> str:
        return question_of(self.cleaned_data["text"])

    def question(self) -> dict[str, Any]:
        """The arguments of `ask_sponsor`."""
        return {name: self.cleaned_data[name] for name in ("text", "key", "sponsor_id")}


class SponsorAnswerForm(KeyedForm):
    """The sponsor's answer. The same answer again changes nothing."""

    answer = TextField(
        label=gettext_lazy("Your answer"),
        max_length=MAX_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4, "aria-describedby": "readers"}),
    )
