from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from coaching.listening.rules import MAX_REFERENCE_CHARACTERS, ensure_again, ensure_reference
from coaching.models import Channel
from cohorts.curriculum.behaviours import Behaviour
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, TextField


class ContactForm(EditForm):
    """What is noted of a contact beside the boxes of the template. Every field may wait."""

    reference = TextField(
        label=gettext_lazy("Contact number"),
        max_length=MAX_REFERENCE_CHARACTERS,
        required=False,
        help_text=gettext_lazy("As your system shows it. Never the name of a customer."),
        widget=forms.TextInput(attrs={"placeholder": "SN-48213"}),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=[("", gettext_lazy("Not chosen")), *Channel.choices], required=False
    )
    behaviour = forms.ChoiceField(
        label=gettext_lazy("Which behaviour it showed"),
        choices=[("", gettext_lazy("Not chosen")), *Behaviour.choices],
        required=False,
    )
    again_on = CalendarDateField(label=gettext_lazy("Listen again on"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"]
        ensure_reference(reference, is_required=False)
        return reference

    def clean_again_on(self) -> date | None:
        again_on: date | None = self.cleaned_data["again_on"]
        if again_on != self.initial.get("again_on"):
            ensure_again(again_on, today=self.today)
        return again_on
