"""The boxes of a talk's template, saved one at a time."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from coaching.meetings.actions.boxes import save_box, skip_own_view
from coaching.meetings.boxes import filled_boxes
from coaching.meetings.forms.boxes import BoxForm
from coaching.meetings.views.meeting import meeting_context
from coaching.meetings.views.reach import session_or_404
from coaching.models import Session
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import beside_its_field
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock


@allow(Permission.MEET)
@require_POST
def session_box(request: MemberRequest, pk: int, part: str) -> HttpResponse:
    """Save one box. Where both typed in a shared one, the words of both are shown."""
    found = session_or_404(request, pk)
    lock(found)
    filled = next((each for each in filled_boxes(found, request.membership) if each.box.key == part), None)
    form = BoxForm(request.POST, filled=filled)
    with beside_its_field(form):
        if form.is_valid():
            save_box(session=found, part=part, by=request.membership, now=request.now, text=form.cleaned_data["text"])
            if form.took_over:
                messages.success(request, SAVED_TOGETHER)
            return _back(found, part)
    context = meeting_context(request, found, refused_box=(part, form))
    return render(request, "coaching/meetings/session.html", context, status=422)


@allow(Permission.MEET)
@require_POST
def session_skipping(request: MemberRequest, pk: int) -> HttpResponse:
    """The leader opens the other boxes without writing first."""
    found = session_or_404(request, pk)
    skip_own_view(session=found, by=request.membership, now=request.now)
    return _back(found, "boxes")


def _back(found: Session, part: str) -> HttpResponse:
    return redirect(f"{reverse('session', args=[found.pk])}#{part}")
