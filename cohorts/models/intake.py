from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Cohort
from cohorts.models.person import Membership
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey


class Intake(OrganisationOwned):
    """An uploaded list of people, not yet confirmed. Its rows are deleted on confirmation, or after a week.

    Audience: admins.
    """

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("Waiting for you to confirm")
        CONFIRMED = "confirmed", _("Imported")
        DISCARDED = "discarded", _("Discarded")

    cohort = OwnedForeignKey(Cohort, related_name="intakes")
    uploaded_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)
    rows = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
