"""Who may give and take roles, and end a membership."""

from django.utils.translation import gettext as _

from cohorts.models import Membership, Role
from cohorts.web.refusals import NotYours

# Who has one of these can give roles; owners are told of each, and giving or taking one asks for fresh proof.
POWERFUL = frozenset({Role.ADMIN, Role.OWNER})


def may_give(by: Membership, role: str) -> bool:
    """Owners may give and take every role, admins every role except owner."""
    return by.has_role(Role.OWNER) or (by.has_role(Role.ADMIN) and role != Role.OWNER)


def ensure_may_give(by: Membership, role: str) -> None:
    if by.key_prefix and role in POWERFUL:
        raise NotYours(_("Owners and admins get and lose that role on the pages, with fresh proof of who you are."))
    if not may_give(by, role):
        raise NotYours(_("Only an owner can give or take the role of owner."))


def is_own_power(by: Membership, member: Membership, role: str) -> bool:
    """A role that nobody takes from themself: somebody else has to remain who can give it back."""
    return by.pk == member.pk and role in POWERFUL


def may_take(by: Membership, member: Membership, role: str) -> bool:
    """Whether to offer it by hand. Leaders leave through their cohort."""
    return role != Role.LEADER and not is_own_power(by, member, role) and may_give(by, role)


def may_end(by: Membership, member: Membership) -> bool:
    """Admins may suspend and remove others, owners only by an owner; everybody may leave, by their own hand."""
    return (by.pk == member.pk and not by.key_prefix) or (
        by.is_admin and all(may_give(by, role) for role in member.roles)
    )


def ensure_may_end(by: Membership, member: Membership) -> None:
    if not may_end(by, member):
        raise NotYours(_("Only an owner can suspend or remove an owner."))
