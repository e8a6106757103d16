"""Who may change which setting."""

from django.utils.translation import gettext as _

from cohorts.models import Membership, Organisation
from cohorts.web.permissions import Permission, may
from cohorts.web.refusals import NotYours


def may_change(by: Membership, organisation: Organisation, permission: Permission) -> bool:
    """An active member of this very organisation: its table has no row-level security."""
    return by.organisation_id == organisation.pk and by.is_active and may(by, permission)


def ensure_may(by: Membership, organisation: Organisation, permission: Permission) -> None:
    if not may_change(by, organisation, permission):
        raise NotYours(_("Only owners change this."))
