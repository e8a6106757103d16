from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment, Membership
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet

MAX_ASK, MAX_ANSWER = 300, 1000  # characters
MIN_PROTECTED, MAX_PROTECTED = 10, 240  # minutes


class ActKind(models.TextChoices):
    """The sponsor's part. The week decides which: 0 is the one before day 1, 13 the last of the ninety days."""

    PRE_BRIEF = "pre_brief", _("Talk before day 1")
    CHECK_IN = "check_in", _("Check-in")
    END_REVIEW = "end_review", _("End review")


class Obstacle(models.TextChoices):
    """What stood in the way of a sponsor's part."""

    WORKLOAD = "workload", _("Too much on my desk")
    ABSENCE = "absence", _("I am away")
    NO_COVER = "no_cover", _("Nobody can cover for us")
    NOT_MY_LEADER = "not_my_leader", _("No longer my leader")


class SponsorActQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "SponsorActQuerySet":
        """The leader and the sponsor whose part it was. The same rule as in `coaching.sponsoring.policies`."""
        return self.filter(models.Q(enrolment__leader=membership) | models.Q(sponsor=membership))

    def waiting_for_leader(self) -> "SponsorActQuerySet":
        """Those the leader has not answered yet."""
        return self.filter(done_at__isnull=False, confirmed_at=None, denied_at=None)


class SponsorAct(OrganisationOwned):
    """One week's part of a sponsor with one leader: done, or blocked with a reason. No row: neither so far.

    It counts when the leader confirms that it happened; `denied_at` when they say it did not.
    Audience: the leader and this sponsor; counts of obstacles, admins and managers.
    """

    enrolment = OwnedForeignKey(Enrolment, models.PROTECT, related_name="sponsor_acts")
    sponsor = OwnedForeignKey(Membership, models.PROTECT, related_name="sponsor_acts")
    kind = models.CharField(max_length=10, choices=ActKind)
    week = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    denied_at = models.DateTimeField(null=True, blank=True)
    obstacle = models.CharField(_("what stands in the way"), max_length=13, choices=Obstacle, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager.from_queryset(SponsorActQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "sponsor", "week"], name="sponsor_act_once"),
            models.CheckConstraint(
                name="sponsor_act_in_its_week",
                condition=models.Q(kind="pre_brief", week=0)
                | models.Q(kind="check_in", week__range=(1, 12))
                | models.Q(kind="end_review", week=13),
            ),
            models.CheckConstraint(
                name="sponsor_act_done_or_blocked",
                condition=models.Q(done_at__isnull=False, blocked_at=None, obstacle="")
                | (models.Q(done_at=None, blocked_at__isnull=False) & ~models.Q(obstacle="")),
            ),
            models.CheckConstraint(
                name="sponsor_act_one_answer",
                condition=models.Q(confirmed_at=None, denied_at=None)
                | models.Q(done_at__isnull=False, confirmed_at=None)
                | models.Q(done_at__isnull=False, denied_at=None),
            ),
        ]
        ordering = ["week", "id"]


class AskQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "AskQuerySet":
        """The leader who asked and the sponsor who was asked; a later sponsor does not inherit it."""
        return self.filter(models.Q(enrolment__leader=membership) | models.Q(sponsor=membership))

    def unanswered(self) -> "AskQuerySet":
        return self.filter(answered_at=None)


class Ask(OrganisationOwned):
    """One sentence a leader asks their sponsor, and the answer. Audience: the two."""

    enrolment = OwnedForeignKey(Enrolment, models.PROTECT, related_name="asks")
    sponsor = OwnedForeignKey(Membership, models.PROTECT, related_name="asks_to")
    text = models.CharField(_("What you ask"), max_length=MAX_ASK)
    asked_at = models.DateTimeField()
    answer = models.TextField(_("Your answer"), max_length=MAX_ANSWER, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField()

    objects = OwnedManager.from_queryset(AskQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "key"], name="ask_key_once"),
            models.CheckConstraint(name="ask_says_something", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="ask_answered_with_words",
                condition=models.Q(answer="", answered_at=None)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "sponsor"], condition=models.Q(answered_at=None), name="ask_open"),
        ]
        ordering = ["-asked_at", "-id"]


class Moment(models.TextChoices):
    """When a leader is asked how the support of their sponsor feels."""

    HALF_WAY = "half_way", _("Half-way")
    END = "end", _("At the end")


class SupportAnswer(OrganisationOwned):
    """How a leader felt supported by a sponsor: five items from 1 to 5. Never changed once given.

    `threshold` is the smallest group the leader was promised; a figure is made from groups of at least that many.
    Audience: the leader. The sponsor, managers and admins get figures through `coaching.sponsoring.felt_support` alone.
    """

    enrolment = OwnedForeignKey(Enrolment, models.PROTECT, related_name="support_answers")
    sponsor = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    moment = models.CharField(max_length=8, choices=Moment)
    interest = models.PositiveSmallIntegerField()
    cover = models.PositiveSmallIntegerField()
    example = models.PositiveSmallIntegerField()
    freedom = models.PositiveSmallIntegerField()
    checked_up_on = models.PositiveSmallIntegerField()
    threshold = models.PositiveSmallIntegerField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "moment"], name="support_answer_once"),
            models.CheckConstraint(
                name="support_answer_range",
                condition=models.Q(
                    interest__range=(1, 5),
                    cover__range=(1, 5),
                    example__range=(1, 5),
                    freedom__range=(1, 5),
                    checked_up_on__range=(1, 5),
                    threshold__range=(3, 5),
                ),
            ),
        ]
        ordering = ["answered_at", "id"]


class ProtectedTimeQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "ProtectedTimeQuerySet":
        """The leader and the sponsor who offered it."""
        return self.filter(models.Q(enrolment__leader=membership) | models.Q(offered_by=membership))

    def accepted(self) -> "ProtectedTimeQuerySet":
        return self.filter(accepted_at__isnull=False)


class ProtectedTime(OrganisationOwned):
    """Time on one date that a sponsor keeps free for a leader's practice.

    Audience: the two; accepted minutes, admins.
    """

    enrolment = OwnedForeignKey(Enrolment, models.PROTECT, related_name="protected_times")
    offered_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    on = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=30, validators=[MinValueValidator(MIN_PROTECTED), MaxValueValidator(MAX_PROTECTED)]
    )
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField()

    objects = OwnedManager.from_queryset(ProtectedTimeQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "key"], name="protected_time_key_once"),
            models.CheckConstraint(
                name="protected_time_minutes", condition=models.Q(minutes__range=(MIN_PROTECTED, MAX_PROTECTED))
            ),
            models.CheckConstraint(
                name="protected_time_one_answer",
                condition=models.Q(accepted_at=None) | models.Q(declined_at=None),
            ),
        ]
        ordering = ["on", "id"]
