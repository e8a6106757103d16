"""Closing a round: answers become rows without raters, once, and whatever could link them is destroyed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from statistics import mean, variance
from threading import Event
from time import sleep

import pytest
from django.db import connection

from cohorts.models import AuditEntry, Organisation
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from feedback360.answering.actions import answering, closing
from feedback360.answering.actions.answering import save_answers, send_answers, sheet_of
from feedback360.answering.actions.closing import KeyMissing, close_round
from feedback360.answering.rules import RoundIsOver
from feedback360.answering.sheet import NOT_SEEN, Sheet
from feedback360.models import Request, Round, Subject
from feedback360.models.answers import Answer, Comment, ScaleStatistic, StagedAnswers
from feedback360.rounds.actions.rounds import cancel_round
from feedback360.staging import keys
from feedback360.staging.discard import discard_round
from feedback360.staging.keys import NoKey, create_key, destroy_key, key_of
from tests import factories as make
from tests.cast import Cast
from tests.feedback360.answering.collecting import Collecting, collecting
from tests.times import NOW

FIRST = "says-which-goal-matters"


@pytest.fixture
def open_round(acme: Organisation) -> Collecting:
    return collecting(acme, ["team"] * 6 + ["peer"] * 5 + ["manager", "self"])


def close(asked: Collecting) -> None:
    close_round(asked.round, now=asked.closing_time)


def state(asked: Collecting) -> str:
    with within(asked.organisation):
        return Round.objects.get(pk=asked.round.pk).state


def subject(asked: Collecting) -> Subject:
    with within(asked.organisation):
        return Subject.objects.get(pk=asked.subject.pk)


def values(asked: Collecting, group: str, item: str = FIRST) -> list[int]:
    with within(asked.organisation):
        rows = Answer.objects.filter(subject=asked.subject, group=group, item=item)
        return sorted(rows.values_list("value", flat=True))


def test_closing_writes_each_answer_once_and_no_rater(open_round: Collecting) -> None:
    question = open_round.content.questions[0].key
    for number in range(6):
        open_round.answer(number, open_round.sheet(number, 1 + number % 5, **{question: f" Words {number} "}))
    for number in range(6, 13):
        open_round.answer(number)
    close(open_round)

    assert state(open_round) == "closed"
    assert values(open_round, "team") == [1, 1, 2, 3, 4, 5]
    assert values(open_round, "peers") == [4] * 5
    assert values(open_round, "manager") == values(open_round, "self") == [4]
    with within(open_round.organisation):
        comments = Comment.objects.filter(subject=open_round.subject)
        assert sorted(comments.values_list("text", flat=True)) == [f"Words {number}" for number in range(6)]
        assert sorted(comments.values_list("place", flat=True)) == [1, 2, 3, 4, 5, 6]
        assert not open_round.staged().exists()
    with pytest.raises(NoKey):
        key_of(open_round.round.pk)


def test_closing_counts_turnout_by_group(open_round: Collecting) -> None:
    for number in (0, 1, 2, 3, 4, 6, 11):
        open_round.answer(number)
    close(open_round)

    assert subject(open_round).turnout == {
        "team": {"asked": 6, "answered": 5, "changed": None, "since": None},
        "peers": {"asked": 5, "answered": 1, "changed": None, "since": None},
        "manager": {"asked": 1, "answered": 1, "changed": None, "since": None},
        "self": {"asked": 1, "answered": 0, "changed": None, "since": None},
    }


def test_a_failed_invitation_counts_as_not_asked(open_round: Collecting) -> None:
    with within(open_round.organisation):
        make.RaterMailFactory(rater=open_round.requests[0].rater, state="failed")
        make.RaterMailFactory(rater=open_round.requests[1].rater, state="failed")
    open_round.answer(1)
    close(open_round)

    assert subject(open_round).turnout["team"] == {"asked": 5, "answered": 1, "changed": None, "since": None}


def test_a_group_below_the_threshold_is_destroyed_unread(open_round: Collecting) -> None:
    """Its answers could never be shown, and beside "who answered" they would be a link."""
    question = open_round.content.questions[0].key
    for number in range(4):
        open_round.answer(number, open_round.sheet(number, **{question: "Words"}))
    for number in range(6, 13):
        open_round.answer(number)
    close(open_round)

    assert values(open_round, "team") == []
    assert values(open_round, "peers") == [4] * 5
    with within(open_round.organisation):
        assert not Comment.objects.filter(subject=open_round.subject).exists()
        assert not ScaleStatistic.objects.filter(subject=open_round.subject, group="team").exists()


def test_items_below_the_threshold_are_destroyed_unread(open_round: Collecting) -> None:
    """Who reads the database knows that only one rater was asked this: the row would be that rater's answer."""
    second = open_round.content.items[1].key
    for number in range(6):
        sheet = open_round.sheet(number, 2)
        open_round.answer(number, sheet if number == 5 else Sheet({**sheet.values, FIRST: NOT_SEEN}, sheet.texts))
    for number in range(6, 13):
        open_round.answer(number)
    close(open_round)

    assert values(open_round, "team") == []
    assert values(open_round, "team", second) == [2] * 6
    assert values(open_round, "manager") == values(open_round, "self") == [4]


