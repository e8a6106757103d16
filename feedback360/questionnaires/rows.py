"""A questionnaire between its two homes: rows of an organisation, and the content that files are read into.

`store` and `content_of` are each other's inverse. A row holds the fields of its file, so reading it asks no database.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from feedback360.models import Questionnaire
from feedback360.questionnaires import content
from feedback360.questionnaires.files import SHIPPED, read_questionnaire
from feedback360.questionnaires.writer import as_fields

STANDARD = SHIPPED / "seven-behaviours" / "1.yaml"

Fields = Mapping[str, Any]


@lru_cache(maxsize=8)
def read(path: Path = STANDARD) -> content.Questionnaire:
    """The questionnaire of a file, read once a process. Raises `questionnaires.files.QuestionnaireInvalid`."""
    return read_questionnaire(path)


def load_questionnaire(path: Path = STANDARD, *, now: datetime | None = None) -> Questionnaire:
    """Give the open organisation this version, published; the one it has already, when it has it."""
    written = read(path)
    row, _created = Questionnaire.objects.get_or_create(
        slug=written.slug,
        number=written.version,
        defaults=_columns(written) | {"published_at": now or timezone.now()},
    )
    return row


def standard_questionnaire(*, now: datetime) -> Questionnaire:
    """The newest published version of the standard questionnaire; an organisation without one is given it."""
    published = Questionnaire.objects.filter(slug=read().slug, published_at__isnull=False)
    return published.order_by("-number").first() or load_questionnaire(now=now)


def store(
    written: content.Questionnaire, *, slug: str, number: int, published_at: datetime | None = None
) -> Questionnaire:
    """Write this as a version of the questionnaire with this short name; a draft without an instant of publishing."""
    return Questionnaire.objects.create(slug=slug, number=number, published_at=published_at, **_columns(written))


def content_of(row: Questionnaire) -> content.Questionnaire:
    """A row as content, whole or half-written. No query."""
    fields: Fields = row.content
    languages = tuple(row.languages)
    return content.Questionnaire(
        slug=row.slug,
        version=row.number,
        languages=languages,
        titles={language: fields["titles"].get(language, "") for language in languages},
        scales={language: _scale(fields["scales"].get(language, {})) for language in languages},
        items=tuple(_item(item, languages) for item in fields["items"]),
        questions=tuple(_question(question, languages) for question in fields["questions"]),
    )


def content_fields(written: content.Questionnaire) -> dict[str, Any]:
    """What the column `content` holds: the file's fields without those that have columns of their own."""
    return {name: value for name, value in as_fields(written).items() if name not in ("slug", "version", "languages")}


def _columns(written: content.Questionnaire) -> dict[str, Any]:
    return {"languages": list(written.languages), "content": content_fields(written)}


def _scale(fields: Fields) -> content.Scale:
    return content.Scale(
        steps=tuple(fields.get("steps", ())),
        not_seen=fields.get("not_seen", ""),
        not_relevant=fields.get("not_relevant", ""),
    )


def _item(fields: Fields, languages: Iterable[str]) -> content.Item:
    return content.Item(
        key=fields["key"],
        behaviour=fields["behaviour"],
        area=fields["area"],
        asked_of=tuple(fields["asked_of"]),
        texts={language: content.ItemText(**fields.get(language, {})) for language in languages},
    )


def _question(fields: Fields, languages: Iterable[str]) -> content.OpenQuestion:
    return content.OpenQuestion(
        key=fields["key"],
        texts={language: content.QuestionText(**fields.get(language, {})) for language in languages},
    )
