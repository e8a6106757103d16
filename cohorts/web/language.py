"""The language of a page, and the cookie that remembers it before sign-in."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language

from cohorts.models import Organisation

COOKIE_SECONDS = 60 * 60 * 24 * 365


def page_language() -> str:
    """The language this page is written in; the source language where translation is switched off."""
    return get_language() or settings.LANGUAGE_CODE


def remember_language(response: HttpResponse, code: str) -> None:
    """Let the pages that follow be in this language, too."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=COOKIE_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=settings.SECURE,
    )


def offered_languages(organisation: Organisation) -> list[tuple[str, str]]:
    """The languages an organisation works in, each in its own words."""
    return [(code, name) for code, name in settings.LANGUAGES if code in organisation.offered]
