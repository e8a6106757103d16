"""A time zone in the API."""

from typing import Any
from zoneinfo import ZoneInfo

from rest_framework import serializers

from cohorts.schedule.zone_names import MAX_ZONE_CHARACTERS, read_zone, why_unread
from cohorts.web.language import page_language


class Zone(serializers.CharField):
    """A time zone by any name a list of people may give it, answered by its full name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_ZONE_CHARACTERS, **options)

    def to_internal_value(self, data: Any) -> ZoneInfo:
        name = super().to_internal_value(data)
        zone = read_zone(name)
        if zone is None:
            raise serializers.ValidationError(why_unread(name, language=page_language()))
        return zone

    def to_representation(self, value: Any) -> str:
        return str(value)
