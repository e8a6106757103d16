"""Forms to correct a member's name and address, and to merge two memberships of one person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.models import Membership
from cohorts.people.forms.people import email_input
from cohorts.people.imports.values import MAX_EMAIL_CHARACTERS, MAX_NAME_CHARACTERS
from cohorts.people.rules import ensure_address
from cohorts.web.addresses import plain_address
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import NameField, TextField
from programme.membership.correction import Stays


class CorrectionForm(EditForm):
    """`sure` is set once the preview has shown what a new address means."""

    name = NameField(label=gettext_lazy("Name"), max_length=MAX_NAME_CHARACTERS)
    email = TextField(
        label=gettext_lazy("E-mail"),
        max_length=MAX_EMAIL_CHARACTERS,
        widget=email_input(),
        help_text=gettext_lazy("You see what a new address means before anything changes."),
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        initial = {"name": member.name, "email": member.person.email}
        super().__init__(*args, **{"initial": initial, "revision": member.revision, **kwargs})
        self._email = member.person.email.lower()

    def clean_email(self) -> str:
        return _checked_address(self)

    @property
    def asks_first(self) -> bool:
        """Whether the address changes and the preview has not been confirmed."""
        return self.cleaned_data["email"] != self._email and not self.cleaned_data["sure"]


class MergeForm(forms.Form):
    """The other membership of the same person, and which address stays."""

    email = TextField(
        label=gettext_lazy("Address of their other membership"),
        max_length=MAX_EMAIL_CHARACTERS,
        widget=email_input(),
    )
    stays = forms.ChoiceField(
        label=gettext_lazy("Which address stays"),
        widget=forms.RadioSelect,
        choices=[
            (Stays.THIS.value, gettext_lazy("The one on this page")),
            (Stays.OTHER.value, gettext_lazy("The other one")),
        ],
        initial=Stays.THIS.value,
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_email(self) -> str:
        return _checked_address(self)


def _checked_address(form: forms.Form) -> str:
    email = plain_address(form.cleaned_data["email"])
    ensure_address(email)
    return email
