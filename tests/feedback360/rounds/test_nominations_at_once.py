"""Nominations that meet: the same address twice, a rater's last place of the month, an approval and an opening."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid
from feedback360.models import FeedbackSettings, Rater, Request
from feedback360.rounds.actions.nominations import nominate
from tests.feedback360.rounds.scenes import new_round, subject_of
from tests.times import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def together(organisation, *calls: Callable[[], object]) -> list[object]:
    """Run these at the same moment, each on its own connection. Returns results, or the refusals they raised."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            with within(organisation):
                return call()
        except Invalid as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def adding(subject, by, email="kari@firm.test"):
    return lambda: nominate(subject=subject, name="Kari", email=email, relation="team", by=by, now=NOW)


def test_the_same_address_at_once_is_added_once(cast, acme):
    with within(acme):
        subject = subject_of(cast, cast.ada, new_round(cast))

    results = together(acme, *[adding(subject, cast.ada)] * 4)

    refused = [result for result in results if isinstance(result, Invalid)]
    assert len(refused) == 3
    assert all("on this list already" in str(refusal) for refusal in refused)
    with within(acme):
        assert Rater.objects.filter(email="kari@firm.test").count() == 1


def test_two_leaders_at_once_make_one_rater_of_one_address(cast, acme):
    with within(acme):
        round_ = new_round(cast)
        ada, bo = subject_of(cast, cast.ada, round_), subject_of(cast, cast.bo, round_)

    results = together(acme, adding(ada, cast.ada), adding(bo, cast.bo, "KARI@firm.test"))

    assert all(isinstance(result, Request) for result in results)
    with within(acme):
        assert Rater.objects.filter(email__iexact="kari@firm.test").count() == 1


def test_two_leaders_at_once_cannot_both_take_the_last_place_of_a_month(cast, acme):
    with within(acme):
        FeedbackSettings.objects.update(monthly_requests=1)
        ada, bo = subject_of(cast, cast.ada, new_round(cast)), subject_of(cast, cast.bo, new_round(cast, key="other"))

    results = together(acme, adding(ada, cast.ada), adding(bo, cast.bo), adding(ada, cast.hana), adding(bo, cast.hana))

    assert sorted(type(result).__name__ for result in results) == ["Invalid"] * 3 + ["Request"]
