"""The page behind the link in a mail that stops a change which waits a day. GET asks, POST does it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from cohorts.mail.signed_links import BadLink
from cohorts.models import Organisation
from cohorts.models.delayed_change import DelayedChange
from cohorts.tenancy.wall import within
from cohorts.web.dead_links import Reason, dead_link
from cohorts.web.link_pages import quiet


def stopping_page(
    request: HttpRequest,
    token: str,
    *,
    model: type[DelayedChange],
    read_token: Callable[[str], tuple[int, int]],
    stop: Callable[[Any, datetime], None],
    template: str,
) -> HttpResponse:
    """The page in the member's language; its template gets `change` and `house`.

    `read_token` gives the keys of organisation and change, or raises BadLink. `stop` is called for a POST, with the
    change and the time of its organisation.
    """
    try:
        organisation_id, change_id = read_token(token)
    except BadLink:
        return dead_link(request, Reason.DAMAGED)
    with within(organisation_id):
        found = model.objects.select_related("member__person", "asked_by").filter(pk=change_id).first()
        if found is None:
            return dead_link(request, Reason.REPLACED)
        organisation = Organisation.objects.get(pk=organisation_id)
        if request.method == "POST":
            stop(found, organisation.now(timezone.now()))
            found.refresh_from_db()
        with translation.override(found.member.person.language):
            response = render(request, template, {"change": found, "house": organisation})
            response["Content-Language"] = found.member.person.language
    return quiet(response)
