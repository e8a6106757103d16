from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Membership
from cohorts.models.mail import OutboxRow
from cohorts.tenancy.wall import Across, OrganisationOwned, OwnedForeignKey

MAIL_DELAY = timedelta(minutes=1)  # so that Undo takes back what nobody has read


class CalendarMail(OutboxRow):
    """One message to one member's calendar about one meeting: it is on, or it is off.

    `sort` and `about` name the row (`coaching.calendars.things`), `uid` and `sequence` its name in calendars and
    its edition then, `slot` is a fingerprint of when and where. Audience: the member.
    """

    class Method(models.TextChoices):
        REQUEST = "REQUEST", _("Invitation")
        CANCEL = "CANCEL", _("Cancellation")

    across = {Across.PLANNER: ["SELECT"]}

    recipient = OwnedForeignKey(Membership, related_name="+")
    sort = models.CharField(max_length=12)
    about = models.BigIntegerField()
    uid = models.UUIDField()
    sequence = models.PositiveIntegerField()
    method = models.CharField(max_length=7, choices=Method)
    slot = models.CharField(max_length=32)
    due_at = models.DateTimeField()

    class Meta(OutboxRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "uid", "recipient", "sequence"], name="calendar_mail_once"),
        ]


class CoachingMail(OutboxRow):
    """One mail of coaching to one member.

    `kind` is one of those in `coaching.mails`, which knows the table that `about` is a key of. Audience: the member.
    """

    across = {Across.PLANNER: ["SELECT"]}

    recipient = OwnedForeignKey(Membership, related_name="+")
    kind = models.SlugField(max_length=24, db_index=False)
    about = models.BigIntegerField()
    number = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()

    class Meta(OutboxRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "recipient", "kind", "about", "number"], name="coaching_mail_once"
            ),
        ]


class MailChoice(OrganisationOwned):
    """What a member chose about mails of coaching and their calendar feed; without a row, mails on and no feed.

    A feed's address is signed with `feed_version`: raising it makes every earlier address a dead one.
    Audience: the member.
    """

    member = OwnedForeignKey(Membership, related_name="+")
    invitations_on = models.BooleanField(_("calendar invitations by e-mail"), default=True)
    reminders_on = models.BooleanField(_("reminders by e-mail"), default=True)
    feed_on = models.BooleanField(default=False)
    feed_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "member"], name="mail_choice_once")]