def test_comments_below_the_threshold_are_destroyed_unread(open_round: Collecting) -> None:
    first, second = (question.key for question in open_round.content.questions[:2])
    for number in range(6):
        words = {first: f"Words {number}"} if number else {first: "Words 0", second: "Mine alone"}
        open_round.answer(number, open_round.sheet(number, **words))
    open_round.answer(11, open_round.sheet(11, **{second: "The manager's"}))
    close(open_round)

    with within(open_round.organisation):
        kept = Comment.objects.filter(subject=open_round.subject)
        assert kept.filter(question=first).count() == 6
        assert list(kept.filter(question=second).values_list("text", flat=True)) == ["The manager's"]


def test_unsent_drafts_are_destroyed_unread(open_round: Collecting) -> None:
    for number in range(5):
        open_round.answer(number)
    open_round.answer(5, open_round.sheet(5, 1), send=False)
    close(open_round)

    assert values(open_round, "team") == [4] * 5
    with within(open_round.organisation):
        assert not open_round.staged().exists()


def test_spread_is_that_of_raters_own_means(open_round: Collecting) -> None:
    """Hand-worked for `clear`: three items; the third rater has seen one, the fifth none."""
    keys = open_round.content.keys_by_behaviour()["clear"][:2]
    rows = [(5, 3), (4, 4), (2, None), (1, 2), (None, None), (5, 5)]
    for number, row in enumerate(rows):
        seen = {key: value if value is not None else 0 for key, value in zip(keys, row, strict=True)}
        open_round.answer(number, Sheet({FIRST: 3, **seen}))
    close(open_round)

    with within(open_round.organisation):
        kept = ScaleStatistic.objects.get(subject=open_round.subject, group="team", scale="clear")
    # The second item has four answers, fewer than five, so only the first counts: 5, 4, 2, 1, 5.
    expected = [5, 4, 2, 1, 5]
    assert kept.raters == 5
    assert kept.mean == pytest.approx(mean(expected))
    assert kept.variance == pytest.approx(variance(expected))


def test_a_pair_counts_raters_who_answered_both(open_round: Collecting) -> None:
    clear, kind = (open_round.content.keys_by_behaviour()[name][0] for name in ("clear", "encouraging"))
    for number in range(5):
        open_round.answer(number, Sheet({clear: 5, kind: 3}))
    open_round.answer(5, Sheet({clear: 1, kind: 0}))
    close(open_round)

    with within(open_round.organisation):
        scales = {row.scale: row for row in ScaleStatistic.objects.filter(subject=open_round.subject, group="team")}
    assert (scales["clear+encouraging"].raters, scales["clear+encouraging"].mean) == (5, 4)
    assert scales["clear"].raters == 6
    assert "encouraging+clear" not in scales
    assert scales["all"].raters == 6


