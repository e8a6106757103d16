"""The forms of keys."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cohorts.web.api.scopes import NOUNS, Group, Noun, reads_all, scopes_of
from cohorts.web.inputs import NameField, TextField
from programme.keys.actions import KeyPlan
from programme.keys.rules import LIFETIMES, MAX_NAME_CHARACTERS, OVERLAP_HOURS, ensure_networks, ensure_scopes

DAYS_NORMALLY = 90
OVERLAP_NORMALLY = 24


class Reach(TextChoices):
    """Most programs read, and change nothing."""

    READS_ALL = "reads_all", _("Read everything, change nothing")
    CHOSEN = "chosen", _("Only what you choose")


GROUP_WORDS = {
    Group.PEOPLE: _("People and cohorts"),
    Group.CONTENT: _("Curricula and nudges"),
    Group.OUTCOMES: _("Goals, feedback and reports"),
    Group.SELF: _("You and your day"),
    Group.DAILY: _("Your practice and goals"),
    Group.OTHERS: _("With others"),
}


@dataclass(frozen=True, slots=True)
class NounRow:
    """A noun with its boxes: reading, and changing where there is something to change."""

    noun: Noun
    boxes: list[BoundWidget]


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
    reach = forms.ChoiceField(
        label=_("What it may do"),
        choices=Reach.choices,
        initial=Reach.READS_ALL,
        required=False,
        widget=forms.RadioSelect,
    )
    scopes = forms.MultipleChoiceField(label=_("Chosen"), required=False, widget=forms.CheckboxSelectMultiple)
    networks = TextField(
        label=_("Only from these addresses"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One address or network a line, such as 203.0.113.0/24. Left empty: from everywhere."),
    )

    field_order = ("name", "reach", "scopes", "days", "networks")

    def __init__(self, *args: Any, is_personal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_personal = is_personal
        if not is_personal:
            never = _("Never what is private to one person, such as reflections and notes.")
            self.fields["reach"].help_text = never
        scopes = [(scope, scope) for scope in scopes_of(is_personal=is_personal)]
        self.fields["scopes"].choices = scopes  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[str, list[NounRow]]]:
        """The boxes by what they touch, reading and changing of one noun side by side."""
        box_of = {each.data["value"]: each for each in self["scopes"].subwidgets}
        nouns = [noun for noun in NOUNS if noun.is_personal == self.is_personal]
        return [
            (str(GROUP_WORDS[group]), [NounRow(noun, [box_of[scope] for scope in noun.scopes]) for noun in members])
            for group, members in groupby(nouns, key=attrgetter("group"))
        ]

    def clean_scopes(self) -> list[str]:
        if self.cleaned_data.get("reach") == Reach.READS_ALL:
            return reads_all(is_personal=self.is_personal)
        ensure_scopes(self.cleaned_data["scopes"], is_personal=self.is_personal)
        return list(self.cleaned_data["scopes"])

    def clean_networks(self) -> list[str]:
        return ensure_networks(self.cleaned_data["networks"].split())

    def plan(self) -> KeyPlan:
        """What to make, once the form is valid."""
        return KeyPlan(**{name: said for name, said in self.cleaned_data.items() if name != "reach"})


class RotateForm(_LifetimeForm):
    """A new secret for a key there is."""

    overlap = forms.TypedChoiceField(
        label=_("The old one works for"),
        coerce=int,
        choices=lambda: [(hours, overlap_words(hours)) for hours in OVERLAP_HOURS],
        initial=OVERLAP_NORMALLY,
        help_text=_("So that the program can change over."),
    )
