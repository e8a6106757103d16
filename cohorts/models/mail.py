from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.tenancy.wall import OrganisationOwned


class MailState(models.TextChoices):
    """Where one mail is. `cohorts.mail.outbox.rules.MOVES` is the table of allowed moves."""

    DUE = "due", _("Due")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Skipped")
    FAILED = "failed", _("Failed")
    AMBIGUOUS = "ambiguous", _("May have arrived")


TROUBLE = frozenset({MailState.FAILED, MailState.AMBIGUOUS})  # what an admin has to look at


class Reason(models.TextChoices):
    """Why a mail was skipped or failed. Codes only; no address and no text of a server's answer."""

    TOO_LATE = "too_late", _("Too late for that day")
    PRACTISED = "practised", _("Practice already logged")
    PAUSED = "paused", _("Away that day")
    LEFT = "left", _("No longer in the cohort")
    UNSUBSCRIBED = "unsubscribed", _("Mail switched off")
    ACCEPTED = "accepted", _("Has signed in already")
    REVOKED = "revoked", _("Invitation taken back")
    EXPIRED = "expired", _("No longer valid")
    REFUSED = "refused", _("The mail server refused the address")
    UNREACHABLE = "unreachable", _("The mail server could not be reached in time")
    SILENT = "silent", _("The mail server did not say whether it took it")


class OutboxRow(OrganisationOwned):
    """One mail of any kind, from due to settled. Only `cohorts.mail.outbox` changes its state. Never holds text."""

    state = models.CharField(max_length=10, choices=MailState, default=MailState.DUE)
    reason = models.CharField(max_length=12, choices=Reason, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(db_default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    smtp_code = models.PositiveSmallIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["organisation", "not_before", "id"],
                condition=models.Q(state=MailState.DUE),
                name="%(class)s_to_send",
            ),
            models.Index(fields=["lease_until"], condition=models.Q(state=MailState.SENDING), name="%(class)s_leased"),
        ]
