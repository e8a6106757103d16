"""Begin, copy, edit, publish and discard a draft of a questionnaire. A published version never changes.

Every edit locks the draft first, so that concurrent edits and publishing are serialised. Rounds use published versions
only: what raters of a round are asked is fixed before the first of them is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.curriculum.rules import Text, first_free, texts_of
from cohorts.models import Membership
from cohorts.web.file_names import slug_of
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision
from feedback360.models import Questionnaire
from feedback360.questionnaires.check import problems_of
from feedback360.questionnaires.content import MAX_KEY_CHARACTERS, MAX_SLUG_CHARACTERS, NAME, RELATIONS, SELF
from feedback360.questionnaires.rows import content_of, store
from feedback360.questionnaires.rules import (
    begun,
    ensure_draft,
    ensure_item,
    ensure_languages,
    ensure_room_for_item,
    ensure_room_for_question,
    titles_of,
)
from feedback360.questionnaires.wordings import FRAME_WORDINGS, ITEM_WORDINGS, QUESTION_WORDINGS, STEP_WORDINGS

Part = dict[str, Any]  # an item or a question, as the content holds it


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """The fields of an item that do not depend on language. `asked_of` are the others: the leader always answers."""

    behaviour: str
    area: str
    asked_of: Collection[str]


@transaction.atomic
def start_draft(*, questionnaire: Questionnaire, by: Membership, now: datetime) -> Questionnaire:
    """Start the next version of a questionnaire as a copy of this one."""
    versions = Questionnaire.objects.filter(slug=questionnaire.slug)
    list(versions.select_for_update().values_list("pk"))  # two who start a draft at once take turns
    if versions.filter(published_at=None).exists():
        raise NotNow(_("This questionnaire already has a draft. Publish or discard it first."))
    number = (versions.aggregate(highest=Max("number"))["highest"] or 0) + 1
    draft = store(content_of(questionnaire), slug=questionnaire.slug, number=number)
    record(by=by, verb="started draft", thing=draft, now=now, questionnaire=draft.slug, number=number)
    return draft


@transaction.atomic
def copy_questionnaire(
    *, questionnaire: Questionnaire, titles: Mapping[str, str], by: Membership, now: datetime
) -> Questionnaire:
    """Start a questionnaire of one's own as a copy: a draft of version 1. Its items keep their keys."""
    titles = titles_of(titles, questionnaire.languages)
    stem = _key_of(next(iter(titles.values())), MAX_SLUG_CHARACTERS)
    slug = first_free(stem, set(Questionnaire.objects.values_list("slug", flat=True)))
    draft = store(replace(content_of(questionnaire), titles=titles), slug=slug, number=1)
    record(by=by, verb="copied questionnaire", thing=draft, now=now, questionnaire=slug, number=1)
    return draft


def discard_draft(*, questionnaire: Questionnaire, by: Membership, now: datetime) -> None:
    with _editing(questionnaire) as draft:
        record(by=by, verb="discarded draft", thing=draft, now=now, questionnaire=draft.slug, number=draft.number)
        draft.delete()


def publish(*, questionnaire: Questionnaire, by: Membership, now: datetime) -> Questionnaire:
    """Publish a draft. From then on it never changes, and rounds can use it."""
    with _editing(questionnaire) as draft:
        if problems_of(draft):
            raise NotNow(_("The draft cannot be published yet. Fix what is listed first."))
        save_revision(draft, published_at=now)
        record(by=by, verb="published questionnaire", thing=draft, now=now, slug=draft.slug, number=draft.number)
        return draft


