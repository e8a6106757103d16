"""Whatever a leader works, they meet every core step: the real curriculum, lived over a thousand generated calendars.

A life is what somebody works (a rota of 1–7 days on and 1–7 off, part time, full time, all seven days), Norwegian
public holidays, up to three leaves, the dial in spells, and now and then other days of work from some date on.

Spacing is counted in *chances*: dates that can take a nudge, since the leader works, is not away, it is no public
holiday, and the dial's distance from the last nudge is kept. At steady and stretch every open date is one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from cohorts.curriculum.rows import CADENCES, read
from cohorts.schedule.path import (
    SPACING,
    Calendar,
    Cursor,
    Dialled,
    Due,
    Plan,
    Rota,
    Span,
    StepSlot,
    local_instant,
    next_due,
)

CHANCES_A_WEEK = 4
"""For each full week that the curriculum puts between two core steps of a behaviour, at least so many chances lie
between them, after whatever backlog.

Four in seven days are core, a date takes one step, and core steps keep their order: whoever has fallen behind still
has everything between the two to go through. So what was a week apart never comes on two dates running, and the path
needs no rule of its own for it.
"""

LATE = 8
"""Lived evenly, a step comes at most so many chances after two things have both happened since the step before it in
its behaviour: the gap in the curriculum has passed, and there were as many chances as core steps lie between.

Whoever works more than four days a week waits for the gap. Whoever works less (4 on, 4 off is three and a half) has a
core step on every date, and the gap grows by what their rota lacks. The rest is unevenness: three core days running and
then a weekend, a rota that is off just then, Easter. The worst of 15 000 random lives was six.
"""

EARLY = 14
"""Lived evenly, it comes at most so many programme days before its gap: the step before it was late (a rota that was
off, Easter), and since then the leader has caught up. Days away cost nothing, since they move the end. Only a spell at
light or resting, or less work than before, makes a longer queue, and CHANCES_A_WEEK says how close that may bring two.
The worst of the same lives was ten, for a return after six weeks.
"""

A_THOUSAND = settings(max_examples=1000)
SOME = settings(max_examples=300)

OSLO = ZoneInfo("Europe/Oslo")
ONE_DAY = timedelta(days=1)
NORWAY = frozenset(holidays.country_holidays("NO", years=range(2026, 2032)))  # the library's own is slow to ask
CURRICULUM = read()
PLAN = Plan(
    core=tuple(StepSlot(step.day, step.day) for step in CURRICULUM.steps if step.is_core),
    extra=tuple(StepSlot(step.day, step.day, CADENCES[step.dial]) for step in CURRICULUM.steps if not step.is_core),
)

Work = Rota | frozenset[int]


@dataclass(frozen=True)
class Repeat:
    """A core step and an earlier one of its behaviour, by curriculum day; `steps` is how many places they are apart."""

    earlier: int
    day: int
    steps: int

    @property
    def gap(self) -> int:
        return self.day - self.earlier


def repeats() -> Iterator[Repeat]:
    """Each core step against the first of its behaviour, and against the last before it."""
    core = [step for step in CURRICULUM.steps if step.is_core]
    for behaviour in {step.behaviour for step in core}:
        places = [place for place, step in enumerate(core) if step.behaviour == behaviour]
        for one, other in sorted({*pairwise(places), *((places[0], place) for place in places[1:])}):
            yield Repeat(core[one].day, core[other].day, other - one)


REPEATS = tuple(repeats())


@dataclass(frozen=True)
class Spell:
    """From a date on: these days of work, this dial."""

    starts: date
    work: Work
    dialled: Dialled


@dataclass(frozen=True)
class Life:
    """Somebody's ninety days; the first spell starts on day 1."""

    leaves: tuple[Span, ...]
    spells: tuple[Spell, ...]

    @property
    def day1(self) -> date:
        return self.spells[0].starts

    def calendar(self, spell: Spell) -> Calendar:
        rota, days = (spell.work, frozenset()) if isinstance(spell.work, Rota) else (None, spell.work)
        return Calendar(self.day1, OSLO, time(9), days, NORWAY, self.leaves, rota=rota)

    def walked(self) -> list[Due]:
        """Played as the planner does: the path is asked again after each nudge and at each change."""
        given_on: list[Due] = []
        cursor = Cursor()
        ends = [*(spell.starts for spell in self.spells[1:]), date.max]
        for spell, end in zip(self.spells, ends, strict=True):
            calendar, now = self.calendar(spell), local_instant(spell.starts, time(0), OSLO)
            while (due := next_due(PLAN, calendar, cursor, spell.dialled, now)) is not None and due.on < end:
                given_on.append(due)
                cursor = cursor.after(due)
        return given_on

    def is_open(self, on: date) -> bool:
        work = self.spell(on).work
        if isinstance(work, Rota):
            works = (on.toordinal() - work.starts.toordinal()) % (work.on + work.off) in range(work.on)
        else:
            works = on.isoweekday() in work
        return works and on not in NORWAY and not any(first <= on <= last for first, last in self.leaves)

    def spell(self, on: date) -> Spell:
        return self.spells[bisect_right(self.spells, on, key=lambda spell: spell.starts) - 1]

    def chances(self, given_on: list[Due]) -> list[date]:
        """Every date up to the last nudge that could take one, after the nudges before it."""
        dates = {due.on for due in given_on}
        chances: list[date] = []
        last = None
        for on in (self.day1 + n * ONE_DAY for n in range((given_on[-1].on - self.day1).days + 1)):
            if self.is_open(on) and (last is None or (on - last).days >= SPACING[self.spell(on).dialled.on(on)]):
                chances.append(on)
            last = on if on in dates else last
        return chances


