"""How far goals were attained, as one T-score (formula 18: Kiresuk and Sherman). Pure.

T = 50 + 10 Σwx / √(0.7 Σw² + 0.3 (Σw)²), over goals of weight w that reached step x. 50 is exactly what was agreed, and
a single goal moves it by ten for each step. Goals of which nothing is known yet are left out, never counted as 0.

A goal that was let go is left out, too, and the score is shown beside it with those goals counted as −2. Where scores
are compared, a goal let go late counts as −1: after half its time, or after a figure below the straight line from
baseline to target. Otherwise dropping a goal would be a way to look good.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

AS_AGREED = 50
WORST, LATE = -2, -1


@dataclass(frozen=True, slots=True)
class Mark:
    """One agreed goal. `step` is the sponsor's score, else the step of the newest check-in; None when there is none.

    `outside_reserve` is the same without the check-ins of reserve weeks.
    """

    weight: int
    step: int | None = None
    outside_reserve: int | None = None
    is_scored: bool = False
    is_let_go: bool = False
    is_late: bool = False  # whether it was let go late


@dataclass(frozen=True, slots=True)
class Attainment:
    """The score of what was not let go, the others beside it, and what they rest on. None where nothing is known."""

    score: float | None
    outside_reserve: float | None
    with_let_go: float | None
    comparative: float | None
    goals: int
    measured: int
    scored: int
    let_go: int
    let_go_late: int
    weight: int
    let_go_weight: int


def attainment(marks: Sequence[Mark]) -> Attainment:
    going = [mark for mark in marks if not mark.is_let_go]
    dropped = [mark for mark in marks if mark.is_let_go]
    late = [mark for mark in dropped if mark.is_late]
    reached = [(mark.weight, mark.step) for mark in going if mark.step is not None]
    outside = [(mark.weight, mark.outside_reserve) for mark in going if mark.outside_reserve is not None]
    return Attainment(
        score=t_score(reached),
        outside_reserve=t_score(outside),
        with_let_go=t_score([*reached, *((mark.weight, WORST) for mark in dropped)]),
        comparative=t_score([*reached, *((mark.weight, LATE) for mark in late)]),
        goals=len(marks),
        measured=len(reached),
        scored=sum(mark.is_scored for mark in going),
        let_go=len(dropped),
        let_go_late=len(late),
        weight=sum(mark.weight for mark in marks),
        let_go_weight=sum(mark.weight for mark in dropped),
    )


def t_score(reached: Iterable[tuple[int, float]]) -> float | None:
    """Formula 18 over pairs of weight and step, or a mean of steps; None without any."""
    pairs = list(reached)
    if not pairs:
        return None
    weights = [weight for weight, _step in pairs]
    spread = sqrt(0.7 * sum(weight * weight for weight in weights) + 0.3 * sum(weights) ** 2)
    return AS_AGREED + 10 * sum(weight * step for weight, step in pairs) / spread


def is_late(on: date, *, agreed_on: date, due_on: date, was_below_plan: bool) -> bool:
    """Whether a goal was let go late. `due_on` is the date that was agreed, however often it was moved since."""
    return was_below_plan or 2 * (on - agreed_on) > due_on - agreed_on
