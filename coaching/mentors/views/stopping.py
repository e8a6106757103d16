"""Stop, go on after all, and what a new partner may know of earlier talks."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coaching.mentors.actions.handover import NotAsShown, hand_over, preview, take_note_away
from coaching.mentors.actions.stopping import go_on, read_undo, stop, undo_token
from coaching.mentors.forms.asking import HandoverForm, StopForm
from coaching.mentors.handover import offered
from coaching.mentors.policies import ensure_may_hand_over, ensure_may_stop
from coaching.models import Pairing
from cohorts.models import Membership
from cohorts.web.forms import beside_its_field, form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.inputs import normalised
from cohorts.web.permissions import Permission


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def pairing_stopping(request: MemberRequest, pk: int) -> HttpResponse:
    """Stop; a reason is optional and only counted."""
    pairing = _own_pairing(request, pk)
    ensure_may_stop(request.membership, pairing)
    form = StopForm(posted(request))

    def save() -> HttpResponse:
        stopped = stop(
            pairing=pairing,
            reason=form.cleaned_data["reason"],
            by=request.membership,
            organisation=request.organisation,
            now=request.now,
        )
        token = undo_token(stopped, pairing=pairing, by=request.membership)
        sentence = _("You and %(name)s have stopped. What you wrote stays yours to read.")
        undo = reverse("pairing_going_on", args=[pk, token])
        messages.success(request, sentence % {"name": _other(request, pairing).name}, extra_tags=undo)
        return redirect("pairing", pk=pk)

    context = {"pairing": pairing, "other": _other(request, pairing)}
    return form_page(request, form, save, "coaching/mentors/pairing_stopping.html", context)


@allow(Permission.MEET)
@require_POST
def pairing_going_on(request: MemberRequest, pk: int, token: str) -> HttpResponse:
    """Undo of stopping."""
    pairing = _own_pairing(request, pk)
    stopped = read_undo(token, pairing=pairing, by=request.membership)
    go_on(pairing=pairing, stopped=stopped, by=request.membership, now=request.now)
    messages.success(request, _("You go on as before."))
    return redirect("pairing", pk=pk)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def pairing_handover(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose, look at exactly what they will read, then give it."""
    pairing = _own_pairing(request, pk)
    ensure_may_hand_over(request.membership, pairing)
    form = HandoverForm(posted(request), offered=offered(pairing, request.membership))
    context: dict[str, object] = {"pairing": pairing, "form": form, "partner": pairing.partner}
    if form.is_bound and form.is_valid():
        chosen = {"pairing": pairing, "by": request.membership, **form.cleaned_data}
        with beside_its_field(form):
            if request.POST.get("act") == "give":
                try:
                    hand_over(shown=normalised(request.POST.get("shown", "")), now=request.now, **chosen)
                except NotAsShown as refusal:
                    return render(
                        request,
                        "coaching/mentors/pairing_handover.html",
                        {**context, "note": refusal.text, "changed": str(refusal)},
                        status=409,
                    )
                sentence = _("%(name)s can read your note now.") % {"name": pairing.partner.name}
                undo = reverse("pairing_handover_removal", args=[pk])
                messages.success(request, sentence, extra_tags=undo)
                return redirect("pairing", pk=pk)
            context["note"] = preview(**chosen)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "coaching/mentors/pairing_handover.html", context, status=status)


@allow(Permission.WALK)
@require_POST
def pairing_handover_removal(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the note away again."""
    take_note_away(pairing=_own_pairing(request, pk), by=request.membership, now=request.now)
    messages.success(request, _("The note is gone."))
    return redirect("pairing_handover", pk=pk)


def _own_pairing(request: MemberRequest, pk: int) -> Pairing:
    mine = Pairing.objects.visible_to(request.membership).select_related("leader", "partner")
    found = get_object_or_404(mine, pk=pk)
    request.entry = "one_to_ones" if found.leader_id == request.membership.pk else "my_people"
    return found


def _other(request: MemberRequest, pairing: Pairing) -> Membership:
    return pairing.partner if pairing.leader_id == request.membership.pk else pairing.leader
