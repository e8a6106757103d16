"""Plan a talk, move it, cancel it, take that back; write down a drop-in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coaching.meetings.actions.sessions import (
    cancel_session,
    miss_session,
    move_session,
    plan_session,
    record_drop_in,
    restore_session,
    start_session,
)
from coaching.meetings.forms.planning import MoveForm, PlanForm, plan_of, suggested
from coaching.meetings.forms.writing import DropInForm
from coaching.meetings.labels import Box, other_of, readers_of
from coaching.meetings.policies import ensure_may_meet
from coaching.meetings.views.reach import pairing_or_404, session_or_404
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Plan a talk of the two, or write down one they have had."""
    pairing = pairing_or_404(request, pk)
    ensure_may_meet(request.membership, pairing)
    initial = suggested(pairing.due_on, request.today)
    initial["template"] = request.GET.get("template", "")
    form = PlanForm(posted(request), initial=initial, now=request.now, pairing=pairing)

    def save() -> HttpResponse:
        session = plan_session(
            pairing=pairing, key=form.cleaned_data["key"], by=request.membership, now=request.now, **form.plan()
        )
        return redirect("session", pk=session.pk)

    context = {"pairing": pairing, "other": other_of(pairing, request.membership)}
    return form_page(request, form, save, "coaching/meetings/session_new.html", context)


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def session_moving(request: MemberRequest, pk: int) -> HttpResponse:
    """Another time, length or place."""
    session = session_or_404(request, pk)
    ensure_may_meet(request.membership, session.pairing)
    if request.method == "POST":
        lock(session)
    form = MoveForm(posted(request), initial=plan_of(session), revision=session.revision, now=request.now)

    def save() -> HttpResponse:
        move_session(
            session=session, by=request.membership, now=request.now, expected_revision=form.revision, **form.plan()
        )
        if form.took_over:
            messages.success(request, SAVED_TOGETHER)
        return redirect("session", pk=pk)

    context = {"session": session, "other": other_of(session.pairing, request.membership)}
    return form_page(request, form, save, "coaching/meetings/session_moving.html", context)


@allow(Permission.MEET)
@require_POST
def session_start(request: MemberRequest, pk: int) -> HttpResponse:
    """The two talk now, earlier than planned."""
    session = session_or_404(request, pk)
    start_session(session=session, by=request.membership, now=request.now)
    return redirect("session", pk=pk)


@allow(Permission.MEET)
@require_POST
def session_cancelling(request: MemberRequest, pk: int) -> HttpResponse:
    """Call a talk off. No reason is asked."""
    session = session_or_404(request, pk)
    cancel_session(session=session, by=request.membership, now=request.now)
    messages.success(request, _("The talk is cancelled."), extra_tags=reverse("session_restoring", args=[pk]))
    return redirect("pairing", pk=session.pairing_id)


@allow(Permission.MEET)
@require_POST
def session_missing(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that it did not happen."""
    session = session_or_404(request, pk)
    miss_session(session=session, by=request.membership, now=request.now)
    messages.success(
        request,
        _("Noted: it did not happen. What is open stays open."),
        extra_tags=reverse("session_restoring", args=[pk]),
    )
    return redirect("pairing", pk=session.pairing_id)


@allow(Permission.MEET)
@require_POST
def session_restoring(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo of the two above."""
    session = session_or_404(request, pk)
    restore_session(session=session, by=request.membership, now=request.now)
    return redirect("session", pk=pk)


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def drop_in(request: MemberRequest, pk: int) -> HttpResponse:
    """Write down a short talk in one sentence."""
    pairing = pairing_or_404(request, pk)
    ensure_may_meet(request.membership, pairing)
    form = DropInForm(posted(request))

    def save() -> HttpResponse:
        record_drop_in(
            pairing=pairing,
            sentence=form.cleaned_data["sentence"],
            key=form.cleaned_data["key"],
            by=request.membership,
            now=request.now,
        )
        messages.success(request, _("Noted. You both see it."))
        return redirect("pairing", pk=pk)

    context = {
        "pairing": pairing,
        "other": other_of(pairing, request.membership),
        "readers": readers_of(Box.SHARED, pairing, request.membership),
    }
    return form_page(request, form, save, "coaching/meetings/drop_in.html", context)
