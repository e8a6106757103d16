from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.agreements.actions.agreements import AgreedWords
from coaching.agreements.rules import (
    MAX_LIMITS_CHARACTERS,
    MAX_PURPOSE_CHARACTERS,
    MAX_STOPPING_CHARACTERS,
    ensure_review,
)
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, TextField

WEEKS_TO_REVIEW = 13


class AgreementForm(EditForm):
    """The words the three sign. Saved, they are the next version."""

    purpose = TextField(
        label=gettext_lazy("What the talks are for"),
        max_length=MAX_PURPOSE_CHARACTERS,
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": gettext_lazy("To lead the huddle so that the quiet ones speak, too.")}
        ),
    )
    tells_dates = forms.BooleanField(label=gettext_lazy("The dates of the talks held"), required=False)
    tells_themes = forms.BooleanField(label=gettext_lazy("The themes the leader chooses"), required=False)
    tells_goals = forms.BooleanField(label=gettext_lazy("The leader’s plans under Focus"), required=False)
    limits = TextField(
        label=gettext_lazy("What stays between two, and the limits"),
        max_length=MAX_LIMITS_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    stopping = TextField(
        label=gettext_lazy("How each of us can stop"),
        max_length=MAX_STOPPING_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    review_on = CalendarDateField(label=gettext_lazy("When we look at it again"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_review_on(self) -> date:
        review_on: date = self.cleaned_data["review_on"]
        ensure_review(review_on, today=self.today)
        return review_on

    @property
    def wording(self) -> AgreedWords:
        return AgreedWords(**{name: self.cleaned_data[name] for name in AgreedWords.__dataclass_fields__})


def first_words(today: date) -> dict[str, Any]:
    """What a first version begins with; the three may word it anew."""
    return {
        "limits": _(
            "What is said stays between the two who talk. The limits: someone is in danger, the law asks for it, or "
            "the leader says yes."
        ),
        "stopping": _(
            "Each of us can stop with one tap, at any time and without a reason. What was written stays with the "
            "leader."
        ),
        "review_on": today + timedelta(weeks=WEEKS_TO_REVIEW),
    }
