"""Close a round: open what was sent, shuffle it, write it down without its raters, and destroy what could link them.

One transaction for each leader, so a closing that is killed goes on where it stopped and nobody is half closed. Only
then is the key destroyed, and only then is the round closed: a round that is still collecting can be closed again.

After it, no copy of the database tells who wrote what: answers are single rows under random ids, in random order, with
one transaction id for a whole leader; a group that stayed below the threshold is destroyed unread, since nothing of it
may be shown and few rows beside few raters would be a link.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom
from typing import Any, TypeVar

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models.mail import MailState
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from feedback360.answering.scales import scales_of, summaries
from feedback360.answering.sheet import Sheet
from feedback360.answering.turnout import Raters, turnout
from feedback360.models import RaterMail, Request, RequestState, Round, State, Subject
from feedback360.models.answers import Answer, Comment, ScaleStatistic, StagedAnswers
from feedback360.questionnaires.content import Questionnaire
from feedback360.questionnaires.rows import content_of
from feedback360.rounds.actions.moves import hold, move
from feedback360.rounds.rater_rules import ANSWERING, mailbox
from feedback360.rounds.transitions import By, may_move
from feedback360.staging.keys import destroy_key, has_key, key_of
from feedback360.staging.sealing import Unreadable, slot_of, unseal
from feedback360.visibility.inputs import ATTRIBUTED, Tally
from feedback360.visibility.rules import shown_items

logger = structlog.get_logger(__name__)
_random = SystemRandom()
Row = TypeVar("Row")

ROWS_PER_INSERT = 500


class KeyMissing(NotNow):
    """Answers were sent and the key that opens them is not here: closing waits, or the round is cancelled."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one rater sent, with nothing left that says who."""

    group: str
    sheet: Sheet


def close_round(closing: Round, now: datetime) -> None:
    """Close it, or go on closing it. Idempotent; two at once do the work once. Call it outside every transaction.

    Raises NotNow before its closing time and when it is not collecting, KeyMissing if its answers cannot be opened.
    """
    if not _begin(closing, now):
        return
    for subject_id in _unclosed(closing):
        _repair_marks(closing, subject_id)
        _close_subject(closing, subject_id)
    destroy_key(closing.pk)
    _finish(closing, now)


def _begin(closing: Round, now: datetime) -> bool:
    """Whether there is something to close, and it may be closed."""
    with transaction.atomic(durable=True), within(closing.organisation_id):
        round_ = Round.objects.get(pk=closing.pk)
        if round_.state in {State.CLOSED, State.RELEASED}:
            return False
        if not may_move(round_.state, State.CLOSED, By.CLOCK) or now < round_.closes_at:
            raise NotNow(_("This round can't be closed now."))
        waiting = StagedAnswers.objects.filter(subject__round=round_, is_sent=True)
        if waiting.exists() and not has_key(closing.pk):
            logger.error("round_key_missing", round=closing.pk)
            raise KeyMissing(_("The key of this round is missing, so its answers can't be opened. Closing waits."))
        return True


def _unclosed(closing: Round) -> list[int]:
    with within(closing.organisation_id):
        return list(Subject.objects.filter(round=closing, is_closed=False).order_by("pk").values_list("pk", flat=True))


def _repair_marks(closing: Round, subject_id: int) -> None:
    """Mark requests whose answers were sent just before a crash. Like every mark, apart from all content."""
    if not has_key(closing.pk):
        return
    key = key_of(closing.pk)
    with transaction.atomic(durable=True), within(closing.organisation_id):
        asked = Request.objects.filter(subject=subject_id, state=RequestState.ASKED).values_list("pk", flat=True)
        slots = {slot_of(key, request_id): request_id for request_id in asked}
        sent = StagedAnswers.objects.filter(subject=subject_id, is_sent=True).values_list("slot", flat=True)
        unmarked = [slots[bytes(slot)] for slot in sent if bytes(slot) in slots]
        Request.objects.filter(pk__in=unmarked).update(state=RequestState.ANSWERED)


