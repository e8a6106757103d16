"""How much of their part a sponsor followed through, from 0 to 100. Pure.

    100 · (0.25 · talk before day 1 + 0.40 · check-ins ÷ 6 + 0.20 · answered in 5 working days ÷ asked
           + 0.15 · end review)

Each part is at most 1. A part that nobody could do leaves numerator and denominator: nothing was asked, its weeks are
not over, were another sponsor's, or are blocked with a reason. One check-in every other week is what is expected: six
in the twelve weeks 1 to 12, four in eight that could be used. Only what the leader confirmed, or an answer they got,
counts; opening a page never does.

Several leaders: the median over them, so that much for one cannot hide nothing for another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from coaching.sponsoring.weeks import BEFORE, FIRST, LAST, Tenure

WEIGHTS = {"pre_brief": 0.25, "check_ins": 0.40, "answers": 0.20, "end_review": 0.15}
WEEKS_A_CHECK_IN = 2


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a part was done, of what could be done; nothing could if `possible` is 0."""

    done: float
    possible: float

    @property
    def share(self) -> float:
        return min(self.done / self.possible, 1)


@dataclass(frozen=True, slots=True)
class Parts:
    """The four parts of the score."""

    pre_brief: Part
    check_ins: Part
    answers: Part
    end_review: Part


@dataclass(frozen=True, slots=True)
class Support:
    """What one sponsor did for one leader. `over` are the weeks they can be measured by."""

    over: frozenset[int]
    confirmed: frozenset[int] = frozenset()
    blocked: frozenset[int] = frozenset()
    asked: int = 0
    answered_in_time: int = 0


def parts_of(support: Support) -> Parts:
    """The parts of one sponsor's support; a blocked week is one that could not be used."""
    usable = (support.over | support.confirmed) - support.blocked
    weeks = frozenset(range(FIRST, LAST))
    return Parts(
        pre_brief=Part(BEFORE in support.confirmed, BEFORE in usable),
        check_ins=Part(len(support.confirmed & weeks), len(usable & weeks) // WEEKS_A_CHECK_IN),
        answers=Part(support.answered_in_time, support.asked),
        end_review=Part(LAST in support.confirmed, LAST in usable),
    )


def follow_through(parts: Parts) -> float | None:
    """The score; None while no part could be done."""
    possible = {name: part for name in WEIGHTS if (part := getattr(parts, name)).possible > 0}
    if not possible:
        return None
    total = sum(WEIGHTS[name] for name in possible)
    return 100 * sum(WEIGHTS[name] * part.share for name, part in possible.items()) / total


def over_leaders(scores: Iterable[float | None]) -> float | None:
    """The median over a sponsor's leaders; None while there is no score."""
    known = [score for score in scores if score is not None]
    return median(known) if known else None


def shares_by_days(tenures: Mapping[int, Iterable[Tenure]], first: date, last: date) -> dict[int, float]:
    """Each sponsor's share of the days from `first` to `last` on which there was one; the shares add up to 1."""
    days = {key: sum(_days(tenure, first, last) for tenure in theirs) for key, theirs in tenures.items()}
    total = sum(days.values())
    return {key: held / total for key, held in days.items() if held}


def over_sponsors(scores: Mapping[int, float | None], shares: Mapping[int, float]) -> float | None:
    """One leader's support by several sponsors, weighted by the days each held; who has no score yet weighs nothing."""
    known = {key: score for key, score in scores.items() if score is not None and key in shares}
    if not known:
        return None
    return sum(shares[key] * score for key, score in known.items()) / sum(shares[key] for key in known)


def _days(tenure: Tenure, first: date, last: date) -> int:
    since, until = max(tenure.since, first), min(tenure.until or last, last)
    return max((until - since).days + 1, 0)
