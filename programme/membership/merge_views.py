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
from programme.membership.correction import Merging, ask_merge, preview_merge
from programme.membership.correction_rules import ensure_may_correct
from programme.membership.correction_views import moves
from programme.membership.forms import MergeForm
from programme.membership.merge_words import moved_words


@allow(Permission.RUN_COHORTS)
@fresh_when(moves)
@require_http_methods(["GET", "HEAD", "POST"])
def member_merge(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Membership.objects.here().select_related("person"), pk=pk)
    ensure_may_correct(request.membership, member)
    form = MergeForm(posted(request))

    def save() -> HttpResponse:
        asked = {
            "member": member,
            "email": form.cleaned_data["email"],
            "stays": form.cleaned_data["stays"],
            "by": request.membership,
            "now": request.now,
        }
        if not form.cleaned_data["sure"]:
            return _preview(request, member, form, preview_merge(**asked))
        merging = ask_merge(**asked)
        if merging.waits_until is None:
            messages.success(request, _("They are merged."))
            return redirect("member", merging.kept.pk)
        messages.success(request, _("They are merged in 24 hours unless someone stops it."))
        return redirect("member", merging.gone.pk)

    return form_page(request, form, save, "programme/membership/merge.html", {"member": member})


def _preview(request: MemberRequest, member: Membership, form: MergeForm, merging: Merging) -> HttpResponse:
    context = {
        "member": member,
        "form": form,
        "kept": merging.kept,
        "gone": merging.gone,
        "moved": moved_words(merging.done.had),
        "decided": merging.done.decided,
        "waits": merging.waits_until is not None,
    }
    return render(request, "programme/membership/merge_preview.html", context)
