"""One sentence to the sponsor, and the answer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.models import Ask
from coaching.sponsoring.policies import ensure_has_sponsor, ensure_is_leader, ensure_may_support
from coaching.sponsoring.rules import ensure_answer, question_of
from cohorts.audit import record
from cohorts.enrolment.current import take_turns
from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import NotNow, NotYours
from cohorts.web.revisions import lock


@transaction.atomic
def ask_sponsor(
    *, enrolment: Enrolment, text: str, key: UUID, by: Membership, now: datetime, sponsor_id: int | None = None
) -> Ask:
    """Ask the sponsor of now. The same key again is the same question, reworded until it is answered.

    `sponsor_id` is the sponsor the page named; should it be another one by now, nothing is asked.
    """
    ensure_is_leader(by, enrolment)
    sponsor = ensure_has_sponsor(enrolment)
    text = question_of(text)
    if sponsor_id not in {None, sponsor.pk}:
        raise NotNow(_("Your sponsor has changed. Open the page again to see who reads your question now."))
    take_turns(enrolment)
    ask = Ask.objects.filter(enrolment=enrolment, key=key).first()
    if ask is None:
        ask = Ask.objects.create(enrolment=enrolment, sponsor=sponsor, text=text, key=key, asked_at=now)
        record(by=by, verb="asked sponsor", thing=ask, now=now, sponsor=sponsor.pk)
    elif ask.answered_at is None and ask.text != text:
        ask.text = text
        ask.save(update_fields=["text"])
    return ask


@transaction.atomic
def take_back_ask(*, ask: Ask, by: Membership, now: datetime) -> None:
    """Undo a question that has no answer yet."""
    ensure_is_leader(by, ask.enrolment)
    lock(ask)
    if ask.answered_at is not None:
        raise NotNow(_("It was answered in the meantime. The answer is on Today."))
    record(by=by, verb="took back question", thing=ask, now=now)
    ask.delete()


@transaction.atomic
def answer_ask(*, ask: Ask, answer: str, by: Membership, now: datetime) -> None:
    """Answer it, or reword the answer. When it was first answered stays."""
    _ensure_may_answer(by, ask)
    ensure_answer(answer)
    lock(ask)
    if ask.answer == answer:
        return
    verb = "answered question" if ask.answered_at is None else "reworded answer"
    ask.answer, ask.answered_at, ask.read_at = answer, ask.answered_at or now, None
    ask.save(update_fields=["answer", "answered_at", "read_at"])
    record(by=by, verb=verb, thing=ask, now=now)


@transaction.atomic
def take_back_answer(*, ask: Ask, by: Membership, now: datetime) -> None:
    """Undo an answer that the leader has not read yet."""
    _ensure_may_answer(by, ask)
    lock(ask)
    if ask.read_at is not None:
        raise NotNow(_("The leader has read it already. You can still change its words."))
    ask.answer, ask.answered_at = "", None
    ask.save(update_fields=["answer", "answered_at"])
    record(by=by, verb="took back answer", thing=ask, now=now)


@transaction.atomic
def read_answer(*, ask: Ask, by: Membership, now: datetime) -> None:
    """The leader has read the answer. Idempotent."""
    ensure_is_leader(by, ask.enrolment)
    lock(ask)
    if ask.answered_at is None:
        raise NotNow(_("There is no answer yet."))
    if ask.read_at is None:
        ask.read_at = now
        ask.save(update_fields=["read_at"])


def _ensure_may_answer(by: Membership, ask: Ask) -> None:
    if ask.sponsor_id != by.pk:
        raise NotYours(_("Only the sponsor who was asked can answer."))
    ensure_may_support(by, ask.enrolment)
