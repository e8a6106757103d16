"""The description of the API, as OpenAPI 3.1. Written in English; the same for everybody."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator


def described(*, server: str) -> dict[str, Any]:
    """The description, for the organisation whose API stands at this address."""
    return {**in_repository(), "servers": [{"url": server}]}


@cache
def in_repository() -> dict[str, Any]:
    """The same as `openapi.json` beside this module holds it, so that a review sees what changes for programs."""
    with translation.override("en"):
        schema: dict[str, Any] = SchemaGenerator(urlconf=settings.API_URLCONF).get_schema(request=None, public=True)
    return schema
