"""Forms for a mentor's own profile and for what a leader looks for."""

from datetime import time
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.mentors.actions.profiles import members_named
from coaching.mentors.rules import MAX_CONFLICTS_CHARACTERS, ensure_hours
from coaching.models import (
    MAX_ABOUT_CHARACTERS,
    MAX_PLACES,
    MAX_SITE_CHARACTERS,
    Cadence,
    MentorKind,
    Skill,
    SpokenLanguage,
)
from cohorts.curriculum.behaviours import Behaviour
from cohorts.schedule.zone_field import ZONE_HELP, ZoneField
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import NameField, TextField


def hour_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900})


def several(label: Any, choices: Any, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **options)


class HoursForm(EditForm):
    """Languages, skills, hours and site: what two people compare."""

    languages = several(
        gettext_lazy("Languages"),
        SpokenLanguage.choices,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )
    skills = several(gettext_lazy("Skills"), Skill.choices, required=False)
    hours_from = forms.TimeField(label=gettext_lazy("At work from"), widget=hour_input())
    hours_to = forms.TimeField(label=gettext_lazy("to"), widget=hour_input())
    site = NameField(label=gettext_lazy("Site"), max_length=MAX_SITE_CHARACTERS, required=False)

    def clean_hours_to(self) -> time:
        ends = cast(time, self.cleaned_data["hours_to"])
        if "hours_from" in self.cleaned_data:
            ensure_hours(self.cleaned_data["hours_from"], ends)
        return ends


class SearchForm(HoursForm):
    """What a leader looks for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].label = _("What else you would like to become better at")
        self.fields["site"].help_text = _(
            "People at another site often see more. Leave it empty if it does not matter."
        )


class ProfileForm(HoursForm):
    """What a coach or mentor offers."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What you offer to be"), choices=MentorKind.choices, widget=forms.RadioSelect
    )
    behaviours = several(
        gettext_lazy("Themes you help with"),
        Behaviour.choices,
        error_messages={"required": gettext_lazy("Choose at least one, or no leader can find you.")},
    )
    about = TextField(
        label=gettext_lazy("In your own words"),
        max_length=MAX_ABOUT_CHARACTERS,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 4, "placeholder": gettext_lazy("I have led night shifts for six years. Ask me about …")}
        ),
    )
    zone = ZoneField(label=gettext_lazy("Time zone"), help_text=ZONE_HELP)
    places = forms.IntegerField(
        label=gettext_lazy("How many people at a time"),
        min_value=0,
        max_value=MAX_PLACES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    cadence_days = forms.TypedChoiceField(
        label=gettext_lazy("How often you talk"), choices=Cadence.choices, coerce=int, widget=forms.RadioSelect
    )
    conflicts = TextField(  # type: ignore[assignment]  # a form class keeps its fields apart from its attributes
        label=gettext_lazy("People you should not work with"),
        max_length=MAX_CONFLICTS_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=gettext_lazy(
            "Their e-mail addresses, one a line. They simply do not find you. Your own reporting line never does."
        ),
    )
    field_order = (
        "kind",
        "behaviours",
        "skills",
        "about",
        "languages",
        "places",
        "cadence_days",
        "hours_from",
        "hours_to",
        "zone",
        "site",
        "conflicts",
    )

    def clean_conflicts(self) -> str:
        text = cast(str, self.cleaned_data["conflicts"])
        members_named(text)
        return text
