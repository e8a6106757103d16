from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Cohort
from cohorts.models.person import Membership
from cohorts.tenancy.wall import Across, OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class UploadQuerySet(OwnedQuerySet):
    def waiting(self) -> "UploadQuerySet":
        return self.filter(state=Upload.State.PREVIEWED)

    @transaction.atomic
    def discard(self) -> int:
        """Delete what unconfirmed uploads hold. Returns how many there were.

        They are locked first: one that somebody confirms at this moment keeps what it holds.
        """
        kind: type[Upload] = self.model  # type: ignore[assignment]
        held = self.waiting().order_by("pk").select_for_update(of=("self",), no_key=True)
        keys = list(held.values_list("pk", flat=True))
        for rows in kind.held_in():
            rows.filter(intake__in=keys).delete()
        those: UploadQuerySet = kind.objects.filter(pk__in=keys)
        return those.update(state=Upload.State.DISCARDED, counts={}, **kind.NO_ROWS)


class Upload(OrganisationOwned):
    """An uploaded list, not yet confirmed. Its rows are deleted on confirmation, or after a week."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("Waiting for you to confirm")
        CONFIRMED = "confirmed", _("Imported")
        DISCARDED = "discarded", _("Discarded")

    NO_ROWS: dict[str, Any] = {}
    is_running: Any = False
    choices: Any

    uploaded_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = OwnedManager.from_queryset(UploadQuerySet)()

    class Meta:
        abstract = True
        ordering = ["-created_at"]

    @classmethod
    def held_in(cls) -> Sequence[OwnedQuerySet]:
        """What an upload holds in other tables, each with an `intake`."""
        return ()


class UploadWithFile(Upload):
    """An upload that holds its file, so that other columns or another sheet can be chosen.

    `choices` holds what was chosen, columns by number, and `shape` a hash of the headers: the organisation's next file
    of the same shape is read in the same way.
    """

    NO_ROWS = {"source": b"", "choices": {}}

    source = models.BinaryField(default=b"", db_default=b"")
    shape = models.CharField(max_length=64, blank=True, db_default="")
    choices = models.JSONField(default=dict, db_default={})

    class Meta(Upload.Meta):
        abstract = True


class UploadedList(UploadWithFile):
    """An upload of at most some thousand rows, held with it."""

    NO_ROWS = {**UploadWithFile.NO_ROWS, "rows": []}

    rows = models.JSONField(default=list)

    class Meta(Upload.Meta):
        abstract = True


class IntakeQuerySet(UploadQuerySet):
    def waiting(self) -> "IntakeQuerySet":
        return super().waiting().filter(is_running=False)  # type: ignore[return-value]


class Intake(Upload):
    """An uploaded list of people. Audience: admins.

    Its file is `IntakePiece`, so that other columns or another sheet can be chosen; its rows, and what each would do,
    are `IntakePart`: nobody holds a long list in memory. `choices` holds what was chosen, by number of the column and
    of the row, and `shape` a hash of the headers: the organisation's next file of the same shape is read in the same
    way. `plan` says what the list would do as a whole, for as long as nothing changes. `made` holds keys of what a
    confirmed one added and gave, and what it moved from where to where. While a worker imports or undoes it,
    `is_running`.
    """

    NO_ROWS = {"choices": {}, "plan": {}}

    cohort = OwnedForeignKey(Cohort, related_name="intakes")
    shape = models.CharField(max_length=64, blank=True)
    choices = models.JSONField(default=dict)
    plan = models.JSONField(default=dict, db_default={})
    made = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    is_running = models.BooleanField(default=False)

    objects = OwnedManager.from_queryset(IntakeQuerySet)()  # type: ignore[assignment, misc]

    @property
    def stands(self) -> bool:
        """Whether it was imported and not undone since."""
        return self.state == Intake.State.CONFIRMED and self.undone_at is None

    @classmethod
    def held_in(cls) -> Sequence[OwnedQuerySet]:
        return IntakePiece.objects.all(), IntakePart.objects.all()

    def empty(self) -> None:
        """Delete the file and its rows."""
        for rows in self.held_in():
            rows.filter(intake=self).delete()


class IntakePiece(OrganisationOwned):
    """Some bytes of an uploaded file; in the order of their numbers the pieces are the file. Audience: admins."""

    is_target = False

    intake = OwnedForeignKey(Intake, related_name="pieces")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "intake", "number"], name="intake_piece_once")]
        ordering = ["number"]


class IntakePart(OrganisationOwned):
    """Up to 2,000 rows of an upload, what each would do, and a share of the sponsors they name. Audience: admins.

    `rows` and `outcomes` are lists of equal length; a list that is not planned has no outcomes. The counts let a page
    be found without reading the others.
    """

    is_target = False

    intake = OwnedForeignKey(Intake, related_name="parts")
    number = models.PositiveIntegerField()
    rows = models.JSONField(default=list)
    outcomes = models.JSONField(default=list)
    sponsors = models.JSONField(default=list)
    row_count = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    sponsor_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "intake", "number"], name="intake_part_once")]
        ordering = ["number"]


class ImportRunQuerySet(OwnedQuerySet):
    def open(self) -> "ImportRunQuerySet":
        return self.filter(state__in=ImportRun.OPEN)


class ImportRun(OrganisationOwned):
    """A list of people that a worker imports or, if `is_undo`, takes back: whose turn it is, and how far.

    Keys, counts and instants, no text. `total` is `people` to be made members and those of them to be enrolled, or
    those who are to be neither any more. Audience: admins.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        WORKING = "working", _("Being imported")
        DONE = "done", _("Imported")
        CANCELLED = "cancelled", _("Cancelled")
        CHANGED = "changed", _("Something changed since it was confirmed")
        NO_ADMIN = "no_admin", _("The person who confirmed it is no longer an admin")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    OPEN = (State.WAITING, State.WORKING)
    across = {Across.PLANNER: ["SELECT"]}

    intake = OwnedForeignKey(Intake, related_name="runs")
    by = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    is_undo = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()

    objects = OwnedManager.from_queryset(ImportRunQuerySet)()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "intake"],
                condition=models.Q(state__in=["waiting", "working"]),
                name="import_run_one_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(state__in=["waiting", "working"]),
                name="import_run_open",
            )
        ]
