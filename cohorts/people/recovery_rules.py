"""When an owner may ask that a member's factors be removed. Asked by the page, decided in the action."""

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from cohorts.models import Membership, Person, Role
from cohorts.people.memberships import belongings_of
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import NotNow, NotYours

MAX_REASON_CHARACTERS = 500


def ensure_owner(by: Membership) -> None:
    if not by.has_role(Role.OWNER):
        raise NotYours(_("Only an owner can do this."))


def ensure_reason(reason: str) -> None:
    ensure_text("reason", reason, most=MAX_REASON_CHARACTERS)


def ensure_may_recover(member: Membership, by: Membership) -> None:
    """Their factors are theirs alone in every organisation, so none of several may remove them."""
    ensure_owner(by)
    if member.pk == by.pk:
        raise NotNow(_("You are signed in, so you need no recovery. If you lose your own, ask another owner."))
    ensure_has_factors(member.person)
    ensure_only_here(member)


def ensure_has_factors(person: Person) -> None:
    if not Authenticator.objects.filter(user=person).exists():
        raise NotNow(_("They have no passkey and no app. They sign in with a code by mail."))


def ensure_only_here(member: Membership) -> None:
    if any(each.organisation_id != member.organisation_id for each in belongings_of(member.person)):
        raise NotNow(_("They belong to another organisation, too. Ask the people who run this installation."))
