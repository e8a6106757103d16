"""Strengths, hidden strengths and blind spots of a report, from released item values. Pure. Formula 17.

An item is in at most one list, and each list has at most five:
- *hidden strength*: others − self ≥ 0.75 and others above 4, widest gap first;
- *strength*: others at 4 or more, and not hidden, highest first; known without a self-assessment, too;
- *blind spot*: self − others ≥ 0.75 and others below 3.75, widest gap first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback360.statistics.agreement import EXACT, GAP

HIGH = 4.0
LOW = 3.75
AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Highlights:
    """Keys of items."""

    strengths: tuple[str, ...]
    hidden_strengths: tuple[str, ...]
    blind_spots: tuple[str, ...]


def highlights(own: Mapping[str, float], others: Mapping[str, float]) -> Highlights:
    """Of the items others answered; those without an own answer can only be strengths. Ties keep the order given."""
    gaps = {item: own[item] - value for item, value in others.items() if item in own}
    hidden = [item for item, by in gaps.items() if by <= EXACT - GAP and others[item] > HIGH]
    strengths = [item for item, value in others.items() if value >= HIGH and item not in hidden]
    blind = [item for item, by in gaps.items() if by >= GAP - EXACT and others[item] < LOW]
    return Highlights(
        tuple(sorted(strengths, key=lambda item: -others[item])[:AT_MOST]),
        tuple(sorted(hidden, key=lambda item: gaps[item])[:AT_MOST]),
        tuple(sorted(blind, key=lambda item: -gaps[item])[:AT_MOST]),
    )
