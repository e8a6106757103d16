"""Stop the removal of one's factors, by the link in the mail that announced it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from cohorts.access.stopping_page import stopping_page
from cohorts.models import FactorRecovery
from cohorts.people.actions.recovery import read_stop_token, stop_recovery
from cohorts.web.link_pages import opened_by_link


@opened_by_link
def recovery_stopping(request: HttpRequest, token: str) -> HttpResponse:
    def stop(recovery: FactorRecovery, now: datetime) -> None:
        stop_recovery(recovery=recovery, by=None, now=now)

    template = "front/recovery_stopping.html"
    return stopping_page(request, token, model=FactorRecovery, read_token=read_stop_token, stop=stop, template=template)
