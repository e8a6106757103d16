from django.conf import settings
from django.utils.translation import get_language


def page_language() -> str:
    """The language this page is written in; the source language where translation is switched off."""
    return get_language() or settings.LANGUAGE_CODE
