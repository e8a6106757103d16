"""What one leader's round has collected, as tallies. Only `feedback360.results` may fill these. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback360.visibility.release import Release

ATTRIBUTED = ("manager", "self")
RELATIONS: Mapping[str, frozenset[str]] = {
    "team": frozenset({"team"}),
    "peers": frozenset({"peer"}),
    "colleagues": frozenset({"team", "peer"}),
    "manager": frozenset({"manager"}),
    "self": frozenset({"self"}),
}
NO_ANSWERS = (0, 0, 0, 0, 0)

Tally = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the questionnaire; `asked_of` holds relations of raters: team, peer, manager, self."""

    key: str
    behaviour: str
    area: str
    asked_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spread:
    """Raters with an answer in the scale, and the variance (n − 1) of their own means; None for one rater.

    Taken over those items of the scale that are shown in this group (`shown_items`), so that an item with too few
    answers plays no part. The mean of raters' means is left out on purpose: see the package.
    """

    n: int
    variance: float | None


@dataclass(frozen=True, slots=True)
class GroupAnswers:
    """One group: how many were asked (bounced and declined left out) and answered, and what they answered.

    `tallies`: item -> how many gave 1, 2, 3, 4, 5. `spreads`: behaviour, area, "all", or a pair "clear+encouraging".
    """

    group: str
    asked: int
    answered: int
    joined: bool
    tallies: Mapping[str, Tally]
    spreads: Mapping[str, Spread]


@dataclass(frozen=True, slots=True)
class Comment:
    question: str
    group: str
    text: str


@dataclass(frozen=True, slots=True)
class EarlierRound:
    """An earlier round about the same leader: its frozen release, and the spreads it was made from, by group and scale.

    `changed`: group -> how many raters answered in only one of the two rounds. A group that is missing in it counts as
    one whose raters are unknown, which is never comparable.
    """

    release: Release
    spreads: Mapping[str, Mapping[str, Spread]]
    changed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LeaderRound:
    """`comments` are in their stored, shuffled order, all groups together. `earlier` is oldest first.

    `primary` is the scale named before the round opened: a behaviour, a pair of them, or "all".
    """

    threshold: int
    items: tuple[Item, ...]
    questions: tuple[str, ...]
    primary: str
    groups: tuple[GroupAnswers, ...]
    comments: tuple[Comment, ...] = ()
    earlier: tuple[EarlierRound, ...] = ()
