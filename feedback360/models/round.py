from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohorts.models import Cohort, Enrolment, Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import Across, OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet
from feedback360.models.questionnaire import Questionnaire


class FeedbackSettings(Revised, OrganisationOwned):
    """An organisation's choices for its next rounds; a round takes a copy of them. Audience: admins; raters are told k.

    `threshold` is k, the smallest number of answers that is shown. `monthly_requests` is how many leaders one rater may
    be asked about in thirty days.
    """

    threshold = models.PositiveSmallIntegerField(_("smallest group shown"), default=5)
    monthly_requests = models.PositiveSmallIntegerField(_("requests to one person in a month"), default=6)
    response_rate = models.PositiveSmallIntegerField(_("expected response rate, per cent"), default=70)
    suggests_talk = models.BooleanField(_("suggest talking the report through"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation"], name="feedback_settings_once"),
            models.CheckConstraint(name="feedback_threshold", condition=models.Q(threshold__range=(3, 5))),
            models.CheckConstraint(name="feedback_requests", condition=models.Q(monthly_requests__range=(1, 30))),
            models.CheckConstraint(name="feedback_rate", condition=models.Q(response_rate__range=(10, 100))),
        ]


class State(models.TextChoices):
    """Where a round is. `feedback360.rounds.transitions.MOVES` is the table of allowed moves."""

    DRAFT = "draft", _("Planned")
    NOMINATING = "nominating", _("Choosing raters")
    COLLECTING = "collecting", _("Open for answers")
    CLOSED = "closed", pgettext_lazy("a round", "Closed")
    RELEASED = "released", _("Reports released")
    CANCELLED = "cancelled", _("Cancelled")


class Purpose(models.TextChoices):
    """What a round is for. Fixed at creation and shown to raters first; purposes never share rounds or answers."""

    DEVELOPMENT = "development", _("Development")


class Group(models.TextChoices):
    """A group of raters as a report shows it. `colleagues` is team and peers, joined before anybody was asked."""

    TEAM = "team", _("Your team")
    PEERS = "peers", _("Your peers")
    COLLEAGUES = "colleagues", _("Your team and peers")
    MANAGER = "manager", _("Your manager")
    SELF = "self", _("You")


class Round(Revised, Tracked, OrganisationOwned):
    """One run of a 360 for a cohort. Audience: admins; the dates, the cohort.

    `key` is the live event it belongs to. Times are instants; until it opens they follow the cohort's calendar unless
    an admin set them (`has_own_dates`). Threshold, questionnaire and purpose are fixed once raters are asked.
    `looks` counts the instants passed at which it was seen whether more raters are needed (`rounds.replacements`).
    `next_at` is when the engine has something to do; empty when nothing is left.
    """

    across = {Across.PLANNER: ["SELECT"]}

    cohort = OwnedForeignKey(Cohort, models.PROTECT, related_name="rounds")
    key = models.SlugField(max_length=60, db_index=False)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.DEVELOPMENT)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    questionnaire = OwnedForeignKey(Questionnaire, models.PROTECT, related_name="rounds")
    threshold = models.PositiveSmallIntegerField(_("smallest group shown"), default=5)
    response_rate = models.PositiveSmallIntegerField(_("expected response rate, per cent"), default=70)
    suggests_talk = models.BooleanField(default=True)
    has_own_dates = models.BooleanField(default=False)
    nominates_at = models.DateTimeField(_("choosing raters begins"))
    opens_at = models.DateTimeField(_("opens"))
    reminds_at = models.DateTimeField(_("please answer by"))
    closes_at = models.DateTimeField(_("closes"))
    releases_at = models.DateTimeField(_("reports released"))
    looks = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "cohort", "key", "purpose"], name="round_once"),
            models.CheckConstraint(name="round_threshold", condition=models.Q(threshold__range=(3, 5))),
            models.CheckConstraint(
                name="round_in_order",
                condition=models.Q(nominates_at__lte=models.F("opens_at"))
                & models.Q(opens_at__lt=models.F("reminds_at"))
                & models.Q(reminds_at__lt=models.F("closes_at"))
                & models.Q(closes_at__lt=models.F("releases_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="round_due"),
        ]
        ordering = ["opens_at", "id"]


class SubjectQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "SubjectQuerySet":
        """Admins see all, sponsors their own leaders, leaders themselves: that there is one, never who said what."""
        if membership.is_admin:
            return self
        theirs = models.Q(enrolment__leader=membership) | models.Q(enrolment__sponsor=membership)
        return self.filter(theirs)


class Subject(Tracked, OrganisationOwned):
    """The leader a round is about. Audience: the leader, their sponsor, admins.

    `groups` is decided when raters are asked: relation -> group shown, or "" if that relation is not asked.
    `turnout` is written once, at close: group -> {asked, answered, changed, since}; `changed` is how many raters differ
    from those of the round before, whose subject is `since`. Only the released report says what of it anybody may see.
    `has_enough` is written once, on the day raters are asked to answer by, and is all the leader learns until close:
    a count that moved with each answer would tell who gave it.
    `replacements` says how many more are needed in each group, as seen at fixed instants (`rounds.replacements`).
    `strength` and `growth` are what the leader chose from the released report; `primary_scale` is the scale named
    before this round opened, whose change is looked at first.
    """

    round = OwnedForeignKey(Round, related_name="subjects")
    enrolment = OwnedForeignKey(Enrolment, models.PROTECT, related_name="subjects")
    manager = OwnedForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    groups = models.JSONField(default=dict)
    approved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    has_enough = models.BooleanField(null=True, blank=True)
    is_closed = models.BooleanField(default=False)
    turnout = models.JSONField(default=dict)
    replacements = models.JSONField(default=dict)
    primary_scale = models.CharField(max_length=90, default="all")
    strength = models.CharField(max_length=40, blank=True, default="")
    growth = models.CharField(max_length=40, blank=True, default="")

    objects = OwnedManager.from_queryset(SubjectQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "round", "enrolment"], name="subject_once"),
        ]
