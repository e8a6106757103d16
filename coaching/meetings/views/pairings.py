"""One pairing: what is planned, what is open, what was held, and how often the two talk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coaching.meetings.actions.pairings import change_cadence
from coaching.meetings.forms.planning import CadenceForm
from coaching.meetings.labels import other_of
from coaching.meetings.lists import lines_of
from coaching.meetings.policies import ensure_may_meet, may_act
from coaching.meetings.views.reach import pairing_or_404
from coaching.models import Acknowledgement, Pairing, PairingKind, PairingState, SessionState
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock

PER_PAGE = 20


@allow(Permission.MEET)
@require_safe
def pairing(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the two what they have planned, agreed and held."""
    found = pairing_or_404(request, pk)
    (line,) = lines_of([found], member=request.membership, today=request.today)
    answered = Exists(Acknowledgement.objects.filter(session=OuterRef("pk")))
    over = found.sessions.exclude(state=SessionState.PLANNED).annotate(is_answered=answered)
    is_leader = request.membership.pk == found.leader_id
    context = {
        "pairing": found,
        "line": line,
        "other": line.other,
        "is_leader": is_leader,
        "facts": f"{_relation(found, is_leader)} · {str(found.get_cadence_days_display()).lower()}",
        "only_reads": not may_act(request.membership, found),
        "is_active": found.state == PairingState.ACTIVE,
        "page": Paginator(over.order_by("-starts_at", "-pk"), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "coaching/meetings/pairing.html", context)


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def pairing_cadence(request: MemberRequest, pk: int) -> HttpResponse:
    """How often the two want to talk."""
    found = pairing_or_404(request, pk)
    ensure_may_meet(request.membership, found)
    if request.method == "POST":
        lock(found)
    initial = {"cadence_days": found.cadence_days}
    form = CadenceForm(posted(request), initial=initial, revision=found.revision)

    def save() -> HttpResponse:
        change_cadence(
            pairing=found,
            cadence_days=form.cleaned_data["cadence_days"],
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved."))
        return redirect("pairing", pk=pk)

    context = {"pairing": found, "other": other_of(found, request.membership)}
    return form_page(request, form, save, "coaching/meetings/pairing_cadence.html", context)


def _relation(pairing: Pairing, is_leader: bool) -> str:
    if is_leader:
        return str(pairing.get_kind_display())
    return {
        PairingKind.SPONSOR: _("You are the sponsor"),
        PairingKind.COACH: _("You are the coach"),
        PairingKind.MENTOR: _("You are the mentor"),
    }[PairingKind(pairing.kind)]
