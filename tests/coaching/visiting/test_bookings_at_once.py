"""Many book at the same moment, each on a connection of their own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from coaching.models import Booking, Visit
from coaching.visiting.actions import settling
from coaching.visiting.actions.bookings import book
from coaching.visiting.actions.settling import settle
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.coaching.visiting.conftest import leaders
from tests.times import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PLACES, GUESTS = 6, 50


def six_places(cast: Cast, guests: int) -> tuple[Visit, list[Membership]]:
    with within(cast.acme):
        visit = make.VisitFactory(host=cast.gro.hosts.get(), capacity=PLACES)
        return visit, leaders(cast, guests)


def book_at_once(cast: Cast, visit: Visit, guests: list[Membership]) -> list[Booking]:
    """Everybody at the same instant."""
    together = Barrier(len(guests))

    def one(guest: Membership) -> Booking:
        try:
            connection.ensure_connection()
            together.wait(60)
            with within(cast.acme):
                mine = Visit.objects.select_related("host__member").get(pk=visit.pk)
                return book(visit=mine, rules_version=1, key=uuid4(), by=guest, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(guests)) as pool:
        return list(pool.map(one, guests))


def test_fifty_at_once_fill_six_places_and_44_wait(cast: Cast) -> None:
    visit, guests = six_places(cast, GUESTS)

    found = book_at_once(cast, visit, guests)

    with within(cast.acme):
        stored = Counter(visit.bookings.values_list("state", flat=True))
        seats = sorted(visit.bookings.seated().values_list("seat", flat=True))
    assert Counter(each.state for each in found) == stored == {"booked": PLACES, "waiting": GUESTS - PLACES}
    assert seats == [1, 2, 3, 4, 5, 6]


def test_a_place_that_many_settle_at_once_is_offered_once(cast: Cast) -> None:
    visit, guests = six_places(cast, 8)
    with within(cast.acme):
        for guest in guests:
            make.BookingFactory(visit=visit, guest=guest, state="waiting", joined_at=NOW)
        Visit.objects.filter(pk=visit.pk).update(capacity=1)
    together = Barrier(6)

    def one(_number: int) -> None:
        try:
            connection.ensure_connection()
            together.wait(60)
            with within(cast.acme):
                settle(Visit.objects.get(pk=visit.pk), now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(6)))

    with within(cast.acme):
        assert visit.bookings.filter(state="offered").count() == 1


def test_without_the_lock_the_database_still_books_nobody_over(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second guard: the same seat twice is refused, so a forgotten lock is an error, never a seventh guest."""
    visit, guests = six_places(cast, 12)
    monkeypatch.setattr(settling, "hold", lambda visit: visit)

    with suppress(IntegrityError):
        book_at_once(cast, visit, guests)

    with within(cast.acme):
        assert visit.bookings.seated().count() <= PLACES
