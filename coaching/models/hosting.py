from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from coaching.models.invited import MAX_MINUTES, Invited
from coaching.models.spoken import SpokenLanguage
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Membership, Role
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet

MAX_CAPACITY = 3000
MAX_NOTICE_DAYS = 90
MAX_IN_A_MONTH = 60


class HostFormat(models.TextChoices):
    """What guests come for."""

    VISIT = "visit", _("Visit")
    SHADOW = "shadow", _("Shadow an hour")
    TALK = "talk", _("Talk")
    ASK = "ask", _("Ask me anything")


class HostQuerySet(OwnedQuerySet):
    def active(self) -> "HostQuerySet":
        """Shown to leaders: switched on, and looked after by an admin or by somebody who is still a member."""
        return self.filter(is_active=True, member__left_at=None, member__suspended_at=None)

    def visible_to(self, membership: Membership) -> "HostQuerySet":
        """Admins see all, leaders the active ones, and a host their own profile."""
        if membership.is_admin:
            return self
        own = self.filter(member=membership)
        return own | self.active() if membership.has_role(Role.LEADER) else own


class Host(Revised, Tracked, OrganisationOwned):
    """A role model, or a whole site, that others may visit, and on which terms. Audience: leaders and admins.

    `member` looks after the dates, and admins do where there is none; a host from outside is a member with no role but
    *host*. Guests accept the house rules in the version of that day (`HouseRules`). A competitor says yes or no to each
    guest. Dates and hours of visits are in `zone`.
    """

    member = OwnedForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="hosts")
    name = models.CharField(_("name"), max_length=120)
    site = models.CharField(_("where"), max_length=120, blank=True)
    zone = TimeZoneField(_("time zone"), default="Europe/Oslo")
    is_site = models.BooleanField(_("a whole site"), default=False)
    is_from_outside = models.BooleanField(_("from another company"), default=False)
    is_competitor = models.BooleanField(_("a competitor"), default=False)
    is_active = models.BooleanField(default=True)
    about = models.TextField(_("who you meet and what you see"), max_length=1500, blank=True)
    behaviours = ArrayField(models.CharField(max_length=14, choices=Behaviour), default=list, blank=True)
    formats = ArrayField(models.CharField(max_length=6, choices=HostFormat), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=2, choices=SpokenLanguage), default=list, blank=True)
    is_remote = models.BooleanField(_("also by video"), default=False)
    places = models.PositiveSmallIntegerField(_("places"), default=4)
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"), default=5, validators=[MaxValueValidator(MAX_NOTICE_DAYS)]
    )
    monthly_ceiling = models.PositiveSmallIntegerField(
        _("most dates in a month"), null=True, blank=True, validators=[MaxValueValidator(MAX_IN_A_MONTH)]
    )
    will_not_show = models.TextField(_("what you will not see"), max_length=1000, blank=True)
    access_notes = models.TextField(_("access and safety"), max_length=1500, blank=True)
    house_rules = models.TextField(_("house rules"), max_length=3000, blank=True)
    rules_version = models.PositiveIntegerField(default=1)

    objects = OwnedManager.from_queryset(HostQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "member"], name="host_member_once"),
            models.UniqueConstraint(fields=["organisation", "name"], name="host_name_once"),
            models.CheckConstraint(name="host_places", condition=models.Q(places__range=(1, MAX_CAPACITY))),
        ]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def behaviour_labels(self) -> list[str]:
        return [str(Behaviour(key).label) for key in self.behaviours]

    @property
    def format_labels(self) -> list[str]:
        return [str(HostFormat(key).label) for key in self.formats]

    @property
    def language_labels(self) -> list[str]:
        return [str(SpokenLanguage(key).label) for key in self.languages]


class HouseRules(OrganisationOwned):
    """The rules of a host in one version, so that guests can read what they accepted. Audience: as the host."""

    host = OwnedForeignKey(Host, related_name="rules")
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=3000)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "host", "version"], name="house_rules_once"),
        ]
        ordering = ["-version"]


class HostBlackout(OrganisationOwned):
    """Days on which nobody can come, both ends included, such as the busiest weeks. Audience: as the host."""

    host = OwnedForeignKey(Host, related_name="blackouts")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="blackout_ends_after_start", condition=models.Q(ends_on__gte=models.F("starts_on"))
            )
        ]
        ordering = ["starts_on", "id"]


class VisitState(models.TextChoices):
    """A visit is over when its time is: nothing needs to say so."""

    OPEN = "open", _("Open")
    CANCELLED = "cancelled", _("Cancelled")


class VisitQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "VisitQuerySet":
        """Those of the hosts that somebody sees."""
        return self.filter(host__in=Host.objects.visible_to(membership))

    def open(self) -> "VisitQuerySet":
        return self.filter(state=VisitState.OPEN)


class Visit(Revised, Invited, Tracked, OrganisationOwned):
    """One date at a host: a visit, an hour beside somebody, a talk with many places. Audience: leaders and admins.

    `link` is for those who have a place. Moved, it keeps its row, so everybody who has a place still has it.
    """

    host = OwnedForeignKey(Host, models.PROTECT, related_name="visits")
    format = models.CharField(_("format"), max_length=6, choices=HostFormat, default=HostFormat.VISIT)
    title = models.CharField(_("title"), max_length=120)
    about = models.TextField(_("what happens"), max_length=1500, blank=True)
    behaviours = ArrayField(models.CharField(max_length=14, choices=Behaviour), default=list, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=SpokenLanguage, default=SpokenLanguage.NORWEGIAN)
    capacity = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(MAX_CAPACITY)]
    )
    is_remote = models.BooleanField(_("by video"), default=False)
    link = models.URLField(_("link to the video call"), max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=VisitState, default=VisitState.OPEN)
    cancel_reason = models.CharField(_("why it is cancelled"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField()

    objects = OwnedManager.from_queryset(VisitQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "host", "key"], name="visit_key_once"),
            models.CheckConstraint(name="visit_capacity", condition=models.Q(capacity__range=(1, MAX_CAPACITY))),
            models.CheckConstraint(name="visit_minutes", condition=models.Q(minutes__range=(5, MAX_MINUTES))),
            models.CheckConstraint(
                name="visit_cancelled_with_reason",
                condition=models.Q(state="open", cancelled_at=None, cancel_reason="")
                | models.Q(state="cancelled", cancelled_at__isnull=False) & ~models.Q(cancel_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "starts_at"], condition=models.Q(state="open"), name="visit_open"),
        ]
        ordering = ["starts_at", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def behaviour_labels(self) -> list[str]:
        return [str(Behaviour(key).label) for key in self.behaviours]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class QuestionState(models.TextChoices):
    """A reported question is hidden until an admin judges it; one they keep cannot be reported again."""

    SHOWN = "shown", _("Shown")
    REPORTED = "reported", _("Reported")
    KEPT = "kept", _("Kept")
    REMOVED = "removed", _("Removed")
    WITHDRAWN = "withdrawn", _("Taken back")


ON_THE_WALL = (QuestionState.SHOWN, QuestionState.KEPT)


class TalkQuestionQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "TalkQuestionQuerySet":
        """Those on the wall of visits that somebody sees. Reported and removed ones are for admins."""
        seen = self.filter(visit__in=Visit.objects.visible_to(membership))
        hidden = [QuestionState.REPORTED, QuestionState.REMOVED] if membership.is_admin else []
        return seen.filter(state__in=[*ON_THE_WALL, *hidden])


class TalkQuestion(Revised, OrganisationOwned):
    """A question on the wall of a talk, and its written answer. Audience: leaders, the host and admins, without a name.

    Who asked is shown to an admin while the question is reported or removed, and to nobody else.
    """

    visit = OwnedForeignKey(Visit, models.PROTECT, related_name="questions")
    asked_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    text = models.CharField(_("your question"), max_length=300)
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=3000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=QuestionState, default=QuestionState.SHOWN)
    reported_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField()

    objects = OwnedManager.from_queryset(TalkQuestionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "visit", "key"], name="question_key_once"),
        ]
        ordering = ["asked_at", "id"]


class TalkVote(OrganisationOwned):
    """One member would like this question answered, too. Audience: the member; how many there are, the talk's."""

    question = OwnedForeignKey(TalkQuestion, related_name="votes")
    member = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "question", "member"], name="vote_once"),
        ]


class OfferState(models.TextChoices):
    OPEN = "open", _("Waiting")
    TAKEN_UP = "taken_up", _("Taken up")
    LET_GO = "let_go", _("Let go")


class HostingOffer(OrganisationOwned):
    """A leader's word that their team would host one behaviour. Audience: the leader and admins."""

    member = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    behaviour = models.CharField(_("behaviour"), max_length=14, choices=Behaviour)
    state = models.CharField(max_length=8, choices=OfferState, default=OfferState.OPEN)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "member", "behaviour"],
                condition=models.Q(state="open"),
                name="hosting_offer_once",
            ),
        ]
        ordering = ["made_at", "id"]
