"""Figures as weekly points: the newest of many KPIs and teams, and the whole series of one team. Set-based."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, FloatField, Func, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast

from goals.figures.weeks import FEWEST_ANSWERS, Day, Week, weeks_of
from goals.models import Family, Figure, Followed, Kpi, KpiMethod, Unit

Pair = tuple[int, int | None]
FIRST_MONDAY = date(1900, 1, 1)  # no figure is older
LOOKS_BACK = timedelta(weeks=26)
USUAL_DAYS = 5


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest settled week; where there is none, the newest that has a value. `value` is in the unit shown."""

    week_on: date
    value: Decimal
    numerator: float
    denominator: float
    is_settled: bool


def latest_values(pairs: Iterable[Pair], *, until: date) -> dict[Pair, Latest | None]:
    """By KPI and team, its newest week of the last half-year. Without a team, all teams together. Three queries."""
    asked = set(pairs)
    wanted = {kpi for kpi, _team in asked}
    kpis = {kpi.pk: kpi for kpi in with_window(Kpi.objects.filter(pk__in=wanted))}
    figures = Figure.objects.filter(kpi__in=wanted, on__lte=until, on__gt=until - LOOKS_BACK)
    if any(team is None for _kpi, team in asked):
        expected = _expected_days(Followed.objects.filter(kpi__in=wanted))
    else:
        teams = {team for _kpi, team in asked}
        figures = figures.filter(team__in=teams)
        expected = _expected_days(Followed.objects.filter(kpi__in=wanted, team__in=teams))
    weeks: dict[Pair, list[list[Week]]] = defaultdict(list)
    for (kpi, team), days in _weekly_sums(figures).items():
        of_team = weeks_of_kpi(kpis[kpi], days, expected_days=expected.get((kpi, team), USUAL_DAYS), today=until)
        weeks[kpi, team].append(of_team)
        weeks[kpi, None].append(of_team)
    return {pair: _latest(kpis[pair[0]].unit, _together(weeks[pair])) if weeks[pair] else None for pair in asked}


def with_window(kpis: QuerySet[Kpi]) -> QuerySet[Kpi]:
    """`window_days` of the newest method with each."""
    methods = KpiMethod.objects.filter(kpi=OuterRef("pk")).order_by("-number")
    return kpis.annotate(window_days=Subquery(methods.values("window_days")[:1]))


def weeks_of_kpi(kpi: Kpi, days: Iterable[Day], *, expected_days: int, today: date) -> list[Week]:
    """The weeks of a KPI read `with_window`. Opinions have no value below ten answers."""
    return weeks_of(
        days,
        expected_days=expected_days,
        today=today,
        window_days=(kpi.window_days or 0) if kpi.family == Family.FCR else 0,  # type: ignore[attr-defined]
        fewest=FEWEST_ANSWERS if kpi.family == Family.CSAT else 0,
    )


def series_of_team(team_pk: int, *, until: date) -> dict[int, list[Day]]:
    """By KPI, what the team's figures add up to each week. One query."""
    return {
        kpi: days for (kpi, _team), days in _weekly_sums(Figure.objects.filter(team=team_pk, on__lte=until)).items()
    }


def series_of_kpi(team_pk: int, kpi_pk: int, *, until: date) -> list[Day]:
    """The same for one KPI."""
    sums = _weekly_sums(Figure.objects.filter(team=team_pk, kpi=kpi_pk, on__lte=until))
    return sums[kpi_pk, team_pk]


def shown(unit: str, value: float) -> Decimal:
    """A value in the unit shown: a share in per cent."""
    return round(Decimal(value) * (100 if unit == Unit.SHARE else 1), 4)


class WeekNumber(Func):
    """Which week a date is in, from Monday to Sunday, counted from `FIRST_MONDAY`: cheaper to read than a date."""

    template = f"((%(expressions)s - DATE '{FIRST_MONDAY}') / 7)"
    output_field = IntegerField()


def _weekly_sums(figures: QuerySet[Figure]) -> defaultdict[tuple[int, int], list[Day]]:
    sums = (
        figures.annotate(week=WeekNumber("on"))
        .values("kpi_id", "team_id", "week")
        .annotate(above=_added("numerator"), below=_added("denominator"), of=_added("asked"), days=Count("pk"))
        .order_by("week")
    )
    found: defaultdict[tuple[int, int], list[Day]] = defaultdict(list)
    for kpi, team, week, above, below, of, days in sums.values_list(
        "kpi_id", "team_id", "week", "above", "below", "of", "days"
    ):
        found[kpi, team].append(Day(FIRST_MONDAY + timedelta(weeks=week), above, below, of, days))
    return found


def _added(column: str) -> Cast:
    return Cast(Sum(column), FloatField())


def _expected_days(followed: QuerySet[Followed]) -> dict[Pair, int]:
    return {(kpi, team): days for kpi, team, days in followed.values_list("kpi_id", "team_id", "expected_days")}


def _together(teams: list[list[Week]]) -> list[tuple[date, float, float, bool]]:
    """Week, numerator, denominator and whether every team's week is settled, in order."""
    by_week: dict[date, list[Week]] = defaultdict(list)
    for weeks in teams:
        for week in weeks:
            by_week[week.monday].append(week)
    return [
        (
            monday,
            sum(week.numerator for week in those),
            sum(week.denominator for week in those),
            all(week.is_settled for week in those),
        )
        for monday, those in sorted(by_week.items())
    ]


def _latest(unit: str, weeks: list[tuple[date, float, float, bool]]) -> Latest | None:
    if not weeks:
        return None
    monday, above, below, is_settled = next((week for week in reversed(weeks) if week[3]), weeks[-1])
    return Latest(monday, shown(unit, above / below), above, below, is_settled)
