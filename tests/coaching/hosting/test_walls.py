"""Questions to a talk: without a name for everybody, hidden once reported, answered in writing."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from coaching.hosting.actions.questions import (
    answer_question,
    ask_question,
    judge_question,
    put_question_back,
    report_question,
    take_back_question,
    vote,
)
from coaching.hosting.wall import wall_of
from coaching.models import TalkQuestion, Visit
from cohorts.models import AuditEntry, Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW


@pytest.fixture
def talk(cast: Cast) -> Iterator[Visit]:
    """Bo asked about the handover; nobody voted for it."""
    with within(cast.acme):
        talk = Visit.objects.select_related("host").get(format="talk")
        TalkQuestion.objects.all().delete()
        make.TalkQuestionFactory(visit=talk, asked_by=cast.bo, text="How long is a handover?")
        yield talk


@pytest.fixture
def question(talk: Visit) -> TalkQuestion:
    return talk.questions.get()


def asked(talk: Visit, by: Membership, text: str = "And on Mondays?", **changes) -> TalkQuestion:
    return ask_question(**{"visit": talk, "text": text, "key": uuid4(), "by": by, "now": NOW, **changes})


def texts(talk: Visit, member: Membership) -> list[str]:
    return [each.question.text for each in wall_of(talk, member)]


def test_the_most_wanted_question_comes_first(talk: Visit, question: TalkQuestion, cast: Cast) -> None:
    second = asked(talk, cast.ada)
    assert texts(talk, cast.max) == ["How long is a handover?", "And on Mondays?"]

    vote(question=second, by=cast.bo, is_on=True)
    vote(question=second, by=cast.bo, is_on=True)

    assert [(each.question.text, each.votes) for each in wall_of(talk, cast.max)] == [
        ("And on Mondays?", 2),
        ("How long is a handover?", 1),
    ]
    vote(question=second, by=cast.bo, is_on=False)
    assert wall_of(talk, cast.max)[1].votes == 1


def test_nobody_reads_who_asked_while_nothing_is_reported(talk: Visit, cast: Cast) -> None:
    for member in (cast.ada, cast.bo, cast.gro, cast.hana, cast.olav):
        assert [each.asker for each in wall_of(talk, member)] == [""]


def test_a_reported_question_is_hidden_from_all_but_admins(talk: Visit, question: TalkQuestion, cast: Cast) -> None:
    report_question(question=question, by=cast.ada, now=NOW)

    for member in (cast.ada, cast.bo, cast.max, cast.gro):
        assert texts(talk, member) == []
    for admin in (cast.hana, cast.olav):
        assert [each.asker for each in wall_of(talk, admin)] == ["Åse-Kristin Bjørnstjerne-Ødegård"]


def test_a_report_leaves_a_line_in_the_audit_without_its_text(question: TalkQuestion, cast: Cast) -> None:
    report_question(question=question, by=cast.ada, now=NOW)
    report_question(question=question, by=cast.ada, now=NOW)

    entry = AuditEntry.objects.get(verb="reported question")
    assert (entry.thing_id, entry.details) == (question.pk, {})


def test_a_question_that_is_kept_has_no_name_again_and_stays(talk: Visit, question: TalkQuestion, cast: Cast) -> None:
    report_question(question=question, by=cast.ada, now=NOW)

    judge_question(question=question, keeps=True, by=cast.hana, now=NOW)

    assert [each.asker for each in wall_of(talk, cast.hana)] == [""]
    assert texts(talk, cast.ada) == ["How long is a handover?"]
    with pytest.raises(NotNow, match="it stays"):
        report_question(question=question, by=cast.max, now=NOW)


def test_a_removed_question_can_be_put_back(talk: Visit, question: TalkQuestion, cast: Cast) -> None:
    report_question(question=question, by=cast.ada, now=NOW)
    judge_question(question=question, keeps=False, by=cast.hana, now=NOW)
    assert texts(talk, cast.ada) == []

    judge_question(question=question, keeps=True, by=cast.hana, now=NOW)

    assert texts(talk, cast.ada) == ["How long is a handover?"]


def test_only_admins_judge_and_only_what_was_reported(question: TalkQuestion, cast: Cast) -> None:
    with pytest.raises(NotNow, match="Nobody has reported"):
        judge_question(question=question, keeps=False, by=cast.hana, now=NOW)
    report_question(question=question, by=cast.gro, now=NOW)
    for name in ("ada", "bo", "gro", "sol"):
        with pytest.raises(NotYours):
            judge_question(question=question, keeps=True, by=getattr(cast, name), now=NOW)


def test_nobody_reports_what_they_do_not_read(question: TalkQuestion, cast: Cast) -> None:
    for name in ("bo", "sol", "cleo"):  # the one who asked, and two who are no leaders
        with pytest.raises(NotYours):
            report_question(question=question, by=getattr(cast, name), now=NOW)


def test_only_leaders_ask_and_vote(talk: Visit, question: TalkQuestion, cast: Cast) -> None:
    for name in ("sol", "gro", "hana", "cleo"):
        with pytest.raises(NotYours):
            asked(talk, getattr(cast, name))
        with pytest.raises(NotYours):
            vote(question=question, by=getattr(cast, name), is_on=True)


def test_a_question_sent_twice_is_asked_once(talk: Visit, cast: Cast) -> None:
    key = uuid4()

    assert asked(talk, cast.ada, key=key) == asked(talk, cast.ada, key=key)


def test_one_person_has_five_questions_on_a_wall(talk: Visit, cast: Cast) -> None:
    first, *_rest = [asked(talk, cast.ada, f"Question {number}") for number in range(5)]
    with pytest.raises(NotNow, match="You have asked 5 questions"):
        asked(talk, cast.ada)

    take_back_question(question=first, by=cast.ada)

    assert asked(talk, cast.ada)


def test_questions_end_when_the_talk_begins(talk: Visit, cast: Cast) -> None:
    with pytest.raises(NotNow, match="has begun"):
        asked(talk, cast.ada, now=talk.starts_at)
    assert asked(talk, cast.ada, now=talk.starts_at - timedelta(minutes=1))
    with pytest.raises(Invalid):
        asked(talk, cast.ada, "x" * 301)


def test_a_visit_has_no_wall(talk: Visit, cast: Cast) -> None:
    with pytest.raises(NotNow, match="talks only"):
        asked(Visit.objects.get(format="visit"), cast.ada)


def test_the_own_vote_counts_once(question: TalkQuestion, cast: Cast) -> None:
    with pytest.raises(NotNow, match="your own question"):
        vote(question=question, by=cast.bo, is_on=True)


def test_a_question_is_taken_back_until_it_is_answered(talk: Visit, question: TalkQuestion, cast: Cast) -> None:
    with pytest.raises(NotYours):
        take_back_question(question=question, by=cast.ada)
    take_back_question(question=question, by=cast.bo)
    assert texts(talk, cast.ada) == texts(talk, cast.hana) == []

    put_question_back(question=question, by=cast.bo)
    assert texts(talk, cast.ada) == ["How long is a handover?"]
    answer_question(question=question, answer="Three lines.", by=cast.gro, now=NOW)
    with pytest.raises(NotNow, match="has an answer"):
        take_back_question(question=question, by=cast.bo)


def test_taking_back_does_not_undo_a_report(talk: Visit, question: TalkQuestion, cast: Cast) -> None:
    report_question(question=question, by=cast.ada, now=NOW)
    with pytest.raises(NotNow):
        take_back_question(question=question, by=cast.bo)

    put_question_back(question=question, by=cast.bo)

    assert texts(talk, cast.ada) == []


def test_the_host_answers_and_everybody_reads_it_afterwards(talk: Visit, question: TalkQuestion, cast: Cast) -> None:
    with pytest.raises(NotYours):
        answer_question(question=question, answer="No.", by=cast.ada, now=NOW)

    answer_question(question=question, answer="Three lines.", by=cast.gro, now=NOW)

    (line,) = wall_of(talk, cast.max)
    assert line.question.answer == "Three lines."
    assert question.answered_at == NOW


def test_the_wall_asks_as_much_for_thirty_questions(talk: Visit, cast: Cast, same_queries_at_1_and_30) -> None:
    def one_more(number: int) -> None:
        question = make.TalkQuestionFactory(visit=talk, asked_by=cast.max, text=f"Question {number}")
        make.TalkVoteFactory(question=question, member=cast.bo)

    assert same_queries_at_1_and_30(lambda: wall_of(talk, cast.ada), one_more) <= 3


def test_a_key_tells_nobody_what_somebody_else_asked(talk: Visit, cast: Cast) -> None:
    key = uuid4()

    first, second = asked(talk, cast.ada, key=key), asked(talk, cast.max, key=key)

    assert (first.asked_by, second.asked_by) == (cast.ada, cast.max)


def test_an_admin_cannot_unmask_by_reporting(talk: Visit, question: TalkQuestion, cast: Cast) -> None:
    cast.hana.roles = ["admin", "leader"]
    cast.hana.save(update_fields=["roles"])

    with pytest.raises(NotYours):
        report_question(question=question, by=cast.hana, now=NOW)
    assert [(each.asker, each.may_report) for each in wall_of(talk, cast.hana)] == [("", False)]


def test_taking_back_and_undo_make_no_sixth_question(talk: Visit, cast: Cast) -> None:
    first, *_rest = [asked(talk, cast.ada, f"Question {number}") for number in range(5)]
    take_back_question(question=first, by=cast.ada)
    asked(talk, cast.ada, "A sixth")

    with pytest.raises(NotNow, match="You have asked 5 questions"):
        put_question_back(question=first, by=cast.ada)
