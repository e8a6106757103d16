"""Serializers that refuse what they do not know, and the fields several endpoints share."""

from typing import Any

from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cohorts.web.inputs import normalised

MAX_SEARCHED = 100  # characters
MAX_ID = 2**63 - 1
MAX_PROBLEMS_SAID = 100  # unknown fields, or rows with mistakes, that one refusal names


class StrictSerializer(serializers.Serializer):
    """Refuses fields it does not have, each by its name, together with whatever else is wrong."""

    def to_internal_value(self, data: Any) -> Any:
        known = {name for name, field in self.fields.items() if not field.read_only}
        unknown = [name for name in data if name not in known] if isinstance(data, dict) else []
        wrong = {name: [_("There is no such field.")] for name in unknown[:MAX_PROBLEMS_SAID]}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as refused:
            if not isinstance(refused.detail, dict):
                raise
            wrong |= refused.detail
        if wrong:
            raise serializers.ValidationError(wrong)
        return values


def valid(body: type[StrictSerializer], data: Any) -> dict[str, Any]:
    """What was sent, in the shape of this body. Else every wrong field is refused at once."""
    said = body(data=data)
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)


class Rows(serializers.ListField):
    """A list whose length is asked before any row is read, since reading is what takes long."""

    def run_child_validation(self, data: Any) -> list[Any]:
        self.run_validators(data)
        rows: list[Any] = []
        wrong: dict[int, Any] = {}
        for number, row in enumerate(data):
            try:
                rows.append(self.read_row(row))
            except serializers.ValidationError as refused:
                wrong[number] = refused.detail
                if len(wrong) == MAX_PROBLEMS_SAID:
                    break
        if wrong:
            raise serializers.ValidationError(wrong)
        return rows

    def read_row(self, row: Any) -> Any:
        return self.child.run_validation(row)


class Text(serializers.CharField):
    """Text in one spelling, as a form takes it, without NUL. How long it may be says the action."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        ProhibitNullCharactersValidator()(text)  # before it is taken out, as from what a browser sends
        return normalised(text)


class Search(serializers.CharField):
    """What a list is searched for, word by word: in one spelling, and no longer than a page asks."""

    def to_internal_value(self, data: Any) -> str:
        text = normalised(super().to_internal_value(data)).strip()
        MaxLengthValidator(MAX_SEARCHED)(text)
        return text


@extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "example": "09:00"})
class Hour(serializers.TimeField):
    """A time on the wall, to the minute."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **options)
