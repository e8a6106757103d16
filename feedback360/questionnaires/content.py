"""A questionnaire as frozen dataclasses, and the limits its file must keep.

The same shape comes out of a file (questionnaires/files.py), goes into one (questionnaires/writer.py), and stands for a
row in the database, half-written drafts included (questionnaires/rows.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cohorts.curriculum.content import BEHAVIOURS

TEAM, PEER, MANAGER, SELF = RELATIONS = ("team", "peer", "manager", "self")
AREAS = ("job_content", "leadership_role", "engagement")

NAME = "{name}"  # stands for the leader's first name; replaced, never formatted, since admins write these texts

SECONDS_PER_ITEM = 20
SECONDS_PER_QUESTION = 60

ALL_ITEMS = "all"  # the scale of every item, beside those of a behaviour, an area or a pair of behaviours
SCALE_STEPS = 5
MAX_ITEMS = 16
MAX_QUESTIONS = 3
MAX_ITEM_WORDS = 16
MAX_ITEM_CHARACTERS = 140
MAX_QUESTION_WORDS = 20
MAX_QUESTION_CHARACTERS = 160
MAX_SCALE_CHARACTERS = 30  # one line on a phone
MAX_TITLE_CHARACTERS = 80
MAX_KEY_CHARACTERS = 40
MAX_SLUG_CHARACTERS = 80
MAX_VERSION = 9_999


@dataclass(frozen=True, slots=True)
class ItemText:
    """One item in one language: as the team reads it, as the leader does, and where it differs, as the others do."""

    team: str = ""
    self: str = ""
    peer: str = ""
    manager: str = ""

    def read_by(self, relation: str) -> str:
        own = {TEAM: self.team, PEER: self.peer, MANAGER: self.manager, SELF: self.self}[relation]
        return own or self.team


@dataclass(frozen=True, slots=True)
class QuestionText:
    """One open question in one language: to those who answer about the leader, and to the leader."""

    others: str = ""
    self: str = ""

    def read_by(self, relation: str) -> str:
        return self.self if relation == SELF else self.others


@dataclass(frozen=True, slots=True)
class Scale:
    """The words of the scale in one language, from least to most often.

    `not_seen` is what somebody chooses who cannot say; `not_relevant` is the same in the leader's own form.
    """

    steps: tuple[str, ...]
    not_seen: str
    not_relevant: str

    def cannot_say(self, relation: str) -> str:
        return self.not_relevant if relation == SELF else self.not_seen


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a leader does, answered by how often; it counts in exactly one behaviour and exactly one area."""

    key: str
    behaviour: str
    area: str
    asked_of: tuple[str, ...]
    texts: Mapping[str, ItemText]

    def sentence(self, *, relation: str, language: str, name: str) -> str:
        """The item as a rater reads it."""
        return named(self.texts[language].read_by(relation), name)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question answered in one's own words."""

    key: str
    texts: Mapping[str, QuestionText]

    def sentence(self, *, relation: str, language: str, name: str) -> str:
        return named(self.texts[language].read_by(relation), name)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What raters are asked. Each of its languages is complete once it is published."""

    slug: str
    version: int
    languages: tuple[str, ...]
    titles: Mapping[str, str]
    scales: Mapping[str, Scale]
    items: tuple[Item, ...]
    questions: tuple[OpenQuestion, ...]

    def language_for(self, language: str) -> str:
        """This language, or the questionnaire's first one where it has no translation."""
        return language if language in self.languages else self.languages[0]

    def items_for(self, relation: str) -> tuple[Item, ...]:
        """The items this relation answers, in order."""
        return tuple(item for item in self.items if relation in item.asked_of)

    def seconds_for(self, relation: str) -> int:
        """How long answering takes somebody of this relation, as mails and pages promise it."""
        return len(self.items_for(relation)) * SECONDS_PER_ITEM + len(self.questions) * SECONDS_PER_QUESTION

    def keys_by_behaviour(self) -> dict[str, tuple[str, ...]]:
        """The items that make up each behaviour; one without items is left out."""
        return self._keys_by("behaviour", BEHAVIOURS)

    def keys_by_area(self) -> dict[str, tuple[str, ...]]:
        """The items that make up each area; one without items is left out."""
        return self._keys_by("area", AREAS)

    def _keys_by(self, field: str, groups: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        keys = {group: tuple(item.key for item in self.items if getattr(item, field) == group) for group in groups}
        return {group: of_group for group, of_group in keys.items() if of_group}


def named(text: str, name: str) -> str:
    """The text with the leader's first name in its place."""
    return text.replace(NAME, name)
