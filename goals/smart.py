"""How SMART a goal or an objective is: a state for each letter, and the one thing that would help most. Pure.

S  names something that customers, team or leader will notice: more than a wish such as "Improve customer service".
M  has a measure, with the figure of today and the target, or with steps or milestones in words.
A  is within reach: a way to get there is named, and the target is not more than half away from today's figure.
R  matters: it is tied to an objective above it, or says why.
T  has a date, not nearer than two weeks and not further than half a year.

All of it is advice. Only a missing measure or date, and where one is asked for a missing parent, stops an agreement.
The words are in `goals/smart_words.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

SOON_DAYS, FAR_DAYS = 14, 183
BIG_STEP = Decimal("0.5")  # of today's figure
ENOUGH_WORDS = 2  # that say something
SHORT_REASON = 3  # words

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+")
# Openings that promise a direction and no result, and nouns that could mean anything, in both languages.
WISHES = frozenset(
    "improve improving improved better best increase increasing enhance strengthen boost optimise optimize develop"
    " raise reduce decrease lower focus work working ensure deliver provide achieve become be more less good"
    " great excellent"
    " forbedre forbedret bedre best øke styrke løfte utvikle optimalisere redusere senke minske fokusere fokus jobbe"
    " arbeide sikre levere oppnå bli være mer mindre god gode godt flink flinkere".split()
)
VAGUE = frozenset(
    "service services customer customers quality performance communication culture team teams result results work"
    " satisfaction experience efficiency leadership leader follow-up customer-service"
    " kundeservice kundeservicen kunde kunden kunder kundene kvalitet kvaliteten kommunikasjon kommunikasjonen kultur"
    " kulturen teamet resultat resultater resultatene arbeid arbeidet tilfredshet kundetilfredshet opplevelse"
    " kundeopplevelse effektivitet ledelse oppfølging oppfølgingen tjeneste tjenester".split()
)
SMALL_WORDS = frozenset(
    "a an and are as at by for from get gets has have i in is it my of on or our that the their them they this to us we"
    " when which who will with you your"
    " alle at av de deg dem den det deres du en er et for fra får ha har hos hva i ikke jeg kan med meg min mitt mine"
    " og oss om på seg sin sine skal som til ved vi vår vårt våre å".split()
)


class State(StrEnum):
    EMPTY = "empty"
    PART = "part"
    THERE = "there"


class Advice(StrEnum):
    """What would help most with one letter; `…_FINE` when nothing is missing."""

    OUTCOME = "outcome"
    WISH = "wish"
    SHORT = "short"
    OPENING = "opening"
    SPECIFIC_FINE = "specific fine"
    MEASURE = "measure"
    FIGURES = "figures"
    STEPS = "steps"
    FRACTION = "fraction"
    MEASURE_FINE = "measure fine"
    FIGURES_FIRST = "figures first"
    BIG = "big"
    WAY = "way"
    REACH_FINE = "reach fine"
    REASON = "reason"
    SHORT_REASON = "short reason"
    PARENT = "parent"
    REASON_FINE = "reason fine"
    DATE = "date"
    PAST = "past"
    SOON = "soon"
    FAR = "far"
    DATE_FINE = "date fine"


class Missing(StrEnum):
    """What stops an agreement."""

    MEASURE = "measure"
    DATE = "date"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class Aim:
    """What is said so far. `is_counted`: with figures; else `has_steps` says that steps or milestones are written.

    `is_connected`: tied to an objective above it. `has_way`: something somebody does is named, such as a plan or a part
    of a member. `needs_parent`: it cannot be agreed on its own.
    """

    outcome: str = ""
    measure: str = ""
    unit: str = ""
    is_counted: bool = True
    is_held: bool = False  # stays where it is
    baseline: Decimal | None = None
    target: Decimal | None = None
    has_steps: bool = False
    why: str = ""
    is_connected: bool = False
    has_way: bool = False
    due_on: date | None = None
    needs_parent: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One letter."""

    letter: str
    state: State
    advice: Advice