def test_changed_counts_raters_of_one_round_only(open_round: Collecting) -> None:
    open_round.answer_all()
    close(open_round)
    with within(open_round.organisation):
        Round.objects.filter(pk=open_round.round.pk).update(state="released")
    later = NOW + timedelta(days=80)
    with within(open_round.organisation):
        second = make.RoundFactory(
            cohort=open_round.round.cohort,
            key="round-end",
            questionnaire=open_round.round.questionnaire,
            opens_at=later,
            reminds_at=later + timedelta(days=5),
            closes_at=later + timedelta(days=9),
            releases_at=later + timedelta(days=10),
        )
        about = make.SubjectFactory(round=second, enrolment=open_round.subject.enrolment)
    again = collecting(open_round.organisation, ["team"] * 6 + ["peer"] * 5, subject=about)
    with within(open_round.organisation):
        for number in (0, 1, 2, 3, *range(6, 11)):  # four of the team and all peers are the same people
            rater = again.requests[number].rater
            rater.email = open_round.requests[number].rater.email.upper()
            rater.save()
    for number in range(11):
        again.answer(number, now=later)
    close_round(again.round, now=again.closing_time)

    assert subject(again).turnout["team"]["changed"] == 4
    assert subject(again).turnout["peers"]["changed"] == 0
    assert subject(again).turnout["team"]["since"] == open_round.subject.pk


def test_change_is_unknown_beside_an_unreleased_round(open_round: Collecting) -> None:
    """A report compares with the latest released one, and nobody knows yet which that will be."""
    open_round.answer_all()
    close(open_round)
    with within(open_round.organisation):
        round_ = Round.objects.get(pk=open_round.round.pk)
        round_.closes_at += timedelta(days=1)
        before = closing._before(round_, subject(open_round))
        Round.objects.filter(pk=round_.pk).update(state="released")
        released = closing._before(round_, subject(open_round))

    assert before is None
    assert released == open_round.subject


def test_a_round_in_another_cohort_is_compared_with(open_round: Collecting) -> None:
    """Else two rounds about one leader, in two cohorts with the same raters, would stand exactly side by side."""
    open_round.answer_all()
    close(open_round)
    with within(open_round.organisation):
        Round.objects.filter(pk=open_round.round.pk).update(state="released")
        elsewhere = make.EnrolmentFactory(leader=open_round.subject.enrolment.leader, cohort__name="Elsewhere")
        round_ = make.RoundFactory(cohort=elsewhere.cohort, closes_at=open_round.closing_time + timedelta(hours=1))
        before = closing._before(round_, make.SubjectFactory(round=round_, enrolment=elsewhere))

    assert before == open_round.subject


def test_plus_signs_make_no_new_rater_between_rounds(open_round: Collecting) -> None:
    """Else the same six people under new spellings would look like twelve who differ, and nothing would be coarse."""
    open_round.answer_all()
    with within(open_round.organisation):
        team = Request.objects.select_related("rater").filter(subject=open_round.subject, group="team")
        requests = list(team)
    for request in requests:
        request.rater.email = request.rater.email.replace("@", "+again@")
    tagged = closing._who_answered(requests)
    with within(open_round.organisation):
        plain = closing._who_answered(list(team.all()))

    assert tagged == plain
    assert len(tagged["team"] or ()) == 6


def test_an_erased_rater_leaves_the_change_unknown(open_round: Collecting) -> None:
    open_round.answer_all()
    with within(open_round.organisation):
        rater = open_round.requests[0].rater
        rater.erased_at = NOW
        rater.save()
        earlier = closing._who_answered(list(Request.objects.select_related("rater")))

    assert earlier["team"] is None
    assert len(earlier["peers"]) == 5


def test_a_round_that_is_being_closed_is_not_cancelled(open_round: Collecting, cast: Cast) -> None:
    """What is written down cannot be destroyed, as cancelling says it is."""
    open_round.answer_all()
    closing._close_subject(open_round.round, open_round.subject.pk)
    cancel = partial(cancel_round, round_=open_round.round, by=cast.hana, now=open_round.closing_time)
    with within(open_round.organisation):
        with pytest.raises(NotNow):
            cancel()
        assert state(open_round) == "collecting"
        destroy_key(open_round.round.pk)  # lost: the rest can never be opened
        cancel()

    assert state(open_round) == "cancelled"


