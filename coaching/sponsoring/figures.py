"""Figures about sponsors, for the report, a sponsor's own page and branches: counts and times, and no text.

One leader's figures may hold the work of several sponsors, weighted by the days each held. One sponsor's figures are
the median over their leaders.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.db.models import SmallIntegerField, Value

from coaching.calendars.members import calendars_of
from coaching.models import Ask, Obstacle, Pairing, PairingKind, PairingState, ProtectedTime, SponsorAct, SupportAnswer
from coaching.sponsoring.felt_support import ITEMS, Felt, FeltFigure, figure_of
from coaching.sponsoring.follow_through import (
    Support,
    follow_through,
    over_leaders,
    over_sponsors,
    parts_of,
    shares_by_days,
)
from coaching.sponsoring.response import TimedAsk, counts_of, median_hours
from coaching.sponsoring.thresholds import DEFAULT_THRESHOLD, chosen_threshold
from coaching.sponsoring.weeks import A_WEEK, Tenure, week_of, weeks_over
from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment, Membership, Organisation
from cohorts.schedule.calendars import calendar_of, pauses_by_enrolment
from cohorts.schedule.path import LENGTH, Calendar, local_instant
from cohorts.schedule.time_zones import local_date

HELD = (PairingState.ACTIVE, PairingState.ENDED)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SponsorFigures:
    """A leader's support so far: follow-through (0–100), median working hours to an answer, accepted minutes."""

    follow_through: float | None
    response_hours: float | None
    protected_minutes: int


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """A sponsor's own two numbers, never multiplied. `felt` is None until a whole group of their leaders answered.

    `everybody` is how support feels in the whole organisation; `smallest_group` the smallest one shown by now.
    """

    leaders: int
    follow_through: float | None
    response_hours: float | None
    felt: FeltFigure | None
    everybody: FeltFigure | None
    smallest_group: int


@dataclass
class _Held:
    """One sponsor with one leader, as the rows tell it."""

    tenures: list[Tenure] = field(default_factory=list)
    confirmed: set[int] = field(default_factory=set)
    obstacles: dict[int, str] = field(default_factory=dict)
    questions: list[tuple[datetime, datetime | None]] = field(default_factory=list)


def sponsor_figures(enrolment: Enrolment, *, organisation: Organisation, now: datetime) -> SponsorFigures:
    """One leader's figures. Nine queries at most."""
    return sponsor_figures_of([enrolment], organisation=organisation, now=now)[enrolment.pk]


def sponsor_figures_of(
    enrolments: Sequence[Enrolment], *, organisation: Organisation, now: datetime
) -> dict[int, SponsorFigures]:
    """By enrolment; as many queries for a thousand as for one."""
    reading = _Reading(enrolments, organisation, now)
    minutes = _protected_minutes(enrolments)
    figures = {}
    for enrolment in enrolments:
        scores = {key: reading.score(enrolment, key) for key in reading.sponsors_of(enrolment)}
        shares = shares_by_days(reading.tenures(enrolment), *reading.span(enrolment))
        hours = [each for key in scores for each in reading.hours(enrolment, key)]
        figures[enrolment.pk] = SponsorFigures(
            over_sponsors(scores, shares), median(hours) if hours else None, minutes.get(enrolment.pk, 0)
        )
    return figures


def own_figures(sponsor: Membership, *, organisation: Organisation, now: datetime) -> OwnFigures:
    """A sponsor's own figures over the leaders they have or had."""
    return own_figures_of([sponsor], organisation=organisation, now=now)[sponsor.pk]


