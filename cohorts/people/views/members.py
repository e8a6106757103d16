"""The members of the organisation, their roles, and whether they have signed in."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.access.fresh import fresh_file, fresh_when
from cohorts.models import Enrolment, Membership
from cohorts.people.actions.invitations import resend_invitation, revoke_invitation
from cohorts.people.actions.members import add_member, change_manager
from cohorts.people.forms.people import ManagerForm, MemberForm
from cohorts.people.member_filters import MemberFilters
from cohorts.people.member_lines import lines_of
from cohorts.people.policies import POWERFUL
from cohorts.people.reporting_loops import reporting_loops
from cohorts.web.csv_download import csv_response
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission

PAGE = 50


@allow(Permission.RUN_COHORTS)
@require_safe
def members(request: MemberRequest) -> HttpResponse:
    filters = MemberFilters.from_address(request.GET)
    page = Paginator(filters.members(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": lines_of(list(page.object_list), by=request.membership, now=request.now),
        "filters": filters,
        "chips": filters.chips(),
        "kept": filters.kept("q"),
        "loops": reporting_loops(),
    }
    return render(request, "cohorts/members.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
@fresh_file
def members_export(request: MemberRequest) -> HttpResponse:
    """The lines the page shows under the same filters, all of them."""
    found = list(MemberFilters.from_address(request.GET).members())
    header = [_("Name"), _("E-mail"), _("Roles"), _("Where"), _("Reports to"), _("Sign-in"), _("Last here")]
    rows = (line.row() for line in lines_of(found, by=request.membership, now=request.now))
    return csv_response(_("People"), header, rows, language=page_language())


def gives_power(request: MemberRequest, **_keys: object) -> bool:
    """Whether this makes somebody admin or owner."""
    return not POWERFUL.isdisjoint(request.POST.getlist("roles"))


@allow(Permission.RUN_COHORTS)
@fresh_when(gives_power)
@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request: MemberRequest) -> HttpResponse:
    form = MemberForm(posted(request), by=request.membership, organisation=request.organisation)

    def save() -> HttpResponse:
        member = add_member(
            organisation=request.organisation, by=request.membership, now=request.now, **form.cleaned_data
        )
        messages.success(request, _("%(name)s is now a member.") % {"name": member.name})
        return redirect("members")

    return form_page(request, form, save, "cohorts/member_new.html")


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def member_manager(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose who a member reports to."""
    member = get_object_or_404(Membership.objects.here(), pk=pk)
    form = ManagerForm(posted(request), member=member)

    def save() -> HttpResponse:
        return _report_to(request, member, form.cleaned_data["manager"])

    return form_page(request, form, save, "cohorts/member_manager.html", {"member": member})


@allow(Permission.RUN_COHORTS)
@require_POST
def member_manager_again(request: MemberRequest, pk: int, manager: int) -> HttpResponse:
    """Undo: the manager they had before, 0 for nobody."""
    member = get_object_or_404(Membership.objects.here(), pk=pk)
    before = get_object_or_404(Membership.objects.active(), pk=manager) if manager else None
    return _report_to(request, member, before)


def _report_to(request: MemberRequest, member: Membership, manager: Membership | None) -> HttpResponse:
    undo = reverse("member_manager_again", args=[member.pk, member.manager_id or 0])
    change_manager(member=member, manager=manager, by=request.membership, now=request.now)
    names = {"name": member.name, "manager": manager.name if manager else ""}
    sentence = _("%(name)s now reports to %(manager)s.") if manager else _("%(name)s now reports to nobody.")
    messages.success(request, sentence % names, extra_tags=undo)
    return redirect("members")


@allow(Permission.RUN_COHORTS)
@require_POST
def member_invitation(request: MemberRequest, pk: int) -> HttpResponse:
    """Send the invitation again, with a new link."""
    member = get_object_or_404(Membership.objects.here(), pk=pk)
    resend_invitation(member=member, by=request.membership, now=request.now)
    messages.success(
        request, _("A new invitation to %(name)s is on its way. The old link no longer works.") % {"name": member.name}
    )
    return _back(request, member)


@allow(Permission.RUN_COHORTS)
@require_POST
def member_invitation_revoking(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Membership.objects.here(), pk=pk)
    revoke_invitation(member=member, by=request.membership, now=request.now)
    sentence = _("The invitation of %(name)s no longer works.") % {"name": member.name}
    messages.success(request, sentence, extra_tags=reverse("member_invitation", args=[pk]))
    return _back(request, member)


def _back(request: MemberRequest, member: Membership) -> HttpResponse:
    """Redirect to the member's or the leader's page, or to the list."""
    if request.POST.get("page") == "member":
        return redirect("member", member.pk)
    enrolment = Enrolment.objects.active().filter(leader=member).order_by("-pk").first()
    return redirect("enrolment", enrolment.pk) if enrolment else redirect("members")
