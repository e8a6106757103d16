from django.db import models

from cohorts.tenancy.wall import OrganisationOwned


class AuditEntry(OrganisationOwned):
    """Who did what to which thing. Append-only and hash-chained per organisation; keys and labels, no private text.

    Has no foreign keys, so that it outlives what it describes. Audience: owners and admins.
    """

    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=40)
    verb = models.CharField(max_length=60)
    thing = models.CharField(max_length=60)
    thing_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="audit_number_once")]
        ordering = ["-number"]