def test_a_round_closes_at_its_time_and_once(open_round: Collecting) -> None:
    open_round.answer_all()
    with pytest.raises(NotNow):
        close_round(open_round.round, now=open_round.closing_time - timedelta(seconds=1))
    close(open_round)
    rows = values(open_round, "team")
    close(open_round)

    assert values(open_round, "team") == rows
    with within(open_round.organisation):
        assert AuditEntry.objects.filter(verb="moved a round to closed").count() == 1


@pytest.mark.parametrize("before", ["draft", "nominating", "cancelled"])
def test_only_a_collecting_round_can_close(open_round: Collecting, before: str) -> None:
    with within(open_round.organisation):
        Round.objects.update(state=before)

    with pytest.raises(NotNow):
        close(open_round)
    assert state(open_round) == before


def test_closing_repairs_a_mark_lost_in_a_crash(open_round: Collecting) -> None:
    open_round.answer_all()
    with within(open_round.organisation):
        Request.objects.filter(pk=open_round.requests[0].pk).update(state="asked")
    close(open_round)

    assert open_round.request(0).state == "answered"
    assert subject(open_round).turnout["team"]["answered"] == 6


def test_answers_of_somebody_taken_off_the_list_are_not_read(open_round: Collecting) -> None:
    open_round.answer_all({0: 1})
    with within(open_round.organisation):
        Request.objects.filter(pk=open_round.requests[0].pk).update(state="withdrawn")
    close(open_round)

    assert values(open_round, "team") == [4] * 5
    assert subject(open_round).turnout["team"]["answered"] == 5


def test_a_leader_who_left_is_closed_without_reading(open_round: Collecting) -> None:
    open_round.answer_all()
    with within(open_round.organisation):
        Subject.objects.update(withdrawn_at=NOW)
    close(open_round)

    assert (subject(open_round).is_closed, subject(open_round).turnout) == (True, {})
    assert values(open_round, "team") == []
    with within(open_round.organisation):
        assert not open_round.staged().exists()


