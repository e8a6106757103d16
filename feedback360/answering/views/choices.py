"""What a rater may decide besides answering: the language of their pages, and to say that they know too little."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cohorts.tenancy.wall import within
from cohorts.web.redirects import ours
from feedback360.answering.actions.lost_link import set_language
from feedback360.answering.views.by_link import about_leader, by_link, gone
from feedback360.answering.views.pages import page_context
from feedback360.models import Request
from feedback360.rounds.actions import nominations
from feedback360.rounds.rater_links import RaterLink
from feedback360.rounds.rater_rules import NOMINATED


@about_leader
def decline(request: HttpRequest, asked: Request, *, token: str, now: datetime) -> HttpResponse:
    """Ask once, since it cannot be undone; the leader never learns who."""
    if asked.relation not in NOMINATED:
        return redirect("rater_start", token, asked.pk)
    with within(asked.organisation_id):
        if request.method == "POST":
            nominations.decline(request=asked, now=now)
            return redirect("rater", token)
    return render(request, "feedback360/answering/decline.html", page_context(asked, token))


@by_link
def language(request: HttpRequest, link: RaterLink, *, token: str) -> HttpResponse:
    """From now on pages and mails of this round are in this language."""
    code = request.POST.get("language", "")
    if request.method == "POST" and code in dict(settings.LANGUAGES):
        with within(link.organisation_id):
            if not set_language(rater_id=link.rater_id, link_version=link.version, language=code):
                return gone(request, "replaced")
    start = reverse("rater", args=[token])
    here = ours(request, request.POST.get("next"), otherwise=start)
    return redirect(here if here.startswith(start) else start)
