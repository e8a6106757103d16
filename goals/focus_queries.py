"""Focuses as several pages ask for them."""

from django.db.models import QuerySet

from cohorts.models import Enrolment
from goals.models import Focus


def current_focuses(enrolment: Enrolment) -> QuerySet[Focus]:
    """What the leader works on now, oldest first."""
    return Focus.objects.current().filter(enrolment=enrolment)
