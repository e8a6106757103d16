"""Why pairings stopped, for admins: quarters that are over, and only reasons at least five people gave.

Within a quarter the numbers are closed: otherwise one more on the day a pairing ended would tell whose it was. There
is no total, from which a small number could be subtracted.
"""

from dataclasses import dataclass
from datetime import date

from coaching.models import StopCount, StopReason

SMALLEST_GROUP = 5
QUARTERS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Figure:
    reason: str
    number: int


def stop_figures(today: date) -> list[tuple[date, list[Figure]]]:
    """The newest quarters that are over, each with what may be shown of it."""
    this = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    rows = StopCount.objects.filter(quarter_on__lt=this, number__gte=SMALLEST_GROUP).order_by("-quarter_on", "-number")
    quarters: dict[date, list[Figure]] = {}
    for row in rows:
        quarters.setdefault(row.quarter_on, []).append(Figure(str(StopReason(row.reason).label), row.number))
    return list(quarters.items())[:QUARTERS_SHOWN]
