"""How long a goal has been left alone. Pure.

It is touched by a check-in, a review, a change, a turn of its dial, and by agreeing it. The two weeks between reviews
are quiet for nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

QUIET_AFTER_DAYS, OLD_AFTER_DAYS = 14, 28
DRAWN_WEEKS = 4


class Age(StrEnum):
    """How a goal looks: as new, quiet for more than two weeks, or old after more than four."""

    FRESH = "fresh"
    QUIET = "quiet"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Ageing:
    """The newest day on which somebody touched it, and how many days ago that is."""

    touched_on: date
    days: int

    @property
    def age(self) -> Age:
        if self.days > OLD_AFTER_DAYS:
            return Age.OLD
        return Age.QUIET if self.days > QUIET_AFTER_DAYS else Age.FRESH

    @property
    def weeks(self) -> tuple[bool, ...]:
        """As it is drawn: four weeks, of which the first ones went by without a touch."""
        gone = min(self.days // 7, DRAWN_WEEKS)
        return tuple(week < gone for week in range(DRAWN_WEEKS))


def ageing(touches: Iterable[date], today: date) -> Ageing | None:
    """From the days on which it was touched, in any order; None when there is none yet."""
    newest = max((on for on in touches if on <= today), default=None)
    return None if newest is None else Ageing(newest, (today - newest).days)
