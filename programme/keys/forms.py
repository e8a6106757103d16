"""The forms of keys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cohorts.web.api.scopes import NOUNS, READ, Noun
from cohorts.web.inputs import NameField, TextField
from programme.keys.actions import KeyPlan
from programme.keys.rules import LIFETIMES, MAX_NAME_CHARACTERS, OVERLAP_HOURS, ensure_networks

DAYS_NORMALLY = 90
OVERLAP_NORMALLY = 24


def scope_choices(*, is_personal: bool) -> list[tuple[str, str]]:
    """Each noun with each of its verbs, in words."""
    nouns = [noun for noun in NOUNS if noun.is_personal == is_personal]
    return [(scope, scope_words(noun, scope)) for noun in nouns for scope in noun.scopes]


def scope_words(noun: Noun, scope: str) -> str:
    sentence = _("%(noun)s: read") if scope.endswith(f":{READ}") else _("%(noun)s: read and change")
    return sentence % {"noun": noun.label}


def days_words(days: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def overlap_words(hours: int) -> str:
    if not hours:
        return str(_("It stops at once"))
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return days_words(hours // 24)


class _LifetimeForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("Ends after"),
        coerce=int,
        choices=lambda: [(days, days_words(days)) for days in LIFETIMES],
        initial=DAYS_NORMALLY,
    )


class KeyForm(_LifetimeForm):
    """A new key."""

    name = NameField(
        label=_("Name"), max_length=MAX_NAME_CHARACTERS, help_text=_("Which program uses it, such as: payroll import.")
    )
    scopes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)
    networks = TextField(
        label=_("Only from these addresses"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One address or network a line, such as 203.0.113.0/24. Left empty: from everywhere."),
    )

    field_order = ("name", "scopes", "days", "networks")

    def __init__(self, *args: Any, is_personal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scope_choices(is_personal=is_personal)  # type: ignore[attr-defined]

    def clean_networks(self) -> list[str]:
        return ensure_networks(self.cleaned_data["networks"].split())

    def plan(self) -> KeyPlan:
        """What to make, once the form is valid."""
        return KeyPlan(**self.cleaned_data)


class RotateForm(_LifetimeForm):
    """A new secret for a key there is."""

    overlap = forms.TypedChoiceField(
        label=_("The old one works for"),
        coerce=int,
        choices=lambda: [(hours, overlap_words(hours)) for hours in OVERLAP_HOURS],
        initial=OVERLAP_NORMALLY,
        help_text=_("So that the program can change over."),
    )
