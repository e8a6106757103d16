"""Actions: add one in a line, close it, let it go, take it up again, change it, take it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching.meetings.actions.agreed import (
    add_action,
    change_action,
    close_action,
    let_go,
    reopen_action,
    take_action,
)
from coaching.meetings.forms.agreed import ActionForm, LetGoForm, LineForm, as_agreed
from coaching.meetings.labels import other_of
from coaching.meetings.views.meeting import meeting_context
from coaching.meetings.views.reach import action_or_404, session_or_404
from coaching.models import Action, Session
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import beside_its_field, form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.redirects import ours
from cohorts.web.revisions import lock

LIST = "coaching/meetings/_actions.html"
LONGEST_KEY = 19


@allow(Permission.MEET)
@require_POST
def session_actions(request: MemberRequest, pk: int) -> HttpResponse:
    """Agree something in this talk."""
    found = session_or_404(request, pk)
    form = LineForm(request.POST, pairing=found.pairing, by=request.membership, today=request.today)
    with beside_its_field(form):
        if form.is_valid():
            add_action(
                session=found,
                key=form.cleaned_data["key"],
                today=request.today,
                by=request.membership,
                now=request.now,
                **form.agreed(),
            )
            return _list(request, found)
    context = meeting_context(request, found, line_form=form)
    page = LIST if request.htmx else "coaching/meetings/session.html"
    return render(request, page, context, status=422)


@allow(Permission.MEET)
@require_safe
def session_line(request: MemberRequest, pk: int) -> HttpResponse:
    """What a line is understood to say, while it is typed."""
    found = session_or_404(request, pk)
    form = LineForm(pairing=found.pairing, by=request.membership, today=request.today)
    read = form.understood(request.GET.get("text", "")[:200])
    context = {"read": read, "owner": form.people.get(read.owner)}
    return render(request, "coaching/meetings/_understood.html", context)


@allow(Permission.MEET)
@require_POST
def action_closing(request: MemberRequest, pk: int) -> HttpResponse:
    action = action_or_404(request, pk)
    close_action(action=action, by=request.membership, now=request.now)
    return _after(request, action, _("Done."))


@allow(Permission.MEET)
@require_POST
def action_reopening(request: MemberRequest, pk: int) -> HttpResponse:
    action = action_or_404(request, pk)
    reopen_action(action=action, by=request.membership, now=request.now)
    return _after(request, action)


@allow(Permission.MEET)
@require_POST
def action_taking(request: MemberRequest, pk: int) -> HttpResponse:
    action = action_or_404(request, pk)
    take_action(action=action, by=request.membership, now=request.now)
    return _after(request, action)


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def action_letting_go(request: MemberRequest, pk: int) -> HttpResponse:
    """Let it go, with the reason."""
    action = action_or_404(request, pk)
    form = LetGoForm(posted(request))

    def save() -> HttpResponse:
        let_go(action=action, reason=form.cleaned_data["reason"], by=request.membership, now=request.now)
        return _after(request, action, _("Let go."))

    return form_page(request, form, save, "coaching/meetings/action_letting_go.html", _about(request, action))


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def action_wording(request: MemberRequest, pk: int) -> HttpResponse:
    """Shrink it, say it more clearly, give it to the other or another date."""
    action = action_or_404(request, pk)
    if request.method == "POST":
        lock(action)
    form = ActionForm(
        posted(request),
        initial=as_agreed(action),
        revision=action.revision,
        pairing=action.pairing,
        by=request.membership,
        today=request.today,
    )

    def save() -> HttpResponse:
        change_action(
            action=action,
            today=request.today,
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
            **form.agreed(),
        )
        if form.took_over:
            messages.success(request, SAVED_TOGETHER)
        return _after(request, action)

    return form_page(request, form, save, "coaching/meetings/action_wording.html", _about(request, action))


def _about(request: MemberRequest, action: Action) -> dict[str, object]:
    return {
        "action": action,
        "other": other_of(action.pairing, request.membership),
        "back_url": _came_from(request, action),
    }


def _list(request: MemberRequest, found: Session) -> HttpResponse:
    if request.htmx:
        return render(request, LIST, meeting_context(request, found))
    return redirect(f"{reverse('session', args=[found.pk])}#actions")


def _after(request: MemberRequest, action: Action, sentence: str = "") -> HttpResponse:
    """Back to where the action was tapped; there it can be undone."""
    if request.htmx:
        page = request.POST.get("in", "")
        is_number = page.isdecimal() and len(page) < LONGEST_KEY
        found = session_or_404(request, int(page) if is_number else action.session_id)
        return render(request, LIST, meeting_context(request, found))
    if sentence:
        messages.success(request, sentence, extra_tags=reverse("action_reopening", args=[action.pk]))
    return redirect(_came_from(request, action))


def _came_from(request: MemberRequest, action: Action) -> str:
    """The page of ours in `next`, else the pairing."""
    asked = request.POST.get("next") or request.GET.get("next")
    return ours(request, asked, otherwise=reverse("pairing", args=[action.pairing_id]))
