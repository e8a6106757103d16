"""What stands in the way of sponsors, as reasons that at least five of them gave."""

from dataclasses import dataclass

from django.db.models import Count

from coaching.disclosure import MIN_PEOPLE
from coaching.models.sponsoring import Obstacle, SponsorActQuerySet


@dataclass(frozen=True, slots=True)
class InTheWay:
    """One reason and how many sponsors gave it."""

    label: str
    sponsors: int


def obstacles_in(acts: SponsorActQuerySet) -> list[InTheWay]:
    """Reasons in their own order, those of fewer than five sponsors left out. One query."""
    rows = acts.filter(blocked_at__isnull=False).order_by().values("obstacle")
    counted = rows.annotate(sponsors=Count("sponsor", distinct=True)).filter(sponsors__gte=MIN_PEOPLE)
    sponsors = dict(counted.values_list("obstacle", "sponsors"))
    return [InTheWay(str(each.label), sponsors[each]) for each in Obstacle if each in sponsors]
