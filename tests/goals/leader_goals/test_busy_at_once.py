"""Two at the same moment, on two connections: an offer is answered once, a period begins once."""

import pytest

from cohorts.models import Enrolment
from cohorts.tenancy.wall import within
from goals.leader_goals.actions.busy import answer_busy_period, begin_if_due, offer_busy_period
from goals.models import BusyAnswer, BusyPeriod, Dial
from tests import factories as make
from tests.cast import Cast
from tests.goals.habits.test_two_taps import at_once
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 4


@pytest.fixture
def ada(cast: Cast) -> Enrolment:
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        BusyPeriod.objects.all().delete()
        Dial.objects.filter(focus__enrolment=enrolment).delete()
    return enrolment


def turned(cast: Cast, enrolment: Enrolment) -> int:
    with within(cast.acme):
        return Dial.objects.filter(focus__enrolment=enrolment).count()


def test_an_offer_tapped_several_times_turns_each_dial_once(cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        period = make.BusyPeriodFactory(cohort=ada.cohort, offered_by=cast.hana)

    def accept() -> BusyAnswer:
        found = BusyPeriod.objects.get(pk=period.pk)
        return answer_busy_period(period=found, enrolment=ada, accepts=True, by=cast.ada, now=NOW)

    answers = at_once(cast, *[accept] * TIMES)

    assert len({answer.pk for answer in answers}) == 1  # type: ignore[attr-defined]
    assert turned(cast, ada) == 2


def test_two_workers_begin_a_busy_period_once(cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        period = make.BusyPeriodFactory(cohort=ada.cohort, offered_by=cast.hana)
        answer = make.BusyAnswerFactory(period=period, enrolment=ada)

    def begin() -> None:
        found = BusyAnswer.objects.select_related("period", "enrolment").get(pk=answer.pk)
        begin_if_due(answer=found, now=NOW)

    at_once(cast, *[begin] * TIMES)

    assert turned(cast, ada) == 2


def test_an_offer_sent_several_times_is_made_once(cast: Cast, ada: Enrolment) -> None:
    plan = {"title": "Outage", "level": 1, "starts_on": TODAY, "ends_on": TODAY}

    def offer() -> BusyPeriod:
        return offer_busy_period(cohort=ada.cohort, today=TODAY, by=cast.hana, now=NOW, **plan)

    offers = at_once(cast, *[offer] * TIMES)

    assert len({offer.pk for offer in offers}) == 1  # type: ignore[attr-defined]
