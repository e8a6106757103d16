"""What every page behind a rater's link does first: check the link, open the organisation, speak the rater's language.

GET and HEAD change nothing, so mail scanners and link previews may follow the link. Each way in which a link opens
nothing, or no longer, has a page of its own.
"""

from datetime import datetime
from functools import wraps
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from cohorts.mail.signed_links import BadLink
from cohorts.tenancy.wall import within
from cohorts.web.link_pages import LinkView, opened_by_link, quiet
from cohorts.web.refusals import NotNow
from feedback360.answering.actions.answering import mark_answered
from feedback360.answering.rules import AlreadySent, NotAsked, is_open
from feedback360.answering.visit import request_of
from feedback360.models import Request, RequestState, Round, State
from feedback360.rounds.rater_links import RaterLink, read_rater
from feedback360.rounds.rater_rules import ANSWERING
from feedback360.staging.keys import NoKey

GONE = {
    State.DRAFT: "not_open",
    State.NOMINATING: "not_open",
    State.COLLECTING: "closing",  # past its time; until that is done nobody may say that it is
    State.CLOSED: "closed",
    State.RELEASED: "closed",
    State.CANCELLED: "cancelled",
}

logger = structlog.get_logger(__name__)


def by_link(view: LinkView) -> LinkView:
    """`view(request, link, …)` for a link of ours, outside every organisation."""

    @opened_by_link
    @wraps(view)
    def opened(request: HttpRequest, token: str, **place: Any) -> HttpResponse:
        try:
            link = read_rater(token)
        except BadLink:
            return gone(request, "damaged")
        return quiet(view(request, link, token=token, **place))

    return opened


def about_leader(view: LinkView) -> LinkView:
    """`view(request, asked, …)` for one leader a rater is asked about, while the round takes answers."""

    @by_link
    @wraps(view)
    def opened(request: HttpRequest, link: RaterLink, *, token: str, pk: int, **place: Any) -> HttpResponse:
        with within(link.organisation_id):
            asked = request_of(link, pk)
        if asked is None:
            return gone(request, "replaced")
        now = asked.organisation.now(timezone.now())
        with translation.override(asked.rater.language):
            try:
                response = _closed_to(request, asked, now) or view(request, asked, token=token, now=now, **place)
            except NotNow as refusal:
                response = _refused(request, refusal, token, pk)
            except NoKey:
                logger.error("round_key_missing", round=asked.subject.round_id)  # noqa: TRY400 - the trace says no more
                response = gone(request, "no_key")
            response["Content-Language"] = translation.get_language()
        return response

    return opened


def _refused(request: HttpRequest, refusal: NotNow, token: str, pk: int) -> HttpResponse:
    """The page for it; a background request gets the sentence alone."""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "409.html", {"sentence": str(refusal)}, status=409)
    if isinstance(refusal, AlreadySent):
        return redirect("rater_start", token, pk)
    return gone(request, "withdrawn" if isinstance(refusal, NotAsked) else "closing")


def _closed_to(request: HttpRequest, asked: Request, now: datetime) -> HttpResponse | None:
    """Why this page is not open, if it is not."""
    if asked.subject.withdrawn_at is not None:
        return gone(request, "withdrawn")
    if not is_open(asked.subject.round, now=now):
        return gone(request, why_closed(asked.subject.round))
    if asked.state == RequestState.DECLINED:
        return gone(request, "declined")
    if asked.state not in ANSWERING:
        return gone(request, "withdrawn")
    return None


def why_closed(round_: Round) -> str:
    return GONE[State(round_.state)]


def repair(asked: Request) -> None:
    """Add the mark that a crash left out after answers were sent."""
    if asked.state == RequestState.ASKED:
        mark_answered(asked)


def gone(request: HttpRequest, reason: str) -> HttpResponse:
    """404 for what is no link of ours; 410 for one that was."""
    status = {"damaged": 404, "not_open": 409, "no_key": 503}.get(reason, 410)
    context = {"reason": reason, "is_quiet": True}
    return quiet(render(request, "feedback360/answering/gone.html", context, status=status))
