"""Destroy what is staged, unread: of a cancelled round, of leaders who left, of raters who declined or were erased."""

from collections.abc import Iterable

from django.db import transaction

from feedback360.models import Round
from feedback360.models.answers import StagedAnswers
from feedback360.staging.keys import NoKey, destroy_key, key_of
from feedback360.staging.sealing import slot_of


def discard_round(cancelled: Round) -> None:
    """Call it in the transaction that cancels the round; its key goes once that is committed."""
    StagedAnswers.objects.filter(subject__round=cancelled).delete()
    transaction.on_commit(lambda: destroy_key(cancelled.pk))


def discard_subjects(subject_ids: Iterable[int]) -> None:
    """Whatever was said about these leaders so far."""
    StagedAnswers.objects.filter(subject__in=list(subject_ids)).delete()


def discard_requests(*, round_id: int, request_ids: Iterable[int]) -> None:
    """What these raters said so far. Without a key nothing can be found, and nothing can be read either."""
    try:
        key = key_of(round_id)
    except NoKey:
        return
    slots = [slot_of(key, request_id) for request_id in request_ids]
    StagedAnswers.objects.filter(slot__in=slots).delete()
