from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment, Membership
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey


class Share(OrganisationOwned):
    """One person who may read one reflection, plan or goal. It names somebody, never a role. Audience: the leader.

    A sponsor reads what names them for as long as they are the leader's sponsor. `thanked_at`: they read it and said
    thank you, which the leader sees.
    """

    reflection = OwnedForeignKey("goals.Reflection", null=True, blank=True, related_name="shares")
    focus = OwnedForeignKey("goals.Focus", null=True, blank=True, related_name="shares")
    goal = OwnedForeignKey("goals.Goal", null=True, blank=True, related_name="shares")
    reader = OwnedForeignKey(Membership, related_name="+")
    shared_at = models.DateTimeField()
    thanked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reflection", "reader"], name="share_reflection_once"),
            models.UniqueConstraint(fields=["organisation", "focus", "reader"], name="share_focus_once"),
            models.UniqueConstraint(fields=["organisation", "goal", "reader"], name="share_goal_once"),
            models.CheckConstraint(
                name="share_of_one_thing",
                condition=models.Q(reflection__isnull=False, focus=None, goal=None)
                | models.Q(reflection=None, focus__isnull=False, goal=None)
                | models.Q(reflection=None, focus=None, goal__isnull=False),
            ),
        ]


class Shared(models.TextChoices):
    """What is shared, as the question about it names it."""

    REFLECTION = "reflection", _("Reflections")
    FOCUS = "focus", _("Plans")
    GOAL = "goal", _("Goals")


class SharingAnswer(OrganisationOwned):
    """What a leader said when their sponsor had changed: open what is older to this one, or leave it closed.

    `up_to` is the newest row the question was about, so that it is asked once. Audience: the leader.
    """

    enrolment = OwnedForeignKey(Enrolment, related_name="sharing_answers")
    reader = OwnedForeignKey(Membership, related_name="+")
    kind = models.CharField(max_length=10, choices=Shared)
    up_to = models.BigIntegerField()
    is_open = models.BooleanField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "reader", "kind"], name="sharing_answer_once")
        ]


def names_sponsor(kind: Shared) -> models.Exists:
    """Whether a row names the sponsor its leader has now: the one rule of pages, mails and printed copies."""
    theirs = Share.objects.filter(**{kind.value: models.OuterRef("pk")}, reader=models.OuterRef("enrolment__sponsor"))
    return models.Exists(theirs)
