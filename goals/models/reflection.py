from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment, Membership, Step
from cohorts.models.revised import Revised
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class Audience(models.TextChoices):
    PRIVATE = "private", _("Only me")
    SPONSOR = "sponsor", _("My sponsor and me")


class ReflectionQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "ReflectionQuerySet":
        """Reflections of the writer, and those shared with the sponsor. No other role."""
        writer = models.Q(enrolment__leader=membership)
        shared = models.Q(enrolment__sponsor=membership, audience=Audience.SPONSOR)
        return self.filter(writer | shared)


class Reflection(Revised, OrganisationOwned):
    """A short debrief: what I tried, what happened, what I learned, what next.

    Audience: the writer; the sponsor when shared. Never admins.
    """

    enrolment = OwnedForeignKey(Enrolment, related_name="reflections")
    step = OwnedForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    tried = models.TextField(_("What I tried"), max_length=1000, blank=True)
    happened = models.TextField(_("What happened"), max_length=1000, blank=True)
    learned = models.TextField(_("What I learned"), max_length=1000, blank=True)
    next = models.TextField(_("What next"), max_length=1000, blank=True)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.PRIVATE)
    key = models.UUIDField()
    edition = models.BigIntegerField(null=True, blank=True)
    written_at = models.DateTimeField()

    objects = OwnedManager.from_queryset(ReflectionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "key"], name="reflection_key_once"),
            models.CheckConstraint(
                name="reflection_says_something",
                condition=~models.Q(tried="", happened="", learned="", next=""),
            ),
        ]
        ordering = ["-on", "-id"]
