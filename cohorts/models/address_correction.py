from django.db import models

from cohorts.models.person import Membership
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class AddressCorrectionQuerySet(OwnedQuerySet):
    def waiting(self) -> "AddressCorrectionQuerySet":
        """Neither stopped nor carried out."""
        return self.filter(stopped_at=None, done_at=None)

    def merged(self) -> "AddressCorrectionQuerySet":
        """Merges that were carried out."""
        return self.filter(into__isnull=False, done_at__isnull=False)


class AddressCorrection(OrganisationOwned):
    """An admin asks to change the address of a member who has come in; it waits and can be stopped.

    `email` is the new address. `into` is set for a merge: the member who stays, and takes over what this one has.
    `by_program`: asked with a key of the API. Audience: admins, the member.
    """

    member = OwnedForeignKey(Membership, related_name="+")
    asked_by = OwnedForeignKey(Membership, related_name="+")
    into = OwnedForeignKey(Membership, null=True, blank=True, related_name="+", is_indexed=False)
    email = models.EmailField()
    by_program = models.BooleanField(default=False, db_default=False)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager.from_queryset(AddressCorrectionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "member"],
                condition=models.Q(stopped_at=None, done_at=None),
                name="addresscorrection_one_open",
            )
        ]
