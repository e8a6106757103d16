"""Measures of ninety days of practice. Pure: dates in, frozen measures out; no words, clock or database.

Formulas 2, 3, 4, 5 and 19 of the shared evidence paper (`commercial-peers-and-evidence.md` §6). A measure without
enough data has no value: it is *too early* or *none*, never 0 %.

Weeks are programme weeks: week 1 is days 1–7, week 13 is days 85–90. Paused days are in no week. A planned day is a
day the leader works, outside holidays and pauses; turning the dial down does not make fewer days planned, else
dialling down would raise the score. Today is planned only once it is practised: who reads in the morning is not late.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cohorts.schedule.path import LENGTH, Calendar, Span
from goals.dial_rules import LIGHT, RESTING, STEADY, STRETCH, setting_on
from goals.reserve import Life

WEEKS = 13
BASELINE = (8, 30)
FINISH = (61, 90)
DEBRIEF_WITHIN = timedelta(hours=72)
ONE_DAY = timedelta(days=1)


class Evidence(StrEnum):
    """Whether a measure can be read."""

    ENOUGH = "enough"
    TOO_EARLY = "too_early"
    NONE = "none"  # nothing was logged that it could be about


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, how many days, weeks or practices it rests on, and whether it can be read. No value unless *enough*."""

    value: float | None
    n: int
    state: Evidence


@dataclass(frozen=True, slots=True)
class PracticeWeek:
    """One programme week up to today: practices and planned days, and the same without days in reserve."""

    number: int
    is_over: bool
    done: int
    planned: int
    done_outside_reserve: int
    planned_outside_reserve: int

    @property
    def is_reserve(self) -> bool:
        return self.planned > 0 and self.planned_outside_reserve == 0


def day_of(calendar: Calendar, on: date) -> int:
    """The programme day of a date, kept within 0 and 90."""
    return min(max(calendar.day(on), 0), LENGTH)


