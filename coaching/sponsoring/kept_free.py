"""Time a leader took that their sponsor keeps free."""

from datetime import date

from django.db.models import QuerySet

from coaching.models import ProtectedTime
from cohorts.models import Enrolment


def kept_free_for(enrolment: Enrolment, today: date) -> QuerySet[ProtectedTime]:
    """From today on, soonest first."""
    taken = ProtectedTime.objects.accepted().filter(enrolment=enrolment, on__gte=today)
    return taken.select_related("offered_by")
