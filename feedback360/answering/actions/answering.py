"""A rater's answers, saved as they go under seal, and sent once.

What was answered and that something was answered are never written in one transaction: a shared transaction id would
join them in the database. A crash between the two is repaired by the rater's next visit, or by the closing.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid
from feedback360.answering.rules import AlreadySent, RoundIsOver, ensure_answers, ensure_open
from feedback360.answering.sheet import Sheet
from feedback360.models import Request, RequestState, Subject
from feedback360.models.answers import StagedAnswers
from feedback360.questionnaires.rows import content_of
from feedback360.staging.keys import key_of
from feedback360.staging.sealing import seal, slot_of, unseal


def sheet_of(request: Request) -> tuple[Sheet, bool]:
    """What this rater has answered so far, and whether it was sent. One query."""
    key = key_of(request.subject.round_id)
    slot = slot_of(key, request.pk)
    staged = StagedAnswers.objects.filter(slot=slot).first()
    return (_opened(key, staged), staged.is_sent) if staged else (Sheet(), False)


def save_answers(
    *, request: Request, values: Mapping[str, int] | None = None, texts: Mapping[str, str] | None = None, now: datetime
) -> None:
    """Add these to what is staged. Two queries, three the first time; the last of two devices wins, item by item.

    `request` comes with its subject, round and questionnaire. Raises Invalid, RoundIsOver, NotAsked, AlreadySent.
    """
    values, texts = values or {}, texts or {}
    ensure_open(request, now=now)
    ensure_answers(content_of(request.subject.round.questionnaire), request.relation, values=values, texts=texts)
    key = key_of(request.subject.round_id)
    slot = slot_of(key, request.pk)
    with transaction.atomic():
        staged = _locked(request, slot) or _first(request, key, slot)
        sheet = _opened(key, staged).with_answers(values, texts)
        StagedAnswers.objects.filter(pk=staged.pk).update(sealed=seal(key, slot, sheet.fields()))


def send_answers(*, request: Request, now: datetime) -> None:
    """Send for good. Call it outside `within`: the mark that something was sent has a transaction of its own.

    Sending twice is sending once. Raises Invalid if nothing was answered, RoundIsOver, NotAsked.
    """
    key = key_of(request.subject.round_id)
    slot = slot_of(key, request.pk)
    with within(request.organisation_id), transaction.atomic():
        ensure_open(request, now=now)
        staged = StagedAnswers.objects.select_for_update().filter(slot=slot).first()
        if staged is None and Subject.objects.filter(pk=request.subject_id, is_closed=True).exists():
            raise RoundIsOver  # it was closed while this waited
        if staged is None or not _opened(key, staged).says_something:
            raise Invalid("value", _("Answer something first, or tell us that you know too little to answer."))
        StagedAnswers.objects.filter(pk=staged.pk).update(is_sent=True)
    with within(request.organisation_id):
        mark_answered(request)


def mark_answered(request: Request) -> None:
    """That something was sent; never when. Idempotent."""
    Request.objects.filter(pk=request.pk, state=RequestState.ASKED).update(state=RequestState.ANSWERED)


def _locked(request: Request, slot: bytes) -> StagedAnswers | None:
    staged = StagedAnswers.objects.select_for_update().filter(slot=slot).first()
    if staged is not None and staged.is_sent:
        raise AlreadySent
    return staged


def _first(request: Request, key: bytes, slot: bytes) -> StagedAnswers:
    """The row of a first answer. The subject is locked meanwhile, so two devices make one row, and none after close."""
    subject = Subject.objects.select_for_update().select_related(None).get(pk=request.subject_id)
    if subject.is_closed:
        raise RoundIsOver
    sealed = seal(key, slot, Sheet().fields())
    return _locked(request, slot) or StagedAnswers.objects.create(
        slot=slot, subject=subject, group=request.group, sealed=sealed
    )


def _opened(key: bytes, staged: StagedAnswers) -> Sheet:
    return Sheet.read(unseal(key, bytes(staged.slot), bytes(staged.sealed)))
