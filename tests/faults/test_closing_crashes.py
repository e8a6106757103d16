"""A worker killed while it closes a round: the next one goes on, no answer is lost, none is counted twice."""

import signal
import subprocess
import sys
from itertools import count

import pytest

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from feedback360.answering.actions.closing import close_round
from feedback360.models import Round, Subject
from feedback360.models.answers import Answer, Comment, StagedAnswers
from feedback360.staging.keys import NoKey, key_of
from tests import factories as make
from tests.feedback360.answering.collecting import Collecting, collecting
from tests.workers import ROOT, worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.timeout(600)]

LEADERS, RATERS = 3, 6

# Closes the round, and dies for real at one call of one function: before it, or right after.
DOOMED = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from feedback360.answering.actions import closing
from feedback360.models import Round

organisation_id, round_id, now, place, call = sys.argv[1:]
calls = 0
original = getattr(closing, place)

def doomed(*arguments, **named):
    global calls
    calls += 1
    if calls == int(call):
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*arguments, **named)

setattr(closing, place, doomed)
with within(int(organisation_id)):
    asked = Round.objects.get(pk=int(round_id))
closing.close_round(asked, datetime.fromisoformat(now))
"""


@pytest.fixture
def asked(cast: object, acme: Organisation) -> list[Collecting]:
    """One round about three leaders, everybody has answered."""
    first = collecting(acme, ["team"] * RATERS)
    rounds = [first]
    for _number in range(LEADERS - 1):
        with within(acme):
            subject = make.SubjectFactory(round=first.round, enrolment__cohort=first.round.cohort)
        rounds.append(collecting(acme, ["team"] * RATERS, subject=subject))
    question = first.content.questions[0].key
    for one in rounds:
        for number in range(RATERS):
            one.answer(number, one.sheet(number, 1 + number % 5, **{question: f"Words {number}"}))
    return rounds


def close_and_die(asked: Collecting, place: str, call: int) -> int:
    """The return code: -9 if it was killed, 0 if it came to its end first."""
    arguments = [asked.organisation.pk, asked.round.pk, asked.closing_time.isoformat(), place, call]
    done = subprocess.run(
        [sys.executable, "-c", DOOMED, *map(str, arguments)], cwd=ROOT, env=worker_environment(25), check=False
    )
    return done.returncode


def ensure_whole(asked: list[Collecting]) -> None:
    first = asked[0]
    with within(first.organisation):
        for subject in Subject.objects.filter(round=first.round):
            rows = Answer.objects.filter(subject=subject)
            staged = StagedAnswers.objects.filter(subject=subject).count()
            expected = (
                (RATERS * len(first.content.items_for("team")), RATERS, 0) if subject.is_closed else (0, 0, RATERS)
            )
            assert (rows.count(), Comment.objects.filter(subject=subject).count(), staged) == expected


# Each is a step of the closing: opening the answers, writing them, destroying the key, flipping the state.
@pytest.mark.parametrize("place", ["_repair_marks", "_opened", "_insert", "turnout", "destroy_key", "_finish", "move"])
def test_a_closing_killed_anywhere_goes_on(asked: list[Collecting], place: str) -> None:
    first = asked[0]
    killed = 0
    for call in count(1):
        returned = close_and_die(first, place, call)
        ensure_whole(asked)
        if returned == 0:
            break
        assert returned == -signal.SIGKILL
        killed += 1
        with within(first.organisation):
            assert Round.objects.get(pk=first.round.pk).state == "collecting"
        if killed == 2:
            break
    close_round(first.round, now=first.closing_time)

    assert killed > 0, "Nothing was killed, so nothing is proved."
    ensure_whole(asked)
    with within(first.organisation):
        assert Round.objects.get(pk=first.round.pk).state == "closed"
        assert not Subject.objects.filter(round=first.round, is_closed=False).exists()
    with pytest.raises(NoKey):
        key_of(first.round.pk)
