from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import NameField, TextField
from goals.teams.rules import MAX_NAME, MAX_TEAM_NAME, MAX_TYPED_NAMES, member_name, member_names, team_name


class TeamForm(EditForm):
    """The team's name."""

    name = NameField(
        label=_("Name of the team"),
        max_length=MAX_TEAM_NAME,
        widget=forms.TextInput(attrs={"placeholder": _("Customer service, late shift"), "autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        return team_name("name", self.cleaned_data["name"])


class MembersForm(forms.Form):
    """Several names at once. `present` are those who are in the team already."""

    names = TextField(
        label=_("Names or initials"),
        max_length=MAX_TYPED_NAMES,
        help_text=_("One a line, or with commas between them. No e-mail addresses and no phone numbers."),
        widget=forms.Textarea(
            attrs={"rows": 4, "placeholder": "Kari A\nJT\nML", "autocomplete": "off", "aria-describedby": "readers"}
        ),
    )

    def __init__(self, *args: Any, present: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present

    def clean_names(self) -> str:
        typed: str = self.cleaned_data["names"]
        member_names("names", typed, present=self.present)
        return typed


class TeamMemberForm(forms.Form):
    """One name in another spelling."""

    name = NameField(label=_("Name or initials"), max_length=MAX_NAME)

    def clean_name(self) -> str:
        return member_name("name", self.cleaned_data["name"])
