"""The named refusals. Each carries the sentence that page, htmx and log readers get."""

from django.core.exceptions import PermissionDenied


class NotNow(Exception):
    """Right person, wrong moment. Shown as 409 with its sentence."""


class NotYours(PermissionDenied):
    """Known, but not allowed. Shown as 403 with its sentence."""
