"""The charts of the KPIs a team follows: weekly points, limits and signals, drawn and put in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from django.db.models import QuerySet

from cohorts.charts.run_chart import run_chart
from cohorts.charts.run_shapes import DESK, PHONE, SMALL, Bar, Layout, Limits, RunChart, RunPoint, Strip, Target
from cohorts.charts.run_shapes import Bound as DrawnBound
from goals import spc
from goals.figures import findings
from goals.figures.numbers import axis_names, axis_says, factor, says
from goals.figures.reading import series_of_team, weeks_of_kpi
from goals.figures.weeks import ENOUGH_ANSWERS, Day, Week
from goals.models import Family, Followed, KpiMethod, Team, Unit


@dataclass(frozen=True)
class KpiChart:
    """One KPI of one team: its weeks, and the stretches between changes of method and new limits."""

    followed: Followed
    weeks: tuple[Week, ...]
    stretches: tuple[spc.Stretch, ...]
    strip: Strip | None = None

    @property
    def newest(self) -> spc.Stretch | None:
        return self.stretches[-1] if self.stretches else None

    @cached_property
    def finding(self) -> str:
        return findings.finding(self.followed.kpi, self.stretches)

    @property
    def dom_id(self) -> str:
        return f"kpi-{self.followed.pk}"

    @property
    def aim(self) -> str:
        return findings.aim(self.followed)

    @property
    def target(self) -> str:
        return findings.target(self.followed, self._bound)

    @property
    def false_alarms(self) -> str:
        return findings.false_alarms(self.newest)

    @property
    def _bound(self) -> spc.Bound | None:
        if self.newest is None or not self.newest.bounds:
            return None
        bound, scale = self.newest.bounds[-1], factor(self.followed.kpi.unit)
        return spc.Bound(bound.on, bound.low * scale, bound.high * scale)

    @property
    def small(self) -> RunChart | None:
        """One drawing for every width, without the words of a table; None without a week to draw."""
        return self._drawn(SMALL, self._marks) if self.weeks else None

    @property
    def full(self) -> tuple[RunChart, RunChart] | None:
        """For a desk and for a phone, with the words of the table."""
        if not self.weeks:
            return None
        points = [self._worded(mark, week) for mark, week in zip(self._marks, self.weeks, strict=True)]
        return self._drawn(DESK, points), self._drawn(PHONE, points)

    def _drawn(self, layout: Layout, points: Sequence[RunPoint]) -> RunChart:
        kpi, scale = self.followed.kpi, factor(self.followed.kpi.unit)
        last, target = self.weeks[-1], self.followed.target
        return run_chart(
            points,
            layout=layout,
            says=axis_says(kpi.unit),
            names=axis_names((last.monday - self.weeks[0].monday).days // 7),
            until=last.monday + timedelta(days=6),
            target=Target(float(target), self.aim) if target is not None else None,
            limits=[_drawn(stretch, scale) for stretch in self.stretches if stretch.mean is not None],
            strip=self.strip,
            end_says=says(kpi.unit, last.value * scale),
        )

    @cached_property
    def _marks(self) -> list[RunPoint]:
        kpi, scale = self.followed.kpi, factor(self.followed.kpi.unit)
        firsts = {stretch.points[0].on for stretch in self.stretches}
        marked = {signal.on for stretch in self.stretches for signal in stretch.signals}
        points, before = [], None
        for week in self.weeks:
            few = kpi.family == Family.CSAT and week.denominator < ENOUGH_ANSWERS
            edges = spc.interval(week.numerator, week.denominator) if few else None
            points.append(
                RunPoint(
                    on=week.monday,
                    value=week.value * scale,
                    is_hollow=not week.is_settled,
                    is_quiet=few,
                    is_marked=week.monday in marked,
                    starts_anew=week.monday in firsts or (before is not None and (week.monday - before).days > 7),
                    interval=(edges[0] * scale, edges[1] * scale) if edges else None,
                )
            )
            before = week.monday
        return points

    def _worded(self, mark: RunPoint, week: Week) -> RunPoint:
        kpi = self.followed.kpi
        note = next((note.text for note in self.followed.notes.all() if note.monday_on == week.monday), "")
        return replace(
            mark,
            says=says(kpi.unit, week.value * factor(kpi.unit)),
            note=findings.about_week(kpi, week, note, self.followed.expected_days),
        )


def charts_of_team(team: Team, *, today: date) -> list[KpiChart]:
    """The KPIs the team follows, by name. Five queries, however many they are."""
    series = series_of_team(team.pk, until=today)
    return [chart_of(each, series.get(each.kpi_id, []), today=today) for each in followed_of(team)]


def followed_of(team: Team) -> QuerySet[Followed]:
    followed = Followed.objects.filter(team=team, stopped_on=None, kpi__archived_on=None)
    return with_history(followed).order_by("kpi__name")


def with_history(followed: QuerySet[Followed]) -> QuerySet[Followed]:
    """With what a chart needs: KPI, methods, new limits, notes."""
    return followed.select_related("kpi", "team__leader").prefetch_related("kpi__methods", "rebases", "notes")


def chart_of(
    followed: Followed, days: Sequence[Day], *, today: date, practices: Sequence[tuple[date, int]] = ()
) -> KpiChart:
    kpi = followed.kpi
    methods: list[KpiMethod] = list(kpi.methods.all())
    kpi.window_days = methods[-1].window_days if methods else None  # type: ignore[attr-defined]
    weeks = weeks_of_kpi(kpi, days, expected_days=followed.expected_days, today=today)
    breaks = [method.from_on for method in methods[1:]] + [rebase.from_on for rebase in followed.rebases.all()]
    points = [spc.Point(week.monday, week.numerator, week.denominator, week.is_settled) for week in weeks]
    stretches = spc.stretches(points, breaks=breaks, is_share=kpi.unit == Unit.SHARE)
    return KpiChart(followed, tuple(weeks), stretches, _strip(practices))


def _strip(practices: Sequence[tuple[date, int]]) -> Strip | None:
    if not practices:
        return None
    return Strip(findings.practices_heading(), tuple(Bar(monday, count) for monday, count in practices))


def _drawn(stretch: spc.Stretch, scale: int) -> Limits:
    """Straight limits need no more than their ends."""
    first, last = stretch.bounds[0], stretch.bounds[-1]
    is_straight = stretch.false_alarms == spc.FALSE_ALARMS_XMR and first != last
    bounds = (first, last) if is_straight else stretch.bounds
    drawn = tuple(DrawnBound(bound.on, bound.low * scale, bound.high * scale) for bound in bounds)
    return Limits((stretch.mean or 0) * scale, drawn)
