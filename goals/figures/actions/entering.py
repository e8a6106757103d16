"""Enter the figures of one day, and undo it. What is replaced stands in the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock
from goals.figures.policies import ensure_may_keep_figures
from goals.figures.rules import ensure_counted
from goals.models import Entry, Figure, Kpi, Team


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one KPI on one day."""

    numerator: Decimal
    denominator: Decimal
    asked: Decimal | None = None

    def __str__(self) -> str:
        said = [self.numerator, self.denominator, *([] if self.asked is None else [self.asked])]
        return " of ".join(f"{value.normalize():f}" for value in said)


Counts = Mapping[int, Counted | None]


@transaction.atomic
def enter_day(*, team: Team, on: date, counts: Counts, by: Membership, today: date, now: datetime) -> Counts:
    """Save what was counted on a day by KPI; None takes a figure out. Returns what stood there of what is changed.

    Raises Invalid, and then saves nothing.
    """
    ensure_may_keep_figures(by, team)
    kpis = Kpi.objects.filter(followed__team=team, followed__stopped_on=None).in_bulk(list(counts))
    for pk, counted in counts.items():
        if pk not in kpis:
            raise NotNow(_("The team does not follow this KPI any more."))
        if counted is not None:
            ensure_counted(
                unit=kpis[pk].unit,
                on=on,
                numerator=counted.numerator,
                denominator=counted.denominator,
                asked=counted.asked,
                today=today,
            )
    lock(team)
    there = {figure.kpi_id: figure for figure in Figure.objects.filter(team=team, on=on, kpi__in=kpis)}
    before: dict[int, Counted | None] = {}
    for pk, counted in counts.items():
        was = counted_of(there.get(pk))
        if was != counted:
            before[pk] = was
            _save(team, pk, on, there.get(pk), counted, by, now)
    return before


@transaction.atomic
def undo_day(
    *, team: Team, on: date, before: Counts, after: Counts, by: Membership, today: date, now: datetime
) -> None:
    """Bring back what stood there, unless somebody has entered something else since."""
    lock(team)
    there = {figure.kpi_id: figure for figure in Figure.objects.filter(team=team, on=on, kpi__in=list(before))}
    if any(counted_of(there.get(pk)) != after[pk] for pk in before):
        raise NotNow(_("Someone has entered other figures for this day since. They stay."))
    enter_day(team=team, on=on, counts=before, by=by, today=today, now=now)


def counted_of(figure: Figure | None) -> Counted | None:
    return Counted(figure.numerator, figure.denominator, figure.asked) if figure else None


def _save(
    team: Team, kpi_pk: int, on: date, figure: Figure | None, counted: Counted | None, by: Membership, now: datetime
) -> None:
    was = counted_of(figure)
    if counted is None:
        if figure is not None:
            record(by=by, verb="removed figure", thing=figure, now=now, kpi=kpi_pk, on=str(on), was=str(was))
            figure.delete()
        return
    saved = figure or Figure(kpi_id=kpi_pk, team=team, on=on)
    saved.numerator, saved.denominator, saved.asked = counted.numerator, counted.denominator, counted.asked
    saved.entry, saved.at = Entry.HAND, now
    saved.save()
    if was is not None:
        details: dict[str, str | int | None] = {"kpi": kpi_pk, "on": str(on), "was": str(was), "is": str(counted)}
        record(by=by, verb="replaced figure", thing=saved, now=now, **details)
