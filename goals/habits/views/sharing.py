"""The leader's answer when their sponsor has changed."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from cohorts.enrolment.current import ensure_enrolment
from cohorts.models import Membership
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from goals.habits.actions.sharing import answer_sharing
from goals.habits.forms.sharing import SharingForm
from goals.models import Shared


@allow(Permission.WALK)
@require_POST
def sharing(request: MemberRequest) -> HttpResponse:
    """Open what is older to the sponsor of now, or leave it closed. Today asks again when the form says nothing."""
    enrolment = ensure_enrolment(request.membership)
    form = SharingForm(request.POST)
    if form.is_valid():
        answer_sharing(
            enrolment=enrolment,
            kind=Shared(form.cleaned_data["kind"]),
            reader=get_object_or_404(Membership, pk=form.cleaned_data["reader"]),
            up_to=form.cleaned_data["up_to"],
            is_open=form.cleaned_data["answer"] == "yes",
            by=request.membership,
            now=request.now,
        )
    return redirect("today")
