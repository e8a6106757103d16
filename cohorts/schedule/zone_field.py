"""A time zone as people choose it: a box that searches cities and countries, and takes any name of a zone."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy

from cohorts.schedule.zone_names import MAX_ZONE_CHARACTERS, read_zone, why_unread, zone_in_words, zone_options
from cohorts.web.inputs import TextField
from cohorts.web.language import page_language

ZONE_HELP = gettext_lazy("Type a city or a country, such as Oslo or Norway.")


class ZoneInput(forms.TextInput):
    """A box with the browser's own list of suggestions. `zone.js` puts the zone of this device first."""

    template_name = "components/zone_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        suggestions = f"{context['widget']['attrs'].get('id', name)}-zones"
        context["widget"]["attrs"] |= {"list": suggestions, "data-zone": ""}
        return context | {"suggestions": suggestions, "options": zone_options(page_language(), _today())}


class ZoneField(TextField):
    """A ZoneInfo. Shown by city with today's offset; read by `read_zone`, refused with what to write instead."""

    widget = ZoneInput

    def __init__(self, **options: Any) -> None:
        box = ZoneInput(attrs={"autocomplete": "off", "spellcheck": "false", "maxlength": MAX_ZONE_CHARACTERS})
        super().__init__(**{"widget": box, **options})

    def prepare_value(self, value: Any) -> Any:
        zone = read_zone(str(value)) if value else None
        return zone_in_words(str(zone), page_language(), _today()) if zone else value

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "")[: MAX_ZONE_CHARACTERS + 1]
        if not text:
            return None
        zone: ZoneInfo | None = read_zone(text)
        if zone is None:
            raise ValidationError(why_unread(text, language=page_language()))
        return zone


def _today() -> date:
    return timezone.localdate()
