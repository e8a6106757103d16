"""Why pairings stopped, for admins: quarters that are over, and only reasons at least five people gave.

Within a quarter the numbers are closed: otherwise one more on the day a pairing ended would tell whose it was. There
is no total, from which a small number could be subtracted.
"""

from dataclasses import dataclass
from datetime import date

from coaching.disclosure import MIN_PEOPLE
from coaching.models import StopCount, StopReason

QUARTERS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class StopFigure:
    reason: str
    number: int


def quarter_of(on: date) -> date:
    """The first day of its quarter."""
    return date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)


def stop_figures(today: date) -> list[tuple[date, list[StopFigure]]]:
    """The newest quarters that are over, each with what may be shown of it."""
    this = quarter_of(today)
    rows = StopCount.objects.filter(quarter_on__lt=this, number__gte=MIN_PEOPLE).order_by("-quarter_on", "-number")
    quarters: dict[date, list[StopFigure]] = {}
    for row in rows:
        quarters.setdefault(row.quarter_on, []).append(StopFigure(str(StopReason(row.reason).label), row.number))
    return list(quarters.items())[:QUARTERS_SHOWN]
