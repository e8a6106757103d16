from django.db import models

from cohorts.models.person import Membership
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey


class FactorRecovery(OrganisationOwned):
    """An owner asks that a member's lost factors be removed; it waits and can be stopped. Audience: owners, member.

    The reason helps the owners and the person decide whether to stop it.
    """

    member = OwnedForeignKey(Membership, related_name="+")
    asked_by = OwnedForeignKey(Membership, related_name="+")
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "member"],
                condition=models.Q(stopped_at=None, done_at=None),
                name="factorrecovery_one_open",
            )
        ]
