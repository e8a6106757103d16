"""Owners decide whether they and admins must have a second factor."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.access.factor_rules import ROLES_TO_ASK
from cohorts.access.fresh import fresh, has_factor
from cohorts.models import Membership
from cohorts.people.actions.factor_policy import ask_for_factors
from cohorts.people.forms.factor_policy import FactorPolicyForm
from cohorts.people.recovery_rules import ensure_owner
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def factor_policy(request: MemberRequest) -> HttpResponse:
    ensure_owner(request.membership)
    form = FactorPolicyForm(posted(request), initial={"roles": request.organisation.factor_roles})

    def save() -> HttpResponse:
        ask_for_factors(roles=form.cleaned_data["roles"], by=request.membership, now=request.now)
        messages.success(request, _("Saved. It applies from now on, even where people are already signed in."))
        return redirect("factor_policy")

    context = {"without": _without(), "has_own": has_factor(request.membership.person)}
    return form_page(request, form, save, "cohorts/factor_policy.html", context)


def _without() -> list[tuple[str, str]]:
    """Name and roles of the owners and admins who have no factor yet."""
    members = Membership.objects.active().filter(roles__overlap=list(ROLES_TO_ASK))
    factors = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    found = members.exclude(person__in=factors.values("user"))
    return [
        (member.name, ", ".join(str(role.label) for role in ROLES_TO_ASK if member.has_role(role))) for member in found
    ]
