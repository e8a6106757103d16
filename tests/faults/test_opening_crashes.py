"""A worker killed while it opens a round, and two at once: everybody is asked once, and nobody is half asked."""

import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from feedback360 import engine
from feedback360.models import MemberMail, RaterMail, Request, RequestState, Result, Round, State, Subject
from feedback360.rounds.actions.moves import hold
from feedback360.rounds.actions.opening import open_round
from tests import factories as make
from tests.cast import Cast
from tests.faults.test_crashes import wait_until
from tests.times import NOW
from tests.workers import ROOT, worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.timeout(600)]

TEAM = 8
# Takes one turn, and dies for real when it comes to this function.
DOOMED = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from cohorts.models import Organisation
from feedback360 import engine
from feedback360.rounds.actions import opening

organisation_id, now, place = sys.argv[1:]

def doomed(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

if place:
    setattr(opening, place, doomed)
engine.turn(Organisation.objects.get(pk=int(organisation_id)), now=datetime.fromisoformat(now))
"""


@dataclass(frozen=True)
class Chosen:
    """A round whose opening is due, with an approved team for two leaders."""

    organisation: Organisation
    round_id: int
    opens_at: datetime

    def process(self, place: str = "", **streams: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", DOOMED, str(self.organisation.pk), self.opens_at.isoformat(), place]
        return subprocess.Popen(command, cwd=ROOT, env=worker_environment(25), **streams)

    def round(self) -> Round:
        with within(self.organisation):
            return Round.objects.get(pk=self.round_id)

    def counts(self) -> dict[str, int]:
        with within(self.organisation):
            asked = Request.objects.filter(subject__round=self.round_id, state=RequestState.ASKED)
            mails = RaterMail.objects.filter(rater__round=self.round_id)
            return {"asked": asked.count(), "mails": mails.count(), "raters": mails.values("rater").distinct().count()}


@pytest.fixture
def chosen(cast: Cast) -> Chosen:
    with within(cast.acme):
        Round.objects.update(next_at=None)
        round_ = make.RoundFactory(
            cohort=cast.house_of(cast.acme).cohort,
            key="killed",
            state=State.NOMINATING,
            opens_at=NOW,
            next_at=NOW,
            has_own_dates=True,
        )
        for enrolment in (cast.enrolment(cast.ada), cast.enrolment(cast.bo)):
            subject = make.SubjectFactory(round=round_, enrolment=enrolment, groups={})
            for _n in range(TEAM):
                rater = make.RaterFactory(round=round_)
                make.RequestFactory(subject=subject, rater=rater, state=RequestState.APPROVED, group="")
    return Chosen(cast.acme, round_.pk, NOW)


def everybody_asked(chosen: Chosen) -> dict[str, int]:
    """Two teams, a manager each, and every leader of the cohort about themself."""
    with within(chosen.organisation):
        subjects = Subject.objects.filter(round=chosen.round_id)
        leaders, managers = subjects.count(), subjects.exclude(manager=None).values("manager").distinct().count()
        asked = 2 * TEAM + leaders + subjects.exclude(manager=None).count()
    shared = 1  # Max is a manager and a leader: one rater, one mail
    return {"asked": asked, "mails": 2 * TEAM + leaders + managers - shared, "raters": asked - shared}


@pytest.mark.parametrize("place", ["_decide_groups", "_ask_nominated", "create_key", "invite", "write_to_raters"])
def test_a_round_killed_while_opening_is_opened_whole_by_the_next_turn(chosen: Chosen, place: str) -> None:
    assert chosen.process(place).wait() == -signal.SIGKILL
    assert chosen.round().state == State.NOMINATING
    assert chosen.counts() == {"asked": 0, "mails": 0, "raters": 0}

    engine.turn(chosen.organisation, now=chosen.opens_at)

    assert chosen.round().state == State.COLLECTING
    assert chosen.counts() == everybody_asked(chosen)


def test_a_turn_waits_for_another_and_then_finds_nothing_to_do(chosen: Chosen) -> None:
    with within(chosen.organisation):
        held = hold(chosen.round_id)
        other = chosen.process(stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        wait_until(_somebody_waits)
        open_round(held, now=chosen.opens_at)
    output, _nothing = other.communicate()

    assert b"could not go on" not in output
    assert chosen.counts() == everybody_asked(chosen)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def test_two_turns_at_once_ask_everybody_once(chosen: Chosen) -> None:
    both = [chosen.process() for _n in range(2)]
    assert [each.wait() for each in both] == [0, 0]

    assert chosen.round().state == State.COLLECTING
    assert chosen.counts() == everybody_asked(chosen)


def test_a_round_goes_from_opening_to_reports_by_itself(chosen: Chosen) -> None:
    seen = []
    while (next_at := chosen.round().next_at) is not None:
        engine.turn(chosen.organisation, now=next_at)
        seen.append(chosen.round().state)
        assert len(seen) < 20

    assert [*dict.fromkeys(seen)] == [State.COLLECTING, State.CLOSED, State.RELEASED]
    with within(chosen.organisation):
        subjects = Subject.objects.filter(round=chosen.round_id)
        assert Result.objects.filter(subject__in=subjects).count() == subjects.count()
        told = MemberMail.objects.filter(round=chosen.round_id, kind=MemberMail.Kind.RELEASED)
        assert told.count() == subjects.count()


def test_two_admins_closing_at_once_close_once(chosen: Chosen) -> None:
    engine.turn(chosen.organisation, now=chosen.opens_at)
    closes_at = chosen.round().closes_at
    later = Chosen(chosen.organisation, chosen.round_id, closes_at + timedelta(minutes=1))

    both = [later.process() for _n in range(2)]
    assert [each.wait() for each in both] == [0, 0]

    assert chosen.round().state == State.CLOSED
