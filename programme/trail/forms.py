"""What of the trail to show."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.web.inputs import CalendarDateField, TextField
from programme.trail.entries import KINDS, Asked

MAX_CHARACTERS = 100


class TrailForm(forms.Form):
    """Comes by address or by post; whatever of it makes no sense is named beside its field and filters nothing."""

    kind = forms.CharField(required=False, widget=forms.HiddenInput)  # chosen by a chip; unknown ones are ignored
    name = TextField(label=_("Name"), required=False, max_length=MAX_CHARACTERS)
    first = CalendarDateField(label=_("From"), required=False)
    last = CalendarDateField(label=_("Until"), required=False)

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        return kind if kind in KINDS else ""

    @property
    def active(self) -> int:
        """How many fields narrow the trail."""
        self.is_valid()
        return sum(bool(self.cleaned_data.get(field.name)) for field in self.visible_fields())

    def asked(self) -> Asked:
        self.is_valid()
        known: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        return Asked(**known)