def change_frame(
    *,
    questionnaire: Questionnaire,
    asked_in: Collection[str],
    text: Text,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Change title, scale and the languages it is asked in. What is written in another one stays for later."""
    ensure_languages(asked_in)
    text = texts_of(text, dict(settings.LANGUAGES), FRAME_WORDINGS)
    with _editing(questionnaire, expected_revision) as draft:
        titles, scales = dict(draft.content["titles"]), dict(draft.content["scales"])
        for language, words in text.items():
            titles[language] = words.get("title", "")
            scales[language] = {
                "steps": [words.get(wording.name, "") for wording in STEP_WORDINGS],
                "not_seen": words.get("not_seen", ""),
                "not_relevant": words.get("not_relevant", ""),
            }
        # The first language is the one that others fall back to, so those it has keep their order.
        ordered = [language for language in draft.languages if language in asked_in]
        ordered += [language for language in asked_in if language not in ordered]
        save_revision(draft, languages=ordered, content={**draft.content, "titles": titles, "scales": scales})
        record(by=by, verb="changed questionnaire", thing=draft, now=now, languages=", ".join(ordered))


def add_item(*, questionnaire: Questionnaire, facts: ItemFacts, text: Text, by: Membership, now: datetime) -> str:
    """Add an item at the end. Returns its key, which no version of this questionnaire has used: it is a new item.

    Idempotent: the draft's own item with the same words and facts is that item.
    """
    with _editing(questionnaire) as draft:
        said = _item_said(draft, facts, text)
        if key := _key_of_same(draft, "items", said):
            return key
        ensure_room_for_item(draft)
        key = _new_key(draft, "items", said, "team")
        _save_parts(draft, "items", [*draft.content["items"], {"key": key, **said}])
        record(by=by, verb="added questionnaire item", thing=draft, now=now, key=key)
        return key


def change_item(
    *,
    questionnaire: Questionnaire,
    key: str,
    facts: ItemFacts,
    text: Text,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Change an item. Raises Stale when the draft is not the expected revision."""
    with _editing(questionnaire, expected_revision) as draft:
        _replace(draft, "items", key, _item_said(draft, facts, text))
        record(by=by, verb="changed questionnaire item", thing=draft, now=now, key=key)


def remove_item(*, questionnaire: Questionnaire, key: str, by: Membership, now: datetime) -> None:
    with _editing(questionnaire) as draft:
        _remove(draft, "items", key)
        record(by=by, verb="removed questionnaire item", thing=draft, now=now, key=key)


def move_item(*, questionnaire: Questionnaire, key: str, is_later: bool, by: Membership, now: datetime) -> None:
    """Move an item one place. The first stays first, and the last stays last."""
    with _editing(questionnaire) as draft:
        items = list(draft.content["items"])
        at = _place_of(items, key)
        to = min(max(at + (1 if is_later else -1), 0), len(items) - 1)
        items.insert(to, items.pop(at))
        _save_parts(draft, "items", items)
        record(by=by, verb="moved questionnaire item", thing=draft, now=now, key=key, to=to + 1)


def add_question(*, questionnaire: Questionnaire, text: Text, by: Membership, now: datetime) -> str:
    """Add an open question at the end. Returns its key. Idempotent like `add_item`."""
    with _editing(questionnaire) as draft:
        said = begun(texts_of(text, draft.languages, QUESTION_WORDINGS))
        if key := _key_of_same(draft, "questions", said):
            return key
        ensure_room_for_question(draft)
        key = _new_key(draft, "questions", said, "others")
        _save_parts(draft, "questions", [*draft.content["questions"], {"key": key, **said}])
        record(by=by, verb="added questionnaire question", thing=draft, now=now, key=key)
        return key


def change_question(
    *,
    questionnaire: Questionnaire,
    key: str,
    text: Text,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Change an open question. Raises Stale when the draft is not the expected revision."""
    with _editing(questionnaire, expected_revision) as draft:
        _replace(draft, "questions", key, begun(texts_of(text, draft.languages, QUESTION_WORDINGS)))
        record(by=by, verb="changed questionnaire question", thing=draft, now=now, key=key)


def remove_question(*, questionnaire: Questionnaire, key: str, by: Membership, now: datetime) -> None:
    with _editing(questionnaire) as draft:
        _remove(draft, "questions", key)
        record(by=by, verb="removed questionnaire question", thing=draft, now=now, key=key)


@contextmanager
def _editing(questionnaire: Questionnaire, expected_revision: int | None = None) -> Iterator[Questionnaire]:
    """Lock the draft as it is now. Raises NotNow for a published version."""
    with transaction.atomic():
        lock_revision(questionnaire, expected_revision, "published_at", "languages", "content")
        ensure_draft(questionnaire)
        yield questionnaire


def _item_said(draft: Questionnaire, facts: ItemFacts, text: Text) -> Part:
    ensure_item(behaviour=facts.behaviour, area=facts.area, asked_of=facts.asked_of)
    asked_of = [relation for relation in RELATIONS if relation == SELF or relation in facts.asked_of]
    words = begun(texts_of(text, draft.languages, ITEM_WORDINGS))
    return {"behaviour": facts.behaviour, "area": facts.area, "asked_of": asked_of, **words}


def _replace(draft: Questionnaire, name: str, key: str, said: Part) -> None:
    parts = list(draft.content[name])
    at = _place_of(parts, key)
    parts[at] = {**parts[at], **said}
    _save_parts(draft, name, parts)


def _remove(draft: Questionnaire, name: str, key: str) -> None:
    parts = list(draft.content[name])
    del parts[_place_of(parts, key)]
    _save_parts(draft, name, parts)


def _place_of(parts: Iterable[Part], key: str) -> int:
    place = next((at for at, part in enumerate(parts) if part["key"] == key), None)
    if place is None:
        raise NotNow(_("This was removed from the draft in the meantime."))
    return place


def _save_parts(draft: Questionnaire, name: str, parts: list[Part]) -> None:
    save_revision(draft, content={**draft.content, name: parts})


def _key_of_same(draft: Questionnaire, name: str, said: Part) -> str:
    return next((part["key"] for part in draft.content[name] if part == {"key": part["key"], **said}), "")


def _new_key(draft: Questionnaire, name: str, said: Part, field: str) -> str:
    versions = Questionnaire.objects.filter(slug=draft.slug).values_list("content", flat=True)
    taken = {part["key"] for content in (*versions, draft.content) for part in content[name]}
    words = next((said[language][field] for language in draft.languages if said.get(language, {}).get(field)), "")
    return first_free(_key_of(words.replace(NAME, ""), MAX_KEY_CHARACTERS), taken)


def _key_of(words: str, most: int) -> str:
    """A key made of these words, with room for a number behind it."""
    return slug_of(words, most=most - 4, otherwise="untitled")
