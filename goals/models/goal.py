from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Enrolment, Membership
from cohorts.models.cohort import Cadence as Level
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet
from goals.models.dialled import Dialled, Turned, within_a_year
from goals.models.focus import Focus
from goals.models.objective import Objective
from goals.models.share import Shared, names_sponsor


class Direction(models.TextChoices):
    """Which way is better. `steps` has no number: the five steps are words, and a check-in names one of them."""

    UP = "up", _("Up")
    DOWN = "down", _("Down")
    HOLD = "hold", _("Stay where it is")
    STEPS = "steps", _("No number: five steps in words")


class GoalState(models.TextChoices):
    """`done` was closed and waits for its score, or has it; `let_go` was dropped on purpose."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waiting for the sponsor")
    AGREED = "agreed", _("Agreed")
    DONE = "done", _("Closed")
    LET_GO = "let_go", _("Let go")


SHOWN = models.Q(state=GoalState.PROPOSED) | models.Q(agreed_on__isnull=False)  # to a sponsor whom it names


class GoalQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "GoalQuerySet":
        """The leader; their sponsor of now, while a goal waits for them and once it was agreed, if it names that very
        person. The same rule as `may_see_goal`.
        """
        theirs = models.Q(SHOWN, names_sponsor(Shared.GOAL), enrolment__sponsor=membership)
        return self.filter(models.Q(enrolment__leader=membership) | theirs)

    def closed_to_sponsor(self) -> "GoalQuerySet":
        """Those an earlier sponsor could read, or none, and the one of now cannot."""
        return self.filter(SHOWN).exclude(names_sponsor(Shared.GOAL))

    def current(self) -> "GoalQuerySet":
        """Agreed and under way."""
        return self.filter(state=GoalState.AGREED)


class Goal(Dialled, Revised, Tracked, OrganisationOwned):
    """An outcome with a measure, in the leader's words. Audience: the leader; from the proposal on, their sponsor.
    One that was let go before it was agreed is the leader's alone.

    `scale` is five steps from −2 to +2, lowest first, each `{"score", "words", "bound"}`: `bound` is the worst number
    that still counts as this step, a string as in a form; None for −2 and where there is no number. Baseline, target,
    direction, weight and scale never change after `agreed_on`: PostgreSQL refuses. `score` is what the sponsor
    gave at the end, in steps of the scale.
    """

    enrolment = OwnedForeignKey(Enrolment, related_name="goals")
    outcome = models.CharField(_("What will be different"), max_length=200)
    why = models.CharField(_("Why it matters"), max_length=280, blank=True)
    measure = models.CharField(_("How you will know"), max_length=120, blank=True)
    unit = models.CharField(_("Unit"), max_length=20, blank=True)
    direction = models.CharField(_("Which way is better"), max_length=5, choices=Direction, default=Direction.UP)
    baseline = models.DecimalField(_("Where it is today"), max_digits=12, decimal_places=3, null=True, blank=True)
    baseline_on = models.DateField(_("Measured on"), null=True, blank=True)
    target = models.DecimalField(_("Where it should be"), max_digits=12, decimal_places=3, null=True, blank=True)
    tolerance = models.DecimalField(_("Give or take"), max_digits=12, decimal_places=3, null=True, blank=True)
    due_on = models.DateField(_("By when"), null=True, blank=True)
    weight = models.PositiveSmallIntegerField(_("Weight"), default=2)
    scale = models.JSONField(default=list, blank=True)
    objective = OwnedForeignKey(Objective, models.SET_NULL, null=True, blank=True, related_name="goals")
    state = models.CharField(max_length=8, choices=GoalState, default=GoalState.DRAFT)
    written_at = models.DateTimeField()
    agreed_on = models.DateField(null=True, blank=True)
    agreed_by = OwnedForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+", is_indexed=False)
    next_review_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    let_go_reason = models.CharField(_("Why you let it go"), max_length=280, blank=True)
    score = models.SmallIntegerField(null=True, blank=True)
    scored_by = OwnedForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+", is_indexed=False)
    scored_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(null=True, blank=True)
    edition = models.BigIntegerField(null=True, blank=True)

    focus_keys: list[int]  # both asked for by `with_plans`
    practised_on: list[date]

    objects = OwnedManager.from_queryset(GoalQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "key"], name="goal_key_once"),
            models.CheckConstraint(name="goal_due_this_century", condition=models.Q(due_on__lte=date(2100, 12, 31))),
            models.CheckConstraint(name="goal_weight", condition=models.Q(weight__range=(1, 3))),
            models.CheckConstraint(
                name="goal_score", condition=models.Q(score=None) | models.Q(score__range=(-2, 2), state="done")
            ),
            models.CheckConstraint(
                name="goal_agreed_when_under_way",
                condition=models.Q(state__in=("draft", "proposed"), agreed_on=None)
                | models.Q(state__in=("agreed", "done"), agreed_on__isnull=False, due_on__isnull=False)
                | models.Q(state="let_go"),
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.outcome


class GoalFocus(OrganisationOwned):
    """A focus that should move a goal. Audience: as the goal."""

    goal = OwnedForeignKey(Goal, related_name="by_focus")
    focus = OwnedForeignKey(Focus, related_name="by_goal")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "goal", "focus"], name="goal_focus_once")]
        ordering = ["id"]


class BusyPeriod(OrganisationOwned):
    """A campaign or an outage for which an admin offers a whole cohort to dial down. Audience: the cohort."""

    cohort = OwnedForeignKey(Cohort, related_name="busy_periods")
    title = models.CharField(_("What is going on"), max_length=80)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.LIGHT)
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))
    offered_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    offered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="busy_in_order", condition=models.Q(ends_on__gte=models.F("starts_on"))),
            models.CheckConstraint(name="busy_is_down", condition=models.Q(level__in=(Level.RESTING, Level.LIGHT))),
        ]
        ordering = ["starts_on", "id"]


class BusyAnswer(OrganisationOwned):
    """Whether one leader dials down for a busy period. `begun_on` is when their dials were turned.

    Audience: the leader; how many accepted, admins.
    """

    period = OwnedForeignKey(BusyPeriod, related_name="answers")
    enrolment = OwnedForeignKey(Enrolment, related_name="busy_answers")
    accepts = models.BooleanField()
    answered_at = models.DateTimeField()
    begun_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "period", "enrolment"], name="busy_answer_once"),
        ]


class GoalDial(Turned, OrganisationOwned):
    """How much attention a goal gets from a date on. Dated, never rewritten. Audience: as the goal.

    `period` is the busy period that turned it; None, the leader's own hand. `is_reserve` says that it spent a reserve
    week, by the focuses that were turned along.
    """

    goal = OwnedForeignKey(Goal, related_name="dials")
    level = models.PositiveSmallIntegerField(choices=Level)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_reserve = models.BooleanField(default=False)
    period = OwnedForeignKey(BusyPeriod, models.SET_NULL, null=True, blank=True, related_name="+", is_indexed=False)
    set_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [within_a_year("goal_dial_within_a_year")]
        ordering = ["starts_on", "id"]


class CheckIn(Tracked, OrganisationOwned):
    """A number on a date, and a line. One a day; the newest of a day replaces it. With `step` where there is no number.

    Audience: the number, as the goal; the line, the leader.
    """

    goal = OwnedForeignKey(Goal, related_name="check_ins")
    on = models.DateField(_("Date"))
    value = models.DecimalField(_("Figure"), max_digits=12, decimal_places=3, null=True, blank=True)
    step = models.SmallIntegerField(_("Step"), null=True, blank=True)
    line = models.CharField(_("A line for yourself"), max_length=280, blank=True)
    key = models.UUIDField()
    edition = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "goal", "on"], name="check_in_once_a_day"),
            models.UniqueConstraint(fields=["organisation", "goal", "key"], name="check_in_key_once"),
            models.CheckConstraint(
                name="check_in_number_or_step",
                condition=models.Q(value__isnull=False, step=None) | models.Q(value=None, step__range=(-2, 2)),
            ),
        ]
        ordering = ["on"]


class Decision(models.TextChoices):
    """What a review came to."""

    KEEP = "keep", _("Keep")
    CHANGE = "change", _("Change")
    LET_GO = "let_go", _("Let go")


class GoalReview(OrganisationOwned):
    """That a goal was looked at, and what was decided. Audience: the leader; that it was held and when, the sponsor."""

    goal = OwnedForeignKey(Goal, related_name="reviews")
    due_on = models.DateField()
    on = models.DateField()
    decision = models.CharField(max_length=6, choices=Decision)
    line = models.CharField(_("A line for yourself"), max_length=280, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "goal", "due_on"], name="goal_review_once")]
        ordering = ["on", "id"]


class GoalEventKind(models.TextChoices):
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"  # the proposal, by the leader
    SENT_BACK = "sent_back"  # by the sponsor, with words
    AGREED = "agreed"
    CHANGED = "changed"  # `details` holds [old, new] by field
    LET_GO = "let_go"
    TAKEN_UP = "taken_up"  # a goal that had been let go
    CLOSED = "closed"
    REOPENED = "reopened"
    SCORED = "scored"


class GoalEvent(OrganisationOwned):
    """One act in the story of a goal. Never rewritten: PostgreSQL lets the app add rows only. Audience: as the goal."""

    goal = OwnedForeignKey(Goal, related_name="events")
    kind = models.CharField(max_length=9, choices=GoalEventKind)
    words = models.CharField(max_length=280, blank=True)
    details = models.JSONField(default=dict, blank=True)
    by = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
