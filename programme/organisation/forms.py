"""The forms of the settings."""

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cohorts.models import Organisation
from cohorts.schedule.zone_field import ZoneField
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import NameField
from programme.organisation.actions import Times
from programme.organisation.rules import (
    MAX_NAME_CHARACTERS,
    ensure_hour_for_new,
    ensure_languages,
    ensure_organisation_name,
    ensure_quiet_hours,
)


def hour_field(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900})
    return forms.TimeField(label=label, widget=widget, **options)


class OrganisationNameForm(EditForm):
    """What the organisation is called."""

    name = NameField(
        label=_("Name"), max_length=MAX_NAME_CHARACTERS, help_text=_("On every page, in every mail and on reports.")
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        initial = {"name": organisation.name}
        super().__init__(*args, **{"initial": initial, "revision": organisation.revision, **kwargs})

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        ensure_organisation_name(name)
        return name


class LogoForm(forms.Form):
    """A picture of the logo."""

    logo = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP, at most 2 MB. Best is a PNG with a transparent background."),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
        error_messages={"required": _("Choose a picture.")},
        allow_empty_file=True,
    )


class TimesForm(EditForm):
    """Zone, quiet hours and the hour of new cohorts."""

    TOGETHER = (("quiet_from", "quiet_until"),)

    quiet_from = hour_field(_("Quiet from"))
    quiet_until = hour_field(_("Quiet until"), help_text=_("The same hour twice: no quiet hours."))
    zone = ZoneField(
        label=_("Time zone"),
        help_text=_("New cohorts and members begin with it. Those already here keep their own."),
    )
    nudge_hour = hour_field(_("Hour of new cohorts"), help_text=_("When their leaders get a nudge, until they choose."))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        initial = {name: getattr(organisation, name) for name in Times.__slots__}
        initial["zone"] = str(organisation.zone)
        super().__init__(*args, **{"initial": initial, "revision": organisation.revision, **kwargs})

    def clean_quiet_until(self) -> time:
        until: time = self.cleaned_data["quiet_until"]
        starts = self.cleaned_data.get("quiet_from")
        if starts is not None:
            ensure_quiet_hours(starts, until)
        return until

    def clean_nudge_hour(self) -> time:
        hour: time = self.cleaned_data["nudge_hour"]
        starts, until = (self.cleaned_data.get(name) for name in ("quiet_from", "quiet_until"))
        if starts is not None and until is not None:
            ensure_hour_for_new(hour, starts, until)
        return hour

    def times(self) -> Times:
        """The settings, once the form is valid."""
        return Times(**self.cleaned_data)


class LanguagesForm(EditForm):
    """The languages people are invited in."""

    TOGETHER = (("languages", "language"),)

    languages = forms.MultipleChoiceField(
        label=_("Languages offered"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
        help_text=_("Admins choose among these when they add someone, and members in their menu."),
    )
    language = forms.ChoiceField(
        label=_("First language"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        help_text=_("Chosen unless someone says otherwise. Nobody’s own language changes."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        initial = {"language": organisation.language, "languages": organisation.offered}
        super().__init__(*args, **{"initial": initial, "revision": organisation.revision, **kwargs})

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if languages := self.cleaned_data.get("languages"):
            ensure_languages(language, languages)
        return language