def _close_subject(closing: Round, subject_id: int) -> None:
    with transaction.atomic(durable=True), within(closing.organisation_id):
        # The order of locks is round, then subject; a second closer waits here and then finds nothing to do.
        round_ = hold(closing.pk)
        subject = Subject.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=subject_id)
        if subject.is_closed or round_.state != State.COLLECTING:
            return
        if subject.withdrawn_at is None:
            _write_down(round_, subject)
        StagedAnswers.objects.filter(subject=subject).delete()
        subject.is_closed = True
        subject.save(update_fields=["is_closed", "turnout"])


def _write_down(round_: Round, subject: Subject) -> None:
    """What was sent becomes rows, and the turnout is counted."""
    requests = list(Request.objects.filter(subject=subject, state__in=ANSWERING).select_related("rater"))
    # Held, so that who sends at this moment is either counted or refused.
    staged = [row for row in StagedAnswers.objects.select_for_update().filter(subject=subject) if row.is_sent]
    key = key_of(round_.pk) if staged else b""
    senders = _senders(key, staged, requests)
    sent = list(_opened(key, staged, senders, subject))
    answered = Counter(one.group for one in sent)
    content = content_of(round_.questionnaire)
    rows = {
        group: [one.sheet for one in sent if one.group == group]
        for group, count in sorted(answered.items())
        if group in ATTRIBUTED or count >= round_.threshold
    }
    shown = {group: _shown(group, sheets, round_.threshold) for group, sheets in rows.items()}
    _insert(Answer, _shuffled(_answers(subject, rows, shown)))
    _insert(Comment, _shuffled(_comments(subject, rows, round_.threshold)))
    _insert(ScaleStatistic, list(_statistics(subject, rows, content, shown)))
    who = _who_answered(senders.values())
    asked = _asked(requests, answered={request.pk for request in senders.values()})
    before = _before(round_, subject)
    since = before.pk if before else None
    subject.turnout = turnout(asked, answered, who, _who_answered_about(before) if before else {}, since=since)


def _senders(key: bytes, staged: Iterable[StagedAnswers], requests: Iterable[Request]) -> dict[bytes, Request]:
    """By slot. Their marks may still be on the way, so they are not asked who answered."""
    slots = {bytes(row.slot) for row in staged}
    return {slot: request for request in requests if (slot := slot_of(key, request.pk)) in slots}


def _opened(key: bytes, staged: Iterable[StagedAnswers], slots: Collection[bytes], subject: Subject) -> Iterator[Sent]:
    """What was sent. The group is the row's: it was frozen when they were asked."""
    unreadable = 0
    for row in staged:
        slot = bytes(row.slot)
        if slot not in slots:  # taken off the list or erased meanwhile
            continue
        try:
            yield Sent(row.group, Sheet.read(unseal(key, slot, bytes(row.sealed))))
        except Unreadable:
            unreadable += 1
    if unreadable:
        logger.error("answers_unreadable", round=subject.round_id, subject=subject.pk, count=unreadable)


def _shown(group: str, sheets: Sequence[Sheet], threshold: int) -> frozenset[str]:
    """The items of a group that may be shown."""
    return shown_items(_tallies([sheet.seen for sheet in sheets]), 1 if group in ATTRIBUTED else threshold)


def _answers(
    subject: Subject, rows: Mapping[str, Sequence[Sheet]], shown: Mapping[str, Collection[str]]
) -> Iterator[Answer]:
    """Items below the threshold are destroyed: asked of the team alone, one could be that of its only member."""
    for group, sheets in rows.items():
        for sheet in sheets:
            for item, value in sheet.seen.items():
                if item in shown[group]:
                    yield Answer(subject=subject, group=group, item=item, value=value)


