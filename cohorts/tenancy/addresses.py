"""URLs that cross the organisation boundary. Inside, `{% url %}` includes `/o/<slug>/`; these do not rely on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse, set_script_prefix


@contextmanager
def _prefix(prefix: str) -> Iterator[None]:
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        yield
    finally:
        set_script_prefix(before)


def front_door(name: str, *args: Any) -> str:
    """The path of a page outside organisations, such as sign-in."""
    with _prefix("/"):
        return reverse(name, urlconf=settings.ROOT_URLCONF, args=args)


def inside(slug: str, name: str, *args: Any) -> str:
    """The path of a page inside this organisation."""
    with _prefix(f"/o/{slug}/"):
        return reverse(name, urlconf=settings.ORGANISATION_URLCONF, args=args)


def absolute(path: str) -> str:
    """The absolute URL for mails and printed pages, from BASE_URL, never from a request's Host."""
    return f"{settings.BASE_URL}{path}"
