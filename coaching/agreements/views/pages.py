"""The pages of three-way agreements: begin, read, change, sign, stop."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coaching.agreements.actions.agreements import (
    begin_agreement,
    change_agreement,
    resume_agreement,
    sign,
    sponsor_of_now,
    stop_agreement,
    take_back_signature,
    wording_of,
)
from coaching.agreements.forms.agreement import AgreementForm, first_words
from coaching.agreements.policies import ensure_may_begin, ensure_may_write, may_choose_lines, may_write
from coaching.agreements.reading import AgreementStanding, standing, standings
from coaching.models import Pairing
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission, may
from cohorts.web.revisions import lock


@allow(Permission.MEET)
@require_GET
def agreements(request: MemberRequest) -> HttpResponse:
    """Every agreement the member is part of, those that wait for them first."""
    found = [(each, each.is_due(request.today)) for each in standings(request.membership)]
    context = {"standings": found, "is_leader": may(request.membership, Permission.WALK)}
    return render(request, "coaching/agreements/agreements.html", context)


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_new(request: MemberRequest, pairing_pk: int) -> HttpResponse:
    """Write the first version for a pairing. Where there is one already, that is shown."""
    mine = Pairing.objects.visible_to(request.membership).select_related("leader", "partner")
    pairing = get_object_or_404(mine, pk=pairing_pk)
    ensure_may_begin(request.membership, pairing)
    if request.method != "POST" and (begun := pairing.agreements.first()):
        return redirect("agreement", pk=begun.pk)
    form = AgreementForm(posted(request), initial=first_words(request.today), today=request.today)

    def save() -> HttpResponse:
        agreement = begin_agreement(
            pairing=pairing,
            wording=form.wording,
            today=request.today,
            by=request.membership,
            now=request.now,
        )
        return redirect("agreement", pk=agreement.pk)

    context = {"pairing": pairing, "sponsor": sponsor_of_now(pairing)}
    return form_page(request, form, save, "coaching/agreements/wording.html", context)


@allow(Permission.MEET)
@require_GET
def agreement(request: MemberRequest, pk: int) -> HttpResponse:
    """The newest wording, who signed it, and what can be done now."""
    found = _standing(request, pk)
    context = {
        "standing": found,
        "may_write": may_write(request.membership, found.agreement),
        "may_choose": may_choose_lines(request.membership, found.agreement),
        "is_due": found.is_due(request.today),
    }
    return render(request, "coaching/agreements/agreement.html", context)


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_change(request: MemberRequest, pk: int) -> HttpResponse:
    """Write the next version."""
    if request.method == "POST":
        lock(_standing(request, pk).agreement)
    found = _standing(request, pk)
    ensure_may_write(request.membership, found.agreement)
    newest = found.newest
    form = AgreementForm(posted(request), initial=vars(wording_of(newest)), revision=newest.number, today=request.today)

    def save() -> HttpResponse:
        version = change_agreement(
            agreement=found.agreement,
            wording=form.wording,
            today=request.today,
            by=request.membership,
            now=request.now,
        )
        if form.took_over:
            messages.success(request, SAVED_TOGETHER)
        elif version.number != newest.number:
            messages.success(
                request, _("Version %(number)d is written. It needs three signatures.") % {"number": version.number}
            )
        return redirect("agreement", pk=pk)

    pairing = found.agreement.pairing
    context = {"pairing": pairing, "sponsor": sponsor_of_now(pairing), "standing": found}
    return form_page(request, form, save, "coaching/agreements/wording.html", context)


@allow(Permission.MEET)
@require_POST
def agreement_signing(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    """Sign the version that was read, with Undo until all three have."""
    found = _standing(request, pk)
    sign(agreement=found.agreement, number=number, by=request.membership, now=request.now)
    if found.agreement.in_force == number:
        messages.success(request, _("All three have signed. The agreement holds from now on."))
    else:
        undo = reverse("agreement_unsigning", args=[pk, number])
        messages.success(request, _("You have signed version %(number)d.") % {"number": number}, extra_tags=undo)
    return redirect("agreement", pk=pk)


@allow(Permission.MEET)
@require_POST
def agreement_unsigning(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    """Take one's own signature back."""
    found = _standing(request, pk)
    take_back_signature(agreement=found.agreement, number=number, by=request.membership, now=request.now)
    return redirect("agreement", pk=pk)


@allow(Permission.MEET)
@require_POST
def agreement_stopping(request: MemberRequest, pk: int) -> HttpResponse:
    """Stop at once, without a reason."""
    found = _standing(request, pk)
    stop_agreement(agreement=found.agreement, by=request.membership, now=request.now)
    undo = reverse("agreement_resuming", args=[pk]) if may_write(request.membership, found.agreement) else ""
    messages.success(request, _("The agreement is stopped. Nothing more goes to the sponsor."), extra_tags=undo)
    return redirect("agreement", pk=pk)


@allow(Permission.MEET)
@require_POST
def agreement_resuming(request: MemberRequest, pk: int) -> HttpResponse:
    """Go on with an agreement that was stopped."""
    found = _standing(request, pk)
    resume_agreement(agreement=found.agreement, by=request.membership, now=request.now)
    return redirect("agreement", pk=pk)


def _standing(request: MemberRequest, pk: int) -> AgreementStanding:
    found = standing(request.membership, pk)
    if found is None:
        raise Http404
    return found
