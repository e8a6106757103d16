"""Dates as lists show them: of one host, of all, those ahead and those that are over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from coaching.hosting.policies import has_wall
from coaching.models import Visit
from coaching.models.hosting import ON_THE_WALL


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date in a list."""

    visit: Visit
    questions: int
    unanswered: int

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
    """These dates with what is asked at each of them, in one query."""
    shown = list(visits)
    asked = Count("questions", filter=Q(questions__state__in=ON_THE_WALL))
    open_ = Count("questions", filter=Q(questions__state__in=ON_THE_WALL, questions__answer=""))
    counts = Visit.objects.filter(pk__in=[visit.pk for visit in shown]).order_by()
    by_key = {pk: (total, left) for pk, total, left in counts.annotate(a=asked, o=open_).values_list("pk", "a", "o")}
    return [DateLine(visit, *by_key[visit.pk]) for visit in shown]
