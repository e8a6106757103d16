"""The roles of one member on one page. Giving power asks first; every change has Undo."""

from collections.abc import Collection

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.access.fresh import fresh_when
from cohorts.models import Membership, Role
from cohorts.people.actions.members import change_roles
from cohorts.people.forms.people import RolesForm
from cohorts.people.member_header import tabs_of
from cohorts.people.policies import POWERFUL
from cohorts.people.role_rows import NEVER, OPENS, role_rows
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission

NONE = "none"


def changes_power(request: MemberRequest, **keys: object) -> bool:
    """Whether this gives or takes a role that can give roles itself."""
    by_form = {*request.POST.getlist("roles")} ^ {*request.POST.getlist("had")}
    by_address = {part for name in ("give", "take") for part in str(keys.get(name, "")).split("-")}
    return bool((by_form | by_address) & POWERFUL)


@allow(Permission.RUN_COHORTS)
@fresh_when(changes_power)
@require_http_methods(["GET", "HEAD", "POST"])
def member_roles(request: MemberRequest, pk: int) -> HttpResponse:
    member = _load(pk)
    form = RolesForm(posted(request), by=request.membership, member=member)

    def save() -> HttpResponse:
        if form.asks_first:
            return _ask(request, member, form)
        return _change(request, member, give=form.given, take=form.taken)

    chosen = request.POST.getlist("roles") if form.is_bound else form.initial["roles"]
    context = {
        "member": member,
        "tabs": tabs_of(member, "member_roles"),
        "rows": role_rows(member, by=request.membership, chosen=chosen),
    }
    return form_page(request, form, save, "cohorts/member_roles.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
@fresh_when(changes_power)
def member_roles_undoing(request: MemberRequest, pk: int, give: str, take: str) -> HttpResponse:
    """Undo: each of the two is roles with hyphens between them, or `none`."""
    return _change(request, _load(pk), give=_roles(give), take=_roles(take))


def _change(
    request: MemberRequest, member: Membership, *, give: Collection[str], take: Collection[str]
) -> HttpResponse:
    change_roles(
        member=member,
        give=give,
        take=take,
        by=request.membership,
        organisation=request.organisation,
        now=request.now,
    )
    if give or take:
        held = ", ".join(str(role.label) for role in Role if member.has_role(role))
        sentence = _("%(name)s is now: %(roles)s.") if held else _("%(name)s has no role now.")
        undo = reverse("member_roles_undoing", args=[member.pk, _slug(take), _slug(give)])
        messages.success(request, sentence % {"name": member.name, "roles": held}, extra_tags=undo)
    return redirect("member_roles", member.pk)


def _ask(request: MemberRequest, member: Membership, form: RolesForm) -> HttpResponse:
    """The question before power is given, with what it opens and who hears of it."""
    told = Membership.objects.active().with_role(Role.OWNER).exclude(pk__in=[member.pk, request.membership.pk])
    context = {
        "member": member,
        "form": form,
        "powers": [(Role(role).label, OPENS[Role(role)], NEVER[Role(role)]) for role in sorted(form.given & POWERFUL)],
        "told": [owner.name for owner in told],
    }
    return render(request, "cohorts/member_roles_power.html", context)


def _load(pk: int) -> Membership:
    return get_object_or_404(Membership.objects.here().select_related("person"), pk=pk)


def _slug(roles: Collection[str]) -> str:
    return "-".join(sorted(roles)) or NONE


def _roles(slug: str) -> list[str]:
    named = [] if slug == NONE else slug.split("-")
    if not set(named) <= set(Role.values):
        raise Http404
    return named
