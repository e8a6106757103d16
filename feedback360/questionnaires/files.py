"""Read a questionnaire's file into the dataclasses of questionnaires/content.py.

One file is one version (the format is explained at the top of the shipped ones). Anything it forbids raises
QuestionnaireInvalid, which names every line and field at fault and what is expected there. Every language the file
lists is needed everywhere: nobody should meet half a form in another language.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from cohorts.curriculum.content import BEHAVIOURS
from cohorts.curriculum.located_yaml import Node, Problem, read_yaml
from cohorts.curriculum.phrases import Phrase
from cohorts.web.languages import LANGUAGES
from feedback360.questionnaires.content import (
    AREAS,
    MANAGER,
    MAX_ITEM_CHARACTERS,
    MAX_ITEM_WORDS,
    MAX_ITEMS,
    MAX_KEY_CHARACTERS,
    MAX_QUESTION_CHARACTERS,
    MAX_QUESTION_WORDS,
    MAX_QUESTIONS,
    MAX_SCALE_CHARACTERS,
    MAX_SLUG_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    MAX_VERSION,
    NAME,
    PEER,
    RELATIONS,
    SCALE_STEPS,
    SELF,
    TEAM,
    Item,
    ItemText,
    OpenQuestion,
    Questionnaire,
    QuestionText,
    Scale,
)

SHIPPED = Path(__file__).parent / "shipped"

MAX_FILE_BYTES = 64 * 1024  # five times the shipped one
BRACES = re.compile(r"[{}]")
NAMES_THE_LEADER = Phrase("a text with %(name)s in it, and no other braces", name=NAME)
NAMES_NOBODY = Phrase("a text without braces")

T = TypeVar("T")


class QuestionnaireInvalid(Exception):
    """All problems of a questionnaire's file, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_questionnaire(path: Path) -> Questionnaire:
    """Read the file `<slug>/<version>.yaml`. Raises QuestionnaireInvalid."""
    problems: list[Problem] = []
    fields = _fields(f"{path.parent.name}/{path.name}", path.read_bytes(), problems)
    if fields["slug"].value != path.parent.name:
        fields["slug"].wrong(Phrase("the folder's own name %(name)s", name=path.parent.name))
    if str(fields["version"].value) != path.stem:
        fields["version"].wrong(Phrase("the file's own number %(number)s", number=path.stem))
    return _read(fields, problems)


def read_file(data: bytes, *, name: str = "questionnaire.yaml") -> Questionnaire:
    """Read the contents of a file. Raises QuestionnaireInvalid."""
    problems: list[Problem] = []
    return _read(_fields(name, data, problems), problems)


def _fields(name: str, data: bytes, problems: list[Problem]) -> dict[str, Node]:
    if len(data) > MAX_FILE_BYTES:
        too_large = Phrase("at most %(most)d bytes", most=MAX_FILE_BYTES)
        raise QuestionnaireInvalid([Problem(name, 1, "", too_large, Phrase("%(count)d bytes", count=len(data)))])
    node = read_yaml(name, data, problems)
    return node.fields("slug", "version", "languages", "titles", "scales", "items", "questions")


def _read(fields: Mapping[str, Node], problems: list[Problem]) -> Questionnaire:
    languages = _languages(fields["languages"])
    questionnaire = Questionnaire(
        slug=fields["slug"].slug(MAX_SLUG_CHARACTERS),
        version=fields["version"].number(1, MAX_VERSION),
        languages=languages,
        titles=_texts(fields["titles"].fields(*languages), languages, _title),
        scales=_texts(fields["scales"].fields(*languages), languages, _scale),
        items=_items(fields["items"], languages),
        questions=_questions(fields["questions"], languages),
    )
    if problems:
        raise QuestionnaireInvalid(problems)
    return questionnaire


def _languages(node: Node) -> tuple[str, ...]:
    languages = tuple(filter(None, (item.choice(LANGUAGES) for item in node.items())))
    if len(set(languages)) < len(languages):
        node.wrong(Phrase("each language once"), ", ".join(languages))
    # If no language can be read, assume all, so that the rest still gets checked.
    return tuple(dict.fromkeys(languages)) or LANGUAGES


def _texts(fields: Mapping[str, Node], languages: Iterable[str], read: Callable[[Node], T]) -> Mapping[str, T]:
    return MappingProxyType({language: read(fields[language]) for language in languages})


