"""Two who change the same pair of members at the same moment: one of them is told, and nothing breaks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from cohorts.models import AddressCorrection, Membership
from cohorts.models.delayed_change import DELAY
from cohorts.people.ownership import lock_organisation
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid
from programme.membership.correction import ask_merge, correct
from tests.cast import Cast
from tests.locks import wait_for_somebody
from tests.times import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def merging(cast: Cast, stays: str = "this") -> None:
    ask_merge(member=cast.cleo, email=cast.max.person.email, stays=stays, by=cast.hana, now=NOW)


def moving(cast: Cast) -> None:
    correct(member=cast.max, name=cast.max.name, email="max.new@acme.test", by=cast.olav, now=NOW)


def refusal_of(cast: Cast, change: Callable[[], None]) -> Exception | None:
    try:
        with within(cast.acme):
            change()
    except Exception as error:
        return error
    finally:
        connection.close()
    return None


def waiting(cast: Cast) -> int:
    with within(cast.acme):
        return AddressCorrection.objects.waiting().filter(member__in=[cast.cleo, cast.max]).count()


def test_of_two_merges_that_keep_another_one_each_one_is_refused(cast: Cast) -> None:
    with ThreadPoolExecutor(2) as threads:
        with transaction.atomic(), within(cast.acme):
            for member in (cast.cleo, cast.max):  # not committed: whoever wants to write one waits for this
                AddressCorrection.objects.create(member=member, asked_by=cast.olav, asked_at=NOW, due_at=NOW + DELAY)
            both = [
                threads.submit(refusal_of, cast, lambda stays=each: merging(cast, stays)) for each in ("this", "other")
            ]
            wait_for_somebody(2)
            transaction.set_rollback(True)
        refusals = [done.result() for done in both]

    assert [type(each) for each in refusals if each is not None] == [Invalid], refusals
    assert waiting(cast) == 1


def test_a_merge_holds_no_member_while_it_waits_for_an_import(cast: Cast) -> None:
    """Imports hold the organisation first, and members afterwards: the other way round, both wait for each other."""
    with ThreadPoolExecutor(1) as thread, transaction.atomic(), within(cast.acme):
        lock_organisation()
        other = thread.submit(refusal_of, cast, lambda: merging(cast))
        wait_for_somebody()
        both = Membership.objects.filter(pk__in=[cast.cleo.pk, cast.max.pk])
        assert len(both.select_for_update(of=("self",), nowait=True)) == 2

    assert (other.result(), waiting(cast)) == (None, 1)


def test_a_new_address_asked_for_during_a_merge_is_refused(cast: Cast) -> None:
    with ThreadPoolExecutor(1) as thread, transaction.atomic(), within(cast.acme):
        merging(cast)
        other = thread.submit(refusal_of, cast, lambda: moving(cast))
        wait_for_somebody()

    assert isinstance(other.result(), Invalid), other.result()
    assert waiting(cast) == 1