def week_of(day: int) -> int:
    """The programme week of a programme day."""
    return -(-day // 7)


def _lived(calendar: Calendar, today: date) -> Iterator[date]:
    on = calendar.day1
    while on <= today and calendar.day(on) <= LENGTH:
        yield on
        on += ONE_DAY


def weeks_so_far(
    calendar: Calendar, done: Collection[date], reserve: Sequence[Span], today: date
) -> tuple[PracticeWeek, ...]:
    """The programme weeks that have begun, oldest first. `done` are the dates practised; none before day 1."""
    counts: dict[int, list[int]] = {}
    for on in _lived(calendar, today):
        is_planned = calendar.is_open(on) and (on < today or on in done)
        is_reserve = any(start <= on <= end for start, end in reserve)
        marks = (on in done, is_planned, on in done and not is_reserve, is_planned and not is_reserve)
        week = counts.setdefault(week_of(day_of(calendar, on)), [0, 0, 0, 0])
        week[:] = [count + mark for count, mark in zip(week, marks, strict=True)]
    tomorrow = week_of(calendar.day(today + ONE_DAY))
    is_walked = calendar.day(today) >= LENGTH
    return tuple(
        PracticeWeek(number, number < tomorrow or is_walked, *four) for number, four in sorted(counts.items()) if number
    )


def practice_rate(weeks: Sequence[PracticeWeek], *, with_reserve: bool) -> Measure:
    """Σ min(done, planned) / Σ planned over the weeks; n = planned days. Formula 2; 0.7 and more is good.

    Days in reserve are out of both sums unless `with_reserve`. Practising more than planned in one week does not make
    up for another. Too early below five planned days, a working week.
    """
    if not any(week.done for week in weeks):
        return Measure(None, 0, Evidence.NONE)
    pairs = [
        (week.done, week.planned) if with_reserve else (week.done_outside_reserve, week.planned_outside_reserve)
        for week in weeks
    ]
    planned = sum(planned for _, planned in pairs)
    if planned < 5:
        return Measure(None, planned, Evidence.TOO_EARLY)
    return Measure(sum(min(pair) for pair in pairs) / planned, planned, Evidence.ENOUGH)


def regularity(weeks: Sequence[PracticeWeek]) -> Measure:
    """Weeks with at least one practice / weeks so far, of 13; n = weeks so far. Formula 3.

    A week without a planned day, such as one of holidays only, counts when it was practised in. So does the week that
    is still running when it is too young to count against anybody. Too early in the first week.
    """
    if not any(week.done for week in weeks):
        return Measure(None, 0, Evidence.NONE)
    counted = [week for week in weeks if week.done or (week.planned and week.is_over)]
    if len(weeks) < 2:
        return Measure(None, len(counted), Evidence.TOO_EARLY)
    return Measure(sum(week.done > 0 for week in counted) / len(counted), len(counted), Evidence.ENOUGH)


def sustainment(calendar: Calendar, done: Collection[date], today: date) -> Measure:
    """Mean weekly practice of days 61–90 / mean weekly practice of days 8–30; n = practices in both. Formula 4.

    0.8 and more is holding. Too early until a whole week of days 61–90 has been lived, on day 67: a mean of less than
    a week says nothing. None when days 8–30 have nothing to compare with.
    """
    day = day_of(calendar, today)
    days = [calendar.day(on) for on in done if on <= today and not calendar.is_paused(on)]
    before, after = _within(days, *BASELINE), _within(days, *FINISH)
    if day < FINISH[0] + 6:
        return Measure(None, before + after, Evidence.TOO_EARLY)
    if not before:
        return Measure(None, after, Evidence.NONE)
    mean_before = before / (BASELINE[1] - BASELINE[0] + 1)
    mean_after = after / (day - FINISH[0] + 1)
    return Measure(mean_after / mean_before, before + after, Evidence.ENOUGH)


def _within(days: Iterable[int], first: int, last: int) -> int:
    return sum(first <= day <= last for day in days)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A practice that was done, and when it was logged."""

    on: date
    logged_at: datetime


@dataclass(frozen=True, slots=True)
class Debrief:
    """A reflection with all four questions answered, about a date."""

    on: date
    written_at: datetime

    def is_in_time_for(self, attempt: Attempt) -> bool:
        since = self.written_at - attempt.logged_at
        return since <= DEBRIEF_WITHIN and (since >= timedelta(0) or self.on == attempt.on)


def debrief_rate(attempts: Iterable[Attempt], debriefs: Iterable[Debrief], now: datetime) -> Measure:
    """Practices with a four-question reflection within 72 h / practices; n = practices counted. Formula 5; 0.5+ good.

    One reflection debriefs one practice: the oldest still waiting. The 72 hours run from the logging. A practice
    whose hours are not over yet counts once it has its debrief. Too early below three practices; none without any
    such reflection, whenever it was written.
    """
    waiting = sorted(attempts, key=lambda attempt: attempt.logged_at)
    if not waiting:
        return Measure(None, 0, Evidence.NONE)
    debriefed = 0
    written = sorted(debriefs, key=lambda debrief: debrief.written_at)
    for debrief in written:
        match = next((attempt for attempt in waiting if debrief.is_in_time_for(attempt)), None)
        if match is not None:
            waiting.remove(match)
            debriefed += 1
    missed = sum(now - attempt.logged_at > DEBRIEF_WITHIN for attempt in waiting)
    counted = debriefed + missed
    if counted < 3:
        return Measure(None, counted, Evidence.TOO_EARLY)
    if not written:
        return Measure(None, counted, Evidence.NONE)
    return Measure(debriefed / counted, counted, Evidence.ENOUGH)


class Attention(StrEnum):
    """The three bands of the dial."""

    LOW = "low"  # resting, light
    NORMAL = "normal"  # steady
    HIGH = "high"  # stretch


BANDS = {
    RESTING: Attention.LOW,
    LIGHT: Attention.LOW,
    STEADY: Attention.NORMAL,
    STRETCH: Attention.HIGH,
}


@dataclass(frozen=True, slots=True)
class Transparency:
    """Focus-weeks at each band of the dial; n = all of them."""

    low: int
    normal: int
    high: int

    @property
    def n(self) -> int:
        return self.low + self.normal + self.high

    def share(self, weeks: int) -> float:
        return weeks / self.n if self.n else 0.0


def dial_transparency(calendar: Calendar, focuses: Iterable[Life], today: date) -> Transparency:
    """How many focus-weeks were spent at low, normal and high attention. Formula 19.

    A focus-week is one focus in one programme week; it counts at the band that held on most of its days, and at the
    lower one when two held equally long.
    """
    lived = [on for on in _lived(calendar, today) if not calendar.is_paused(on)]
    bands: Counter[Attention] = Counter()
    for focus in focuses:
        weeks: dict[int, Counter[Attention]] = {}
        for on in lived:
            if focus.is_current(on):
                week = weeks.setdefault(week_of(day_of(calendar, on)), Counter())
                week[BANDS[setting_on(focus.settings, on).level]] += 1
        bands.update(_longest(week) for week in weeks.values())
    return Transparency(*(bands[band] for band in Attention))


def _longest(week: Counter[Attention]) -> Attention:
    return max(Attention, key=lambda band: week[band])  # the first of equals, so the lower one
