"""When answers are taken, and which."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import Invalid, NotNow
from feedback360.answering.sheet import MAX_TEXT_CHARACTERS, NOT_SEEN
from feedback360.models import Request, Round, State
from feedback360.questionnaires.content import SCALE_STEPS, Questionnaire
from feedback360.rounds.rater_rules import ANSWERING

ANSWERS = frozenset(range(NOT_SEEN, SCALE_STEPS + 1))


class RoundIsOver(NotNow):
    """The round takes no answers any more, or not yet."""

    def __init__(self) -> None:
        super().__init__(_("This round is closed. Answers can't be added or changed any more."))


class AlreadySent(NotNow):
    """Sent means sent."""

    def __init__(self) -> None:
        super().__init__(_("You have sent your answers. They can't be changed any more."))


class NotAsked(NotNow):
    """They declined, or their name was taken off the list."""

    def __init__(self) -> None:
        super().__init__(_("You are not asked about this leader any more."))


def is_open(round_: Round, *, now: datetime) -> bool:
    """By the server's clock: nothing is taken after the closing time, though the closing itself may take a while."""
    return round_.state == State.COLLECTING and now < round_.closes_at


def ensure_open(request: Request, *, now: datetime) -> None:
    if not is_open(request.subject.round, now=now) or request.subject.withdrawn_at is not None:
        raise RoundIsOver
    if request.state not in ANSWERING:
        raise NotAsked


def ensure_answers(
    content: Questionnaire, relation: str, *, values: Mapping[str, int], texts: Mapping[str, str]
) -> None:
    """Only items and questions this relation is asked, and only what the scale has."""
    items = {item.key for item in content.items_for(relation)}
    if not items.issuperset(values) or not ANSWERS.issuperset(values.values()):
        raise Invalid("value", _("Choose one of the answers."))
    if not {question.key for question in content.questions}.issuperset(texts):
        raise Invalid("text", _("This question is not part of the questionnaire."))
    for key, text in texts.items():
        ensure_text(key, text, most=MAX_TEXT_CHARACTERS, is_required=False)
