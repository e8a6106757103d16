from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Cohort, Enrolment
from cohorts.models.curriculum import Step
from cohorts.models.mail import OutboxRow
from cohorts.models.person import Membership
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import Across, OrganisationOwned, OwnedForeignKey


class Clock(OrganisationOwned):
    """One enrolment's cursor: when the next nudge is due, and the last steps given. Ids and instants, no content.

    An empty `next_at` with `is_finished` false means that the path must be asked again. `turn` orders what is due at
    the same instant, so that a large organisation does not keep the others waiting. `met` are later steps already
    received in an older version, which do not come again. Audience: the planner.
    """

    across = {Across.PLANNER: ["SELECT", "UPDATE"]}
    is_target = False

    enrolment = OwnedForeignKey(Enrolment, related_name="clocks")
    next_at = models.DateTimeField(null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)
    next_day = models.PositiveSmallIntegerField(null=True, blank=True)
    next_step = OwnedForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+", is_indexed=False)
    next_step_day = models.PositiveSmallIntegerField(null=True, blank=True)
    is_next_core = models.BooleanField(default=True)
    channels = ArrayField(models.CharField(max_length=8), default=list)
    turn = models.PositiveIntegerField(db_default=0)
    last_core_day = models.PositiveSmallIntegerField(default=0)
    last_extra_day = models.PositiveSmallIntegerField(default=0)
    last_on = models.DateField(null=True, blank=True)
    met = ArrayField(models.BigIntegerField(), default=list)
    is_held = models.BooleanField(default=False)
    is_simulated = models.BooleanField(default=False)
    is_finished = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "enrolment"], name="clock_once")]
        indexes = [
            models.Index(
                fields=["next_at", "turn", "id"],
                condition=models.Q(is_held=False, is_simulated=False, next_at__isnull=False),
                name="clock_due",
            ),
            models.Index(
                fields=["organisation", "id"],
                condition=models.Q(is_finished=False, next_at__isnull=True),
                name="clock_unplanned",
            ),
        ]


class Channel(models.TextChoices):
    APP = "app", _("In the app")
    MAIL = "mail", _("E-mail")


class Nudge(Tracked, OutboxRow):
    """One message for one enrolment on one local date on one channel. Never holds its text.

    Audience: the leader; admins see state and reason.
    """

    across = {Across.PLANNER: ["SELECT", "INSERT"]}
    is_target = False

    enrolment = OwnedForeignKey(Enrolment, related_name="nudges")
    step = OwnedForeignKey(Step, models.PROTECT, related_name="+", is_indexed=False)
    on = models.DateField()
    day = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=8, choices=Channel)
    due_at = models.DateTimeField()

    class Meta(OutboxRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "on", "channel"], name="nudge_once_a_day")
        ]
        indexes = [*OutboxRow.Meta.indexes, models.Index(fields=["organisation", "on"], name="nudge_on")]


class DigestClock(OrganisationOwned):
    """When one sponsor's weekly digest is due: ids and instants, no content. Audience: the planner."""

    across = {Across.PLANNER: ["SELECT"]}

    sponsor = OwnedForeignKey(Membership, related_name="+")
    next_at = models.DateTimeField()
    is_simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "sponsor"], name="digest_clock_once")]
        indexes = [models.Index(fields=["next_at"], name="digest_clock_due")]


class Digest(OutboxRow):
    """One weekly mail to one sponsor, at most one a week. Never holds its text. Audience: the sponsor."""

    across = {Across.PLANNER: ["SELECT"]}

    sponsor = OwnedForeignKey(Membership, related_name="digests")
    week_on = models.DateField()
    due_at = models.DateTimeField()

    class Meta(OutboxRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sponsor", "week_on"], name="digest_once_a_week")
        ]


class SponsorNote(OutboxRow):
    """One mail to a sponsor that an admin asked for: about leaders gone quiet, or because the sponsor is silent.

    `enrolments` are the keys of the quiet leaders it is about. Never holds its text. Audience: admins and the sponsor.
    """

    class Kind(models.TextChoices):
        QUIET = "quiet", _("Leaders gone quiet")
        SILENT = "silent", _("Silent sponsor")

    across = {Across.PLANNER: ["SELECT"]}

    kind = models.CharField(max_length=6, choices=Kind)
    sponsor = OwnedForeignKey(Membership, related_name="notes")
    cohort = OwnedForeignKey(Cohort, related_name="+")
    enrolments = ArrayField(models.BigIntegerField(), default=list, blank=True)
    requested_by = OwnedForeignKey(Membership, related_name="+")
    requested_at = models.DateTimeField()
