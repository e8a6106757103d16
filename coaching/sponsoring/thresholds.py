"""The smallest group of leaders whose answers are shown: as in 360 feedback, five, or four or three by choice."""

from django.db.models import Subquery

from feedback360.models import FeedbackSettings

DEFAULT_THRESHOLD = 5


def chosen_threshold() -> Subquery:
    """What the organisation chose, for another query; None if it chose nothing."""
    return Subquery(FeedbackSettings.objects.values("threshold")[:1])


def smallest_group() -> int:
    return FeedbackSettings.objects.values_list("threshold", flat=True).first() or DEFAULT_THRESHOLD
