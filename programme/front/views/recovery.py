"""Stop the removal of one's factors, by the link in the mail that announced it. GET asks, POST does it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from cohorts.mail.signed_links import BadLink
from cohorts.models import FactorRecovery, Organisation
from cohorts.people.actions.recovery import read_stop_token, stop_recovery
from cohorts.tenancy.wall import within
from cohorts.web.dead_links import Reason, dead_link
from cohorts.web.link_pages import opened_by_link, quiet


@opened_by_link
def recovery_stopping(request: HttpRequest, token: str) -> HttpResponse:
    try:
        organisation_id, recovery_id = read_stop_token(token)
    except BadLink:
        return dead_link(request, Reason.DAMAGED)
    with within(organisation_id):
        found = FactorRecovery.objects.select_related("member__person", "asked_by").filter(pk=recovery_id).first()
        if found is None:
            return dead_link(request, Reason.REPLACED)
        if request.method == "POST":
            now = Organisation.objects.get(pk=organisation_id).now(timezone.now())
            stop_recovery(recovery=found, by=None, now=now)
            found.refresh_from_db()
        with translation.override(found.member.person.language):
            response = render(request, "front/recovery_stopping.html", {"recovery": found})
            response["Content-Language"] = found.member.person.language
    return quiet(response)
