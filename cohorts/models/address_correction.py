from django.db import models

from cohorts.models.delayed_change import DelayedChange, DelayedChangeQuerySet
from cohorts.models.person import Membership
from cohorts.tenancy.wall import OwnedForeignKey, OwnedManager


class AddressCorrectionQuerySet(DelayedChangeQuerySet):
    def merged(self) -> "AddressCorrectionQuerySet":
        """Merges that were carried out."""
        return self.filter(into__isnull=False, done_at__isnull=False)


class AddressCorrection(DelayedChange):
    """An admin asks to change the address of a member who has come in. Audience: admins, the member.

    `email` is the new address. `into` is set for a merge: the member who stays, and takes over what this one has.
    `by_program`: asked with a key of the API.
    """

    into = OwnedForeignKey(Membership, null=True, blank=True, related_name="+", is_indexed=False)
    email = models.EmailField()
    by_program = models.BooleanField(default=False, db_default=False)

    objects = OwnedManager.from_queryset(AddressCorrectionQuerySet)()