def _comments(subject: Subject, rows: Mapping[str, Sequence[Sheet]], threshold: int) -> Iterator[Comment]:
    """Each question is shuffled by itself, over all groups, and its order kept: no place belongs to a rater.

    Where fewer than the threshold wrote, their words are destroyed.
    """
    by_question: dict[str, list[tuple[str, str]]] = {}
    for group, sheets in rows.items():
        for sheet in sheets:
            for question, text in sheet.written.items():
                by_question.setdefault(question, []).append((group, text.strip()))
    for question, everything in by_question.items():
        is_enough = sum(group not in ATTRIBUTED for group, _text in everything) >= threshold
        written = [one for one in everything if is_enough or one[0] in ATTRIBUTED]
        for place, (group, text) in enumerate(_shuffled(written), 1):
            yield Comment(subject=subject, group=group, question=question, text=text, place=place)


def _statistics(
    subject: Subject, rows: Mapping[str, Sequence[Sheet]], content: Questionnaire, shown: Mapping[str, Collection[str]]
) -> Iterator[ScaleStatistic]:
    scales = scales_of(content)
    for group, sheets in rows.items():
        for scale, summary in summaries([sheet.seen for sheet in sheets], scales, shown[group]):
            variance = summary.variance if summary.n > 1 else None
            yield ScaleStatistic(
                subject=subject, group=group, scale=scale, raters=summary.n, mean=summary.mean, variance=variance
            )


def _tallies(raters: Sequence[Mapping[str, int]]) -> dict[str, Tally]:
    """Item -> how many gave 1, 2, 3, 4, 5."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for values in raters:
        for item, value in values.items():
            counts[item][value] += 1
    return {item: (count[1], count[2], count[3], count[4], count[5]) for item, count in counts.items()}


def _asked(requests: Sequence[Request], *, answered: Collection[int]) -> Counter[str]:
    """By group: those whose mail came through. Somebody whose mail failed can't have answered, unless they did."""
    failed = RaterMail.objects.filter(
        rater__in=[request.rater_id for request in requests], kind=RaterMail.Kind.INVITATION, state=MailState.FAILED
    )
    unreached = set(failed.values_list("rater_id", flat=True))
    return Counter(request.group for request in requests if request.pk in answered or request.rater_id not in unreached)


def _who_answered(answered: Iterable[Request]) -> Raters:
    """The addresses of those who answered; None where one of them was erased."""
    groups: dict[str, set[str] | None] = {}
    for request in answered:
        addresses = groups.setdefault(request.group, set())
        if request.rater.erased_at is not None:
            groups[request.group] = None
        elif addresses is not None:
            addresses.add(mailbox(request.rater.email))
    return groups


def _before(round_: Round, subject: Subject) -> Subject | None:
    """The same leader in the released round before this one, in whichever cohort."""
    earlier = Subject.objects.filter(
        round__purpose=round_.purpose,
        round__state__in=(State.CLOSED, State.RELEASED),
        round__closes_at__lt=round_.closes_at,
        enrolment__leader=subject.enrolment.leader_id,
        withdrawn_at=None,
    )
    before = earlier.select_related("round").order_by("-round__closes_at").first()
    # A report compares with the latest released one.
    return before if before is not None and before.round.state == State.RELEASED else None


def _who_answered_about(subject: Subject) -> Raters:
    requests = Request.objects.filter(subject=subject, state=RequestState.ANSWERED).select_related("rater")
    return _who_answered(requests)


def _finish(closing: Round, now: datetime) -> None:
    with transaction.atomic(durable=True), within(closing.organisation_id):
        round_ = hold(closing.pk)
        if round_.state == State.COLLECTING:
            move(round_, State.CLOSED, by=None, now=now)


def _shuffled(rows: Iterable[Row]) -> list[Row]:
    """In an order nobody can foretell."""
    shuffled = list(rows)
    _random.shuffle(shuffled)
    return shuffled


def _insert(model: type[Answer | Comment | ScaleStatistic], rows: list[Any]) -> None:
    model.objects.bulk_create(rows, batch_size=ROWS_PER_INSERT)