def _title(node: Node) -> str:
    return node.text(characters=MAX_TITLE_CHARACTERS)


def _scale(node: Node) -> Scale:
    fields = node.fields("steps", "not_seen", "not_relevant")
    steps = [step.text(characters=MAX_SCALE_CHARACTERS) for step in fields["steps"].items(least=0)[: SCALE_STEPS + 1]]
    if len(steps) != SCALE_STEPS or len(set(steps)) < len(steps):
        fields["steps"].wrong(Phrase("%(count)d different words", count=SCALE_STEPS))
    return Scale(
        steps=tuple(steps),
        not_seen=fields["not_seen"].text(characters=MAX_SCALE_CHARACTERS),
        not_relevant=fields["not_relevant"].text(characters=MAX_SCALE_CHARACTERS),
    )


def _items(node: Node, languages: Sequence[str]) -> tuple[Item, ...]:
    taken: set[str] = set()
    items = tuple(_item(each, languages, taken) for each in _at_most(MAX_ITEMS, node, node.items()))
    asked = {relation for item in items for relation in item.asked_of}
    for relation in RELATIONS:
        if items and relation not in asked:
            node.wrong(Phrase("at least one item for each of %(relations)s", relations=", ".join(RELATIONS)), relation)
    return items


def _questions(node: Node, languages: Sequence[str]) -> tuple[OpenQuestion, ...]:
    taken: set[str] = set()
    return tuple(_question(each, languages, taken) for each in _at_most(MAX_QUESTIONS, node, node.items(least=0)))


def _at_most(most: int, node: Node, nodes: Sequence[Node]) -> Sequence[Node]:
    if len(nodes) > most:
        node.wrong(Phrase("at most %(most)d of them", most=most), str(len(nodes)))
    return nodes[:most]


def _own_key(node: Node, taken: set[str]) -> str:
    key = node.slug(MAX_KEY_CHARACTERS)
    if key in taken:
        node.wrong(Phrase("a key of its own"))
    taken.add(key)
    return key


def _item(node: Node, languages: Sequence[str], taken: set[str]) -> Item:
    fields = node.fields("key", "behaviour", "area", "asked_of", *languages)
    return Item(
        key=_own_key(fields["key"], taken),
        behaviour=fields["behaviour"].choice(BEHAVIOURS),
        area=fields["area"].choice(AREAS),
        asked_of=_asked_of(fields["asked_of"]),
        texts=_texts(fields, languages, _item_text),
    )


def _asked_of(node: Node) -> tuple[str, ...]:
    asked = {each.choice(RELATIONS) for each in _at_most(len(RELATIONS), node, node.items())}
    if SELF not in asked or len(asked) < 2:
        node.wrong(Phrase("self and at least one more"), ", ".join(sorted(asked)))
    return tuple(relation for relation in RELATIONS if relation in asked)


def _item_text(node: Node) -> ItemText:
    fields = node.fields(TEAM, SELF, optional=(PEER, MANAGER))
    texts = {name: each.text(words=MAX_ITEM_WORDS, characters=MAX_ITEM_CHARACTERS) for name, each in fields.items()}
    _check_names(fields, texts)
    return ItemText(**texts)


def _question(node: Node, languages: Sequence[str], taken: set[str]) -> OpenQuestion:
    fields = node.fields("key", *languages)
    return OpenQuestion(key=_own_key(fields["key"], taken), texts=_texts(fields, languages, _question_text))


def _question_text(node: Node) -> QuestionText:
    fields = node.fields("others", SELF)
    texts = {
        name: each.text(words=MAX_QUESTION_WORDS, characters=MAX_QUESTION_CHARACTERS) for name, each in fields.items()
    }
    _check_names(fields, texts)
    return QuestionText(**texts)


def _check_names(fields: Mapping[str, Node], texts: Mapping[str, str]) -> None:
    """Others read the leader's name; in the leader's own form it would be strange."""
    for relation, text in texts.items():
        has_name, rest = NAME in text, text.replace(NAME, "")
        if text and (has_name == (relation == SELF) or BRACES.search(rest)):
            fields[relation].wrong(NAMES_NOBODY if relation == SELF else NAMES_THE_LEADER)
