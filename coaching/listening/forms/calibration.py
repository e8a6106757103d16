from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from coaching.listening.rules import (
    MAX_AGREED_CHARACTERS,
    MAX_REFERENCE_CHARACTERS,
    ensure_closes,
    ensure_observers,
    ensure_reference,
)
from coaching.models import HIGH, LOW, Channel
from coaching.talk_templates.content import Talk
from cohorts.models import Membership, Role
from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, TextField

DAYS_OPEN = 7


class StartForm(KeyedForm):
    """Which contact, who rates it, and how long that is open."""

    reference = TextField(
        label=gettext_lazy("Contact number"),
        max_length=MAX_REFERENCE_CHARACTERS,
        help_text=gettext_lazy("As your system shows it. Never the name of a customer."),
        widget=forms.TextInput(attrs={"placeholder": "SN-48213"}),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
    observers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who listens and rates"),
        queryset=Membership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    closes_on = CalendarDateField(
        label=gettext_lazy("Open for rating until and including"),
        help_text=gettext_lazy("Ratings open earlier when everybody is in."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        members = Membership.objects.active().exclude(roles=[Role.HOST])
        self.fields["observers"].queryset = members  # type: ignore[attr-defined]
        self.fields["closes_on"].initial = today + timedelta(days=DAYS_OPEN)

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"]
        ensure_reference(reference)
        return reference

    def clean_observers(self) -> Any:
        observers = self.cleaned_data["observers"]
        ensure_observers(observers)
        return observers

    def clean_closes_on(self) -> date:
        closes_on: date = self.cleaned_data["closes_on"]
        ensure_closes(closes_on, today=self.today)
        return closes_on


class RatingForm(forms.Form):
    """One number from 1 to 5 for each criterion; its ends are said in words."""

    def __init__(self, *args: Any, talk: Talk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in talk.criteria:
            self.fields[criterion.key] = forms.TypedChoiceField(
                label=criterion.label,
                choices=[(score, str(score)) for score in range(LOW, HIGH + 1)],
                coerce=int,
                widget=forms.RadioSelect,
            )
        self.criteria = talk.criteria

    @property
    def rows(self) -> list[tuple[Any, forms.BoundField]]:
        return [(criterion, self[criterion.key]) for criterion in self.criteria]


class AgreedForm(EditForm):
    """What the observers agree on from now on."""

    agreed = TextField(
        label=gettext_lazy("What you agree on from now on"),
        max_length=MAX_AGREED_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
