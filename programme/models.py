from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment, Membership
from cohorts.models.mail import OutboxRow
from cohorts.tenancy.wall import Across, OrganisationOwned, OwnedForeignKey
from feedback360.models import Subject
from goals.models import Team


class Report(OrganisationOwned):
    """A requested printed report: a job first, then a file that expires. Audience: the member who requested it.

    With a `subject` it is the released report of that 360 round, with a `team` its charter, else the report of the
    ninety days. Who is in the team is printed only when the leader asked for it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WORKING = "working", _("Being printed")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Did not work")

    class Copy(models.TextChoices):
        OWN = "own", _("Leader's own copy")
        SPONSOR = "sponsor", _("Sponsor's copy")
        ADMIN = "admin", _("Admin's copy")

    enrolment = OwnedForeignKey(Enrolment, related_name="reports")
    asked_by = OwnedForeignKey(Membership, related_name="+")
    subject = OwnedForeignKey(Subject, null=True, blank=True, related_name="+")
    team = OwnedForeignKey(Team, null=True, blank=True, related_name="+")
    with_names = models.BooleanField(default=False, db_default=False)
    copy = models.CharField(max_length=8, choices=Copy)
    language = models.CharField(max_length=5)
    on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    by_mail = models.BooleanField(default=False)
    file = models.CharField(max_length=200, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at"]


class ReportMail(OutboxRow):
    """The mail that says a report is ready. It names the report and links to it; the file is never in it.

    Audience: the member who asked for the report.
    """

    across = {Across.PLANNER: ["SELECT"]}

    report = OwnedForeignKey(Report, related_name="mails")
    due_at = models.DateTimeField()

    class Meta(OutboxRow.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "report"], name="report_mail_once")]
