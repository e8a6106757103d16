from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet
from goals.models.figure import Kpi
from goals.models.sponsor import sponsored_by
from goals.models.team import Team, TeamMember


class Place(models.TextChoices):
    """Whose objective it is. Admins keep those of organisation and departments, a leader those of their team."""

    ORGANISATION = "organisation", _("Organisation")
    DEPARTMENT = "department", _("Department")
    TEAM = "team", _("Team")


class Course(models.TextChoices):
    """Which way is better. `milestones` has no number: so many of them are done."""

    UP = "up", _("Up")
    DOWN = "down", _("Down")
    HOLD = "hold", _("Stay where it is")
    MILESTONES = "milestones", _("No number: milestones")


class ObjectiveState(models.TextChoices):
    """`shared` is a draft that the team can see and answer."""

    DRAFT = "draft", _("Draft")
    SHARED = "shared", _("Shown to the team")
    AGREED = "agreed", _("Agreed")
    DONE = "done", _("Done")
    LET_GO = "let_go", _("Let go")


class ObjectiveQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "ObjectiveQuerySet":
        """Those of the organisation and its departments, for every colleague, drafts for admins only; those of a team,
        for its leader, that leader's sponsor of now once it was shown to the team, and admins.
        The same rule as `may_see_objective`.
        """
        if membership.is_admin:
            return self
        begun = ~models.Q(state=ObjectiveState.DRAFT)
        return self.filter(
            (begun & ~models.Q(place=Place.TEAM))
            | models.Q(team__leader=membership)
            | (begun & sponsored_by(membership, "team__leader"))
        )


class Objective(Revised, Tracked, OrganisationOwned):
    """A SMART goal of the organisation, a department or a team, tied to the one above it. Audience: see `visible_to`.

    Without a parent it is not yet connected. With a `kpi` its figures are that KPI's, of its team or of all teams;
    else somebody enters them (`ObjectiveReading`). Direction, start, target and weight are frozen by `agreed_on`.
    `guardrail` is the objective that watches that this one does not cost too much.
    """

    place = models.CharField(max_length=12, choices=Place)
    department = models.CharField(_("Department"), max_length=80, blank=True)
    team = OwnedForeignKey(Team, null=True, blank=True, related_name="objectives")
    parent = OwnedForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    outcome = models.CharField(_("What will be different"), max_length=200)
    why = models.CharField(_("Why it matters"), max_length=280, blank=True)
    kpi = OwnedForeignKey(Kpi, models.PROTECT, null=True, blank=True, related_name="objectives")
    measure = models.CharField(_("How we will know"), max_length=120, blank=True)
    unit = models.CharField(_("Unit"), max_length=20, blank=True)
    course = models.CharField(_("Which way is better"), max_length=10, choices=Course, default=Course.UP)
    baseline = models.DecimalField(_("Where it is today"), max_digits=14, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(_("Measured on"), null=True, blank=True)
    target = models.DecimalField(_("Where it should be"), max_digits=14, decimal_places=4, null=True, blank=True)
    tolerance = models.DecimalField(_("Give or take"), max_digits=14, decimal_places=4, null=True, blank=True)
    due_on = models.DateField(_("By when"), null=True, blank=True)
    weight = models.PositiveSmallIntegerField(_("Weight"), default=2)
    guardrail = OwnedForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="guarded", is_indexed=False
    )
    state = models.CharField(max_length=6, choices=ObjectiveState, default=ObjectiveState.DRAFT)
    agreed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    let_go_reason = models.CharField(_("Why it was let go"), max_length=280, blank=True)
    written_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    written_at = models.DateTimeField()
    key = models.UUIDField(null=True, blank=True)
    edition = models.BigIntegerField(null=True, blank=True)

    objects = OwnedManager.from_queryset(ObjectiveQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="objective_key_once"),
            models.CheckConstraint(
                name="objective_due_this_century", condition=models.Q(due_on__lte=date(2100, 12, 31))
            ),
            models.CheckConstraint(name="objective_weight", condition=models.Q(weight__range=(1, 3))),
            models.CheckConstraint(
                name="objective_place",
                condition=models.Q(place="team", team__isnull=False) | (~models.Q(place="team") & models.Q(team=None)),
            ),
            models.CheckConstraint(
                name="objective_let_go_with_reason",
                condition=~models.Q(state="let_go") | (~models.Q(let_go_reason="") & models.Q(ended_on__isnull=False)),
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.outcome


class ObjectiveReading(OrganisationOwned):
    """A number of an objective on a date, entered by somebody. One a day. Audience: as the objective."""

    objective = OwnedForeignKey(Objective, related_name="readings")
    on = models.DateField(_("Date"))
    value = models.DecimalField(_("Figure"), max_digits=14, decimal_places=4)
    by = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "objective", "on"], name="objective_reading_once_a_day"),
        ]
        ordering = ["on"]


class ObjectiveMilestone(OrganisationOwned):
    """One thing to be done on the way to an objective. Audience: as the objective."""

    objective = OwnedForeignKey(Objective, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=160)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "objective", "number"],
                deferrable=models.Deferrable.DEFERRED,
                name="milestone_numbered",
            ),
        ]
        ordering = ["number"]


class ObjectivePart(OrganisationOwned):
    """What one member of a team does for an objective. Audience: the leader, and the team by its link."""

    objective = OwnedForeignKey(Objective, related_name="parts")
    member = OwnedForeignKey(TeamMember, related_name="parts")
    text = models.CharField(_("Their part"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "objective", "member"], name="objective_part_once"),
        ]
        ordering = ["id"]


class VoiceKind(models.TextChoices):
    """What a member of the team said about an objective."""

    ADDED = "added", _("Added something")
    QUESTION = "question", _("Has a question")
    WRONG = "wrong", _("My part is wrong")
    SEEN = "seen", _("Seen")
    ACCEPTED = "accepted", _("Agrees")


class ObjectiveVoice(OrganisationOwned):
    """One thing a member said about an objective, by the link or as the leader noted it. The newest one counts.

    Audience: the leader; how many took part, as the objective.
    """

    objective = OwnedForeignKey(Objective, related_name="voices")
    member = OwnedForeignKey(TeamMember, related_name="voices")
    kind = models.CharField(max_length=8, choices=VoiceKind)
    words = models.CharField(max_length=280, blank=True)
    by_link = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "objective", "member", "at"], name="voice_newest")]
        ordering = ["at", "id"]
