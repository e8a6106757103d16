"""Read talk templates from their files into the dataclasses of content.py.

One file is one version: `shipped/<key>/<version>.yaml`; its shape is explained in `shipped/grow/2.yaml`. Anything it
forbids raises TemplateInvalid, which names every line and field at fault and what is expected there. Files stay for
ever, since a session keeps the version it was planned with: a change is the next number, and a template is withdrawn by
a next version with `kinds: []`.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from coaching.talk_templates.content import (
    CALIBRATION,
    KINDS,
    LEADER,
    LED_BY,
    MAX_AGENDA,
    MAX_BOX_CHARACTERS,
    MAX_BOXES,
    MAX_CRITERIA,
    MAX_HINT_CHARACTERS,
    MAX_ITEM_CHARACTERS,
    MAX_KEY_CHARACTERS,
    MAX_LABEL_CHARACTERS,
    MAX_MINUTES,
    MAX_SENTENCE_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    MAX_VERSION,
    MIN_BOX_CHARACTERS,
    OWNERS,
    AgendaPart,
    Box,
    Criterion,
    Talk,
    TalkTemplate,
)
from cohorts.curriculum.located_yaml import Node, Problem, read_yaml
from cohorts.curriculum.phrases import Phrase
from cohorts.web.languages import LANGUAGES

SHIPPED = Path(__file__).parent / "shipped"
MAX_FILE_BYTES = 32 * 1024  # four times the longest shipped one

T = TypeVar("T")


class TemplateInvalid(Exception):
    """All problems of a template's file, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def template(key: str, version: int, *, shelf: Path = SHIPPED) -> TalkTemplate | None:
    """The very version a session was planned with, withdrawn or not; nothing for a session without a template."""
    return next((each for each in _versions(shelf).get(key, ()) if each.version == version), None)


def newest(key: str, *, shelf: Path = SHIPPED) -> TalkTemplate | None:
    versions = _versions(shelf).get(key, ())
    return versions[-1] if versions else None


def templates_for(kind: str, *, shelf: Path = SHIPPED) -> tuple[TalkTemplate, ...]:
    """What a new session of a kind can be planned with: the newest version of each, the shortest talk first."""
    offered = (versions[-1] for versions in _versions(shelf).values())
    return tuple(sorted((each for each in offered if kind in each.kinds), key=lambda each: (each.minutes, each.key)))


@cache
def _versions(shelf: Path) -> Mapping[str, tuple[TalkTemplate, ...]]:
    """Every version of every template, oldest first."""
    found: dict[str, list[TalkTemplate]] = {}
    for path in sorted(shelf.glob("*/*.yaml")):
        found.setdefault(path.parent.name, []).append(read_template(path))
    return MappingProxyType(
        {key: tuple(sorted(versions, key=lambda each: each.version)) for key, versions in found.items()}
    )


def read_template(path: Path) -> TalkTemplate:
    """Read the file `<key>/<version>.yaml`. Raises TemplateInvalid."""
    problems: list[Problem] = []
    name, data = f"{path.parent.name}/{path.name}", path.read_bytes()
    if len(data) > MAX_FILE_BYTES:
        too_large = Phrase("at most %(most)d bytes", most=MAX_FILE_BYTES)
        raise TemplateInvalid([Problem(name, 1, "", too_large, Phrase("%(count)d bytes", count=len(data)))])
    found = read_yaml(name, data, problems).fields(
        "key", "version", "kinds", "minutes", "title", "purpose", "agenda", "boxes", "closing", optional=("criteria",)
    )
    if found["key"].value != path.parent.name:
        found["key"].wrong(Phrase("the folder's own name %(name)s", name=path.parent.name))
    if str(found["version"].value) != path.stem:
        found["version"].wrong(Phrase("the file's own number %(number)s", number=path.stem))
    read = _read(found)
    if problems:
        raise TemplateInvalid(problems)
    return read


