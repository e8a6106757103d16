"""Take a request into an organisation: its member, its date, its addresses."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone

from cohorts.models import Membership, Organisation


def enter(
    request: Any,
    get_response: Callable[[HttpRequest], HttpResponseBase],
    *,
    organisation: Organisation,
    membership: Membership,
    prefix: str,
    rest: str,
    urlconf: str,
) -> HttpResponseBase:
    """Answer what `rest` addresses in this URLconf, with the clock and the zone of the member."""
    outer = get_script_prefix()
    request.organisation, request.membership = organisation, membership
    request.now = organisation.now(timezone.now())
    request.today = request.now.astimezone(membership.zone).date()
    request.urlconf, request.path_info = urlconf, rest
    set_script_prefix(f"{outer}{prefix}")
    try:
        with timezone.override(membership.zone):
            return get_response(request)
    finally:
        set_script_prefix(outer)
