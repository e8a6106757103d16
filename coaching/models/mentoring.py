from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from coaching.models.pairing import Cadence, Pairing, PairingKind
from coaching.models.spoken import SpokenLanguage
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Membership
from cohorts.models.intake import UploadedList
from cohorts.models.revised import Revised
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet

MAX_PLACES = 20
MAX_WISHES = 3
MAX_ABOUT_CHARACTERS = 1000
MAX_WORDS_CHARACTERS = 300
MAX_SITE_CHARACTERS = 80


class MentorKind(models.TextChoices):
    """What somebody offers to be. The values are those of `PairingKind`."""

    COACH = PairingKind.COACH.value, _("Coach: asks, listens, keeps you at it")
    MENTOR = PairingKind.MENTOR.value, _("Mentor: has done it, and shares how")


class Skill(models.TextChoices):
    """Skills that carry over from one team, channel or trade to another."""

    LISTENING = "listening", _("Listening and asking")
    HARD_TALKS = "hard_talks", _("Difficult conversations")
    PLANNING = "planning", _("Planning shifts and queues")
    FIGURES = "figures", _("Reading figures")
    CHANGE = "change", _("Leading through change")
    REMOTE = "remote", _("Leading at a distance")
    MEETINGS = "meetings", _("Short, good meetings")
    NEW_STARTERS = "new_starters", _("Getting new people going")
    OWN_TIME = "own_time", _("Looking after your own time")


class MentorProfileQuerySet(OwnedQuerySet):
    def offered(self) -> "MentorProfileQuerySet":
        """Of members who are still here and still coaches: those a leader may find."""
        return self.filter(member__left_at=None, member__suspended_at=None, member__roles__contains=["coach"])


class MentorProfile(Revised, OrganisationOwned):
    """What a coach or mentor offers. Audience: leaders and admins of the organisation.

    `places` is how many leaders they take at a time; taken are active pairings and requests. Requests that nobody
    answered since `opened_at` count: after two, `is_accepting` is switched off, and the mentor can switch it on again.
    """

    member = OwnedForeignKey(Membership, models.PROTECT, related_name="mentor_profiles")
    kind = models.CharField(_("what you offer to be"), max_length=7, choices=MentorKind, default=MentorKind.MENTOR)
    about = models.TextField(_("what you can help with"), max_length=MAX_ABOUT_CHARACTERS, blank=True)
    behaviours = ArrayField(models.CharField(max_length=40, choices=Behaviour), default=list)
    skills = ArrayField(models.CharField(max_length=20, choices=Skill), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=2, choices=SpokenLanguage), default=list)
    hours_from = models.TimeField(_("from"), default=time(8))
    hours_to = models.TimeField(_("to"), default=time(16))
    zone = TimeZoneField(_("time zone"), default="Europe/Oslo")
    site = models.CharField(_("site"), max_length=MAX_SITE_CHARACTERS, blank=True)
    places = models.PositiveSmallIntegerField(
        _("places"), default=2, validators=[MinValueValidator(0), MaxValueValidator(MAX_PLACES)]
    )
    cadence_days = models.PositiveSmallIntegerField(_("how often"), choices=Cadence, default=Cadence.FORTNIGHTLY)
    is_accepting = models.BooleanField(_("taking new people"), default=True)
    opened_at = models.DateTimeField()

    objects = OwnedManager.from_queryset(MentorProfileQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "member"], name="mentor_profile_once"),
            models.CheckConstraint(name="mentor_places", condition=models.Q(places__range=(0, MAX_PLACES))),
            models.CheckConstraint(name="mentor_hours", condition=models.Q(hours_to__gt=models.F("hours_from"))),
            models.CheckConstraint(name="mentor_kind", condition=models.Q(kind__in=MentorKind.values)),
        ]


class MentorConflict(OrganisationOwned):
    """Somebody a mentor should not work with. No reason is asked. Audience: the mentor."""

    profile = OwnedForeignKey(MentorProfile, related_name="conflicts")
    member = OwnedForeignKey(Membership, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "profile", "member"], name="mentor_conflict_once"),
        ]


class MentorSearch(Revised, OrganisationOwned):
    """What a leader looks for in a mentor, besides the behaviours of their focuses. Audience: the leader."""

    leader = OwnedForeignKey(Membership, related_name="+")
    skills = ArrayField(models.CharField(max_length=20, choices=Skill), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=2, choices=SpokenLanguage), default=list)
    hours_from = models.TimeField(_("from"), default=time(8))
    hours_to = models.TimeField(_("to"), default=time(16))
    site = models.CharField(_("your site"), max_length=MAX_SITE_CHARACTERS, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "leader"], name="mentor_search_once"),
            models.CheckConstraint(name="mentor_search_hours", condition=models.Q(hours_to__gt=models.F("hours_from"))),
        ]


class MentorWish(OrganisationOwned):
    """A mentor a leader would like, first to third. `waiting_since` is set while they stand in the mentor's queue.

    `words` go to the mentor with the request. Audience: the leader; that somebody waits, the mentor as a number.
    """

    leader = OwnedForeignKey(Membership, related_name="+")
    profile = OwnedForeignKey(MentorProfile, related_name="wishes")
    rank = models.PositiveSmallIntegerField()
    words = models.CharField(_("A sentence to them"), max_length=MAX_WORDS_CHARACTERS, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "leader", "profile"], name="mentor_wish_once"),
            models.UniqueConstraint(
                fields=["organisation", "leader", "rank"],
                deferrable=models.Deferrable.DEFERRED,
                name="mentor_wish_ranked",
            ),
            models.CheckConstraint(name="mentor_wish_rank", condition=models.Q(rank__range=(1, MAX_WISHES))),
        ]
        ordering = ["rank"]


class MentorRequest(OrganisationOwned):
    """A leader's question to a mentor, and the answer. Its state is that of the pairing; there it takes a place.

    Unanswered by `answer_by` it lapses. `took_hours` are the mentor's working hours until then or until the answer.
    Audience: the two of the pairing.
    """

    pairing = OwnedForeignKey(Pairing, models.PROTECT, related_name="requests")
    profile = OwnedForeignKey(MentorProfile, related_name="requests")
    words = models.CharField(_("A sentence to them"), max_length=MAX_WORDS_CHARACTERS, blank=True)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    took_hours = models.FloatField(null=True, blank=True)
    answer = models.CharField(_("A kind sentence"), max_length=MAX_WORDS_CHARACTERS, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "pairing"], name="mentor_request_once"),
        ]
        ordering = ["asked_at", "id"]


class StopReason(models.TextChoices):
    DONE = "done", _("We got where we wanted")
    TIME = "time", _("No time for it now")
    FIT = "fit", _("We did not suit each other")
    CHANGE = "change", _("A new job, team or role")
    OTHER = "other", _("Something else")


class StopCount(OrganisationOwned):
    """How many pairings ended for a reason in a quarter. One counter, no rows of single ends: nothing to join.

    Audience: admins, once the quarter is over, from five up.
    """

    quarter_on = models.DateField()
    reason = models.CharField(max_length=6, choices=StopReason)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "quarter_on", "reason"], name="stop_count_once"),
        ]


class MentorIntake(UploadedList):
    """An uploaded list of coaches, or of pairs. `made` holds the keys of what it created, for Undo.

    Audience: admins.
    """

    class Sort(models.TextChoices):
        COACHES = "coaches", _("Coaches and mentors")
        PAIRS = "pairs", _("Pairs")

    sort = models.CharField(max_length=7, choices=Sort)
    made = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(null=True, blank=True)
