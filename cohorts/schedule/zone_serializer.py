"""A time zone in the API."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.validators import MaxLengthValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cohorts.schedule.zone_names import MAX_ZONE_CHARACTERS, read_zone, why_unread
from cohorts.web.language import page_language


@extend_schema_field({"type": "string", "maxLength": MAX_ZONE_CHARACTERS})
class Zone(serializers.CharField):
    """A time zone by any name a list of people may give it, answered by its full name."""

    def to_internal_value(self, data: Any) -> ZoneInfo:
        name = super().to_internal_value(data)
        MaxLengthValidator(MAX_ZONE_CHARACTERS)(name)  # of the text: a validator of the field would get the zone
        zone = read_zone(name)
        if zone is None:
            raise serializers.ValidationError(why_unread(name, language=page_language()))
        return zone

    def to_representation(self, value: Any) -> str:
        return str(value)
