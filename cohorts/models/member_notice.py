from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Enrolment
from cohorts.models.mail import OutboxRow
from cohorts.models.person import Membership, Role
from cohorts.tenancy.wall import Across, OwnedForeignKey


class MemberNotice(OutboxRow):
    """A mail about who may see or do what: a leader's sponsor changed, or a member was made owner or admin.

    `about` is the new sponsor, if any, or the member with the new role; `before` the sponsor until then.
    Audience: the recipient.
    """

    class Kind(models.TextChoices):
        SPONSOR = "sponsor", _("Another sponsor")
        ROLE = "role", _("A new owner or admin")

    across = {Across.PLANNER: ["SELECT"]}

    kind = models.CharField(max_length=7, choices=Kind)
    recipient = OwnedForeignKey(Membership, related_name="+")
    enrolment = OwnedForeignKey(Enrolment, null=True, blank=True, related_name="+")
    about = OwnedForeignKey(Membership, null=True, blank=True, related_name="+", is_indexed=False)
    before = OwnedForeignKey(Membership, null=True, blank=True, related_name="+", is_indexed=False)
    by = OwnedForeignKey(Membership, null=True, blank=True, related_name="+", is_indexed=False)
    role = models.CharField(max_length=12, choices=Role, blank=True, default="")
    created_at = models.DateTimeField()
