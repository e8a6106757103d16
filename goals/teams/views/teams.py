"""Name a team, and keep its members."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cohorts.models import Membership, Role
from cohorts.schedule.date_words import date_words, fill
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from goals.models import Team
from goals.teams.actions.names import keep_names, may_keep_longer
from goals.teams.actions.teams import add_members, name_team, remove_member, rename_member
from goals.teams.forms.team import MembersForm, TeamForm, TeamMemberForm
from goals.teams.lists import teams_of_leaders
from goals.teams.rules import Names
from goals.teams.views.reach import own_member_or_404, own_team_or_404


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def team_naming(request: MemberRequest) -> HttpResponse:
    """The leader names their own team."""
    return _naming(request, request.membership, "charter")


@allow(Permission.RUN_COHORTS)
@require_GET
def teams(request: MemberRequest) -> HttpResponse:
    """Every leader with their team: an admin names those that have no name."""
    return render(request, "goals/teams/teams.html", {"rows": teams_of_leaders()})


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def leaders_team(request: MemberRequest, leader_pk: int) -> HttpResponse:
    """An admin names a leader's team."""
    leaders = Membership.objects.active().with_role(Role.LEADER)
    return _naming(request, get_object_or_404(leaders, pk=leader_pk), "teams")


def _naming(request: MemberRequest, leader: Membership, back_to: str) -> HttpResponse:
    team = Team.objects.filter(leader=leader).first()
    if team is not None and request.method == "POST":
        lock(team)
    initial = {"name": team.name} if team else {}
    form = TeamForm(posted(request), initial=initial, revision=team.revision if team else None)

    def save() -> HttpResponse:
        name = form.cleaned_data["name"]
        name_team(leader=leader, name=name, by=request.membership, now=request.now, expected_revision=form.revision)
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved."))
        return redirect(back_to)

    context = {"team": team, "leader": leader, "back_to": back_to}
    return form_page(request, form, save, "goals/teams/team_naming.html", context)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def team_members(request: MemberRequest) -> HttpResponse:
    """Who is in the team; several are added at once."""
    team = own_team_or_404(request.membership)
    members = list(team.members.all())
    form = MembersForm(posted(request), present=[member.name for member in members])

    def save() -> HttpResponse:
        found = add_members(team=team, by=request.membership, now=request.now, **form.cleaned_data)
        messages.success(request, _said_of(found))
        return redirect("team_members")

    context = {"team": team, "members": members, "may_keep_longer": may_keep_longer(team, today=request.today)}
    return form_page(request, form, save, "goals/teams/members.html", context)


@allow(Permission.WALK)
@require_POST
def team_names_keeping(request: MemberRequest) -> HttpResponse:
    """Keep the names for another ninety days."""
    until = keep_names(team=own_team_or_404(request.membership), by=request.membership, today=request.today)
    said = fill(_("The names are kept until %(date)s."), {"date": date_words(until)})
    messages.success(request, said)
    return redirect("team_members")


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def team_member(request: MemberRequest, pk: int) -> HttpResponse:
    """Spell a name otherwise, or remove it."""
    member = own_member_or_404(request.membership, pk)
    form = TeamMemberForm(posted(request), initial={"name": member.name})

    def save() -> HttpResponse:
        rename_member(member=member, by=request.membership, **form.cleaned_data)
        return redirect("team_members")

    return form_page(request, form, save, "goals/teams/member.html", {"member": member})


@allow(Permission.WALK)
@require_POST
def team_member_removal(request: MemberRequest, pk: int) -> HttpResponse:
    """Erase a name, with their parts and answers."""
    member = own_member_or_404(request.membership, pk)
    remove_member(member=member, by=request.membership, now=request.now)
    messages.success(request, _("%(name)s is no longer in the team.") % {"name": member.name})
    return redirect("team_members")


def _said_of(found: Names) -> str:
    """How many came, and who was there already."""
    said = ngettext("%(count)d name added.", "%(count)d names added.", len(found.new)) % {"count": len(found.new)}
    if not found.again:
        return said
    was_there = ngettext("%(names)s was there already.", "%(names)s were there already.", len(found.again)) % {
        "names": ", ".join(dict.fromkeys(found.again))
    }
    return f"{said} {was_there}" if found.new else was_there
