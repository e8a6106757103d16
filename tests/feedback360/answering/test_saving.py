"""Answers saved as they go: sealed, resumed, the newest wins, sent once, refused when it is too late."""

from datetime import timedelta

import pytest

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid
from feedback360.answering.actions import answering
from feedback360.answering.actions.answering import save_answers, send_answers, sheet_of
from feedback360.answering.rules import AlreadySent, NotAsked, RoundIsOver
from feedback360.answering.sheet import Sheet
from feedback360.models import Request
from feedback360.staging.discard import discard_requests
from feedback360.staging.keys import NoKey, destroy_key
from tests.feedback360.answering.collecting import Collecting, collecting
from tests.times import NOW

FIRST, SECOND = "says-which-goal-matters", "shows-how-close-the-goal-is"


@pytest.fixture
def open_round(acme: Organisation) -> Collecting:
    return collecting(acme, ["team", "team", "self"])


def save(asked: Collecting, number: int = 0, **answers: object) -> None:
    with within(asked.organisation):
        save_answers(request=asked.request(number), now=answers.pop("now", NOW), **answers)


def saved(asked: Collecting, number: int = 0) -> Sheet:
    with within(asked.organisation):
        return sheet_of(asked.request(number))[0]


def test_answers_are_there_when_a_rater_comes_back(open_round: Collecting) -> None:
    save(open_round, values={FIRST: 4})
    save(open_round, values={SECOND: 0}, texts={open_round.content.questions[0].key: "Kind"})

    assert saved(open_round) == Sheet({FIRST: 4, SECOND: 0}, {open_round.content.questions[0].key: "Kind"})
    assert saved(open_round, 1) == Sheet()


def test_the_newest_answer_wins_and_no_other_is_lost(open_round: Collecting) -> None:
    """Two devices: each saves one item at a time, on top of what the other has saved."""
    save(open_round, values={FIRST: 2})
    save(open_round, values={SECOND: 5})
    save(open_round, values={FIRST: 4})

    assert saved(open_round).values == {FIRST: 4, SECOND: 5}
    with within(open_round.organisation):
        assert open_round.staged().count() == 1


def test_nothing_readable_about_the_rater_is_staged(open_round: Collecting) -> None:
    save(open_round, values={FIRST: 4}, texts={open_round.content.questions[0].key: "Findable words"})

    with within(open_round.organisation):
        row = open_round.staged().get()
    request = open_round.requests[0]
    assert b"Findable" not in bytes(row.sealed)
    assert FIRST.encode() not in bytes(row.sealed)
    assert {field.name for field in row._meta.fields} == {
        "id", "organisation", "slot", "subject", "group", "sealed", "is_sent",
    }  # fmt: skip
    assert str(request.pk).encode() not in bytes(row.slot)


def test_saving_an_answer_takes_two_statements(open_round: Collecting, count_queries: object) -> None:
    """The page has read the request with one more: three in all."""
    save(open_round, values={FIRST: 1})
    request = open_round.request(0)
    with within(open_round.organisation):
        statements = count_queries(lambda: save_answers(request=request, values={FIRST: 2}, now=NOW))

    assert len(statements) == 2


@pytest.mark.parametrize(
    "answers", [{"values": {FIRST: 6}}, {"values": {FIRST: -1}}, {"values": {"other": 3}}, {"texts": {"other": "x"}}]
)
def test_only_answers_of_the_questionnaire_are_taken(open_round: Collecting, answers: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        save(open_round, **answers)


def test_a_comment_longer_than_the_box_is_refused(open_round: Collecting) -> None:
    question = open_round.content.questions[0].key
    save(open_round, texts={question: "x" * 1500})
    with pytest.raises(Invalid):
        save(open_round, texts={question: "x" * 1501})


def test_an_item_of_another_relation_is_refused(open_round: Collecting) -> None:
    theirs = {item.key for item in open_round.content.items}
    peers = {item.key for item in open_round.content.items_for("peer")}
    assert theirs > peers
    asked = collecting(open_round.organisation, ["peer"])

    with pytest.raises(Invalid):
        save(asked, values={(theirs - peers).pop(): 3})


def test_after_closing_time_no_answer_is_taken(open_round: Collecting) -> None:
    """By the clock, though the round is not closed yet."""
    save(open_round, values={FIRST: 4}, now=open_round.closing_time - timedelta(seconds=1))

    for late in (open_round.closing_time, open_round.closing_time + timedelta(days=3)):
        with pytest.raises(RoundIsOver):
            save(open_round, values={FIRST: 1}, now=late)
        with pytest.raises(RoundIsOver):
            send_answers(request=open_round.request(0), now=late)
    assert saved(open_round).values == {FIRST: 4}


@pytest.mark.parametrize("state", ["draft", "nominating", "closed", "released", "cancelled"])
def test_only_a_collecting_round_takes_answers(open_round: Collecting, state: str) -> None:
    open_round.round.state = state
    with within(open_round.organisation):
        open_round.round.save()

    with pytest.raises(RoundIsOver):
        save(open_round, values={FIRST: 4})


@pytest.mark.parametrize("state", ["proposed", "approved", "declined", "withdrawn"])
def test_only_who_is_asked_can_answer(open_round: Collecting, state: str) -> None:
    with within(open_round.organisation):
        Request.objects.filter(pk=open_round.requests[0].pk).update(state=state)

    with pytest.raises(NotAsked):
        save(open_round, values={FIRST: 4})


def test_sent_means_sent(open_round: Collecting) -> None:
    open_round.answer(0)
    with pytest.raises(AlreadySent):
        save(open_round, values={FIRST: 1})

    send_answers(request=open_round.request(0), now=NOW)  # a double tap
    assert saved(open_round).values[FIRST] == 4
    assert open_round.request(0).state == "answered"


def test_nothing_answered_is_nothing_to_send(open_round: Collecting) -> None:
    with pytest.raises(Invalid):
        send_answers(request=open_round.request(0), now=NOW)
    save(open_round, values={FIRST: 0})
    with pytest.raises(Invalid):
        send_answers(request=open_round.request(0), now=NOW)
    assert open_round.request(0).state == "asked"


def test_a_crash_between_answers_and_mark_keeps_answers(
    open_round: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(answering, "mark_answered", _crash)
        with pytest.raises(KeyboardInterrupt):
            open_round.answer(0)

    with within(open_round.organisation):
        _sheet, is_sent = sheet_of(open_round.request(0))
    assert (is_sent, open_round.request(0).state) == (True, "asked")


def test_discarded_answers_are_gone(open_round: Collecting) -> None:
    save(open_round, values={FIRST: 4})
    save(open_round, 1, values={FIRST: 2})
    with within(open_round.organisation):
        discard_requests(round_id=open_round.round.pk, request_ids=[open_round.requests[0].pk])

    assert saved(open_round) == Sheet()
    assert saved(open_round, 1).values == {FIRST: 2}


def test_without_its_key_nothing_is_saved(open_round: Collecting) -> None:
    destroy_key(open_round.round.pk)

    with pytest.raises(NoKey):
        save(open_round, values={FIRST: 4})


def _crash(_request: Request) -> None:
    raise KeyboardInterrupt
