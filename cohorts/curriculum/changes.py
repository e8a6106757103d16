"""Differences between two versions of a curriculum: steps and milestones compared by key, weeks by number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from cohorts.curriculum.content import Curriculum, Milestone, MilestoneText, Step, StepText, Week
from cohorts.models.curriculum import first_available

Thing = TypeVar("Thing", Step, Milestone)


CONTENTS = ("titles", "brief", "circle", "starters", "themes", "sources")


@dataclass(frozen=True, slots=True)
class Differences(Generic[Thing]):
    """Differences in the order of days. Pairs are (before, after); moved ones may have changed, too."""

    added: tuple[Thing, ...]
    removed: tuple[Thing, ...]
    moved: tuple[tuple[Thing, Thing], ...]
    changed: tuple[tuple[Thing, Thing], ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.moved or self.changed)


@dataclass(frozen=True, slots=True)
class Changes:
    """All differences; `weeks` are those whose theme or sponsor's part changed, `contents` what is beside the days."""

    steps: Differences[Step]
    milestones: Differences[Milestone]
    weeks: tuple[int, ...]
    contents: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.steps or self.milestones or self.weeks or self.contents)


def changes_between(before: Curriculum, after: Curriculum) -> Changes:
    """Everything a leader or sponsor would notice during the ninety days."""
    return Changes(
        steps=_differences(before.steps, after.steps),
        milestones=_differences(before.milestones, after.milestones),
        weeks=tuple(_changed_weeks(before.weeks, after.weeks)),
        contents=tuple(name for name in CONTENTS if getattr(before, name) != getattr(after, name)),
    )


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One difference for display. Without a day before, it is new; without one after, it was removed."""

    title: str
    before: int | None
    after: int | None
    is_reworded: bool

    @property
    def is_moved(self) -> bool:
        return None not in (self.before, self.after) and self.before != self.after


def lines_of(differences: Differences[Thing], language: str) -> list[ChangeLine]:
    """The differences in the order of days, titled in this language or the first available one."""
    moved, reworded = ({now.key: was for was, now in pairs} for pairs in (differences.moved, differences.changed))
    both = {now.key: now for _was, now in (*differences.moved, *differences.changed)}
    lines = [ChangeLine(_title(thing, language), None, thing.day, False) for thing in differences.added]
    lines += [ChangeLine(_title(thing, language), thing.day, None, False) for thing in differences.removed]
    lines += [
        ChangeLine(_title(now, language), moved[key].day if key in moved else now.day, now.day, key in reworded)
        for key, now in both.items()
    ]
    return sorted(lines, key=lambda line: (line.after or line.before or 0, line.title))


def _title(thing: Step | Milestone, language: str) -> str:
    texts: Mapping[str, StepText | MilestoneText] = thing.texts
    text, _used = first_available(texts, language)
    return text.title if text else thing.key


def _differences(before: Iterable[Thing], after: Iterable[Thing]) -> Differences[Thing]:
    old, new = {thing.key: thing for thing in before}, {thing.key: thing for thing in after}
    both = [(old[key], thing) for key, thing in new.items() if key in old]
    return Differences(
        added=tuple(thing for key, thing in new.items() if key not in old),
        removed=tuple(thing for key, thing in old.items() if key not in new),
        moved=tuple(pair for pair in both if pair[0].day != pair[1].day),
        changed=tuple((was, now) for was, now in both if was != replace(now, day=was.day)),
    )


def _changed_weeks(before: Iterable[Week], after: Iterable[Week]) -> Iterable[int]:
    old = {week.number: (week.theme, week.sponsor) for week in before}
    return (week.number for week in after if old.get(week.number) != (week.theme, week.sponsor))
