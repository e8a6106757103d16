"""What an earlier release printed, and whether an item may stand exactly beside it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback360.visibility import rules
from feedback360.visibility.inputs import ATTRIBUTED, RELATIONS, EarlierRound, GroupAnswers, Spread
from feedback360.visibility.release import Cell


@dataclass(frozen=True, slots=True)
class Earlier:
    """Of the counted groups that were shown. `turnout`: asked and answered. `items`: group -> item -> cell."""

    threshold: int
    turnout: Mapping[str, tuple[int, int]]
    items: Mapping[str, Mapping[str, Cell]]
    spreads: Mapping[str, Mapping[str, Spread]]
    changed: Mapping[str, int]

    def is_comparable(self, item: str, n: int, *, answers: GroupAnswers, threshold: int) -> bool:
        """Whether this item of this group may stand exactly beside what this release printed.

        A group of other people who share a relation with this one (joined then, apart now) is never comparable.
        """
        return all(
            other == answers.group
            and rules.comparable(
                self.changed.get(other),
                self.turnout[other][1] - printed.n + answers.answered - n,
                max(threshold, self.threshold),
            )
            for other, printed in self._printed(item, answers.group)
            if printed.n is not None
        )

    def _printed(self, item: str, group: str) -> list[tuple[str, Cell]]:
        return [
            (other, cells[item])
            for other, cells in self.items.items()
            if RELATIONS[other] & RELATIONS[group] and item in cells and cells[item].value is not None
        ]


def read(earlier: EarlierRound) -> Earlier:
    release = earlier.release
    turnout = {
        group.group: (group.asked, group.answered)
        for group in release.groups
        if group.asked is not None and group.answered is not None and group.shown and group.group not in ATTRIBUTED
    }
    items: dict[str, dict[str, Cell]] = {group: {} for group in turnout}
    for cell in release.cells:
        if cell.kind == "item" and cell.group in turnout:
            items[cell.group][cell.key] = cell
    return Earlier(release.threshold, turnout, items, earlier.spreads, earlier.changed)


def hundredths(cell: Cell) -> int:
    assert cell.value is not None
    return round(100 * cell.value)
