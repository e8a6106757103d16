"""The pages behind a team's link, for people without an account: read, choose one's name, answer.

GET and HEAD change nothing. Nobody's answers are ever shown here, not even to the one who gave them: anybody who has
the link can choose any name.
"""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from cohorts.mail.message import first_name
from cohorts.mail.signed_links import BadLink
from cohorts.tenancy.wall import within
from cohorts.web.dead_links import Reason, dead_link
from cohorts.web.forms import beside_its_field
from cohorts.web.language import page_language, remember_language
from cohorts.web.link_pages import LinkView, opened_by_link, quiet
from cohorts.web.refusals import NotNow
from goals.models import Objective, TeamLink, TeamMember
from goals.teams.actions.voices import answer_by_link
from goals.teams.forms.link import VoiceForm
from goals.teams.link_tokens import read_team
from goals.teams.openness import Openness, openness, shown_objectives
from goals.teams.views.reach import charter_of

GONE = {Openness.EXPIRED: Reason.TEAM_EXPIRED, Openness.CLOSED: Reason.TEAM_CLOSED}


def by_team_link(view: LinkView) -> LinkView:
    """`view(request, link, token=…, …)` for a link that is open, inside its organisation."""

    @opened_by_link
    @wraps(view)
    def opened(request: HttpRequest, token: str, **place: Any) -> HttpResponse:
        try:
            key = read_team(token)
        except BadLink:
            return damaged(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else page_language()
        with translation.override(language), within(key.organisation_id):
            links = TeamLink.objects.select_related("team__leader", "organisation")
            link = links.filter(pk=key.link_id).first()
            if link is None:
                return _quiet(dead_link(request, Reason.TEAM_CLOSED))
            now = link.organisation.now(timezone.now())
            is_open = openness(link, now=now)
            if is_open != Openness.OPEN:
                return _quiet(dead_link(request, GONE[is_open]))
            try:
                response = view(request, link, token=token, now=now, **place)
            except NotNow as refusal:
                response = render(request, "409.html", {"sentence": str(refusal)}, status=409)
            response["Content-Language"] = translation.get_language()
            return _quiet(response)

    return opened


@by_team_link
@require_safe
def shown_team(request: HttpRequest, link: TeamLink, *, token: str, **_now: Any) -> HttpResponse:
    """What the team is for, its charter and objectives, and the names to choose one's own from."""
    context = _page(link, token) | {"members": list(link.team.members.all()), "objectives": shown_objectives(link.team)}
    return render(request, "goals/teams/shown_team.html", context)


@by_team_link
def shown_member(request: HttpRequest, link: TeamLink, *, token: str, now: Any, pk: int) -> HttpResponse:
    """The same for one name: their own part first, and an answer to each objective."""
    member = get_object_or_404(TeamMember, team=link.team_id, pk=pk)
    form, objective_id = None, _number(request.POST.get("objective", ""))
    if request.method == "POST":
        objective = get_object_or_404(Objective, team=link.team_id, pk=objective_id)
        form = VoiceForm(request.POST)
        with beside_its_field(form):
            if form.is_valid():
                answer_by_link(link=link, objective=objective, member=member, now=now, **form.cleaned_data)
                return _thanks(request, link, token, member, objective)
    objectives = shown_objectives(link.team)
    if request.htmx and form is not None:  # type: ignore[attr-defined]
        objectives = [each for each in objectives if each.pk == objective_id]
    context = _page(link, token) | {
        "member": member,
        "objectives": [_for_member(each, member) for each in objectives],
        "form": form,
        "refused_id": objective_id if form is not None else None,
        "said_id": _number(request.GET.get("said", "")),
    }
    if request.htmx and form is not None:  # type: ignore[attr-defined]
        context |= context["objectives"][0]
        return render(request, "goals/teams/_answer.html", context, status=422)
    return render(request, "goals/teams/shown_member.html", context, status=422 if form is not None else 200)


@by_team_link
@require_POST
def shown_language(request: HttpRequest, link: TeamLink, *, token: str, **_now: Any) -> HttpResponse:
    """From now on these pages are in this language."""
    member = _number(request.POST.get("member", ""))
    response = redirect("shown_member", token, member) if member else redirect("shown_team", token)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        remember_language(response, code)
    return response


def damaged(request: HttpRequest, **_rest: Any) -> HttpResponse:
    """What is left of a link whose address was broken before or inside its token."""
    return _quiet(dead_link(request, Reason.TEAM_DAMAGED))


def _thanks(request: HttpRequest, link: TeamLink, token: str, member: TeamMember, objective: Objective) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        here = reverse("shown_member", args=[token, member.pk])
        return redirect(f"{here}?said={objective.pk}#objective-{objective.pk}")
    context = _page(link, token) | {"member": member, "said_id": objective.pk, "objective": objective}
    return render(request, "goals/teams/_answer.html", context)


def _page(link: TeamLink, token: str) -> dict[str, Any]:
    team = link.team
    return {
        "team": team,
        "token": token,
        "link": link,
        "leader": first_name(team.leader.name),
        "leader_name": team.leader.name,
        "house": link.organisation,
        "charter": charter_of(team),
    }


def _for_member(objective: Objective, member: TeamMember) -> dict[str, Any]:
    """An objective with this member's part apart from the others'."""
    parts = list(objective.parts.all())
    return {
        "objective": objective,
        "own_part": next((part for part in parts if part.member_id == member.pk), None),
        "other_parts": [part for part in parts if part.member_id != member.pk],
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _quiet(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it either: leaders post this link where their team reads."""
    response["X-Robots-Tag"] = "noindex"
    return quiet(response)
