from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet
from goals.models.sponsor import sponsored_by
from goals.models.team import Team


class Unit(models.TextChoices):
    """What a numerator and a denominator make together. A share is kept as counts, never as a percentage."""

    SHARE = "share", _("Share, in per cent")
    SECONDS = "seconds", _("Seconds each")
    RATE = "rate", _("Number for each")
    COUNT = "count", _("Number a day")


class Better(models.TextChoices):
    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")
    BAND = "band", _("Best between two numbers")
    NEITHER = "neither", _("Neither is better")


class Family(models.TextChoices):
    """Kinds of KPI with rules of their own."""

    FCR = "fcr", _("Solved in the first contact")
    CSAT = "csat", _("Customer satisfaction")
    AHT = "aht", _("Handling time")
    OTHER = "other", _("Something else")


class Kpi(Revised, Tracked, OrganisationOwned):
    """A figure of the floor: numerator over denominator, per day and team. Audience: colleagues.

    An average is always computed from sums. How it is measured is in `methods`, whose newest holds. `low` and `high`
    are the band, in the unit shown (per cent for a share).
    """

    name = models.CharField(_("Name"), max_length=80)
    family = models.CharField(_("Kind"), max_length=5, choices=Family, default=Family.OTHER)
    unit = models.CharField(_("Unit"), max_length=7, choices=Unit)
    better = models.CharField(_("Which way is better"), max_length=7, choices=Better)
    low = models.DecimalField(_("From"), max_digits=12, decimal_places=3, null=True, blank=True)
    high = models.DecimalField(_("To"), max_digits=12, decimal_places=3, null=True, blank=True)
    numerator = models.CharField(_("What is counted"), max_length=120)
    denominator = models.CharField(_("Out of what"), max_length=120, blank=True)
    archived_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="kpi_name_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class KpiMethod(OrganisationOwned):
    """How a KPI is measured from a date on. It never changes: another way of measuring is the next number.

    A chart breaks its line there. `window_days` is how long a contact may come back before it counts as solved.
    Audience: colleagues.
    """

    kpi = OwnedForeignKey(Kpi, related_name="methods")
    number = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(_("How it is measured"), max_length=600)
    window_days = models.PositiveSmallIntegerField(_("Window in days"), null=True, blank=True)
    same_issue = models.CharField(_("What counts as the same matter"), max_length=160, blank=True)
    channels = models.CharField(_("Channels"), max_length=120, blank=True)
    source = models.CharField(_("Where the numbers come from"), max_length=120, blank=True)
    from_on = models.DateField(_("From"))
    written_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kpi", "number"], name="kpi_method_once")]
        ordering = ["number"]


class FollowedQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "FollowedQuerySet":
        """The team's leader, their sponsor of now, and admins. The same rule as `may_see_figures`."""
        if membership.is_admin:
            return self
        return self.filter(models.Q(team__leader=membership) | sponsored_by(membership, "team__leader"))


class Followed(Revised, OrganisationOwned):
    """A KPI that a team follows. `target` is in the unit shown; a week is whole with `expected_days` days of figures.

    `stopped_on` takes it off the team's pages; its figures stay. Audience: the leader, their sponsor, admins.
    """

    kpi = OwnedForeignKey(Kpi, related_name="followed")
    team = OwnedForeignKey(Team, related_name="followed")
    target = models.DecimalField(_("Target"), max_digits=12, decimal_places=3, null=True, blank=True)
    expected_days = models.PositiveSmallIntegerField(_("Days a week with figures"), default=5)
    stopped_on = models.DateField(null=True, blank=True)

    objects = OwnedManager.from_queryset(FollowedQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "team", "kpi"], name="followed_once"),
            models.CheckConstraint(name="followed_days", condition=models.Q(expected_days__range=(1, 7))),
        ]
        ordering = ["id"]


class Entry(models.TextChoices):
    """How a figure came in."""

    HAND = "hand", _("Entered by hand")
    FILE = "file", _("From a file")
    API = "api", _("Through the API")


class Figure(OrganisationOwned):
    """One KPI of one team on one local date: counts or sums, not a percentage. Audience: as what the team follows.

    A denominator of 0 is no value. Entered again, the newer one replaces it, and the audit trail says so.
    `asked` is how many were asked for their opinion, where the denominator is how many answered.
    """

    kpi = OwnedForeignKey(Kpi, models.PROTECT, related_name="figures", is_indexed=False)
    team = OwnedForeignKey(Team, models.CASCADE, related_name="figures")
    on = models.DateField()
    numerator = models.DecimalField(max_digits=16, decimal_places=3)
    denominator = models.DecimalField(max_digits=16, decimal_places=3)
    asked = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    entry = models.CharField(max_length=4, choices=Entry)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "team", "kpi", "on"], name="figure_once_a_day"),
            models.CheckConstraint(
                name="figure_this_century", condition=models.Q(on__range=(date(2000, 1, 1), date(2100, 12, 31)))
            ),
            models.CheckConstraint(
                name="figure_not_negative", condition=models.Q(numerator__gte=0, denominator__gte=0)
            ),
        ]


class Rebase(OrganisationOwned):
    """From a date on, limits are computed anew: somebody says that the way of working changed, and how.

    The old limits stay on the chart. Audience: as what the team follows.
    """

    followed = OwnedForeignKey(Followed, related_name="rebases")
    from_on = models.DateField(_("From the week of"))
    change = models.CharField(_("What changed"), max_length=160)
    by = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "followed", "from_on"], name="rebase_once")]
        ordering = ["from_on"]


class WeekNote(OrganisationOwned):
    """What was special about a week. It stays on the chart, and so does the week. Audience: as above."""

    followed = OwnedForeignKey(Followed, related_name="notes")
    monday_on = models.DateField()
    text = models.CharField(_("What was special"), max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "followed", "monday_on"], name="week_note_once")]
        ordering = ["monday_on"]
