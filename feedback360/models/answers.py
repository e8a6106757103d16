"""What raters said. Nothing here points at a rater, a request, a person or a time.

Read only by `feedback360.answering.actions` (staging, closing) and `feedback360.results.aggregate`; an import contract
says so. Keys are random, and rows are written in shuffled order.
"""

from secrets import randbits

from django.db import models

from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey
from feedback360.models.round import Group, Subject


def random_id() -> int:
    """62 random bits: unlike an identity column or a time-ordered UUID, it tells no order."""
    return randbits(62)


class StagedAnswers(OrganisationOwned):
    """One rater's answers about one leader until the round closes, sealed. Audience: nobody; the rater, by their link.

    `slot` is an HMAC of the request by the round's key, so the database alone cannot tell whose it is.
    """

    is_target = False

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    slot = models.BinaryField(max_length=32)
    subject = OwnedForeignKey(Subject, related_name="+")
    group = models.CharField(max_length=10, choices=Group)
    sealed = models.BinaryField(max_length=65_536)
    is_sent = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "slot"], name="staged_slot_once")]


class Answer(OrganisationOwned):
    """One value for one item about one leader, after close. Audience: nobody; `visibility` decides what is shown."""

    is_target = False

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    subject = OwnedForeignKey(Subject, related_name="+")
    group = models.CharField(max_length=10, choices=Group)
    item = models.SlugField(max_length=60, db_index=False)
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="answer_value", condition=models.Q(value__range=(1, 5)))]


class Comment(OrganisationOwned):
    """One comment, after close. `place` is its shuffled place among those of its question. Audience: as for Answer."""

    is_target = False

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    subject = OwnedForeignKey(Subject, related_name="+")
    group = models.CharField(max_length=10, choices=Group)
    question = models.SlugField(max_length=60, db_index=False)
    text = models.CharField(max_length=1500)
    place = models.PositiveSmallIntegerField()


class ScaleStatistic(OrganisationOwned):
    """Number, mean and variance (n − 1) of the raters' own means on one scale, taken while the round closed.

    Stored because a spread between raters needs each rater's answers together, and no label survives that would tell
    them. Audience: as for Answer.
    """

    is_target = False

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    subject = OwnedForeignKey(Subject, related_name="+")
    group = models.CharField(max_length=10, choices=Group)
    scale = models.CharField(max_length=90)
    raters = models.PositiveSmallIntegerField()
    mean = models.FloatField()
    variance = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "subject", "group", "scale"], name="scale_statistic_once"),
        ]
