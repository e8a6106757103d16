"""Who did not come: said by the host alone, for a week, and taken back as easily."""

from datetime import timedelta

import pytest

from coaching.models import Booking, CoachingMail, Visit, VisitHelp
from coaching.visiting.actions.attendance import mark_no_show, say_what_helps, take_back_no_show
from coaching.visiting.attendance import asks_for_help
from cohorts.models import AuditEntry
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW

HALF = timedelta(minutes=30)
WEEK = timedelta(days=7)


@pytest.fixture
def booking(inside: Cast, visit: Visit) -> Booking:
    return make.BookingFactory(visit=visit, guest=inside.ada)


def state(booking: Booking) -> str:
    booking.refresh_from_db()
    return booking.state


@pytest.mark.parametrize("after", [HALF, WEEK])
def test_the_host_says_who_did_not_come_and_takes_it_back(inside: Cast, booking: Booking, after: timedelta) -> None:
    now = booking.starts_at + after

    mark_no_show(booking=booking, by=inside.gro, now=now)
    mark_no_show(booking=booking, by=inside.gro, now=now)
    marked = state(booking)
    take_back_no_show(booking=booking, by=inside.gro, now=now)

    assert (marked, state(booking)) == ("no_show", "booked")


@pytest.mark.parametrize("after", [HALF - timedelta(seconds=1), WEEK + timedelta(seconds=1)])
def test_it_is_said_from_half_an_hour_after_the_start_for_a_week(
    inside: Cast, booking: Booking, after: timedelta
) -> None:
    with pytest.raises(NotNow):
        mark_no_show(booking=booking, by=inside.gro, now=booking.starts_at + after)


def test_nobody_but_the_host_says_it(inside: Cast, booking: Booking) -> None:
    now = booking.starts_at + HALF
    for name, member in inside.houses["acme"].members.items():
        if name != "gro":
            with pytest.raises(NotYours):
                mark_no_show(booking=booking, by=member, now=now)
            with pytest.raises(NotYours):
                take_back_no_show(booking=booking, by=member, now=now)


def test_only_a_booked_place_can_be_a_no_show(inside: Cast, visit: Visit) -> None:
    waiting = make.BookingFactory(visit=visit, guest=inside.ada, state="waiting")

    with pytest.raises(NotNow):
        mark_no_show(booking=waiting, by=inside.gro, now=visit.starts_at + HALF)


def test_a_no_show_leaves_no_trail_and_sends_no_mail(inside: Cast, booking: Booking) -> None:
    before = AuditEntry.objects.count(), CoachingMail.objects.count()

    mark_no_show(booking=booking, by=inside.gro, now=booking.starts_at + HALF)

    assert (AuditEntry.objects.count(), CoachingMail.objects.count()) == before


def missed(cast: Cast, visit: Visit, *days_ago: int) -> None:
    for ago in days_ago:
        other = make.VisitFactory(host=visit.host, starts_at=NOW - timedelta(days=ago))
        make.BookingFactory(visit=other, guest=cast.bo, state="no_show")


@pytest.mark.parametrize(
    ("days_ago", "asks"), [((5,), False), ((5, 89), True), ((5, 91), False), ((2, 10, 30), True), ((), False)]
)
def test_after_two_in_ninety_days_a_guest_is_asked(
    inside: Cast, visit: Visit, days_ago: tuple[int, ...], asks: bool
) -> None:
    missed(inside, visit, *days_ago)

    assert asks_for_help(inside.bo, now=NOW) is asks


def test_the_answer_is_given_once(inside: Cast, visit: Visit) -> None:
    missed(inside, visit, 5, 10)

    say_what_helps(wants="remote", by=inside.bo, now=NOW)

    assert not asks_for_help(inside.bo, now=NOW)
    with pytest.raises(NotNow):
        say_what_helps(wants="cover", by=inside.bo, now=NOW)
    assert VisitHelp.objects.get(guest=inside.bo).wants == "remote"


def test_the_answer_is_one_of_the_choices(inside: Cast, visit: Visit) -> None:
    missed(inside, visit, 5, 10)

    with pytest.raises(Invalid):
        say_what_helps(wants="a reason", by=inside.bo, now=NOW)


def test_somebody_who_was_never_asked_answers_nothing(inside: Cast) -> None:
    with pytest.raises(NotNow):
        say_what_helps(wants="remote", by=inside.bo, now=NOW)
