"""Questions that wait: one mail of its own from the second overdue one on, then silence and a line for the admin."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from coaching.mails import COACHING_MAILS
from coaching.models import Ask, CoachingMail
from coaching.sponsoring.actions.prompting import prompt_sponsors
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.outbox import send
from tests.times import NOW

LATER = NOW + timedelta(days=14)


@pytest.fixture
def ada(cast):
    with within(cast.acme):
        Ask.objects.all().delete()
        CoachingMail.objects.all().delete()
    return cast.enrolment(cast.ada)


def ask(cast, ada, count):
    with within(cast.acme):
        for number in range(count):
            make.AskFactory(enrolment=ada, text=f"A secret question {number}", asked_at=NOW)


def turn(cast, now=LATER):
    """How many such mails there are after one more turn."""
    with within(cast.acme):
        prompt_sponsors(cast.acme, now=now)
        return CoachingMail.objects.filter(kind="asks_waiting", recipient=cast.sol).count()


def cohort_page(cast, client_for):
    hana = client_for(cast.hana)
    return hana.get(hana.url("cohort", cast.houses["acme"].cohort.pk)).content.decode()


def test_one_question_or_a_young_one_sends_nothing(cast, ada):
    ask(cast, ada, 1)
    assert turn(cast) == 0
    ask(cast, ada, 5)
    assert turn(cast, now=NOW + timedelta(days=5)) == 0


def test_the_channel_changes_once_and_there_is_never_a_third(cast, ada, smtp_server):
    ask(cast, ada, 2)
    assert [turn(cast), turn(cast)] == [1, 1]
    ask(cast, ada, 3)
    assert [turn(cast, now=LATER + timedelta(days=day)) for day in (1, 30)] == [1, 1]

    send(COACHING_MAILS, cast.acme, now=LATER)

    (mail,) = smtp_server.accepted
    message = message_from_bytes(mail.content, policy=policy.default)
    assert message["Subject"] == "5 questions wait for you"
    assert b"secret" not in mail.content


def test_then_the_admin_sees_a_line_without_a_question(cast, ada, client_for):
    ask(cast, ada, 2)
    assert "questions open" not in cohort_page(cast, client_for)
    turn(cast)

    page = cohort_page(cast, client_for)

    assert "1 sponsor leaves questions open" in page
    assert "secret" not in page


def test_an_answer_starts_it_anew(cast, ada, client_for):
    ask(cast, ada, 3)
    turn(cast)
    with within(cast.acme):
        first = Ask.objects.earliest("pk")
        first.answer, first.answered_at = "Yes.", LATER + timedelta(hours=1)
        first.save()
    assert "questions open" not in cohort_page(cast, client_for)

    assert turn(cast, now=LATER + timedelta(days=1)) == 2


def test_a_mail_is_not_sent_once_everything_is_answered(cast, ada, smtp_server):
    ask(cast, ada, 2)
    turn(cast)
    with within(cast.acme):
        Ask.objects.update(answer="Yes.", answered_at=LATER)

    send(COACHING_MAILS, cast.acme, now=LATER)

    assert smtp_server.accepted == []
