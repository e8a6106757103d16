"""What the clock does for visits: offers, moves, cancelled dates, reminders."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from coaching.hosting.actions.dates import cancel_date
from coaching.models import Booking, CalendarMail, CoachingMail, Visit
from coaching.visiting.actions import turning
from coaching.visiting.actions.bookings import book, leave
from coaching.visiting.actions.turning import due_visits, turn_visits
from coaching.visiting.mails import VisitMail
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.coaching.visiting.conftest import leaders
from tests.times import NOW

START = datetime(2026, 3, 25, 8, 30, tzinfo=UTC)  # the Wednesday two weeks from now, 9.30 in Oslo


def turn(cast: Cast, now: datetime) -> None:
    turn_visits(cast.acme, now=now)


def mails(kind: VisitMail, **about: int) -> list[str]:
    found = CoachingMail.objects.filter(kind=kind, **about).order_by("recipient__name")
    return list(found.values_list("recipient__name", flat=True))


def full(cast: Cast, visit: Visit, waiting: int) -> list[Booking]:
    guests = leaders(cast, visit.capacity + waiting)
    return [
        book(visit=visit, rules_version=1, key=uuid4(), by=guest, now=NOW + timedelta(seconds=number))
        for number, guest in enumerate(guests)
    ]


def test_a_quiet_minute_settles_nothing(inside: Cast, visit: Visit) -> None:
    full(inside, visit, 2)

    assert visit.pk not in set(due_visits(now=NOW))


def test_the_clock_makes_offers_and_lapses_them(inside: Cast, visit: Visit) -> None:
    found = full(inside, visit, 2)
    leave(booking=found[0], by=found[0].guest, now=NOW)

    turn(inside, NOW + timedelta(minutes=10))
    found[2].refresh_from_db()
    first = found[2].state
    turn(inside, found[2].offer_until)

    for each in found:
        each.refresh_from_db()
    assert first == "offered"
    assert [each.state for each in found] == ["cancelled", "booked", "lapsed", "offered"]


def test_more_places_go_to_the_line_on_the_next_turn(inside: Cast, visit: Visit) -> None:
    found = full(inside, visit, 1)
    Visit.objects.filter(pk=visit.pk).update(capacity=3)

    turn(inside, NOW)

    found[-1].refresh_from_db()
    assert found[-1].state == "offered"


def test_a_moved_visit_counts_up_each_calendar_once(inside: Cast, visit: Visit) -> None:
    found = full(inside, visit, 1)
    Visit.objects.filter(pk=visit.pk).update(starts_at=START + timedelta(hours=2), sequence=1)

    turn(inside, NOW)
    turn(inside, NOW + timedelta(minutes=1))

    for booking, sequence in zip(found, (1, 1, 0), strict=True):
        booking.refresh_from_db()
        assert booking.sequence == sequence
        assert CalendarMail.objects.filter(uid=booking.uid, sequence=1).count() == sequence


def test_another_title_concerns_no_calendar(inside: Cast, visit: Visit) -> None:
    found = full(inside, visit, 0)
    Visit.objects.filter(pk=visit.pk).update(title="Renamed")

    turn(inside, NOW)

    found[0].refresh_from_db()
    assert found[0].sequence == 0


def test_booked_moved_cancelled_and_booked_again_count_as_in_the_table(inside: Cast, visit: Visit) -> None:
    """B9: book 0, note edited 0, moved 1, cancelled 2, booked again: another UID and 0."""
    booking = book(visit=visit, rules_version=1, key=uuid4(), by=inside.ada, now=NOW)
    uid, seen = booking.uid, [booking.sequence]
    Visit.objects.filter(pk=visit.pk).update(about="Bring a pen")
    turn(inside, NOW)
    booking.refresh_from_db()
    seen.append(booking.sequence)
    Visit.objects.filter(pk=visit.pk).update(starts_at=START + timedelta(days=1), sequence=1)
    turn(inside, NOW)
    booking.refresh_from_db()
    seen.append(booking.sequence)
    leave(booking=booking, by=inside.ada, now=NOW + timedelta(hours=1))
    booking.refresh_from_db()
    seen.append(booking.sequence)
    visit.refresh_from_db()
    again = book(visit=visit, rules_version=1, key=uuid4(), by=inside.ada, now=NOW + timedelta(hours=2))

    assert seen == [0, 0, 1, 2]
    assert (again.uid != uid, again.sequence) == (True, 0)
    methods = CalendarMail.objects.filter(uid=uid).order_by("sequence").values_list("sequence", "method")
    assert list(methods) == [(0, "REQUEST"), (1, "REQUEST"), (2, "CANCEL")]


def test_a_cancelled_date_tells_everybody_once(inside: Cast, visit: Visit) -> None:
    found = full(inside, visit, 1)
    cancel_date(visit=visit, reason="The line is down", by=inside.gro, now=NOW)

    turn(inside, NOW)
    turn(inside, NOW + timedelta(minutes=1))

    states = Booking.objects.filter(visit=visit).values_list("state", flat=True)
    cancels = CalendarMail.objects.filter(method="CANCEL", uid__in=[each.uid for each in found])
    assert set(states) == {"cancelled"}
    assert sorted(cancels.values_list("recipient__name", flat=True)) == [found[0].guest.name, found[1].guest.name]
    assert mails(VisitMail.CALLED_OFF) == [found[2].guest.name]


def test_guests_of_a_cancelled_date_are_offered_the_next_first(inside: Cast, visit: Visit) -> None:
    Visit.objects.exclude(pk=visit.pk).filter(host=visit.host).update(format="talk")
    found = full(inside, visit, 1)
    following = make.VisitFactory(host=visit.host, starts_at=START + timedelta(days=7), capacity=2)
    others = leaders(inside, 3)
    for number, guest in enumerate(others):
        at = NOW - timedelta(days=1) + timedelta(seconds=number)
        make.BookingFactory(visit=following, guest=guest, state="waiting" if number else "booked", joined_at=at)
    cancel_date(visit=visit, reason="The line is down", by=inside.gro, now=NOW)

    turn(inside, NOW)

    there = {row.guest_id: row for row in following.bookings.all()}
    assert [there[each.guest_id].state for each in found] == ["offered", "waiting", "waiting"]
    assert [there[guest.pk].state for guest in others] == ["booked", "waiting", "waiting"]
    assert there[found[0].guest_id].uid != found[0].uid


def test_a_cancelled_date_before_any_other_leaves_nobody_waiting(inside: Cast, visit: Visit) -> None:
    Visit.objects.exclude(pk=visit.pk).filter(host=visit.host).update(format="talk")
    full(inside, visit, 1)
    cancel_date(visit=visit, reason="The line is down", by=inside.gro, now=NOW)

    turn(inside, NOW)

    assert not Booking.objects.filter(visit__host=visit.host, is_first=True).exists()


def test_sheets_survive_a_cancelled_date(inside: Cast, visit: Visit) -> None:
    sheet = make.BeforeSheetFactory(booking=make.BookingFactory(visit=visit, guest=inside.ada))
    cancel_date(visit=visit, reason="The line is down", by=inside.gro, now=NOW)

    turn(inside, NOW)

    sheet.refresh_from_db()
    assert sheet.booking.state == "cancelled"


# Reminders


@pytest.fixture
def booking(inside: Cast, visit: Visit) -> Booking:
    Booking.objects.exclude(visit=visit).filter(visit__host=visit.host).update(state="booked")
    return make.BookingFactory(visit=visit, guest=inside.ada)


def oslo(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour - 1, minute, tzinfo=UTC)


@pytest.mark.parametrize(("at", "told"), [(oslo(23, 7, 59), 0), (oslo(23, 8), 1), (oslo(25, 9), 1)])
def test_the_before_sheet_is_asked_for_two_working_days_before(
    inside: Cast, booking: Booking, at: datetime, told: int
) -> None:
    turn(inside, at)
    turn(inside, at)

    assert mails(VisitMail.SHEET, about=booking.pk) == [inside.ada.name] * told


def test_somebody_who_handed_in_a_sheet_is_not_reminded(inside: Cast, booking: Booking) -> None:
    make.BeforeSheetFactory(booking=booking)

    turn(inside, oslo(24, 10))

    assert mails(VisitMail.SHEET, about=booking.pk) == []


def test_no_sheet_never_costs_the_place(inside: Cast, booking: Booking) -> None:
    for day in (23, 24, 25):
        turn(inside, oslo(day, 9))

    booking.refresh_from_db()
    assert booking.state == "booked"


@pytest.mark.parametrize(("at", "told"), [(oslo(24, 7, 59), 0), (oslo(24, 8), 1), (oslo(25, 9), 1)])
def test_the_host_gets_one_message_one_working_day_before(
    inside: Cast, booking: Booking, at: datetime, told: int
) -> None:
    make.BookingFactory(visit=booking.visit, guest=inside.bo)

    turn(inside, at)
    turn(inside, at)

    assert mails(VisitMail.GUESTS, about=booking.visit_id) == [inside.gro.name] * told


@pytest.mark.parametrize(("day", "told"), [(25, 0), (26, 1), (28, 0), (29, 0)])
def test_the_after_sheet_is_asked_for_the_morning_after(inside: Cast, booking: Booking, day: int, told: int) -> None:
    turn(inside, oslo(day, 12))

    found = CoachingMail.objects.filter(kind=VisitMail.AFTERWARDS, about=booking.pk)
    in_working_hours = [mail for mail in found if mail.not_before == oslo(day, 12)]
    assert len(in_working_hours) == told


@pytest.mark.parametrize(
    ("state", "days", "after"), [("waiting", 40, 5 * 60), ("booked", 9, 5 * 60), ("booked", 40, 30 * 86400)]
)
def test_the_clock_looks_again_when_something_can_be_due(
    inside: Cast, visit: Visit, state: str, days: int, after: int
) -> None:
    Booking.objects.all().update(state="cancelled", left_at=NOW, left_from="booked", seat=None, seats=None)
    other = make.VisitFactory(host=visit.host, starts_at=NOW + timedelta(days=days))
    make.BookingFactory(visit=other, guest=inside.ada, state=state)

    assert turning.next_look(now=NOW) == NOW + timedelta(seconds=after)


def test_without_bookings_the_clock_sleeps(inside: Cast) -> None:
    Booking.objects.all().update(state="cancelled", left_at=NOW, left_from="booked", seat=None, seats=None)

    assert turning.next_look(now=NOW) is None


def test_one_visit_that_fails_stops_no_other(inside: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    found = full(inside, visit, 1)
    Visit.objects.filter(pk=visit.pk).update(capacity=3)
    real = turning.settle

    def settle(each: Visit, *, now: datetime) -> None:
        if each.pk != visit.pk:
            raise RuntimeError
        real(each, now=now)

    monkeypatch.setattr(turning, "settle", settle)
    other = make.VisitFactory(host=visit.host, capacity=1)
    make.BookingFactory(visit=other, guest=inside.ada, state="waiting")

    turn(inside, NOW)

    with within(inside.acme):
        found[-1].refresh_from_db()
        assert found[-1].state == "offered"
