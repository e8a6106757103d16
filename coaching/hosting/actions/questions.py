"""The wall of questions before a talk, and the written answers after it."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.hosting.policies import (
    ensure_may_ask,
    ensure_may_judge,
    ensure_may_run,
    ensure_own_question,
    has_wall,
    may_report,
)
from coaching.hosting.rules import MAX_ANSWER, ensure_few_questions, ensure_on_the_wall, ensure_question
from coaching.models import QuestionState, TalkQuestion, TalkVote, Visit
from coaching.models.hosting import ON_THE_WALL
from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import NotNow, NotYours
from cohorts.web.revisions import lock, lock_revision, save_revision


@transaction.atomic
def ask_question(*, visit: Visit, text: str, key: UUID, by: Membership, now: datetime) -> TalkQuestion:
    """Put a question on the wall. The same key asks once."""
    ensure_may_ask(by)
    if not has_wall(visit):
        raise NotNow(_("There are questions for talks only."))
    lock(by)
    key = uuid5(key, str(by.pk))  # nobody learns from a key which question is already there
    there = TalkQuestion.objects.filter(visit=visit, key=key, asked_by=by).first()
    if there:
        return there
    ensure_question(visit, text, now)
    ensure_few_questions(visit.questions.filter(asked_by=by, state__in=ON_THE_WALL).count())
    return TalkQuestion.objects.create(visit=visit, asked_by=by, text=text.strip(), asked_at=now, key=key)


@transaction.atomic
def vote(*, question: TalkQuestion, by: Membership, is_on: bool) -> None:
    """Want an answer to somebody else's question, or no longer. Idempotent."""
    ensure_may_ask(by)
    ensure_on_the_wall(question)
    if question.asked_by_id == by.pk:
        raise NotNow(_("It is your own question, so your voice counts already."))
    if is_on:
        TalkVote.objects.get_or_create(question=question, member=by)
    else:
        TalkVote.objects.filter(question=question, member=by).delete()


@transaction.atomic
def take_back_question(*, question: TalkQuestion, by: Membership) -> None:
    """Take one's own question off the wall, until it is answered. Idempotent."""
    ensure_own_question(by, question)
    lock(question)
    if question.state == QuestionState.WITHDRAWN:
        return
    ensure_on_the_wall(question)
    if question.answer:
        raise NotNow(_("It has an answer by now, and others read it."))
    _set_state(question, QuestionState.WITHDRAWN)


@transaction.atomic
def put_question_back(*, question: TalkQuestion, by: Membership) -> None:
    """Undo taking one's own question back, while it does not make too many."""
    ensure_own_question(by, question)
    lock(by)
    lock(question)
    if question.state == QuestionState.WITHDRAWN:
        ensure_few_questions(question.visit.questions.filter(asked_by=by, state__in=ON_THE_WALL).count())
        _set_state(question, QuestionState.SHOWN)


@transaction.atomic
def report_question(*, question: TalkQuestion, by: Membership, now: datetime) -> None:
    """Hide a question from everybody but admins until one of them has looked at it. Idempotent."""
    lock(question)
    if question.state == QuestionState.REPORTED:
        return
    if question.state == QuestionState.KEPT:
        raise NotNow(_("An admin has looked at this question, and it stays."))
    if not may_report(by, question):
        raise NotYours(_("You cannot report this question."))
    question.reported_at = now
    _set_state(question, QuestionState.REPORTED, "reported_at")
    record(by=by, verb="reported question", thing=question, now=now)


@transaction.atomic
def judge_question(*, question: TalkQuestion, keeps: bool, by: Membership, now: datetime) -> None:
    """Put a reported question back on the wall for good, or take it off. Can be decided again."""
    ensure_may_judge(by)
    lock(question)
    if question.reported_at is None:
        raise NotNow(_("Nobody has reported this question."))
    _set_state(question, QuestionState.KEPT if keeps else QuestionState.REMOVED)
    record(by=by, verb="kept question" if keeps else "removed question", thing=question, now=now)


@transaction.atomic
def answer_question(
    *, question: TalkQuestion, answer: str, by: Membership, now: datetime, expected_revision: int | None = None
) -> None:
    """Write the answer that everybody reads, also those on shift during the talk."""
    ensure_may_run(by, question.visit.host)
    ensure_text("answer", answer, most=MAX_ANSWER, is_required=False)
    lock_revision(question, expected_revision, "answer", "state")
    ensure_on_the_wall(question)
    save_revision(question, answer=answer.strip(), answered_at=now if answer.strip() else None)


def _set_state(question: TalkQuestion, state: str, *also: str) -> None:
    question.state = state
    question.save(update_fields=["state", *also])
