"""Messages for the next page, in a cookie as Django keeps them, with the prefix that binds it to this host."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    cookie_name = "__Host-messages" if settings.SECURE else "messages"


class MessageStorage(FallbackStorage):
    storage_classes = (HostCookie, SessionStorage)
