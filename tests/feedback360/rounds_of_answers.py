"""Rounds as raters answered them, row by row, and the tallies that are left of them after a close."""

from collections.abc import Mapping, Sequence
from statistics import variance

from feedback360.visibility import Release, rules
from feedback360.visibility.inputs import Comment, EarlierRound, GroupAnswers, Item, LeaderRound, Spread

EVERYBODY = frozenset({"team", "peer", "manager", "self"})
BEHAVIOURS = ("goal_minded", "enthusiastic", "clear", "quality_minded", "encouraging", "understanding", "initiative")
AREAS = ("job_content", "leadership_role", "engagement")

Rows = Sequence[Sequence[int]]  # a rater's values, item by item; 0 is "I have not seen this"


def questionnaire(behaviours: Sequence[int], asked_of: frozenset[str] = EVERYBODY) -> tuple[Item, ...]:
    """So many items for each behaviour, in order; areas in turn."""
    names = [name for name, number in zip(BEHAVIOURS, behaviours, strict=False) for _ in range(number)]
    return tuple(Item(f"item-{at}", name, AREAS[at % 3], asked_of) for at, name in enumerate(names))


SIXTEEN = questionnaire((3, 3, 2, 2, 2, 2, 2))


def tallied(rows: Rows, items: Sequence[Item]) -> dict[str, tuple[int, int, int, int, int]]:
    return {
        item.key: tuple(sum(row[at] == value for row in rows) for value in range(1, 6))  # type: ignore[misc]
        for at, item in enumerate(items)
    }


def spreads(rows: Rows, items: Sequence[Item], counting: frozenset[str], primary: str = "all") -> dict[str, Spread]:
    """As the closing takes them: over the items that are shown."""
    members: dict[str, list[int]] = {"all": []}
    for at, item in enumerate(items):
        if item.key not in counting:
            continue
        named = {primary} if item.behaviour in primary.split("+") else set()
        for scale in {"all", item.behaviour, item.area} | named:
            members.setdefault(scale, []).append(at)
    found = {}
    for scale, places in members.items():
        means = [sum(seen) / len(seen) for row in rows if (seen := [row[at] for at in places if row[at]])]
        if means:
            found[scale] = Spread(len(means), variance(means) if len(means) > 1 else None)
    return found


def group(
    name: str, rows: Rows, items: Sequence[Item], *, threshold: int = 5, asked: int | None = None, primary: str = "all"
) -> GroupAnswers:
    tallies = tallied(rows, items)
    counting = rules.shown_items(tallies, threshold)
    return GroupAnswers(
        name,
        asked=len(rows) if asked is None else asked,
        answered=len(rows),
        joined=name == "colleagues",
        tallies=tallies,
        spreads=spreads(rows, items, counting, primary),
    )


def leader_round(
    groups: Mapping[str, Rows],
    items: Sequence[Item] = SIXTEEN,
    *,
    threshold: int = 5,
    primary: str = "all",
    comments: Sequence[Comment] = (),
    questions: Sequence[str] = ("keep", "change"),
    earlier: Sequence[EarlierRound] = (),
) -> LeaderRound:
    return LeaderRound(
        threshold=threshold,
        items=tuple(items),
        questions=tuple(questions),
        primary=primary,
        groups=tuple(group(name, rows, items, threshold=threshold, primary=primary) for name, rows in groups.items()),
        comments=tuple(comments),
        earlier=tuple(earlier),
    )


def as_earlier(before: LeaderRound, release: Release, changed: Mapping[str, int]) -> EarlierRound:
    return EarlierRound(release, {answers.group: answers.spreads for answers in before.groups}, changed)
