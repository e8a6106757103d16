"""Correct a member's name and address: the form, what another address means, and stopping one that waits."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.access.fresh import fresh_when, has_factor
from cohorts.models import AddressCorrection, Membership
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from programme.membership.correction import correct, ensure_can_move, stop_correction
from programme.membership.correction_rules import ensure_may_correct, has_come_in
from programme.membership.forms import CorrectionForm


def moves(request: MemberRequest, **_keys: object) -> bool:
    """Whether this lets another mailbox in."""
    return bool(request.POST.get("sure"))


@allow(Permission.RUN_COHORTS)
@fresh_when(moves)
@require_http_methods(["GET", "HEAD", "POST"])
def member_correction(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Membership.objects.here().select_related("person"), pk=pk)
    ensure_may_correct(request.membership, member)
    form = CorrectionForm(posted(request), member=member)

    def save() -> HttpResponse:
        if form.asks_first:
            ensure_can_move(member=member, email=form.cleaned_data["email"], by=request.membership)
            return _preview(request, member, form)
        said = {"name": form.cleaned_data["name"], "email": form.cleaned_data["email"]}
        waiting = correct(
            member=member, by=request.membership, now=request.now, expected_revision=form.revision, **said
        )
        messages.success(request, _told(waiting, form))
        return redirect("member", pk)

    return form_page(request, form, save, "programme/membership/correction.html", {"member": member})


@allow(Permission.RUN_COHORTS)
@require_POST
def member_correction_stopping(request: MemberRequest, pk: int) -> HttpResponse:
    waiting = AddressCorrection.objects.waiting().select_related("member__person", "asked_by")
    correction = get_object_or_404(waiting, member=pk)
    stop_correction(correction=correction, by=request.membership, now=request.now)
    messages.success(request, _("Stopped. The address stays as it is."))
    return redirect("member", pk)


def _preview(request: MemberRequest, member: Membership, form: CorrectionForm) -> HttpResponse:
    waits = has_come_in(member)
    context = {
        "member": member,
        "form": form,
        "email": form.cleaned_data["email"],
        "name": form.cleaned_data["name"],
        "waits": waits,
        "has_factor": waits and has_factor(member.person),
    }
    return render(request, "programme/membership/correction_preview.html", context)


def _told(waiting: AddressCorrection | None, form: CorrectionForm) -> str:
    if waiting is not None:
        return _("The new address takes effect in 24 hours unless someone stops it. The old one works until then.")
    return str(SAVED_TOGETHER) if form.took_over else _("Corrected.")
