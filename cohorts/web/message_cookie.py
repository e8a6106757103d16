"""Messages for the next page, in a cookie as Django keeps them, with the prefix that binds it to this host."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.utils.html import conditional_escape


class HostCookie(CookieStorage):
    cookie_name = "__Host-messages" if settings.SECURE else "messages"


class MessageStorage(FallbackStorage):
    storage_classes = (HostCookie, SessionStorage)

    def add(self, level: int, message: Any, extra_tags: str | None = "") -> None:
        """A sentence with dates goes to the next page as it stands on pages: a cookie keeps strings only."""
        super().add(level, conditional_escape(message) if hasattr(message, "__html__") else message, extra_tags)
