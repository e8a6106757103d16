"""Focus queries that several pages share."""

from django.db.models import QuerySet

from cohorts.models import Enrolment
from goals.models import Focus


def current_focuses(enrolment: Enrolment) -> QuerySet[Focus]:
    """The current focuses of an enrolment, oldest first."""
    return Focus.objects.current().filter(enrolment=enrolment)


def focuses_with_turns(enrolment: Enrolment) -> list[Focus]:
    """Every focus of an enrolment, archived ones included, with its dial settings. One query."""
    return list(Focus.objects.filter(enrolment=enrolment).with_turns())