def test_closing_waits_when_the_key_is_missing(open_round: Collecting, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is thrown away for a folder that is not shared: the key may still turn up."""
    open_round.answer_all()
    key = key_of(open_round.round.pk)
    destroy_key(open_round.round.pk)

    with pytest.raises(KeyMissing):
        close(open_round)
    assert state(open_round) == "collecting"
    assert "round_key_missing" in caplog.text
    with within(open_round.organisation):
        assert open_round.staged().count() == 13

    create_key(open_round.round.pk)
    keys._path(open_round.round.pk).write_bytes(key)
    close(open_round)
    assert values(open_round, "team") == [4] * 6


def test_without_sent_answers_no_key_is_needed(open_round: Collecting) -> None:
    open_round.answer(0, send=False)
    destroy_key(open_round.round.pk)
    close(open_round)

    assert state(open_round) == "closed"


def test_an_altered_row_is_left_out_and_logged(open_round: Collecting, caplog: pytest.LogCaptureFixture) -> None:
    open_round.answer_all()
    with within(open_round.organisation):
        row = open_round.staged().filter(group="team").first()
        open_round.staged().filter(pk=row.pk).update(sealed=bytes(row.sealed)[:-1] + b"?")
    close(open_round)

    assert values(open_round, "team") == [4] * 5
    assert "answers_unreadable" in caplog.text
    assert "'count': 1" in caplog.text


def test_closing_inside_a_transaction_is_refused(open_round: Collecting) -> None:
    """The key would be gone although the transaction could still be rolled back."""
    open_round.answer_all()
    with within(open_round.organisation), pytest.raises(RuntimeError, match="durable"):
        close(open_round)

    assert key_of(open_round.round.pk)


def test_a_cancelled_round_destroys_answers_and_key(
    open_round: Collecting, django_capture_on_commit_callbacks: object
) -> None:
    open_round.answer_all()
    with django_capture_on_commit_callbacks(execute=True), within(open_round.organisation):
        Round.objects.update(state="cancelled")
        discard_round(open_round.round)

    with within(open_round.organisation):
        assert not open_round.staged().exists()
    with pytest.raises(NoKey):
        key_of(open_round.round.pk)


def test_comments_of_two_questions_are_shuffled_apart(acme: Organisation) -> None:
    """Twenty raters: the same order for both questions would happen once in 20! times."""
    asked = collecting(acme, ["team"] * 20)
    first, second = (question.key for question in asked.content.questions[:2])
    for number in range(20):
        asked.answer(number, Sheet({FIRST: 4}, {first: f"{number}", second: f"{number}"}))
    close(asked)

    with within(acme):
        rows = Comment.objects.filter(subject=asked.subject).order_by("place")
        orders = [[row.text for row in rows if row.question == question] for question in (first, second)]
    assert orders[0] != orders[1]
    assert [f"{number}" for number in range(20)] not in orders


def test_a_second_closer_does_not_count_again(open_round: Collecting) -> None:
    """It has waited for the first at the leader's row."""
    open_round.answer_all()
    closing._close_subject(open_round.round, open_round.subject.pk)
    closing._close_subject(open_round.round, open_round.subject.pk)

    assert subject(open_round).turnout["team"]["answered"] == 6
    assert values(open_round, "team") == [4] * 6


def test_a_round_cancelled_while_closing_stops_there(open_round: Collecting) -> None:
    open_round.answer_all()
    with within(open_round.organisation):
        Round.objects.filter(pk=open_round.round.pk).update(state="cancelled")
    closing._close_subject(open_round.round, open_round.subject.pk)
    closing._finish(open_round.round, open_round.closing_time)

    assert values(open_round, "team") == []
    assert state(open_round) == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_two_closers_at_once_close_it_once(acme: Organisation) -> None:
    asked = collecting(acme, ["team"] * 6)
    asked.answer_all()

    def close_here(_number: int) -> None:
        try:
            close(asked)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as closers:
        list(closers.map(close_here, range(2)))

    assert values(asked, "team") == [4] * 6
    assert state(asked) == "closed"


@pytest.mark.django_db(transaction=True)
def test_who_sends_while_their_leader_is_closed_is_counted(acme: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """They hold their row and will read "sent", so the closing waits for them."""
    asked = collecting(acme, ["team"] * 6)
    for number in range(5):
        asked.answer(number)
    asked.answer(5, send=False)
    request, holds, may_go = asked.request(5), Event(), Event()
    opened = answering._opened

    def slowly(key: bytes, staged: StagedAnswers) -> Sheet:
        holds.set()
        assert may_go.wait(30)
        return opened(key, staged)

    def in_a_thread(act: Callable[[], None]) -> None:
        try:
            act()
        finally:
            connection.close()

    monkeypatch.setattr(answering, "_opened", slowly)
    monkeypatch.setattr(answering, "mark_answered", lambda _request: None)  # it comes later still
    with ThreadPoolExecutor(2) as threads:
        sender = threads.submit(in_a_thread, lambda: send_answers(request=request, now=NOW))
        assert holds.wait(30)
        closer = threads.submit(in_a_thread, lambda: close(asked))
        sleep(1)
        may_go.set()
        sender.result()
        closer.result()

    assert values(asked, "team") == [4] * 6
    assert subject(asked).turnout["team"]["answered"] == 6


@pytest.mark.django_db(transaction=True)
def test_who_sends_just_after_their_leader_was_closed_is_refused(acme: Organisation) -> None:
    asked = collecting(acme, ["team"] * 6)
    asked.answer(0, send=False)
    request = asked.request(0)
    close(asked)

    create_key(asked.round.pk)  # as in a process that has read the key before
    with pytest.raises(RoundIsOver):
        send_answers(request=request, now=asked.closing_time - timedelta(milliseconds=1))
    destroy_key(asked.round.pk)


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_waits_for_the_closing_is_refused(acme: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """It passed the clock, then its leader was closed before it was written."""
    asked = collecting(acme, ["team"] * 6)
    for number in range(5):
        asked.answer(number)
    request = asked.request(5)
    close(asked)

    create_key(asked.round.pk)  # as in a process that has read the key before
    with within(acme), pytest.raises(RoundIsOver):
        save_answers(request=request, values={FIRST: 1}, now=asked.closing_time - timedelta(milliseconds=1))
    with within(acme):
        assert not asked.staged().exists()
        assert sheet_of(request) == (Sheet(), False)
    destroy_key(asked.round.pk)
