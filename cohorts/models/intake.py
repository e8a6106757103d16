from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Cohort
from cohorts.models.person import Membership
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class UploadQuerySet(OwnedQuerySet):
    def waiting(self) -> "UploadQuerySet":
        return self.filter(state=Upload.State.PREVIEWED)

    def discard(self) -> int:
        """Delete what unconfirmed uploads hold. Returns how many there were."""
        kind: type[Upload] = self.model  # type: ignore[assignment]
        return self.waiting().update(state=Upload.State.DISCARDED, counts={}, **kind.NO_ROWS)


class Upload(OrganisationOwned):
    """An uploaded list, not yet confirmed. Its rows are deleted on confirmation, or after a week."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("Waiting for you to confirm")
        CONFIRMED = "confirmed", _("Imported")
        DISCARDED = "discarded", _("Discarded")

    NO_ROWS: dict[str, Any] = {}

    uploaded_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = OwnedManager.from_queryset(UploadQuerySet)()

    class Meta:
        abstract = True
        ordering = ["-created_at"]


class UploadedList(Upload):
    """An upload of at most some thousand rows, held with it."""

    NO_ROWS = {"rows": []}

    rows = models.JSONField(default=list)

    class Meta(Upload.Meta):
        abstract = True


class Intake(UploadedList):
    """An uploaded list of people. Audience: admins.

    `source` is the file itself, so that other columns or another sheet can be chosen. `choices` holds what was chosen,
    by number of the column and of the row, and `shape` a hash of the headers: the organisation's next file of the same
    shape is read in the same way. `made` holds keys of what a confirmed one added and gave, and what it moved from
    where to where.
    """

    NO_ROWS = {"rows": [], "source": b"", "choices": {}}

    cohort = OwnedForeignKey(Cohort, related_name="intakes")
    source = models.BinaryField(default=b"")
    shape = models.CharField(max_length=64, blank=True)
    choices = models.JSONField(default=dict)
    made = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
