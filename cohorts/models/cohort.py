from datetime import time, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from cohorts.models.curriculum import CurriculumVersion
from cohorts.models.person import Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet

MAX_DAYS_AWAY = 366  # at a time


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


def both_channels() -> list[str]:
    return ["app", "mail"]


class Cohort(Revised, Tracked, OrganisationOwned):
    """A group that left the classroom together, pinned to a curriculum version. Audience: admins; by name, members.

    `holidays` is a country, `region` and `holiday_kinds` narrow and widen its public holidays, and `own_days` are dates
    the cohort closes or keeps open (`OwnDay.as_stored`). All codes are those of the `holidays` package.
    """

    name = models.CharField(_("name"), max_length=120)
    version = OwnedForeignKey(CurriculumVersion, models.PROTECT, related_name="cohorts")
    classroom_ends_on = models.DateField(_("classroom ends"))
    day1_on = models.DateField(_("day 1"))
    zone = TimeZoneField(_("time zone"), default="Europe/Oslo")
    nudge_hour = models.TimeField(_("nudge hour"), default=time(9))
    working_days = ArrayField(models.PositiveSmallIntegerField(), default=monday_to_friday)
    holidays = models.CharField(_("public holidays"), max_length=2, blank=True)
    region = models.CharField(_("region"), max_length=24, blank=True, default="", db_default="")
    holiday_kinds = ArrayField(models.CharField(max_length=16), default=list, db_default=[], blank=True)
    own_days = models.JSONField(default=list, db_default=[], blank=True)
    is_sending = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="cohort_name_once"),
            models.CheckConstraint(
                name="cohort_classroom_first",
                condition=models.Q(day1_on__gt=models.F("classroom_ends_on")),
            ),
        ]
        ordering = ["-day1_on", "name"]

    def __str__(self) -> str:
        return self.name


class MilestoneDate(OrganisationOwned):
    """The date a cohort set for a milestone; called off if empty.

    Refers to the milestone's key, so it survives a move to a newer version. Audience: the cohort.
    """

    cohort = OwnedForeignKey(Cohort, related_name="milestone_dates")
    key = models.SlugField(max_length=60, db_index=False)
    on = models.DateField(_("date"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "cohort", "key"], name="milestone_date_once"),
        ]


class EnrolmentQuerySet(OwnedQuerySet):
    def active(self) -> "EnrolmentQuerySet":
        return self.filter(left_on=None)

    def walking(self) -> "EnrolmentQuerySet":
        """Still on their path. The clock decides: a pause, a light dial or a held cohort outlast the calendar."""
        return self.active().filter(clocks__is_finished=False)

    def visible_to(self, membership: Membership) -> "EnrolmentQuerySet":
        """Admins see all, sponsors their own leaders, leaders themselves."""
        if membership.is_admin:
            return self
        return self.filter(models.Q(leader=membership) | models.Q(sponsor=membership))


class Cadence(models.IntegerChoices):
    """How often nudges come: the highest dial among a leader's focuses."""

    RESTING = 0, _("Resting")
    LIGHT = 1, _("Light")
    STEADY = 2, _("Steady")
    STRETCH = 3, _("Stretch")


class Enrolment(Revised, Tracked, OrganisationOwned):
    """A leader in a cohort: day 1, zone, hour, working days. Audience: the leader, their sponsor, admins.

    A leader on a rotating rota, such as four days on and four off, has that instead of weekdays. Extras that train
    `chosen_behaviours`, taken from a 360 report, come first.
    """

    cohort = OwnedForeignKey(Cohort, models.PROTECT, related_name="enrolments")
    leader = OwnedForeignKey(Membership, models.PROTECT, related_name="enrolments")
    sponsor = OwnedForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="sponsored_enrolments")
    day1_on = models.DateField(_("day 1"))
    zone = TimeZoneField(_("time zone"), default="Europe/Oslo")
    nudge_hour = models.TimeField(_("nudge hour"), default=time(9))
    working_days = ArrayField(models.PositiveSmallIntegerField(), default=monday_to_friday)
    rota_on = models.PositiveSmallIntegerField(_("days on"), null=True, blank=True)
    rota_off = models.PositiveSmallIntegerField(_("days off"), null=True, blank=True)
    rota_from = models.DateField(_("a first day on"), null=True, blank=True)
    channels = ArrayField(models.CharField(max_length=8), default=both_channels)
    cadence = models.PositiveSmallIntegerField(choices=Cadence, default=Cadence.STEADY)
    cadence_until = models.DateField(null=True, blank=True)
    chosen_behaviours = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_log_on = models.DateField(null=True, blank=True)
    last_practice_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    objects = OwnedManager.from_queryset(EnrolmentQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "cohort", "leader"], name="enrolment_once"),
            models.CheckConstraint(
                name="enrolment_not_own_sponsor",
                condition=models.Q(sponsor=None) | ~models.Q(sponsor=models.F("leader")),
            ),
            models.CheckConstraint(
                name="enrolment_rota_whole",
                condition=models.Q(rota_on=None, rota_off=None, rota_from=None)
                | models.Q(rota_on__range=(1, 28), rota_off__range=(1, 28), rota_from__isnull=False),
            ),
        ]


class PauseQuerySet(OwnedQuerySet):
    def for_enrolment(self, enrolment: Enrolment) -> "PauseQuerySet":
        """A leader's own days away and their cohort's."""
        shared_or_own = models.Q(enrolment=None) | models.Q(enrolment=enrolment)
        return self.filter(shared_or_own, cohort=enrolment.cohort_id)


class Pause(Tracked, OrganisationOwned):
    """Days away, both ends included; they move the end of the ninety days. Without an enrolment it is the whole
    cohort's. Deliberately without a reason. Audience: the leader, their sponsor, admins."""

    cohort = OwnedForeignKey(Cohort, related_name="pauses")
    enrolment = OwnedForeignKey(Enrolment, null=True, blank=True, related_name="pauses")
    starts_on = models.DateField(_("first day away"))
    ends_on = models.DateField(_("last day away"))

    objects = OwnedManager.from_queryset(PauseQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pause_ends_after_start", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="pause_within_a_year",
                condition=models.Q(ends_on__lt=models.F("starts_on") + timedelta(days=MAX_DAYS_AWAY)),
            ),
        ]
        ordering = ["starts_on"]
