"""The leader's side of a team's link: make it, close it, and read what the team answered."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from goals.models import ObjectiveVoice
from goals.teams.actions.links import close_link, make_link, reopen_link
from goals.teams.actions.voices import mark_answered, mark_open
from goals.teams.forms.link import LinkForm
from goals.teams.link_tokens import team_address
from goals.teams.lists import seen_by_objective, voices_with_words
from goals.teams.openness import newest_link, openness, shown_objectives
from goals.teams.views.reach import own_team_or_404

PER_PAGE = 25


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def team_link(request: MemberRequest) -> HttpResponse:
    """The link as it is now, to copy and to close; or a new one."""
    team = own_team_or_404(request.membership)
    form = LinkForm(posted(request))

    def save() -> HttpResponse:
        make_link(team=team, by=request.membership, now=request.now, **form.cleaned_data)
        return redirect("team_link")

    link = newest_link(team)
    context = {
        "team": team,
        "link": link,
        "state": openness(link, now=request.now) if link else "",
        "address": team_address(link) if link else "",
        "shown": len(shown_objectives(team)),
        "members": team.members.count(),
    }
    return form_page(request, form, save, "goals/teams/link.html", context)


@allow(Permission.WALK)
@require_POST
def team_link_closing(request: MemberRequest) -> HttpResponse:
    """Close the link, with Undo."""
    close_link(team=own_team_or_404(request.membership), by=request.membership, now=request.now)
    messages.success(request, _("The link is closed."), extra_tags=reverse("team_link_return"))
    return redirect("team_link")


@allow(Permission.WALK)
@require_POST
def team_link_return(request: MemberRequest) -> HttpResponse:
    """Undo of closing."""
    reopen_link(team=own_team_or_404(request.membership), by=request.membership, now=request.now)
    return redirect("team_link")


@allow(Permission.WALK)
@require_GET
def team_voices(request: MemberRequest) -> HttpResponse:
    """What members said with words, open ones first; and who has seen what."""
    team = own_team_or_404(request.membership)
    only_open = request.GET.get("show") != "all"
    found = voices_with_words(team, only_open=only_open)
    context = {
        "team": team,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "only_open": only_open,
        "seen": seen_by_objective(team),
        "members": team.members.count(),
    }
    return render(request, "goals/teams/voices.html", context)


@allow(Permission.WALK)
@require_POST
def team_voice_answering(request: MemberRequest, voice_pk: int) -> HttpResponse:
    """Mark a question as answered, with Undo."""
    voice = _own_voice(request, voice_pk)
    mark_answered(voice=voice, by=request.membership, now=request.now)
    undo = reverse("team_voice_return", args=[voice.pk])
    messages.success(request, _("Marked as answered: %(name)s.") % {"name": voice.member.name}, extra_tags=undo)
    return redirect("team_voices")


@allow(Permission.WALK)
@require_POST
def team_voice_return(request: MemberRequest, voice_pk: int) -> HttpResponse:
    """Undo of that."""
    mark_open(voice=_own_voice(request, voice_pk), by=request.membership)
    return redirect("team_voices")


def _own_voice(request: MemberRequest, pk: int) -> ObjectiveVoice:
    mine = ObjectiveVoice.objects.filter(member__team__leader=request.membership)
    return get_object_or_404(mine.select_related("member__team__leader", "objective"), pk=pk)
