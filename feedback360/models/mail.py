from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Membership
from cohorts.models.mail import OutboxRow
from cohorts.tenancy.wall import Across, OwnedForeignKey
from feedback360.models.rater import Rater
from feedback360.models.round import Round


class RaterMail(OutboxRow):
    """A mail to a rater: the question itself, a reminder, or the link they asked for again. Audience: the rater."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Request")
        REMINDER = "reminder", _("Reminder")
        LINK = "link", _("Link again")

    across = {Across.PLANNER: ["SELECT"]}

    rater = OwnedForeignKey(Rater, related_name="mails")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()

    class Meta(OutboxRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "rater", "kind", "number"], name="rater_mail_once"),
        ]


class MemberMail(OutboxRow):
    """A mail to a leader or sponsor about their part in a round. Audience: that member."""

    class Kind(models.TextChoices):
        NOMINATE = "nominate", _("Choose your raters")
        APPROVE = "approve", _("Approve raters")
        REPLACE = "replace", _("Someone else is needed")
        RELEASED = "released", _("Your report is here")

    across = {Across.PLANNER: ["SELECT"]}

    round = OwnedForeignKey(Round, related_name="member_mails")
    recipient = OwnedForeignKey(Membership, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    number = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()

    class Meta(OutboxRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "round", "recipient", "kind", "number"], name="round_mail_once"
            ),
        ]
