"""What of the trail to show."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.web.inputs import CalendarDateField, TextField
from programme.trail.entries import Asked

MAX_CHARACTERS = 100


class TrailForm(forms.Form):
    """Comes by address or by post; whatever of it makes no sense is named beside its field and filters nothing."""

    kind = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[
            ("", _("Everything")),
            ("people", _("People and roles")),
            ("cohorts", _("Cohorts, rounds and sending")),
            ("content", _("Curricula and questionnaires")),
        ],
    )
    name = TextField(label=_("Name"), required=False, max_length=MAX_CHARACTERS)
    first = CalendarDateField(label=_("From"), required=False)
    last = CalendarDateField(label=_("Until"), required=False)

    def asked(self) -> Asked:
        self.is_valid()
        known: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        return Asked(**known)
