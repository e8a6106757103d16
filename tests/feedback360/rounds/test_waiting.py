"""What Today and a sponsor's home say a round waits for."""

from datetime import timedelta
from typing import Any

import pytest

from cohorts.enrolment.current import own_clock
from cohorts.tenancy.wall import within
from feedback360.models import Request, Round, Subject
from feedback360.rounds.waiting import leader_tasks, rounds_of_leader, tasks_of_sponsor
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(settings: Any) -> None:
    """As inside an organisation."""
    settings.ROOT_URLCONF = settings.ORGANISATION_URLCONF


@pytest.fixture
def subject(cast: Cast) -> Subject:
    """Ada's, in the open round of Acme."""
    with within(cast.acme):
        return Subject.objects.select_related("round").get(enrolment=cast.enrolment(cast.ada))


def in_state(subject: Subject, state: str, **changes: object) -> None:
    with within(subject.organisation_id):
        Round.objects.filter(pk=subject.round_id).update(state=state, **changes)


def tasks_of_ada(cast: Cast) -> list[str]:
    with within(cast.acme):
        clock = own_clock(cast.ada, rounds=rounds_of_leader(now=NOW))
        return [task.text for task in leader_tasks(clock.rounds)]


def sponsor_tasks(cast: Cast) -> list[str]:
    with within(cast.acme):
        return [task.text for task in tasks_of_sponsor(cast.sol)]


def test_a_leader_without_raters_is_asked_to_choose(cast: Cast, subject: Subject) -> None:
    in_state(subject, "nominating")
    assert tasks_of_ada(cast) == []

    with within(cast.acme):
        Request.objects.filter(subject=subject).update(state="withdrawn")
    assert tasks_of_ada(cast) == ["Choose who gives you feedback"]


def test_a_leader_answers_about_themself_until_sent(cast: Cast, subject: Subject) -> None:
    with within(cast.acme):
        rater = make.RaterFactory(round=subject.round, membership=cast.ada)
        own = make.RequestFactory(subject=subject, rater=rater, relation="self", group="self")
    assert tasks_of_ada(cast) == ["Answer the 360 about yourself"]

    with within(cast.acme):
        Request.objects.filter(pk=own.pk).update(state="answered")
    assert tasks_of_ada(cast) == []


def test_what_a_leader_reads_is_the_same_after_a_rater_answers(cast: Cast, subject: Subject) -> None:
    before = tasks_of_ada(cast)
    with within(cast.acme):
        Request.objects.filter(subject=subject).update(state="answered")

    assert tasks_of_ada(cast) == before


def test_a_new_report_waits_until_something_is_chosen(cast: Cast, subject: Subject) -> None:
    in_state(subject, "released", releases_at=NOW - timedelta(days=2), closes_at=NOW - timedelta(days=3),
             reminds_at=NOW - timedelta(days=4), opens_at=NOW - timedelta(days=9))  # fmt: skip
    assert tasks_of_ada(cast) == ["Read how others see your leadership"]

    with within(cast.acme):
        Subject.objects.filter(pk=subject.pk).update(strength="clear", growth="encouraging")
    assert tasks_of_ada(cast) == []


def test_a_sponsor_approves_lists_and_answers(cast: Cast, subject: Subject) -> None:
    assert sponsor_tasks(cast) == []

    with within(cast.acme):
        Request.objects.filter(subject=subject).update(state="proposed")
        rater = make.RaterFactory(round=subject.round, membership=cast.sol)
        make.RequestFactory(subject=subject, rater=rater, relation="manager", group="manager")
    assert sponsor_tasks(cast) == ["Approve who gives feedback to one leader", "Answer the 360 about one leader"]

    with within(cast.acme):
        Subject.objects.filter(pk=subject.pk).update(withdrawn_at=NOW)
    assert sponsor_tasks(cast) == []
