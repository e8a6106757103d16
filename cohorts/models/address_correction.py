from django.db import models

from cohorts.models.person import Membership
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey


class AddressCorrection(OrganisationOwned):
    """An admin asks that a member who has come in signs in with another address; it waits and can be stopped.

    `email` is where the membership goes. `into` is set when a member of that address is the same person: they take over
    what this one has, and this one ends. `by_program`: asked with a key of the API. Audience: admins, the member.
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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "member"],
                condition=models.Q(stopped_at=None, done_at=None),
                name="addresscorrection_one_open",
            )
        ]
