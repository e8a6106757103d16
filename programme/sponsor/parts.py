"""The sponsor's part of one week, for the leaders who are in it: open, done or not this week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from coaching.sponsoring.for_sponsor import Act, Sponsoring
from cohorts.models.curriculum import SponsorText


class Supported(Protocol):
    """A leader of the part."""

    @property
    def name(self) -> str: ...
    @property
    def sponsoring(self) -> Sponsoring: ...


L = TypeVar("L", bound=Supported)


@dataclass(frozen=True)
class Part(Generic[L]):
    """The two minutes of one week. `text` is None for the talk before day 1; `later` is the theme of the next week."""

    week: int
    minutes: int
    title: str
    text: SponsorText | None
    lines: tuple[L, ...]
    later: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(line.name for line in self.lines)

    @property
    def done(self) -> tuple[L, ...]:
        return tuple(line for line in self.lines if (act := self._act(line)) and act.done_at)

    @property
    def blocked(self) -> tuple[L, ...]:
        return tuple(line for line in self.lines if (act := self._act(line)) and act.obstacle)

    @property
    def left(self) -> tuple[L, ...]:
        """The leaders with whom it is still open."""
        return tuple(line for line in self.lines if self._act(line) is None)

    @property
    def saved_at(self) -> datetime | None:
        return max((act.done_at for act in self._acts if act.done_at), default=None)

    @property
    def can_be_undone(self) -> bool:
        """Whether a leader has not answered yet."""
        return any(not act.is_answered for act in self._acts)

    @property
    def _acts(self) -> Sequence[Act]:
        return [act for line in self.lines if (act := self._act(line)) is not None]

    def _act(self, line: L) -> Act | None:
        return line.sponsoring.acts.get(self.week)