DAYS_1 = st.dates(date(2026, 1, 1), date(2027, 12, 31))
LEAVES = st.lists(st.tuples(st.integers(-10, 200), st.integers(1, 28)), max_size=3)
SPELLS_OF_THE_DIAL = st.lists(st.tuples(st.integers(1, 150), st.integers(0, 3), st.integers(1, 28)), max_size=4)


@st.composite
def works(draw: st.DrawFn, since: date) -> Work:
    full_time, all_week = frozenset(range(1, 6)), frozenset(range(1, 8))
    kind = draw(st.sampled_from(["rota", "rota", "part time", "full time", "all week"]))
    if kind == "rota":
        on, off = draw(st.integers(1, 7)), draw(st.integers(1, 7))
        return Rota(on, off, since + draw(st.integers(0, on + off - 1)) * ONE_DAY)
    if kind == "part time":
        return frozenset(draw(st.sets(st.integers(1, 7), min_size=1, max_size=4)))
    return full_time if kind == "full time" else all_week


@st.composite
def even_lives(draw: st.DrawFn) -> Life:
    """The same work all the way, at steady."""
    day1 = draw(DAYS_1)
    leaves = ((day1 + after * ONE_DAY, day1 + (after + days - 1) * ONE_DAY) for after, days in draw(LEAVES))
    return Life(tuple(leaves), (Spell(day1, draw(works(day1)), Dialled()),))


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """With other days of work from some date on, perhaps, and the dial turned up to four times."""
    life = draw(even_lives())
    changes: dict[date, Work | Dialled] = {}
    if draw(st.booleans()):
        changes[life.day1 + draw(st.integers(1, 150)) * ONE_DAY] = draw(works(life.day1))
    for after, level, days in draw(SPELLS_OF_THE_DIAL):
        starts = life.day1 + after * ONE_DAY
        changes[starts] = Dialled(level, starts + days * ONE_DAY)
    spells = [*life.spells]
    for starts, change in sorted(changes.items(), key=lambda item: item[0]):
        work, dialled = (spells[-1].work, change) if isinstance(change, Dialled) else (change, spells[-1].dialled)
        spells.append(Spell(starts, work, dialled))
    return Life(life.leaves, tuple(spells))


class Lived:
    """A life once lived: which date met each core step, and how many chances and programme days lay before it."""

    def __init__(self, life: Life) -> None:
        self.given_on = life.walked()
        self.chances = life.chances(self.given_on)
        self.core = {due.slot.day: due for due in self.given_on if due.is_core}
        calendar = life.calendar(life.spells[0])
        self._days = [calendar.day(on) for on in self.chances]

    def number(self, day: int) -> int:
        """How many chances came before the one that met the core step of this curriculum day."""
        return bisect_left(self.chances, self.core[day].on)

    def number_from(self, programme_day: int) -> int:
        """How many chances came before this programme day."""
        return bisect_left(self._days, programme_day)


@A_THOUSAND
@given(lives())
def test_every_core_step_is_met_in_order_and_no_date_has_two(life: Life) -> None:
    lived = Lived(life)

    assert [due.slot for due in lived.given_on if due.is_core] == list(PLAN.core)
    assert len({due.slot for due in lived.given_on}) == len(lived.given_on)
    assert all(one.on < other.on for one, other in pairwise(lived.given_on))
    assert {due.on for due in lived.given_on} <= set(lived.chances)
    for repeat in REPEATS:
        earlier, later = lived.core[repeat.earlier], lived.core[repeat.day]
        chances = lived.number(repeat.day) - lived.number(repeat.earlier)
        assert chances >= CHANCES_A_WEEK * (repeat.gap // 7), repeat
        assert later.day - earlier.day >= repeat.gap - (earlier.day - repeat.earlier), repeat
        assert lived.number(repeat.day) < lived.number_from(earlier.day + repeat.gap) + repeat.steps, repeat


@SOME
@given(even_lives())
def test_in_an_even_life_repeats_keep_their_distance(life: Life) -> None:
    lived = Lived(life)

    for repeat in REPEATS:
        earlier, later = lived.core[repeat.earlier], lived.core[repeat.day]
        after_gap = lived.number_from(earlier.day + repeat.gap)
        after_chances = lived.number(repeat.earlier) + repeat.steps
        assert lived.number(repeat.day) <= max(after_gap, after_chances) + LATE, repeat
        assert later.day - earlier.day >= repeat.gap - EARLY, repeat
    last = PLAN.core[-1].day
    assert lived.number(last) <= max(lived.number_from(last), len(PLAN.core) - 1) + LATE
