"""The frozen release: what is stored once, and what page, PDF, API and mail read. Pure.

Numbers have at most one decimal. `to_bytes` is canonical: equal releases have equal bytes.
"""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Group:
    """`asked` and `answered` are None where the group is not shown, except for manager and self."""

    group: str
    asked: int | None
    answered: int | None
    shown: bool
    reason: str  # "" · too_few · not_asked · nobody
    joined: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """`low` to `high` is the 90 % interval of the mean; the band is where most raters lie (eight answers and more)."""

    group: str
    kind: str  # item · behaviour · area · all · primary
    key: str
    n: int | None = None
    value: float | None = None
    bound: str = ""  # "" · at_least · at_most
    step: float = 0.1
    low: float | None = None
    high: float | None = None
    band_low: float | None = None
    band_high: float | None = None
    agreement: float | None = None
    reason: str = ""  # "" · too_few · not_seen · not_asked


@dataclass(frozen=True, slots=True)
class Category:
    """How the leader's own answers compare with a group's, on a scale of three items and more."""

    kind: str
    key: str
    group: str
    category: str  # feedback360.statistics.agreement.Category


@dataclass(frozen=True, slots=True)
class Change:
    """Since the last round. Numbers are None where the outcome is too_few or not_comparable."""

    group: str
    kind: str
    key: str
    outcome: str  # feedback360.statistics.change.Outcome, never same_answers
    value: float | None = None
    low: float | None = None
    high: float | None = None
    visible_from: float | None = None
    ceiling: bool = False


@dataclass(frozen=True, slots=True)
class Comments:
    question: str
    group: str  # "" where groups are not told apart
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Item cells of shown groups that were asked and are not shown; open questions without shown comments."""

    items: int
    comment_questions: int


@dataclass(frozen=True, slots=True)
class Release:
    threshold: int
    groups: tuple[Group, ...]
    cells: tuple[Cell, ...]
    categories: tuple[Category, ...]
    changes: tuple[Change, ...]
    comments: tuple[Comments, ...]
    left_out: LeftOut

    def to_bytes(self) -> bytes:
        return json.dumps(
            _fields(self), default=_fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        ).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Release":
        read = json.loads(content)
        return cls(
            threshold=read["threshold"],
            groups=tuple(Group(**group) for group in read["groups"]),
            cells=tuple(Cell(**cell) for cell in read["cells"]),
            categories=tuple(Category(**category) for category in read["categories"]),
            changes=tuple(Change(**change) for change in read["changes"]),
            comments=tuple(
                Comments(question=one["question"], group=one["group"], texts=tuple(one["texts"]))
                for one in read["comments"]
            ),
            left_out=LeftOut(**read["left_out"]),
        )


def _fields(part: Any) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__slots__}
