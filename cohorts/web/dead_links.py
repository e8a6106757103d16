"""The page behind a link that opens nothing: it says why, and what to do instead."""

from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from cohorts.web.link_pages import quiet


class Reason(StrEnum):
    """Why a link opens nothing."""

    DAMAGED = "damaged"  # also of another installation, or in the format of an earlier version: nobody can tell
    EXPIRED = "expired"
    REPLACED = "replaced"  # revoked, or its reader has left
    TEAM_DAMAGED = "team_damaged"  # of a team's link, which a leader hands out: its readers cannot sign in
    TEAM_EXPIRED = "team_expired"
    TEAM_CLOSED = "team_closed"
    NOT_ME_EXPIRED = "not_me_expired"
    INVITATION_EXPIRED = "invitation_expired"
    INVITATION_WITHDRAWN = "invitation_withdrawn"  # or a newer one replaced it, or they are no longer a member


def dead_link(request: HttpRequest, reason: Reason, *, language: str = "", next_url: str = "") -> HttpResponse:
    """404 for what is no link of ours, 410 for one that was; in the language of its reader when that is known."""
    status = 404 if reason in (Reason.DAMAGED, Reason.TEAM_DAMAGED) else 410
    with translation.override(language or translation.get_language()):
        response = render(request, "front/link_gone.html", {"reason": reason, "next_url": next_url}, status=status)
        response["Content-Language"] = translation.get_language()
    return quiet(response)
