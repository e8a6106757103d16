from django.db import models

from cohorts.models import Membership
from cohorts.tenancy.wall import Across, OrganisationOwned, OwnedForeignKey


class CoachingClock(OrganisationOwned):
    """When an organisation's coaching has something due next: one instant, no content. Audience: the engine."""

    across = {Across.PLANNER: ["SELECT"]}

    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="coaching_clock_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="coaching_clock_due")
        ]


class Reminder(OrganisationOwned):
    """One line that a member is reminded of, once: the mail of the day `on` says it.

    `about` is the key of a session or a pairing, by `kind`; `cycle` is what it is said once for: a session's date, or
    the talk since which a pair has not met. Audience: the member.
    """

    class Kind(models.TextChoices):
        BEFORE = "before"
        AFTER = "after"
        ACKNOWLEDGE = "acknowledge"
        DUE = "due"
        LAPSED = "lapsed"
        FACT = "fact"

    recipient = OwnedForeignKey(Membership, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind)
    about = models.BigIntegerField()
    cycle = models.DateField()
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "recipient", "kind", "about", "cycle"], name="reminded_once"
            ),
        ]
