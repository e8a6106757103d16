"""Stop a new address for one's membership, by the link in the mail that announced it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from cohorts.access.stopping_page import stopping_page
from cohorts.models import AddressCorrection
from cohorts.web.link_pages import opened_by_link
from programme.membership.correction import read_stop_token, stop_correction


@opened_by_link
def correction_stopping(request: HttpRequest, token: str) -> HttpResponse:
    def stop(correction: AddressCorrection, now: datetime) -> None:
        stop_correction(correction=correction, by=None, now=now)

    template = "front/correction_stopping.html"
    return stopping_page(
        request, token, model=AddressCorrection, read_token=read_stop_token, stop=stop, template=template
    )
