"""What the parts of a draft are held to. Asked by the forms, decided in the actions."""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from cohorts.curriculum.behaviours import Behaviour
from cohorts.curriculum.rules import Text
from cohorts.curriculum.wordings import one_line
from cohorts.web.bounds import ensure_choice, ensure_choices, ensure_name
from cohorts.web.refusals import NotNow
from feedback360.models import Questionnaire
from feedback360.questionnaires.areas import Area
from feedback360.questionnaires.content import MAX_ITEMS, MAX_QUESTIONS, MAX_TITLE_CHARACTERS, RELATIONS, SELF

OTHERS = tuple(relation for relation in RELATIONS if relation != SELF)


def ensure_draft(questionnaire: Questionnaire) -> None:
    if questionnaire.is_published:
        raise NotNow(_("This version is published and never changes. Work on a new version instead."))


def ensure_item(*, behaviour: str, area: str, asked_of: Collection[str]) -> None:
    ensure_choice("behaviour", behaviour, Behaviour.values)
    ensure_choice("area", area, Area.values)
    ensure_choices("asked_of", asked_of, OTHERS)


def ensure_room_for_item(questionnaire: Questionnaire) -> None:
    if len(questionnaire.content["items"]) >= MAX_ITEMS:
        raise NotNow(_("A questionnaire has at most %(most)d items. Remove one first.") % {"most": MAX_ITEMS})


def ensure_room_for_question(questionnaire: Questionnaire) -> None:
    if len(questionnaire.content["questions"]) >= MAX_QUESTIONS:
        raise NotNow(_("A questionnaire has at most %(most)d questions. Remove one first.") % {"most": MAX_QUESTIONS})


def ensure_languages(asked_in: Collection[str]) -> None:
    ensure_choices("asked_in", asked_in, dict(settings.LANGUAGES))


def titles_of(titles: Mapping[str, str], languages: Collection[str]) -> dict[str, str]:
    """A title in every language, in single spaces."""
    named = {language: one_line(titles.get(language, "")) for language in languages}
    for language, title in named.items():
        ensure_name(f"{language}-title", title, most=MAX_TITLE_CHARACTERS)
    return named


def begun(text: Text) -> dict[str, dict[str, str]]:
    """Only what somebody wrote."""
    return {language: {name: words for name, words in of.items() if words} for language, of in text.items()}
