"""What a character does on a date. Pure and repeatable."""

from dataclasses import dataclass
from datetime import date
from random import Random

from programme.demo.people import Character


@dataclass(frozen=True, slots=True)
class Deed:
    """What one leader does on one evening: fill in yesterday, log today, write. None means they do not."""

    fills_in_yesterday: bool = False
    did_it: bool | None = None
    went: int | None = None
    writes: bool = False
    shares: bool = False
    pick: int = 0


def deed(character: Character, email: str, on: date, week: int, *, missed_yesterday: bool) -> Deed:
    """What this leader does on a working date in week `week` of their path."""
    dice = Random(f"{email} {on}")  # noqa: S311 - not used for security
    keenness = character.keenness[min(week, len(character.keenness)) - 1]
    keenness *= 0.5 if week in character.light else 1
    fills_in = missed_yesterday and dice.random() < character.fills_in
    if dice.random() >= keenness:
        says_so = dice.random() < 0.25
        return Deed(fills_in_yesterday=fills_in, did_it=False if says_so else None)
    went = round(dice.gauss(character.skill + character.growth * week, 0.8))
    writes = dice.random() < character.writes
    return Deed(
        fills_in_yesterday=fills_in,
        did_it=True,
        went=max(1, min(5, went)),
        writes=writes,
        shares=writes and dice.random() < character.shares,
        pick=dice.randrange(1000),
    )
