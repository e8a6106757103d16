"""An organisation always has an owner who can come in."""

from django.utils.translation import gettext as _

from cohorts.models import Membership, Organisation, Role
from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.refusals import NotNow


def ensure_an_owner_stays(member: Membership) -> None:
    """Refuse to end the last ownership. Raises NotNow.

    Locks the organisation, since two owners removing each other would each find the other one still there.
    """
    lock_organisation()
    owners = set(Membership.objects.active().with_role(Role.OWNER).values_list("pk", flat=True))
    if owners == {member.pk}:
        raise NotNow(_("This is the only owner. Make someone else an owner first."))


def lock_organisation() -> None:
    """Hold the open organisation until the transaction ends. Before any other lock: imports take it first, too."""
    Organisation.objects.select_for_update(no_key=True).get(pk=current_organisation_id())
