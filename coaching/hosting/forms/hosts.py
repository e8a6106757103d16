"""Forms about hosts: a new one, their profile, closed days."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from coaching.hosting.facts import HostFacts
from coaching.hosting.rules import LENGTHS, ensure_places
from coaching.models import Host, HostFormat, SpokenLanguage
from coaching.models.hosting import MAX_CAPACITY, MAX_IN_A_MONTH, MAX_NOTICE_DAYS
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Organisation
from cohorts.people.forms.people import email_input, offer_languages
from cohorts.people.imports.values import MAX_EMAIL_CHARACTERS, MAX_NAME_CHARACTERS
from cohorts.people.rules import ensure_address
from cohorts.schedule.zone_field import ZoneField
from cohorts.web.addresses import plain_address
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, NameField, TextField


def several(label: Any, choices: Any, none: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    """Boxes of which at least one is ticked."""
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
        error_messages={"required": none},
    )


def number(label: Any, first: int, last: int, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=first, max_value=last, widget=widget, **options)


def paragraph(label: Any, most: int, rows: int, help_text: Any = "") -> TextField:
    widget = forms.Textarea(attrs={"rows": rows})
    return TextField(label=label, max_length=most, required=False, widget=widget, help_text=help_text)


class PlacesField(forms.IntegerField):
    """How many can come. No places is a question: a talk, or closed?"""

    def __init__(self, **options: Any) -> None:
        widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 1})
        super().__init__(**{"widget": widget, "max_value": MAX_CAPACITY, **options})
        self.min_value = 1

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is not None and value < 1:
            ensure_places("", value)


class NewHostForm(forms.Form):
    """Somebody who receives guests, or a whole site, from here or from another company."""

    name = NameField(label=gettext_lazy("Name of the person or the site"), max_length=LENGTHS["name"])
    is_site = forms.BooleanField(label=gettext_lazy("A whole site"), required=False)
    is_from_outside = forms.BooleanField(label=gettext_lazy("From another company"), required=False)
    email = TextField(
        label=gettext_lazy("E-mail of the one who looks after the dates"),
        max_length=MAX_EMAIL_CHARACTERS,
        required=False,
        widget=email_input(),
        help_text=gettext_lazy(
            "They are invited and see their own dates and guests, nothing else. Empty: you look after the dates."
        ),
    )
    person_name = NameField(
        label=gettext_lazy("Their name"),
        max_length=MAX_NAME_CHARACTERS,
        required=False,
        help_text=gettext_lazy("Empty: the name above."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of their invitation"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_languages(self.fields["language"], organisation)

    def clean_email(self) -> str:
        email: str = plain_address(self.cleaned_data["email"])
        if email:
            ensure_address(email)
        return email


class HostForm(EditForm):
    """What a host shows, and on which terms."""

    name = NameField(label=gettext_lazy("Name"), max_length=LENGTHS["name"])
    site = NameField(
        label=gettext_lazy("Where"),
        max_length=LENGTHS["site"],
        required=False,
        help_text=gettext_lazy("Town and building, as people here call it."),
    )
    zone = ZoneField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Dates are given in it. Guests see them in their own."),
    )
    about = paragraph(gettext_lazy("Who you meet and what you see"), LENGTHS["about"], 4)
    behaviours = several(
        gettext_lazy("What can be seen here"),
        Behaviour.choices,
        gettext_lazy("Choose at least one behaviour."),
        gettext_lazy("What you do well, not all you do."),
    )
    formats = several(
        gettext_lazy("Ways to come"), HostFormat.choices, gettext_lazy("Choose at least one way to come.")
    )
    languages = several(
        gettext_lazy("Languages"), SpokenLanguage.choices, gettext_lazy("Choose at least one language.")
    )
    is_remote = forms.BooleanField(label=gettext_lazy("Also by video"), required=False)
    places = PlacesField(
        label=gettext_lazy("Places on a visit"), help_text=gettext_lazy("The usual number; each date has its own.")
    )
    notice_days = number(
        gettext_lazy("Days of notice"),
        0,
        MAX_NOTICE_DAYS,
        help_text=gettext_lazy("No date is opened or moved closer than this."),
    )
    monthly_ceiling = number(
        gettext_lazy("Most dates in a month"),
        1,
        MAX_IN_A_MONTH,
        required=False,
        help_text=gettext_lazy("Empty: as many as you open."),
    )
    will_not_show = paragraph(
        gettext_lazy("What guests will not see"),
        LENGTHS["will_not_show"],
        2,
        gettext_lazy("Said beforehand, it disappoints nobody."),
    )
    access_notes = paragraph(
        gettext_lazy("Access and safety"),
        LENGTHS["access_notes"],
        2,
        gettext_lazy("Reception, badges, stairs, what to do when the alarm sounds."),
    )
    house_rules = paragraph(
        gettext_lazy("House rules"),
        LENGTHS["house_rules"],
        4,
        gettext_lazy("Guests accept them when they book. Changed rules are accepted anew by the next ones."),
    )
    is_competitor = forms.BooleanField(
        label=gettext_lazy("A competitor"),
        required=False,
        help_text=gettext_lazy("Then the host says yes to each guest before they have a place."),
    )

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        initial = {name: getattr(host, name) for name in self.base_fields if hasattr(host, name)}
        super().__init__(*args, initial={**initial, "zone": str(host.zone)}, revision=host.revision, **kwargs)

    def facts(self) -> HostFacts:
        return HostFacts(**self.cleaned_data)


class ClosedDaysForm(forms.Form):
    """Days on which nobody can come."""

    starts_on = CalendarDateField(label=gettext_lazy("First day"))
    ends_on = CalendarDateField(label=gettext_lazy("Last day"))
