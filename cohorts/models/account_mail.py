from django.db import models

from cohorts.models.mail import MailState, Reason
from cohorts.models.person import Person


class AccountMail(models.Model):
    """A mail about signing in: a code, or a notice that something changed. Audience: the person.

    A global table, since signing in comes before any organisation. Only `cohorts.access.account_mail_sending` changes
    its state, by the outbox's rules. `facts` are what its text needs, such as the code; they are emptied once it is
    sent or given up, and the row is deleted after a day. The kind `nothing` is never sent: it is written for an address
    that nobody has, so that asking takes the same steps for every address.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    address = models.EmailField(blank=True)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MailState, default=MailState.DUE)
    reason = models.CharField(max_length=12, choices=Reason, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(db_default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    smtp_code = models.PositiveSmallIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(state__in=[MailState.DUE, MailState.SENDING]),
                name="accountmail_to_send",
            ),
            models.Index(fields=["created_at"], name="accountmail_created"),
        ]
