"""Write a questionnaire as the file it would be read from: the way a draft comes before the reader.

JSON, which is YAML, too: nobody edits it by hand. Half-written content is written as it is, for the reader to refuse.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from feedback360.questionnaires.content import Item, OpenQuestion, Questionnaire


def write_file(questionnaire: Questionnaire) -> bytes:
    return json.dumps(as_fields(questionnaire), ensure_ascii=False, indent=1).encode()


def as_fields(questionnaire: Questionnaire) -> dict[str, Any]:
    """The fields of the file, as plain lists and mappings."""
    return {
        "slug": questionnaire.slug,
        "version": questionnaire.version,
        "languages": list(questionnaire.languages),
        "titles": dict(questionnaire.titles),
        "scales": _texts(questionnaire.scales),
        "items": [_item(item) for item in questionnaire.items],
        "questions": [_question(question) for question in questionnaire.questions],
    }


def _item(item: Item) -> dict[str, Any]:
    facts = {"key": item.key, "behaviour": item.behaviour, "area": item.area, "asked_of": list(item.asked_of)}
    return facts | _texts(item.texts)


def _question(question: OpenQuestion) -> dict[str, Any]:
    return {"key": question.key} | _texts(question.texts)


def _texts(texts: Mapping[str, Any]) -> dict[str, Any]:
    """Dataclasses by language; a wording that nobody wrote is left out, since it is optional or will be missed."""
    return {
        language: {name: value for name, value in asdict(text).items() if value} for language, text in texts.items()
    }
