from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment, Membership, Step
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet
from goals.models.share import Shared, names_sponsor


class Audience(models.TextChoices):
    PRIVATE = "private", _("Only me")
    SPONSOR = "sponsor", _("My sponsor and me")


class ReflectionQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "ReflectionQuerySet":
        """Reflections of the writer, and those that name the sponsor they have now. The same rule as in policies."""
        writer = models.Q(enrolment__leader=membership)
        return self.filter(writer | (self._open() & models.Q(enrolment__sponsor=membership)))

    def open_to_sponsor(self) -> "ReflectionQuerySet":
        """Those the sponsor of now can read."""
        return self.filter(self._open())

    def closed_to_sponsor(self) -> "ReflectionQuerySet":
        return self.exclude(self._open())

    def naming_reader(self) -> "ReflectionQuerySet":
        """With `reader_name`: the sponsor who can read it, or None."""
        name = models.F("enrolment__sponsor__name")
        return self.annotate(reader_name=models.Case(models.When(self._open(), then=name)))

    def _open(self) -> models.Q:
        return models.Q(names_sponsor(Shared.REFLECTION), audience=Audience.SPONSOR)


class Reflection(Revised, Tracked, OrganisationOwned):
    """A short debrief: what I tried, what happened, what I learned, what next.

    Audience: the writer; when shared, those its shares name. Never admins.
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
