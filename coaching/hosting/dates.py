"""Dates as lists show them: with their places and questions, for the reader's clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from coaching.hosting.policies import has_wall
from coaching.models import Booking, BookingState, TalkQuestion, Visit
from coaching.models.hosting import ON_THE_WALL


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date in a list. Offered places are taken, too: somebody is thinking about them."""

    visit: Visit
    taken: int
    waiting: int
    questions: int
    unanswered: int

    @property
    def free(self) -> int:
        return max(0, self.visit.capacity - self.taken)

    @property
    def over(self) -> int:
        """How many more have a place than there are, after the host made them fewer."""
        return max(0, self.taken - self.visit.capacity)

    @property
    def there(self) -> time | None:
        """The hour on the host's clock, where it is another than the reader's."""
        here, there = timezone.localtime(self.visit.starts_at), self.visit.starts_at.astimezone(self.visit.host.zone)
        return None if here.utcoffset() == there.utcoffset() else there.time()

    @property
    def has_wall(self) -> bool:
        return has_wall(self.visit)


def ahead(visits: QuerySet[Visit], now: datetime) -> QuerySet[Visit]:
    return visits.open().filter(starts_at__gt=now)  # type: ignore[attr-defined]


def lines_of(visits: Iterable[Visit]) -> list[DateLine]:
    """These dates with their places and questions, in three queries."""
    shown = list(visits)
    keys = [visit.pk for visit in shown]
    waits = Count("pk", filter=Q(state=BookingState.WAITING))
    booked = Booking.objects.filter(visit__in=keys).order_by().values("visit").annotate(t=Count("seat"), w=waits)
    places = {pk: (taken, waiting) for pk, taken, waiting in booked.values_list("visit", "t", "w")}
    on_wall = TalkQuestion.objects.filter(visit__in=keys, state__in=ON_THE_WALL).order_by().values("visit")
    asked = on_wall.annotate(a=Count("pk"), o=Count("pk", filter=Q(answer=""))).values_list("visit", "a", "o")
    questions = {pk: (count, unanswered) for pk, count, unanswered in asked}
    return [DateLine(visit, *places.get(visit.pk, (0, 0)), *questions.get(visit.pk, (0, 0))) for visit in shown]
