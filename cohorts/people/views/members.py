"""The members of the organisation, their roles, and whether they have signed in."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.access.fresh import fresh_when
from cohorts.models import Enrolment, Membership, Role
from cohorts.models.person import MembershipQuerySet
from cohorts.people.actions.invitations import resend_invitation, revoke_invitation
from cohorts.people.actions.members import add_member, change_manager, give_role, take_role
from cohorts.people.forms.people import ManagerForm, MemberForm, roles_to_give
from cohorts.people.policies import POWERFUL, may_take
from cohorts.people.reporting_loops import reporting_loops
from cohorts.people.sign_in import sign_ins, standing_of
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.inputs import normalised
from cohorts.web.permissions import Permission

PAGE = 50
STATES: dict[str, Callable[[], MembershipQuerySet]] = {
    "": lambda: Membership.objects.filter(left_at=None),
    "suspended": lambda: Membership.objects.here().exclude(suspended_at=None),
    "former": lambda: Membership.objects.exclude(left_at=None),
}


def _gives_power(request: MemberRequest, **keys: object) -> bool:
    """Whether this gives or takes a role that can do so itself."""
    return bool({keys.get("role"), *request.POST.getlist("roles")} & POWERFUL)


@allow(Permission.RUN_COHORTS)
@require_safe
def members(request: MemberRequest) -> HttpResponse:
    asked, role = normalised(request.GET.get("q", "")).strip()[:100], request.GET.get("role", "")
    state = request.GET.get("state", "")
    found = STATES.get(state, STATES[""])().select_related("person", "manager")
    for word in asked.split():
        found = found.filter(name__icontains=word) | found.filter(person__email__icontains=word)
    if role in Role.values:
        found = found.with_role(role)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(request, list(page.object_list)),
        "q": asked,
        "role": role,
        "state": state,
        "roles": Role.choices,
        "loops": reporting_loops(),
    }
    return render(request, "cohorts/members.html", context)


@allow(Permission.RUN_COHORTS)
@fresh_when(_gives_power)
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
@require_POST
@fresh_when(_gives_power)
def member_roles(request: MemberRequest, pk: int, role: str) -> HttpResponse:
    """Give a role."""
    member = _load(pk, role)
    give_role(member=member, role=role, by=request.membership, organisation=request.organisation, now=request.now)
    sentence = _("%(name)s is now: %(role)s.") % {"name": member.name, "role": Role(role).label}
    messages.success(request, sentence, extra_tags=reverse("member_role_removal", args=[pk, role]))
    return _to_list_or_page(request, member)


@allow(Permission.RUN_COHORTS)
@require_POST
@fresh_when(_gives_power)
def member_role_removal(request: MemberRequest, pk: int, role: str) -> HttpResponse:
    """Take a role."""
    member = _load(pk, role)
    take_role(member=member, role=role, by=request.membership, now=request.now)
    sentence = _("%(name)s is no longer: %(role)s.") % {"name": member.name, "role": Role(role).label}
    messages.success(request, sentence, extra_tags=reverse("member_roles", args=[pk, role]))
    return _to_list_or_page(request, member)


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


def _load(pk: int, role: str) -> Membership:
    if role not in Role.values:
        raise Http404
    return get_object_or_404(Membership.objects.here(), pk=pk)


def _to_list_or_page(request: MemberRequest, member: Membership) -> HttpResponse:
    """Where the form stood: on the member's page, or in the list."""
    return redirect("member", member.pk) if request.POST.get("page") == "member" else redirect("members")


def _back(request: MemberRequest, member: Membership) -> HttpResponse:
    """Redirect to the member's or the leader's page, or to the list."""
    if request.POST.get("page") == "member":
        return redirect("member", member.pk)
    enrolment = Enrolment.objects.active().filter(leader=member).order_by("-pk").first()
    return redirect("enrolment", enrolment.pk) if enrolment else redirect("members")


def _rows(request: MemberRequest, members: list[Membership]) -> list[dict[str, object]]:
    by = request.membership
    not_in = sign_ins(map(standing_of, members), zone=by.zone, now=request.now)
    giveable = [(Role(key), label) for key, label in roles_to_give(by)]
    return [
        {
            "member": member,
            "has": [(role, role.label, may_take(by, member, role)) for role in Role if member.has_role(role)],
            "could": [(role, label) for role, label in giveable if not member.has_role(role)],
            "sign_in": not_in.get(member.pk),
        }
        for member in members
    ]
