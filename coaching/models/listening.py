from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coaching.models.session import Session
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet

LOW, HIGH = 1, 5


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")
    EMAIL = "email", _("E-mail")
    SOCIAL = "social", _("Social media")
    VIDEO = "video", _("Video")


class ContactHeard(Revised, OrganisationOwned):
    """Which contact the two heard side by side, and when they listen again. The words are boxes of the template.

    There is no score, and no name of a customer: the reference is the contact's number. Audience: the two of
    the pairing.
    """

    session = OwnedForeignKey(Session, related_name="contacts_heard")
    reference = models.CharField(_("contact number"), max_length=40, blank=True)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel, blank=True)
    behaviour = models.CharField(_("behaviour"), max_length=14, choices=Behaviour, blank=True)
    again_on = models.DateField(_("listen again on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "session"], name="contact_heard_once"),
        ]


class CalibrationQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "CalibrationQuerySet":
        """Those who rate, and the one who started it."""
        rates = Observer.objects.filter(calibration=OuterRef("pk"), member=membership)
        return self.filter(Q(started_by=membership) | Exists(rates))

    def opened(self, now: datetime) -> "CalibrationQuerySet":
        """Those whose ratings may be seen. The same rule as `Calibration.is_open_at`."""
        return self.filter(Q(opened_at__isnull=False) | Q(closes_at__lte=now), cancelled_at=None)


class Calibration(Revised, OrganisationOwned):
    """One contact that several observers rate alone, by the criteria of a template version.

    Ratings open together: when the last observer is in (`opened_at`), else at `closes_at`. Audience: observers and the
    one who started it.
    """

    started_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    reference = models.CharField(_("contact number"), max_length=40)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel)
    template_version = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    closes_at = models.DateTimeField(_("open for rating until"))
    opened_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    agreed = models.TextField(_("What you agree on from now on"), max_length=2000, blank=True)
    key = models.UUIDField()

    objects = OwnedManager.from_queryset(CalibrationQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "started_by", "key"], name="calibration_key_once"),
            models.CheckConstraint(
                name="calibration_closes_after_start", condition=Q(closes_at__gt=models.F("started_at"))
            ),
        ]
        ordering = ["-started_at", "-id"]

    def is_open_at(self, now: datetime) -> bool:
        """Whether all ratings may be seen: everybody is in, or the time is out."""
        return self.cancelled_at is None and (self.opened_at is not None or now >= self.closes_at)


class Observer(OrganisationOwned):
    """One who rates. `rated_at` is empty until they are in; nobody else sees which it is until ratings open.

    Audience: as the calibration; `rated_at`, the observer until ratings open.
    """

    calibration = OwnedForeignKey(Calibration, related_name="observers")
    member = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    rated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "calibration", "member"], name="observer_once"),
        ]


class RatingQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership, now: datetime) -> "RatingQuerySet":
        """One's own; the others' once all ratings of that contact are open."""
        open_by_now = Q(observer__calibration__opened_at__isnull=False) | Q(observer__calibration__closes_at__lte=now)
        theirs = Q(observer__calibration__in=Calibration.objects.visible_to(membership).values("pk"))
        return self.filter(
            Q(observer__member=membership) | Q(open_by_now, theirs, observer__calibration__cancelled_at=None)
        )


class Rating(OrganisationOwned):
    """One observer's number on one criterion. Audience: the observer; all observers once ratings are open."""

    observer = OwnedForeignKey(Observer, related_name="ratings")
    criterion = models.SlugField(max_length=40, db_index=False)
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(LOW), MaxValueValidator(HIGH)])

    objects = OwnedManager.from_queryset(RatingQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "observer", "criterion"], name="rating_once"),
            models.CheckConstraint(name="rating_in_range", condition=Q(score__range=(LOW, HIGH))),
        ]