def own_figures_of(
    sponsors: Sequence[Membership], *, organisation: Organisation, now: datetime
) -> dict[int, OwnFigures]:
    """By sponsor; as many queries for a hundred as for one."""
    keys = {each.pk for each in sponsors}
    held = Enrolment.objects.filter(sponsor__in=keys) | Enrolment.objects.filter(sponsor_acts__sponsor__in=keys)
    held = held.distinct().select_related("cohort", "leader").annotate(smallest_group=chosen_threshold())
    enrolments = list(held.order_by("pk"))
    chosen = next((each.smallest_group for each in enrolments), None)
    reading = _Reading(enrolments, organisation, now, only=sponsors)
    answers = _felt()
    everybody = figure_of([felt for _of, felt in answers])
    figures = {}
    for key in keys:
        theirs = [each for each in enrolments if key in reading.sponsors_of(each)]
        hours = [hour for each in theirs for hour in reading.hours(each, key)]
        figures[key] = OwnFigures(
            leaders=sum(each.sponsor_id == key and each.left_on is None for each in theirs),
            follow_through=over_leaders(reading.score(each, key) for each in theirs),
            response_hours=median(hours) if hours else None,
            felt=figure_of([felt for of, felt in answers if of == key]),
            everybody=everybody,
            smallest_group=chosen or DEFAULT_THRESHOLD,
        )
    return figures


def _felt() -> list[tuple[int, Felt]]:
    """Everybody's answers with their sponsor, in the order in which they came."""
    rows = SupportAnswer.objects.order_by("answered_at", "pk")
    found = rows.values_list("sponsor_id", "threshold", *ITEMS)
    return [(key, Felt(tuple(items), threshold)) for key, threshold, *items in found]


def _protected_minutes(enrolments: Sequence[Enrolment]) -> dict[int, int]:
    minutes: dict[int, int] = defaultdict(int)
    taken = ProtectedTime.objects.accepted().filter(enrolment__in=enrolments)
    for key, some in taken.values_list("enrolment_id", "minutes"):
        minutes[key] += some
    return minutes


class _Reading:
    """What the rows say about these leaders and everybody who was their sponsor, each table read once."""

    def __init__(
        self,
        enrolments: Sequence[Enrolment],
        organisation: Organisation,
        now: datetime,
        *,
        only: Collection[Membership] | None = None,
    ) -> None:
        self._now = now
        pauses = pauses_by_enrolment(enrolments)
        self._calendars = {each.pk: calendar_of(each, organisation, pauses.get(each.pk, ())) for each in enrolments}
        self._held = _held_by(enrolments, self._calendars)
        keys = {sponsor for theirs in self._held.values() for sponsor in theirs}
        sponsors = Membership.objects.filter(pk__in=keys) if only is None else only
        self._own_calendars = calendars_of(sponsors, organisation)

    def sponsors_of(self, enrolment: Enrolment) -> list[int]:
        return list(self._held.get(enrolment.pk, ()))

    def tenures(self, enrolment: Enrolment) -> Mapping[int, list[Tenure]]:
        return {key: held.tenures for key, held in self._held.get(enrolment.pk, {}).items()}

    def span(self, enrolment: Enrolment) -> tuple[date, date]:
        """The days that are shared out: from the week before day 1 until today or the last day."""
        calendar = self._calendars[enrolment.pk]
        last = min(date_at(enrolment, self._now), calendar.date_of(LENGTH), enrolment.left_on or date.max)
        return calendar.day1 - A_WEEK, last

    def score(self, enrolment: Enrolment, sponsor: int) -> float | None:
        held, calendar = self._held[enrolment.pk][sponsor], self._calendars[enrolment.pk]
        today = date_at(enrolment, self._now)
        over = {week for tenure in held.tenures for week in weeks_over(calendar, tenure, today)}
        asked, in_time = counts_of(self._asked(enrolment, sponsor), self._own_calendars[sponsor], self._now)
        support = Support(
            over=frozenset(over),
            confirmed=frozenset(held.confirmed),
            blocked=frozenset(held.obstacles),
            asked=asked,
            answered_in_time=in_time,
        )
        return follow_through(parts_of(support))

    def hours(self, enrolment: Enrolment, sponsor: int) -> list[float]:
        """Working hours to each answer of this sponsor."""
        calendar = self._own_calendars[sponsor]
        found = (median_hours([each], calendar) for each in self._asked(enrolment, sponsor))
        return [hours for hours in found if hours is not None]

    def _asked(self, enrolment: Enrolment, sponsor: int) -> list[TimedAsk]:
        held, calendar = self._held[enrolment.pk][sponsor], self._calendars[enrolment.pk]
        away = {week for week, obstacle in held.obstacles.items() if obstacle == Obstacle.ABSENCE}
        return [
            TimedAsk(
                asked_at,
                answered_at,
                closed_at=_closed_at(held.tenures, calendar),
                is_excused=week_of(calendar, local_date(asked_at, calendar.zone)) in away,
            )
            for asked_at, answered_at in held.questions
        ]


