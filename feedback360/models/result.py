from django.db import models

from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey
from feedback360.models.round import Subject


class Result(OrganisationOwned):
    """What one leader's round may show, decided once by `feedback360.visibility` and never changed.

    Readable once the round is released. Audience: the leader, their sponsor, and what `results.policies` allows.
    """

    subject = OwnedForeignKey(Subject, related_name="results")
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "subject"], name="result_once")]
