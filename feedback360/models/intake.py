from django.db import models

from cohorts.models import Intake, Membership
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey
from feedback360.models.round import Round


class RaterIntake(OrganisationOwned):
    """An uploaded list of raters, not yet confirmed. Its rows are deleted on confirmation, or after a week.

    Audience: admins.
    """

    State = Intake.State

    round = OwnedForeignKey(Round, related_name="rater_intakes")
    uploaded_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=Intake.State, default=Intake.State.PREVIEWED)
    rows = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
