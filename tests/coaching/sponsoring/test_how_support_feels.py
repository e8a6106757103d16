"""The short form about support: when it is asked, once, and who reads it."""

from datetime import timedelta

import pytest

from coaching.models import SupportAnswer
from cohorts.models import Enrolment
from cohorts.tenancy.wall import within
from feedback360.models import FeedbackSettings
from tests.times import TODAY

ITEMS = {"interest": 4, "cover": 3, "example": 4, "freedom": 5, "checked_up_on": 1}


@pytest.fixture
def half_way(cast, client_for):
    """Ada on day 50, not asked before."""
    with within(cast.acme):
        SupportAnswer.objects.all().delete()
        enrolment = cast.enrolment(cast.ada)
        Enrolment.objects.filter(pk=enrolment.pk).update(day1_on=TODAY - timedelta(days=49))
        enrolment.pauses.all().delete()
        enrolment.cohort.pauses.all().delete()
    return client_for(cast.ada)


def answers(cast):
    with within(cast.acme):
        return list(SupportAnswer.objects.all())


def test_it_is_asked_on_today_and_answered_once(cast, half_way):
    assert "Say how the support of your sponsor feels" in half_way.get(half_way.url("today")).content.decode()
    half_way.post(half_way.url("felt_support"), ITEMS)
    half_way.post(half_way.url("felt_support"), ITEMS | {"interest": 1})

    (answer,) = answers(cast)
    assert (answer.interest, answer.moment, answer.threshold, answer.sponsor_id) == (4, "half_way", 5, cast.sol.pk)
    assert "Say how the support" not in half_way.get(half_way.url("today")).content.decode()


def test_the_label_says_who_reads_it(cast, half_way):
    with within(cast.acme):
        FeedbackSettings.objects.update(threshold=3)

    page = half_way.get(half_way.url("felt_support")).content.decode()

    assert "Nobody reads your answer by itself." in page
    assert "at least 3 leaders" in page


def test_outside_its_days_nothing_is_asked(cast, half_way):
    with within(cast.acme):
        Enrolment.objects.filter(leader=cast.ada).update(day1_on=TODAY - timedelta(days=20))

    assert "Nothing is asked right now" in half_way.get(half_way.url("felt_support")).content.decode()
    assert half_way.post(half_way.url("felt_support"), ITEMS).status_code == 409
    assert answers(cast) == []


def test_all_five_have_to_be_answered(cast, half_way):
    assert half_way.post(half_way.url("felt_support"), {**ITEMS, "cover": ""}).status_code == 422
    assert answers(cast) == []


def test_the_sponsor_reads_the_rule_instead_of_a_number(cast, client_for):
    sol = client_for(cast.sol)

    page = sol.get(sol.url("own_support")).content.decode()

    assert "Shown once 5 of your leaders have answered" in page
    assert "Keep going like this" not in page
