"""The team's charter: read, and written by the leader."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cohorts.web.edit_form import SAVED_TOGETHER, saw
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from goals.models import Charter, Team
from goals.teams.actions.charters import save_charter
from goals.teams.forms.charter import CharterForm
from goals.teams.lists import open_voices
from goals.teams.openness import newest_link, openness
from goals.teams.rules import CHARTER_TEXTS
from goals.teams.views.reach import charter_of, own_team, own_team_or_404

BEFORE = -1  # no revision: what the page saw is not what is saved
FIELDS = (*CHARTER_TEXTS, "review_on", "made_with")


@allow(Permission.WALK)
@require_GET
def charter(request: MemberRequest) -> HttpResponse:
    """The leader's own team: its charter, who is in it, and what it can see."""
    team = own_team(request.membership)
    context: dict[str, Any] = {"team": team, "charter": charter_of(team)}
    if team is not None:
        link = newest_link(team)
        context |= {
            "members": list(team.members.all()),
            "link": link,
            "link_state": openness(link, now=request.now) if link else "",
            "open_voices": open_voices(team),
        }
    return render(request, "goals/teams/charter.html", context)


@allow(Permission.READ_PROGRESS)
@require_GET
def team_charter(request: MemberRequest, pk: int) -> HttpResponse:
    """A charter for its leader's sponsor, without anybody's name."""
    readable = Charter.objects.visible_to(request.membership).select_related("team__leader")
    found = get_object_or_404(readable, team=pk)
    return render(request, "goals/teams/team_charter.html", {"charter": found, "team": found.team})


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def charter_wording(request: MemberRequest) -> HttpResponse:
    """Write the charter. It saves itself while somebody types."""
    team = own_team_or_404(request.membership)
    if request.method == "POST":
        lock(team)
    form = _form(request, charter_of(team))

    def save() -> HttpResponse:
        saved = save_charter(
            team=team,
            by=request.membership,
            today=request.today,
            now=request.now,
            expected_revision=form.revision,
            **form.said(),
        )
        if not request.htmx:
            messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved."))
            return redirect("charter")
        return render(request, "goals/teams/_charter_form.html", _page(team, _goes_on(request, form, saved)))

    page = "goals/teams/_charter_form.html" if request.htmx else "goals/teams/charter_wording.html"
    return form_page(request, form, save, page, _page(team, form))


def _form(request: MemberRequest, saved: Charter | None) -> CharterForm:
    """Before it is written for the first time a charter has revision 0, so that two tabs cannot both begin it."""
    initial = {name: getattr(saved, name) for name in FIELDS} if saved else {}
    revision = saved.revision if saved else 0
    return CharterForm(posted(request), initial=initial, revision=revision, today=request.today)


def _goes_on(request: MemberRequest, form: CharterForm, saved: Charter) -> CharterForm:
    """The form as an open page goes on with it, also when somebody typed on meanwhile."""
    initial = {name: getattr(saved, name) for name in FIELDS}
    fresh = CharterForm(initial=initial, revision=saved.revision, today=request.today)
    sent = CharterForm(request.POST, today=request.today).typed()
    fresh.sent = saw(BEFORE if form.took_over else saved.revision, sent)
    return fresh


def _page(team: Team, form: CharterForm) -> dict[str, Any]:
    return {"team": team, "form": form}
