"""Two memberships of one person: the other address, which of the two stays, what happens, and yes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.access.fresh import fresh_when
from cohorts.models import Membership
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from programme.membership.correction import ask_merge, two_of
from programme.membership.correction_rules import ensure_may_correct, has_come_in
from programme.membership.correction_views import moves
from programme.membership.forms import MergeForm
from programme.membership.merge_words import moved_words
from programme.membership.merging import rehearse


@allow(Permission.RUN_COHORTS)
@fresh_when(moves)
@require_http_methods(["GET", "HEAD", "POST"])
def member_merge(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Membership.objects.here().select_related("person"), pk=pk)
    ensure_may_correct(request.membership, member)
    form = MergeForm(posted(request))

    def save() -> HttpResponse:
        said = {"email": form.cleaned_data["email"], "stays": form.cleaned_data["stays"]}
        if not form.cleaned_data["sure"]:
            return _preview(request, member, form)
        kept, waiting = ask_merge(member=member, by=request.membership, now=request.now, **said)
        sentence = _("They are merged in 24 hours unless someone stops it.") if waiting else _("They are merged.")
        messages.success(request, sentence)
        return redirect("member", waiting.member_id if waiting else kept.pk)

    return form_page(request, form, save, "programme/membership/merge.html", {"member": member})


def _preview(request: MemberRequest, member: Membership, form: MergeForm) -> HttpResponse:
    kept, gone = two_of(member, email=form.cleaned_data["email"], stays=form.cleaned_data["stays"])
    done = rehearse(kept=kept, gone=gone, by=request.membership, now=request.now)
    context = {
        "member": member,
        "form": form,
        "kept": kept,
        "gone": gone,
        "moved": moved_words(done.had),
        "decided": done.decided,
        "waits": has_come_in(gone),
    }
    return render(request, "programme/membership/merge_preview.html", context)
