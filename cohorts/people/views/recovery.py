"""A member who lost their passkey or app: an owner asks, and anybody concerned can stop it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.access.fresh import fresh
from cohorts.models import FactorRecovery, Membership
from cohorts.people.actions.recovery import ask_recovery, open_recovery, stop_recovery
from cohorts.people.forms.recovery import RecoveryForm
from cohorts.people.recovery_rules import ensure_may_recover, ensure_owner
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def member_recovery(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Membership.objects.active().select_related("person"), pk=pk)
    ensure_owner(request.membership)
    form = RecoveryForm(posted(request))

    def save() -> HttpResponse:
        ask_recovery(member=member, reason=form.cleaned_data["reason"], by=request.membership, now=request.now)
        messages.success(request, _("Asked for. It happens in 24 hours, unless someone stops it."))
        return redirect("member_recovery", member.pk)

    context = {"member": member, "recovery": open_recovery(member), "refusal": _refusal(member, request.membership)}
    return form_page(request, form, save, "cohorts/member_recovery.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def member_recovery_stopping(request: MemberRequest, pk: int) -> HttpResponse:
    waiting = FactorRecovery.objects.waiting().select_related("member", "asked_by")
    recovery = get_object_or_404(waiting, member=pk)
    stop_recovery(recovery=recovery, by=request.membership, now=request.now)
    messages.success(request, _("Stopped. Their passkeys and codes stay as they are."))
    return redirect("member_recovery", pk)


def _refusal(member: Membership, by: Membership) -> str:
    """Why it cannot be asked for; empty when it can."""
    try:
        ensure_may_recover(member, by)
    except NotNow as refusal:
        return str(refusal)
    return ""
