"""A talk template as frozen dataclasses, and the limits its file must keep.

`TalkTemplate` holds every language, `Talk` is one of them as a page reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LEADER, PARTNER, BOTH = LED_BY = ("leader", "partner", "both")
SHARED = "shared"
OWNERS = (SHARED, LEADER, PARTNER)

CALIBRATION = "calibration"  # a talk of several observers; it belongs to no pairing
KINDS = ("one_to_one", "side_by_side", "three_way", "mentor", "drop_in", CALIBRATION)

MAX_KEY_CHARACTERS = 40
MAX_VERSION = 9_999
MAX_MINUTES = 60
MAX_AGENDA, MAX_BOXES, MAX_CRITERIA = 8, 8, 8
MAX_TITLE_CHARACTERS = 40
MAX_SENTENCE_CHARACTERS = 140
MAX_ITEM_CHARACTERS = 90  # three lines on a phone
MAX_LABEL_CHARACTERS = 45  # two lines on a phone
MAX_HINT_CHARACTERS = 140
MIN_BOX_CHARACTERS, MAX_BOX_CHARACTERS = 100, 10_000


@dataclass(frozen=True, slots=True)
class AgendaPart:
    """`who` begins and leads it: the leader, the partner or both."""

    text: str
    minutes: int
    who: str


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the record with its own text. `whose` writes it: one of the two, or both (`shared`).

    With `leader_first` it opens for the partner when each of the leader's own boxes is written or skipped.
    """

    key: str
    label: str
    hint: str
    whose: str
    leader_first: bool
    most: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """What observers of one contact rate from 1 to 5, with what both ends sound like."""

    key: str
    label: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A template in one language."""

    key: str
    version: int
    minutes: int
    title: str
    purpose: str
    agenda: tuple[AgendaPart, ...]
    boxes: tuple[Box, ...]
    criteria: tuple[Criterion, ...]
    closing: str


@dataclass(frozen=True, slots=True)
class TalkTemplate:
    """One version of a template. Offered for `kinds` of session; for none once it is withdrawn."""

    key: str
    version: int
    kinds: tuple[str, ...]
    texts: Mapping[str, Talk]

    def in_language(self, language: str) -> Talk:
        """The words of a language, else English: every file has both, and a page may be in a third."""
        return self.texts.get(language) or self.texts["en"]

    @property
    def minutes(self) -> int:
        return self.texts["en"].minutes