def check(aim: Aim, *, today: date) -> tuple[Check, ...]:
    """The five letters in order."""
    found = (_specific(aim), _measurable(aim), _achievable(aim), _relevant(aim), _timed(aim, today))
    return tuple(Check(letter, *each) for letter, each in zip("SMART", found, strict=True))


def missing(aim: Aim) -> tuple[Missing, ...]:
    """What has to be there before it can be agreed."""
    return tuple(_missing(aim))


def _missing(aim: Aim) -> Iterator[Missing]:
    if not _is_measured(aim):
        yield Missing.MEASURE
    if aim.due_on is None:
        yield Missing.DATE
    if aim.needs_parent and not aim.is_connected:
        yield Missing.PARENT


def telling_words(outcome: str) -> list[str]:
    """The words that say something: without wishes, nouns that could mean anything, and small words."""
    words = [word.lower() for word in WORD.findall(outcome)]
    return [word for word in words if word not in WISHES | VAGUE | SMALL_WORDS]


def _specific(aim: Aim) -> tuple[State, Advice]:
    words = WORD.findall(aim.outcome)
    if not words:
        return State.EMPTY, Advice.OUTCOME
    telling = telling_words(aim.outcome)
    if not telling:
        return State.EMPTY, Advice.WISH
    if len(telling) < ENOUGH_WORDS:
        return State.PART, Advice.SHORT
    if words[0].lower() in WISHES:
        return State.PART, Advice.OPENING
    return State.THERE, Advice.SPECIFIC_FINE


def _measurable(aim: Aim) -> tuple[State, Advice]:
    if not aim.measure.strip():
        return State.EMPTY, Advice.MEASURE
    if not _is_measured(aim):
        return State.PART, Advice.FIGURES if aim.is_counted else Advice.STEPS
    if aim.is_counted and aim.unit.strip() == "%" and _is_fraction(aim):
        return State.PART, Advice.FRACTION
    return State.THERE, Advice.MEASURE_FINE


def _achievable(aim: Aim) -> tuple[State, Advice]:
    if not _is_measured(aim):
        return State.EMPTY, Advice.FIGURES_FIRST
    if aim.is_counted and not aim.is_held and _is_big_step(aim):
        return State.PART, Advice.BIG
    return (State.THERE, Advice.REACH_FINE) if aim.has_way else (State.PART, Advice.WAY)


def _relevant(aim: Aim) -> tuple[State, Advice]:
    reason = len(WORD.findall(aim.why))
    if aim.is_connected:
        return State.THERE, Advice.REASON_FINE
    if aim.needs_parent:
        return State.PART if reason else State.EMPTY, Advice.PARENT
    if not reason:
        return State.EMPTY, Advice.REASON
    return (State.PART, Advice.SHORT_REASON) if reason < SHORT_REASON else (State.THERE, Advice.REASON_FINE)


def _timed(aim: Aim, today: date) -> tuple[State, Advice]:
    if aim.due_on is None:
        return State.EMPTY, Advice.DATE
    left = (aim.due_on - today).days
    if left <= 0:
        return State.PART, Advice.PAST
    if left < SOON_DAYS:
        return State.PART, Advice.SOON
    return (State.PART, Advice.FAR) if left > FAR_DAYS else (State.THERE, Advice.DATE_FINE)


def _is_measured(aim: Aim) -> bool:
    has_figures = aim.baseline is not None and aim.target is not None
    return bool(aim.measure.strip()) and (has_figures if aim.is_counted else aim.has_steps)


def _is_fraction(aim: Aim) -> bool:
    """Both between 0 and 1.5: a share written as 0.85 where 85 is meant."""
    return all(value is not None and 0 < abs(value) <= Decimal("1.5") for value in (aim.baseline, aim.target))


def _is_big_step(aim: Aim) -> bool:
    if aim.baseline is None or aim.target is None or aim.baseline == 0:
        return False
    return abs(aim.target - aim.baseline) > BIG_STEP * abs(aim.baseline)
