"""The mails of visits as they arrive: one person each, in their own time zone, while they are still needed."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from coaching.mails import COACHING_MAILS
from coaching.models import Booking, CoachingMail, Visit
from coaching.visiting.mail_kinds import VISIT_MAILS
from coaching.visiting.mails import VisitMail
from cohorts.models import Membership, Person
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.coaching.visiting.conftest import leaders
from tests.outbox import send
from tests.smtp_server import SmtpServer
from tests.times import NOW

pytestmark = pytest.mark.django_db
UNTIL = datetime(2026, 3, 13, 8, 0, tzinfo=UTC)
STATES = {
    VisitMail.OFFER: {"state": "offered", "offered_at": NOW, "offer_until": UNTIL},
    VisitMail.TOGETHER: {"state": "offered", "offered_at": NOW, "offer_until": UNTIL},
    VisitMail.PASSED_OVER: {"state": "waiting"},
    VisitMail.UNDONE: {"state": "cancelled", "left_at": NOW, "left_from": "waiting"},
    VisitMail.CALLED_OFF: {"state": "cancelled", "left_at": NOW, "left_from": "waiting"},
    VisitMail.ANSWERED: {"state": "declined", "left_at": NOW, "left_from": "asked"},
    VisitMail.LEFT: {"state": "cancelled", "left_at": NOW, "left_from": "booked"},
    VisitMail.SHEET: {"state": "booked"},
    VisitMail.GUESTS: {"state": "booked"},
    VisitMail.AFTERWARDS: {"state": "booked"},
}
TO_HOST = (VisitMail.LEFT, VisitMail.GUESTS)
# What makes each mail unneeded while it waits.
OVER = {kind: {"state": "cancelled", "left_at": NOW, "left_from": "booked"} for kind in STATES} | {
    VisitMail.UNDONE: {"state": "waiting", "left_at": None, "left_from": ""},
    VisitMail.CALLED_OFF: {},
    VisitMail.ANSWERED: {"state": "waiting", "left_at": None, "left_from": ""},
    VisitMail.LEFT: {"state": "booked", "left_at": None, "left_from": "", "seat": 1, "seats": 6},
}


def scene(cast: Cast, kind: VisitMail) -> tuple[Booking, CoachingMail]:
    """Bo's booking as it is when this mail is due, and the mail."""
    with within(cast.acme):
        CoachingMail.objects.all().delete()
        starts_at = NOW - timedelta(days=1) if kind == VisitMail.AFTERWARDS else NOW + timedelta(days=2)
        visit = make.VisitFactory(host=cast.gro.hosts.get(), starts_at=starts_at, title="Nobody reads this title")
        booking = make.BookingFactory(visit=visit, guest=cast.bo, **STATES[kind])
        if kind == VisitMail.TOGETHER:
            booking.group = "11111111-1111-1111-1111-111111111111"
            booking.save()
            make.BookingFactory(visit=visit, guest=leaders(cast, 1)[0], group=booking.group, state="waiting")
        if kind == VisitMail.CALLED_OFF:
            Visit.objects.filter(pk=visit.pk).update(
                state="cancelled", cancelled_at=NOW, cancel_reason="A secret reason"
            )
        mail = make.CoachingMailFactory(
            kind=kind,
            recipient=cast.gro if kind in TO_HOST else cast.bo,
            about=visit.pk if kind == VisitMail.GUESTS else booking.pk,
        )
    return booking, mail


def post(cast: Cast, server: SmtpServer, now: datetime = NOW) -> list[tuple[list[str], EmailMessage, str]]:
    """Recipients, message and its plain text."""
    send(COACHING_MAILS, cast.acme, now=now)
    found = []
    for each in server.accepted:
        message = message_from_bytes(each.content, policy=policy.default)
        body = message.get_body(("plain",))
        found.append((each.recipients, message, " ".join(body.get_content().split())))
    return found


def test_every_kind_of_mail_is_described() -> None:
    assert {kind.name for kind in VISIT_MAILS} == set(VisitMail) == set(STATES)


@pytest.mark.parametrize("kind", list(VisitMail))
@pytest.mark.parametrize("language", ["en", "nb"])
def test_each_mail_arrives_alone_and_names_nobody_in_its_subject(
    cast: Cast, smtp_server: SmtpServer, kind: VisitMail, language: str
) -> None:
    reader = cast.gro if kind in TO_HOST else cast.bo
    Person.objects.filter(pk=reader.person_id).update(language=language)
    scene(cast, kind)

    [(recipients, message, text)] = post(cast, smtp_server)

    assert list(recipients) == [reader.person.email]
    assert message["To"] == reader.person.email
    assert not any(name in message["Subject"] for name in (cast.bo.name, "Acme host", "Leader"))
    for private in ("Nobody reads this title", "A secret reason"):
        assert private not in text
    assert "/o/acme/" in text


@pytest.mark.parametrize("kind", [kind for kind in VisitMail if OVER[kind]])
def test_a_mail_that_is_not_needed_any_more_stays_at_home(cast: Cast, smtp_server: SmtpServer, kind: VisitMail) -> None:
    booking, mail = scene(cast, kind)
    with within(cast.acme):
        gone = {"seat": None, "seats": None} | OVER[kind]
        Booking.objects.filter(pk=booking.pk).update(**gone)

    assert post(cast, smtp_server) == []
    with within(cast.acme):
        mail.refresh_from_db()
        assert mail.state == "skipped"


def test_an_offer_says_its_end_on_the_guests_own_clock(cast: Cast, smtp_server: SmtpServer) -> None:
    with within(cast.acme):
        Membership.objects.filter(pk=cast.bo.pk).update(zone="Europe/London")
    scene(cast, VisitMail.OFFER)

    [(_recipients, _message, text)] = post(cast, smtp_server)

    assert "until Friday 13 March, 08:00, your time" in text


def test_an_offer_that_has_ended_is_not_sent(cast: Cast, smtp_server: SmtpServer) -> None:
    scene(cast, VisitMail.OFFER)

    assert post(cast, smtp_server, UNTIL) == []


def test_the_host_gets_one_mail_with_numbers_and_no_sheet(cast: Cast, smtp_server: SmtpServer) -> None:
    booking, _mail = scene(cast, VisitMail.GUESTS)
    with within(cast.acme):
        make.BeforeSheetFactory(booking=booking, working_on="Words of a sheet")
        for guest in leaders(cast, 2):
            make.BookingFactory(visit=booking.visit, guest=guest)

    [(_recipients, _message, text)] = post(cast, smtp_server)

    assert "3 guests come on" in text
    assert "2 have not handed in a sheet." in text
    assert "Words of a sheet" not in text
    assert cast.bo.name not in text


def test_the_mail_of_a_date_that_moved_since_is_not_sent(cast: Cast, smtp_server: SmtpServer) -> None:
    booking, _mail = scene(cast, VisitMail.GUESTS)
    with within(cast.acme):
        Visit.objects.filter(pk=booking.visit_id).update(sequence=1)

    assert post(cast, smtp_server) == []