def _closed_at(tenures: Sequence[Tenure], calendar: Calendar) -> datetime | None:
    """When they stopped being the sponsor, or the leader left; None while it goes on."""
    ends = [tenure.until for tenure in tenures]
    if not ends or None in ends:
        return None
    return local_instant(max(end for end in ends if end) + ONE_DAY, time(), calendar.zone)


def _held_by(enrolments: Sequence[Enrolment], calendars: Mapping[int, Calendar]) -> dict[int, dict[int, _Held]]:
    """By enrolment and sponsor. Two queries."""
    found: dict[int, dict[int, _Held]] = {each.pk: defaultdict(_Held) for each in enrolments}
    pairings = Pairing.objects.filter(kind=PairingKind.SPONSOR, leader__in=[each.leader_id for each in enrolments])
    by_leader = defaultdict(list)
    for pairing in pairings.filter(state__in=HELD).only("leader", "partner", "starts_on", "ends_on", "state"):
        by_leader[pairing.leader_id].append(pairing)
    for enrolment in enrolments:
        for sponsor, tenure in _tenures(enrolment, calendars[enrolment.pk], by_leader[enrolment.leader_id]):
            found[enrolment.pk][sponsor].tenures.append(tenure)
    for enrolment_id, sponsor_id, week, obstacle, first_at, second_at in _acts_and_asks(enrolments):
        held = found[enrolment_id][sponsor_id]
        if week is None:
            held.questions.append((first_at, second_at))
        elif second_at:
            held.confirmed.add(week)
        elif obstacle:
            held.obstacles[week] = obstacle
    return {key: dict(theirs) for key, theirs in found.items()}


def _acts_and_asks(enrolments: Sequence[Enrolment]) -> Iterable[tuple[Any, ...]]:
    """Weeks as done and confirmed at, then questions, whose week is None, as asked and answered at. One query."""
    no_week, no_obstacle = Value(None, output_field=SmallIntegerField()), Value("")
    acts = SponsorAct.objects.filter(enrolment__in=enrolments).order_by()
    asks = Ask.objects.filter(enrolment__in=enrolments).order_by()
    return acts.values_list("enrolment_id", "sponsor_id", "week", "obstacle", "done_at", "confirmed_at").union(
        asks.values_list("enrolment_id", "sponsor_id", no_week, no_obstacle, "asked_at", "answered_at"), all=True
    )


def _tenures(enrolment: Enrolment, calendar: Calendar, pairings: Sequence[Pairing]) -> Iterable[tuple[int, Tenure]]:
    """Who was the leader's sponsor when, within this enrolment. Before a pairing is opened, the sponsor of now."""
    first, last = calendar.day1 - A_WEEK, enrolment.left_on
    for pairing in pairings:
        until = min(filter(None, (pairing.ends_on, last)), default=None)
        since = max(pairing.starts_on, first)
        if until is None or until >= since:
            yield pairing.partner_id, Tenure(since, until)
    if enrolment.sponsor_id and not any(each.partner_id == enrolment.sponsor_id for each in pairings):
        yield enrolment.sponsor_id, Tenure(first, last)