def _read(fields: Mapping[str, Node]) -> TalkTemplate:
    key, version = fields["key"].slug(MAX_KEY_CHARACTERS), fields["version"].number(1, MAX_VERSION)
    kinds = tuple(each.choice(KINDS) for each in fields["kinds"].items(least=0))
    minutes = fields["minutes"].number(1, MAX_MINUTES)
    title = _in_languages(fields["title"], lambda node: node.text(characters=MAX_TITLE_CHARACTERS))
    purpose = _in_languages(fields["purpose"], _sentence)
    closing = _in_languages(fields["closing"], _sentence)
    agenda, boxes = _agenda(fields["agenda"], minutes), _boxes(fields["boxes"])
    criteria = _criteria(fields["criteria"]) if "criteria" in fields else ()
    if bool(criteria) != (CALIBRATION in kinds):
        fields["kinds"].wrong(Phrase("criteria in a calibration, and in no other kind"))
    texts = {
        language: Talk(
            key=key,
            version=version,
            minutes=minutes,
            title=title[language],
            purpose=purpose[language],
            agenda=tuple(part[language] for part in agenda),
            boxes=tuple(box[language] for box in boxes),
            criteria=tuple(criterion[language] for criterion in criteria),
            closing=closing[language],
        )
        for language in LANGUAGES
    }
    return TalkTemplate(key=key, version=version, kinds=kinds, texts=MappingProxyType(texts))


def _in_languages(node: Node, read: Callable[[Node], T]) -> dict[str, T]:
    fields = node.fields(*LANGUAGES)
    return {language: read(fields[language]) for language in LANGUAGES}


def _sentence(node: Node) -> str:
    return node.text(characters=MAX_SENTENCE_CHARACTERS)


def _at_most(most: int, node: Node, *, least: int) -> list[Node]:
    nodes = node.items(least=least)
    if len(nodes) > most:
        node.wrong(Phrase("at most %(most)d of them", most=most), str(len(nodes)))
    return nodes[:most]


def _agenda(node: Node, minutes: int) -> list[dict[str, AgendaPart]]:
    parts = [_agenda_part(each) for each in _at_most(MAX_AGENDA, node, least=1)]
    together = sum(part[LANGUAGES[0]].minutes for part in parts)
    if parts and together != minutes:
        node.wrong(Phrase("%(minutes)d minutes together", minutes=minutes), str(together))
    return parts


def _agenda_part(node: Node) -> dict[str, AgendaPart]:
    fields = node.fields("minutes", "who", *LANGUAGES)
    minutes, who = fields["minutes"].number(1, MAX_MINUTES), fields["who"].choice(LED_BY)
    return {
        language: AgendaPart(text=fields[language].text(characters=MAX_ITEM_CHARACTERS), minutes=minutes, who=who)
        for language in LANGUAGES
    }


def _boxes(node: Node) -> list[dict[str, Box]]:
    taken: set[str] = set()
    boxes = [_box(each, taken) for each in _at_most(MAX_BOXES, node, least=0)]
    read = [box[LANGUAGES[0]] for box in boxes]
    if any(box.leader_first for box in read) and not any(box.whose == LEADER for box in read):
        node.wrong(Phrase("a box of the leader before those that wait for it"))
    return boxes


def _own_key(node: Node, taken: set[str]) -> str:
    key = node.slug(MAX_KEY_CHARACTERS)
    if key in taken:
        node.wrong(Phrase("a key of its own"))
    taken.add(key)
    return key


def _box(node: Node, taken: set[str]) -> dict[str, Box]:
    fields = node.fields("key", "whose", "characters", *LANGUAGES, optional=("leader_first",))
    key, whose = _own_key(fields["key"], taken), fields["whose"].choice(OWNERS)
    most = fields["characters"].number(MIN_BOX_CHARACTERS, MAX_BOX_CHARACTERS)
    leader_first = "leader_first" in fields and fields["leader_first"].choice(("yes", "no")) == "yes"
    if leader_first and whose == LEADER:
        fields["leader_first"].wrong(Phrase("a box the partner writes in"))
    boxes = {}
    for language in LANGUAGES:
        words = fields[language].fields("label", "hint")
        boxes[language] = Box(
            key=key,
            label=words["label"].text(characters=MAX_LABEL_CHARACTERS),
            hint=words["hint"].text(characters=MAX_HINT_CHARACTERS),
            whose=whose,
            leader_first=leader_first,
            most=most,
        )
    return boxes


def _criteria(node: Node) -> list[dict[str, Criterion]]:
    taken: set[str] = set()
    return [_criterion(each, taken) for each in _at_most(MAX_CRITERIA, node, least=1)]


def _criterion(node: Node, taken: set[str]) -> dict[str, Criterion]:
    fields = node.fields("key", *LANGUAGES)
    key = _own_key(fields["key"], taken)
    criteria = {}
    for language in LANGUAGES:
        words = fields[language].fields("label", "low", "high")
        criteria[language] = Criterion(
            key=key,
            label=words["label"].text(characters=MAX_LABEL_CHARACTERS),
            low=words["low"].text(characters=MAX_ITEM_CHARACTERS),
            high=words["high"].text(characters=MAX_ITEM_CHARACTERS),
        )
    return criteria
