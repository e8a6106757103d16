from datetime import timedelta

from django.db import models

from cohorts.models.person import Membership
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedQuerySet

DELAY = timedelta(hours=24)


class DelayedChangeQuerySet(OwnedQuerySet):
    def waiting(self) -> "DelayedChangeQuerySet":
        """Neither stopped nor carried out."""
        return self.filter(stopped_at=None, done_at=None)


class DelayedChange(OrganisationOwned):
    """A change to how somebody signs in, which waits a day (`DELAY`) and can be stopped meanwhile. One at a time."""

    member = OwnedForeignKey(Membership, related_name="+")
    asked_by = OwnedForeignKey(Membership, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "member"],
                condition=models.Q(stopped_at=None, done_at=None),
                name="%(class)s_one_open",
            )
        ]
