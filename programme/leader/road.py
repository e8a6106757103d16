"""A leader's ninety days as a road of weeks: what was answered behind them, today, and what comes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cohorts.models.curriculum import first_available
from cohorts.schedule.milestone_cards import Live
from cohorts.schedule.path import LENGTH, Calendar, Span
from programme.leader.upcoming import Stop
from programme.progress.measures import WEEKS, PracticeWeek, week_of

BEFORE, AFTER = 0, WEEKS + 1  # week numbers for what is before day 1 and after day 90
FOLDED_FROM = 2  # so many weeks behind the last one fold into one line


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a week: a step, a live event, or today without either."""

    on: date
    is_today: bool
    step: Stop | None = None
    event: Live | None = None


@dataclass(frozen=True, slots=True)
class RoadWeek:
    """One week. `theme_language` is the language of its theme; `practised` counts days, with a step or without."""

    number: int
    theme: str
    theme_language: str
    dates: Span | None
    entries: tuple[Entry, ...]
    practised: int
    is_now: bool
    is_past: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Road:
    """`earlier` are the weeks that fold into one line; empty on a finished road, where all is behind."""

    earlier: tuple[RoadWeek, ...]
    weeks: tuple[RoadWeek, ...]

    @property
    def last_earlier(self) -> int:
        return self.earlier[-1].number if self.earlier else BEFORE

    @property
    def practised_earlier(self) -> int:
        return sum(week.practised for week in self.earlier)


def road_of(
    stops: Iterable[Stop],
    events: Iterable[Live],
    *,
    calendar: Calendar,
    today: date,
    themes: Mapping[int, Mapping[str, str]],
    practised: Sequence[PracticeWeek],
    language: str,
) -> Road:
    """The thirteen weeks, and what is before and after them if anything is."""
    now = _week(calendar, today)
    entries = _by_week(stops, events, calendar, today)
    counts = {week.number: week.done for week in practised}
    weeks = []
    for number in range(BEFORE, AFTER + 1):
        if number in {BEFORE, AFTER} and number not in entries:
            continue
        theme, written_in = first_available(themes.get(number, {}), language)
        week = RoadWeek(
            number=number,
            theme=theme or "",
            theme_language=written_in,
            dates=_dates(calendar, number),
            entries=tuple(sorted(entries.get(number, ()), key=_order)),
            practised=counts.get(number, 0),
            is_now=number == now,
            is_past=number < now,
            is_open=number in {now, now + 1},
        )
        weeks.append(week)
    folded = [week for week in weeks if week.number < now - 1]
    if now == AFTER or now - 2 < FOLDED_FROM:
        folded = []
    return Road(tuple(folded), tuple(weeks[len(folded) :]))


def _by_week(stops: Iterable[Stop], events: Iterable[Live], calendar: Calendar, today: date) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    entries = [Entry(stop.on, stop.on == today, step=stop) for stop in stops]
    entries += [Entry(event.on, event.on == today, event=event) for event in events if event.on]
    if calendar.day1 <= today <= calendar.date_of(LENGTH) and not any(entry.is_today for entry in entries):
        entries.append(Entry(today, is_today=True))
    for entry in entries:
        found.setdefault(_week(calendar, entry.on), []).append(entry)
    return found


def _order(entry: Entry) -> tuple[date, bool]:
    """By date; on one date, the event comes first."""
    return entry.on, entry.event is None


def _week(calendar: Calendar, on: date) -> int:
    day = calendar.day(on)
    return AFTER if day > LENGTH else max(week_of(day), BEFORE)


def _dates(calendar: Calendar, number: int) -> Span | None:
    """First and last date of a week; days away may be between them."""
    if number in {BEFORE, AFTER}:
        return None
    return calendar.date_of(7 * number - 6), calendar.date_of(min(7 * number, LENGTH))
