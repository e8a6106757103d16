"""Put a rater on a leader's list."""

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.people.forms.people import email_input
from cohorts.people.imports.values import MAX_EMAIL_CHARACTERS
from cohorts.people.rules import ensure_address
from cohorts.web.arrivals import KeyedForm
from cohorts.web.inputs import NameField, TextField
from feedback360.rounds.rater_rules import MAX_RATER_NAME_CHARACTERS, NOMINATED, rater_address


class NominationForm(KeyedForm):
    """One rater. `relations` are those with a place; an open round asks for some of them only."""

    relation = forms.ChoiceField(
        label=gettext_lazy("How they know the leader"),
        choices=[(each.value, each.label) for each in NOMINATED],
        widget=forms.RadioSelect,
    )
    name = NameField(label=gettext_lazy("Name"), max_length=MAX_RATER_NAME_CHARACTERS)
    email = TextField(
        label=gettext_lazy("E-mail"),
        max_length=MAX_EMAIL_CHARACTERS,
        widget=email_input(),
        help_text=gettext_lazy("The address they read at work. They need no account."),
    )

    def __init__(self, *args: Any, relations: Collection[str] = NOMINATED, is_own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["relation"])
        field.choices = [(each.value, each.label) for each in NOMINATED if each in relations]
        if is_own:
            field.label = gettext_lazy("How they know you")
        if len(relations) == 1:
            field.initial = next(iter(relations))

    def clean_email(self) -> str:
        email = rater_address(self.cleaned_data["email"])
        ensure_address(email)
        return email

    def nominee(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in ("name", "email", "relation", "key")}
