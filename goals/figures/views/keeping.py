"""What a leader follows and aims at, new limits, and notes on weeks."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.query_dates import asked_date
from cohorts.web.revisions import lock
from goals.figures.actions.annotating import note_week, rebase, take_back_rebase
from goals.figures.actions.following import change_aim, follow, follow_again, stop_following
from goals.figures.forms.following import AimForm, FollowForm, RebaseForm, WeekNoteForm
from goals.figures.views.reach import kept_followed, kept_team
from goals.models import Followed, Kpi, Rebase
from goals.reserve import monday_of


@allow(Permission.READ_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def figures_following(request: MemberRequest, pk: int) -> HttpResponse:
    """Follow one more KPI."""
    team = kept_team(request, pk)
    there = Followed.objects.filter(team=team, stopped_on=None).values("kpi")
    free = Kpi.objects.filter(archived_on=None, methods__number=1).exclude(pk__in=there)
    form = FollowForm(posted(request), kpis=list(free))

    def save() -> HttpResponse:
        kpi = form.kpis[form.cleaned_data["kpi"]]
        values = {name: form.cleaned_data[name] for name in ("target", "expected_days")}
        followed = follow(team=team, kpi=kpi, by=request.membership, now=request.now, **values)
        stop = reverse("followed_stopping", args=[followed.pk])
        messages.success(request, _("The team follows %(kpi)s.") % {"kpi": kpi.name}, extra_tags=stop)
        return redirect("team_figures", pk=team.pk)

    return form_page(request, form, save, "goals/figures/following.html", {"team": team})


@allow(Permission.READ_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def followed_aim(request: MemberRequest, pk: int) -> HttpResponse:
    """Another target, or another number of days a week."""
    followed = kept_followed(request, pk)
    if request.method == "POST":
        lock(followed)
    initial = {"target": followed.target, "expected_days": followed.expected_days}
    form = AimForm(posted(request), initial=initial, revision=followed.revision, unit=followed.kpi.unit)

    def save() -> HttpResponse:
        change_aim(
            followed=followed,
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
            **form.cleaned_data,
        )
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved."))
        return redirect("kpi_chart", pk=pk)

    return form_page(request, form, save, "goals/figures/aim.html", {"followed": followed})


@allow(Permission.READ_PROGRESS)
@require_POST
def followed_stopping(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a KPI off the team's pages, with Undo."""
    followed = kept_followed(request, pk)
    stop_following(followed=followed, today=request.today, by=request.membership, now=request.now)
    sentence = _("The team no longer follows %(kpi)s. Its figures are kept.") % {"kpi": followed.kpi.name}
    messages.success(request, sentence, extra_tags=reverse("followed_return", args=[pk]))
    return redirect("team_figures", pk=followed.team_id)


@allow(Permission.READ_PROGRESS)
@require_POST
def followed_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo that."""
    followed = kept_followed(request, pk)
    follow_again(followed=followed, by=request.membership, now=request.now)
    return redirect("kpi_chart", pk=pk)


@allow(Permission.READ_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def followed_rebase(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what changed, and have limits computed anew from then on. With Undo."""
    followed = kept_followed(request, pk)
    form = RebaseForm(posted(request))

    def save() -> HttpResponse:
        made = rebase(
            followed=followed, by=request.membership, today=request.today, now=request.now, **form.cleaned_data
        )
        undo = reverse("rebase_undoing", args=[made.pk])
        messages.success(request, _("New limits begin there. The old ones stay on the chart."), extra_tags=undo)
        return redirect("kpi_chart", pk=pk)

    return form_page(request, form, save, "goals/figures/rebase.html", {"followed": followed})


@allow(Permission.READ_PROGRESS)
@require_POST
def rebase_undoing(request: MemberRequest, rebase_pk: int) -> HttpResponse:
    """Take new limits back."""
    made = get_object_or_404(Rebase.objects.select_related("followed__team"), pk=rebase_pk)
    followed = kept_followed(request, made.followed_id)
    take_back_rebase(rebase=made, by=request.membership, now=request.now)
    return redirect("kpi_chart", pk=followed.pk)


@allow(Permission.READ_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def followed_note(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what was special about a week."""
    followed = kept_followed(request, pk)
    monday = monday_of(asked_date(request, request.today))
    notes = {note.monday_on: note.text for note in followed.notes.all()}
    form = WeekNoteForm(
        posted(request), today=request.today, initial={"monday_on": monday, "text": notes.get(monday, "")}
    )

    def save() -> HttpResponse:
        values: dict[str, Any] = form.cleaned_data
        note_week(followed=followed, by=request.membership, today=request.today, now=request.now, **values)
        messages.success(request, _("Saved."))
        return redirect("kpi_chart", pk=pk)

    return form_page(request, form, save, "goals/figures/note.html", {"followed": followed})
