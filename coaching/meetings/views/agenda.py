"""The agenda of a talk: raise something, mark it, take one's own off again."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from coaching.meetings.actions.agenda import drop_item, mark_item, raise_item
from coaching.meetings.forms.writing import AgendaForm
from coaching.meetings.views.meeting import meeting_context
from coaching.meetings.views.reach import session_or_404
from coaching.models import Session
from cohorts.web.forms import beside_its_field
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission

AGENDA = "coaching/meetings/_agenda.html"


@allow(Permission.MEET)
@require_POST
def session_agenda(request: MemberRequest, pk: int) -> HttpResponse:
    """Put something on the agenda."""
    found = session_or_404(request, pk)
    form = AgendaForm(request.POST)
    with beside_its_field(form):
        if form.is_valid():
            raise_item(session=found, by=request.membership, now=request.now, **form.item())
            return _agenda(request, found)
    page = AGENDA if request.htmx else "coaching/meetings/session.html"
    return render(request, page, meeting_context(request, found, item_form=form), status=422)


@allow(Permission.MEET)
@require_POST
def agenda_item(request: MemberRequest, pk: int, item_pk: int) -> HttpResponse:
    """Mark it as talked about or for next time, or take it off."""
    found = session_or_404(request, pk)
    item = get_object_or_404(found.agenda.select_related("session__pairing"), pk=item_pk)
    if request.POST.get("state") == "dropped":
        drop_item(item=item, by=request.membership, now=request.now)
    else:
        mark_item(item=item, state=request.POST.get("state", ""), by=request.membership, now=request.now)
    return _agenda(request, found)


def _agenda(request: MemberRequest, found: Session) -> HttpResponse:
    if request.htmx:
        return render(request, AGENDA, meeting_context(request, found))
    return redirect(f"{reverse('session', args=[found.pk])}#agenda")
