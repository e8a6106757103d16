"""Who may give and take roles."""

from django.utils.translation import gettext as _

from cohorts.models import Membership, Role
from cohorts.web.refusals import NotYours


def may_give(by: Membership, role: str) -> bool:
    """Owners may give and take every role, admins every role except owner."""
    return by.has_role(Role.OWNER) or (by.has_role(Role.ADMIN) and role != Role.OWNER)


def ensure_may_give(by: Membership, role: str) -> None:
    if not may_give(by, role):
        raise NotYours(_("Only an owner can give or take the role of owner."))
