"""When a second factor may be asked of a role, and when one may be removed. Asked by pages, decided in the actions."""

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from cohorts.access.factor_rules import ROLES_TO_ASK
from cohorts.access.fresh import has_factor
from cohorts.models import Membership, Person
from cohorts.people.memberships import belongings_of
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import Invalid, NotNow


def ensure_roles_to_ask(roles: Collection[str]) -> None:
    for role in roles:
        ensure_choice("roles", role, ROLES_TO_ASK)


def ensure_may_ask(roles: Collection[str], by: Membership, *, asked_before: Collection[str]) -> None:
    """Asking of one more role needs a factor of one's own: so an owner is left who can come in and take it back."""
    if not set(roles) <= set(asked_before) and not has_factor(by.person):
        raise Invalid("roles", _("Add a passkey or codes from an app for yourself first."))


def ensure_may_remove_factor(person: Person) -> None:
    """Raises NotNow about the only factor of somebody whose organisation requires one."""
    factors = Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if factors.count() > 1:
        return
    for belonging in belongings_of(person):
        if belonging.asks_for_factor:
            raise NotNow(
                _("%(organisation)s requires a passkey or codes from an app. Add another one before you remove this.")
                % {"organisation": belonging.name}
            )
