"""Stop another address for one's membership, by the link in the mail that announced it. GET asks, POST does it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from cohorts.mail.signed_links import BadLink
from cohorts.models import AddressCorrection, Organisation
from cohorts.tenancy.wall import within
from cohorts.web.dead_links import Reason, dead_link
from cohorts.web.link_pages import opened_by_link, quiet
from programme.membership.correction import read_stop_token, stop_correction


@opened_by_link
def correction_stopping(request: HttpRequest, token: str) -> HttpResponse:
    try:
        organisation_id, correction_id = read_stop_token(token)
    except BadLink:
        return dead_link(request, Reason.DAMAGED)
    with within(organisation_id):
        corrections = AddressCorrection.objects.select_related("member__person", "asked_by")
        found = corrections.filter(pk=correction_id).first()
        if found is None:
            return dead_link(request, Reason.REPLACED)
        organisation = Organisation.objects.get(pk=organisation_id)
        if request.method == "POST":
            stop_correction(correction=found, by=None, now=organisation.now(timezone.now()))
            found.refresh_from_db()
        with translation.override(found.member.person.language):
            context = {"correction": found, "house": organisation}
            response = render(request, "front/correction_stopping.html", context)
            response["Content-Language"] = found.member.person.language
    return quiet(response)
