"""What every questionnaire in the repository must be like to answer, in each language.

Limits of length and the form of single fields are the reader's business (test_questionnaire_files.py).
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from cohorts.curriculum.behaviours import Behaviour
from cohorts.curriculum.content import BEHAVIOURS
from feedback360.questionnaires.areas import Area
from feedback360.questionnaires.content import AREAS, NAME, RELATIONS, SELF, Questionnaire
from feedback360.questionnaires.files import SHIPPED, read_questionnaire

FILES = sorted(SHIPPED.glob("*/*.yaml"))

NEGATION = {
    "en": r"\b(no|not|never|nobody|nothing|none|without|neither|nor|hardly|rarely|avoids?|fails?)\b|n’t\b|n't\b",
    "nb": r"\b(ikke|aldri|ingen|ingenting|uten|verken|unngår|sjelden|lar være)\b",
}
"""A negation turns the scale round in the reader's head: "hardly ever doesn't"."""

TWO_IN_ONE = {"en": r"\b(and|or|but|as well as)\b|[;/]", "nb": r"\b(og|eller|men|samt)\b|[;/]"}
"""An item with two parts has no answer when only one of them is true."""

TRAITS = {
    "en": r"\b(is|seems|feels|believes|understands|knows|wants|likes|cares) (a |an |the |very |good |great )?\w+\.?$",
    "nb": r"\b(er|virker|føler|mener|forstår|vet|vil|liker|bryr seg) (en |et |veldig |god |flink )?\w+\.?$",
}
"""What somebody is, thinks or feels cannot be seen; what they do can."""

HOW_OFTEN = {
    "en": r"\b(always|often|sometimes|usually|regularly|every|each time|daily|weekly)\b",
    "nb": r"\b(alltid|ofte|noen ganger|vanligvis|jevnlig|hver|hver gang|daglig|ukentlig)\b",
}
"""How often is the answer, so it cannot be in the question."""

PRONOUN = {"en": r"\b(he|she|him|her|his|hers)\b", "nb": r"\b(han|hun|ham|henne|hans|hennes)\b"}
FIRST_PERSON = {"en": r"\bI\b", "nb": r"\bjeg\b"}
FOREIGN_MARKS = {"en": "«»\"'", "nb": "“”\"'"}
LARGEST_AREA, SMALLEST_AREA = 6, 5
ITEMS_OF_A_SCALE = 3
"""The fewest items of an area in one relation's form: with fewer, no category of agreement is told."""


@pytest.fixture(scope="module", params=FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def questionnaire(request: pytest.FixtureRequest) -> Questionnaire:
    return read_questionnaire(request.param)


def items_in(questionnaire: Questionnaire, language: str) -> Iterator[tuple[str, str, str]]:
    """Every wording of every item: whose item, which relation, which words."""
    for item in questionnaire.items:
        for relation, text in asdict(item.texts[language]).items():
            if text:
                yield item.key, relation, text


def found(questionnaire: Questionnaire, patterns: dict[str, str]) -> list[str]:
    return [
        f"{language} {key} {relation}: {text}"
        for language in questionnaire.languages
        for key, relation, text in items_in(questionnaire, language)
        if re.search(patterns[language], text, re.IGNORECASE)
    ]


def test_the_seven_behaviours_ship() -> None:
    assert [f"{path.parent.name}/{path.name}" for path in FILES] == ["seven-behaviours/1.yaml"]


def test_every_behaviour_has_two_items_or_three(questionnaire: Questionnaire) -> None:
    of_behaviour = Counter(item.behaviour for item in questionnaire.items)

    assert set(of_behaviour) == set(BEHAVIOURS) == set(Behaviour.values)
    assert sorted(of_behaviour.values()) == [2, 2, 2, 2, 2, 3, 3]
    assert len(questionnaire.items) == 16


def test_every_area_has_five_items_or_six(questionnaire: Questionnaire) -> None:
    of_area = Counter(item.area for item in questionnaire.items)

    assert set(of_area) == set(AREAS) == set(Area.values)
    assert all(SMALLEST_AREA <= count <= LARGEST_AREA for count in of_area.values())


@pytest.mark.parametrize("relation", RELATIONS)
def test_each_relation_gets_a_scale_of_every_area(questionnaire: Questionnaire, relation: str) -> None:
    of_area = Counter(item.area for item in questionnaire.items_for(relation))

    assert {area: count for area, count in of_area.items() if count >= ITEMS_OF_A_SCALE}.keys() == set(AREAS)
    assert {item.behaviour for item in questionnaire.items_for(relation)} == set(BEHAVIOURS)


def test_leader_and_team_answer_every_item(questionnaire: Questionnaire) -> None:
    for relation in ("team", SELF):
        assert questionnaire.items_for(relation) == questionnaire.items


def test_both_languages_ship_with_two_open_questions(questionnaire: Questionnaire) -> None:
    assert questionnaire.languages == ("en", "nb")
    assert [question.key for question in questionnaire.questions] == ["keep", "help-most"]


@pytest.mark.parametrize(
    "patterns", [NEGATION, TWO_IN_ONE, TRAITS, HOW_OFTEN, PRONOUN], ids="negation two trait often pronoun".split()
)
def test_no_item_holds_what_spoils_an_answer(questionnaire: Questionnaire, patterns: dict[str, str]) -> None:
    assert found(questionnaire, patterns) == []


def test_the_leaders_own_items_speak_of_themselves(questionnaire: Questionnaire) -> None:
    for language in questionnaire.languages:
        for item in questionnaire.items:
            own = item.texts[language].self
            assert re.search(FIRST_PERSON[language], own, re.IGNORECASE), own
            assert NAME not in own


def test_items_for_peers_and_manager_hold_no_first_person(questionnaire: Questionnaire) -> None:
    """An "I" in their form would be a moment that only the team has. Other leaders do bring problems themselves."""
    for language in questionnaire.languages:
        for item in questionnaire.items:
            for relation in {"peer", "manager"} & set(item.asked_of):
                text = item.texts[language].read_by(relation)
                if (item.key, relation) != ("asks-before-answering", "peer"):
                    assert not re.search(rf"{FIRST_PERSON[language]}|\b(me|my|meg|min)\b", text), text


def test_every_item_is_one_sentence_of_its_own(questionnaire: Questionnaire) -> None:
    for language in questionnaire.languages:
        texts = [text for _key, relation, text in items_in(questionnaire, language) if relation in ("team", SELF)]
        assert len(texts) == len(set(texts))
        for text in texts:
            assert text.endswith(".")
            assert text.count(".") == 1
            assert not set(text) & set(FOREIGN_MARKS[language])


def test_questions_end_in_a_question_mark(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions:
        for text in question.texts.values():
            assert text.others.endswith("?")
            assert text.self.endswith("?")
