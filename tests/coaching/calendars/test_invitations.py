"""Invitations as they reach a calendar: parsed out of the mails that a mail server took (B9, B10, B11)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from coaching.calendars.invitations import cancelled, invite, moved, restored
from coaching.calendars.mail import CALENDAR_MAILS, Message, is_news
from coaching.models import CalendarMail, Session, SessionState
from coaching.models.mail import MAIL_DELAY
from cohorts.mail.server import sender
from cohorts.models import Enrolment, Membership, Organisation, Person
from cohorts.models.mail import MailState
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.outbox import send
from tests.smtp_server import SmtpServer
from tests.times import NOW

pytestmark = pytest.mark.django_db
OSLO, LONDON = ZoneInfo("Europe/Oslo"), ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


class Post:
    """The mails of Acme's calendars, and the hands that send them."""

    def __init__(self, acme: Organisation, server: SmtpServer) -> None:
        self.acme, self.server, self.now = acme, server, NOW
        with within(acme):
            CalendarMail.objects.all().delete()

    def plan(self, leader: Membership, partner: Membership, **facts: object) -> Session:
        with within(self.acme):
            pairing = make.PairingFactory(kind="mentor", leader=leader, partner=partner)
            session = make.SessionFactory(pairing=pairing, **facts)
            invite(session, now=self.now)
        return session

    def edit(self, session: Session, **facts: object) -> None:
        with within(self.acme):
            for name, value in facts.items():
                setattr(session, name, value)
            session.save(update_fields=list(facts))
            moved(session, now=self.now)

    def set_state(self, session: Session, state: str, act: Callable[..., None]) -> None:
        with within(self.acme):
            session.state = state
            session.save(update_fields=["state"])
            act(session, now=self.now)

    def cancel(self, session: Session) -> None:
        self.set_state(session, SessionState.CANCELLED, cancelled)

    def undo(self, session: Session) -> None:
        self.set_state(session, SessionState.PLANNED, restored)

    def later(self, by: timedelta = MAIL_DELAY) -> list[EmailMessage]:
        """What arrived by then."""
        self.now += by
        before = len(self.server.accepted)
        send(CALENDAR_MAILS, self.acme, now=self.now)
        return [message_from_bytes(mail.content, policy=policy.default) for mail in self.server.accepted[before:]]

    def states(self) -> dict[str, int]:
        with within(self.acme):
            rows = CalendarMail.objects.values_list("state", flat=True)
            return {state: list(rows).count(state) for state in set(rows)}


@pytest.fixture
def post(cast: Cast, acme: Organisation, smtp_server: SmtpServer) -> Post:
    return Post(acme, smtp_server)


def part(mail: EmailMessage) -> EmailMessage:
    (found,) = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
    return found


def ical(mail: EmailMessage) -> Calendar:
    return Calendar.from_ical(part(mail).get_payload(decode=True))


def event(mail: EmailMessage) -> Event:
    (found,) = ical(mail).events
    return found


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def to(mails: list[EmailMessage], member: Membership) -> EmailMessage:
    (found,) = [mail for mail in mails if mail["To"] == member.person.email]
    return found


def test_the_table_of_one_meeting_from_booking_to_rebooking(post: Post, cast: Cast) -> None:
    session = post.plan(cast.ada, cast.max, starts_at=NOW + timedelta(days=3), place="Room 4")
    told = [("booked", *both(post.later()))]
    post.edit(session, template="grow")
    assert post.later() == []
    post.edit(session, starts_at=NOW + timedelta(days=4))
    told.append(("moved", *both(post.later())))
    post.cancel(session)
    told.append(("cancelled", *both(post.later())))
    again = post.plan(cast.bo, cast.max, starts_at=NOW + timedelta(days=4), place="Room 4")
    told.append(("rebooked", *both(post.later())))

    first, second = f"{session.uid}@embed90.example", f"{again.uid}@embed90.example"
    assert told == [
        ("booked", "REQUEST", "CONFIRMED", first, 0),
        ("moved", "REQUEST", "CONFIRMED", first, 1),
        ("cancelled", "CANCEL", "CANCELLED", first, 2),
        ("rebooked", "REQUEST", "CONFIRMED", second, 0),
    ]
    assert first != second


def both(mails: list[EmailMessage]) -> tuple[str, str, str, int]:
    """Method, status, UID and sequence, the same for the two who take part."""
    assert len(mails) == 2
    facts = [(event(mail)["STATUS"], event(mail)["UID"], event(mail)["SEQUENCE"]) for mail in mails]
    one, other = [(ical(mail)["METHOD"], *fact) for mail, fact in zip(mails, facts, strict=True)]
    assert one == other
    assert one[0] == part(mails[0]).get_param("method")
    return one


def test_a_wording_changes_no_calendar(post: Post, cast: Cast) -> None:
    session = post.plan(cast.ada, cast.max)
    post.later()

    post.edit(session, template="clear", template_version=2)

    assert post.later() == []
    assert session.sequence == 0


@pytest.mark.parametrize("change", [{"minutes": 45}, {"place": "Canteen"}, {"starts_at": NOW + timedelta(days=9)}])
def test_start_length_and_place_each_count_on(post: Post, cast: Cast, change: dict[str, object]) -> None:
    session = post.plan(cast.ada, cast.max)
    post.later()

    post.edit(session, **change)

    mails = post.later()
    assert [event(mail)["SEQUENCE"] for mail in mails] == [1, 1]
    assert "Moved" in to(mails, cast.ada)["Subject"]


def test_an_invitation_is_as_calendars_want_it(post: Post, cast: Cast) -> None:
    place = "Åse Ødegårds møterom i tredje etasje, til venstre for heisen og forbi kaffemaskinen"
    session = post.plan(cast.bo, cast.max, starts_at=datetime(2026, 3, 13, 8, 0, tzinfo=UTC), minutes=45, place=place)

    mail = to(post.later(), cast.max)

    assert part(mail)["Content-Type"].replace('"', "").replace("\r\n", "") == (
        "text/calendar; method=REQUEST; charset=utf-8"
    )
    raw = part(mail).get_payload(decode=True)
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    found, calendar = event(mail), ical(mail)
    assert calendar["METHOD"] == "REQUEST"
    assert "METHOD" not in found
    assert found["ORGANIZER"] == f"mailto:{sender().address}"
    assert found["ATTENDEE"] == f"mailto:{cast.max.person.email}"
    assert found["ATTENDEE"].params["RSVP"] == "FALSE"
    assert found["SUMMARY"] == f"1:1 with {cast.bo.name}"
    assert found["LOCATION"] == place
    assert (found.start, found.end) == (session.starts_at, session.starts_at + timedelta(minutes=45))
    assert found["DTSTART"].params["TZID"] == "Europe/Oslo"
    assert found["DTSTAMP"].dt == post.now


def test_the_organiser_stays_and_the_stamp_is_new(post: Post, cast: Cast) -> None:
    session = post.plan(cast.ada, cast.max)
    first = event(to(post.later(), cast.ada))
    post.edit(session, minutes=50)
    second = event(to(post.later(), cast.ada))
    post.cancel(session)
    third = event(to(post.later(), cast.ada))

    assert first["ORGANIZER"] == second["ORGANIZER"] == third["ORGANIZER"]
    assert first["DTSTAMP"].dt < second["DTSTAMP"].dt < third["DTSTAMP"].dt


def test_a_cancellation_brings_its_time_and_zone(post: Post, cast: Cast) -> None:
    session = post.plan(cast.ada, cast.max)
    post.later()
    post.cancel(session)

    mail = to(post.later(), cast.ada)

    assert ical(mail)["METHOD"] == part(mail).get_param("method") == "CANCEL"
    assert event(mail)["STATUS"] == "CANCELLED"
    assert event(mail).start == session.starts_at
    assert [zone["TZID"] for zone in ical(mail).timezones] == ["Europe/Oslo"]
    assert event(mail)["ATTENDEE"] == f"mailto:{cast.ada.person.email}"


@pytest.mark.parametrize("zone", [OSLO, LONDON], ids=str)
@pytest.mark.parametrize("on", [date(2026, 3, 27), date(2026, 3, 30), date(2026, 10, 23), date(2026, 10, 26)])
def test_nine_stays_nine_when_the_clocks_change(post: Post, cast: Cast, zone: ZoneInfo, on: date) -> None:
    with within(post.acme):
        Enrolment.objects.filter(leader=cast.ada).update(zone=zone)
    nine = datetime.combine(on, datetime.min.time(), zone).replace(hour=9)
    post.plan(cast.ada, cast.max, starts_at=nine.astimezone(UTC))

    mail = to(post.later(), cast.ada)

    assert f"DTSTART;TZID={zone.key}:{on:%Y%m%d}T090000" in part(mail).get_payload(decode=True).decode()
    assert "09:00 to 09:30" in text_of(mail)
    assert f"{zone.key.partition('/')[2]} time" in text_of(mail)


@pytest.mark.parametrize(("zone", "onset"), [(OSLO, "20260329T020000"), (LONDON, "20260329T010000")], ids=str)
def test_the_zone_is_told_for_the_year_alone_and_rightly(post: Post, cast: Cast, zone: ZoneInfo, onset: str) -> None:
    with within(post.acme):
        Enrolment.objects.filter(leader=cast.ada).update(zone=zone)
    post.plan(cast.ada, cast.max, starts_at=datetime(2026, 6, 1, 8, 0, tzinfo=UTC))

    raw = part(to(post.later(), cast.ada)).get_payload(decode=True).decode()

    assert len(raw) < 1500
    assert f"BEGIN:DAYLIGHT\r\nDTSTART:{onset}" in raw  # on the clock before the change (RFC 5545, 3.6.5)
    years = {line.partition(":")[2][:4] for line in raw.split("\r\n") if line.startswith("DTSTART:")}
    assert years == {"2026"}


def test_another_zone_for_the_same_hour_is_a_move(post: Post, cast: Cast) -> None:
    session = post.plan(cast.ada, cast.max, starts_at=datetime(2026, 4, 1, 9, tzinfo=OSLO))
    post.later()

    post.edit(session, starts_at=datetime(2026, 4, 1, 9, tzinfo=LONDON))

    mail = to(post.later(), cast.ada)
    assert event(mail)["SEQUENCE"] == 1
    assert "10:00 to 10:30, Oslo time" in text_of(mail)


def test_each_reads_their_own_language_and_clock(post: Post, cast: Cast) -> None:
    Person.objects.filter(pk=cast.max.person_id).update(language="nb")
    with within(post.acme):
        Enrolment.objects.filter(leader=cast.max).update(zone=LONDON)
    post.plan(cast.ada, cast.max, starts_at=datetime(2026, 3, 13, 8, 0, tzinfo=UTC))

    mails = post.later()

    assert "Friday 13 March, 09:00 to 09:30, Oslo time" in text_of(to(mails, cast.ada))
    assert "fredag 13. mars, kl. 08:00 til 08:30, tid i London" in text_of(to(mails, cast.max))
    assert event(to(mails, cast.max))["SUMMARY"] == f"Samtale med {cast.ada.name}"


def test_an_unsent_mail_that_is_overtaken_never_goes(post: Post, cast: Cast) -> None:
    session = post.plan(cast.ada, cast.max)
    for minutes in (40, 50, 60):
        post.edit(session, minutes=minutes)

    mails = post.later()

    assert [event(mail)["SEQUENCE"] for mail in mails] == [3, 3]
    assert post.states() == {"sent": 2, "skipped": 6}


def test_nothing_goes_in_the_minute_of_undo(post: Post, cast: Cast) -> None:
    post.plan(cast.ada, cast.max)

    assert post.later(MAIL_DELAY - timedelta(seconds=1)) == []
    assert len(post.later(timedelta(seconds=1))) == 2


def test_a_meeting_cancelled_before_anybody_read_of_it_is_silent(post: Post, cast: Cast) -> None:
    session = post.plan(cast.ada, cast.max)
    post.cancel(session)

    assert post.later() == []
    assert post.states() == {"skipped": 4}


def test_undoing_a_cancellation_in_time_is_silent(post: Post, cast: Cast) -> None:
    session = post.plan(cast.ada, cast.max)
    post.later()
    post.cancel(session)
    post.undo(session)

    assert post.later() == []


def test_undoing_a_cancellation_too_late_invites_again(post: Post, cast: Cast) -> None:
    session = post.plan(cast.ada, cast.max)
    post.later()
    post.cancel(session)
    post.later()
    post.undo(session)

    mails = post.later()

    assert [(ical(mail)["METHOD"], event(mail)["SEQUENCE"]) for mail in mails] == [("REQUEST", 2)] * 2


def test_moving_there_and_back_in_time_is_silent(post: Post, cast: Cast) -> None:
    session = post.plan(cast.ada, cast.max)
    before = session.starts_at
    post.later()
    post.edit(session, starts_at=before + HOUR)
    post.edit(session, starts_at=before)

    assert post.later() == []
    assert session.sequence == 2


def test_a_meeting_nobody_was_invited_to_is_cancelled_in_silence(post: Post, cast: Cast) -> None:
    with within(post.acme):
        session = make.SessionFactory(pairing__leader=cast.ada, pairing__partner=cast.max, pairing__kind="mentor")
    post.cancel(session)

    assert post.later() == []
    assert session.sequence == 1


def test_a_meeting_that_is_over_invites_nobody(post: Post, cast: Cast) -> None:
    post.plan(cast.ada, cast.max, starts_at=NOW - HOUR)

    assert post.later() == []


def test_mails_name_nobody_in_the_subject_and_quote_nothing(post: Post, cast: Cast) -> None:
    with within(post.acme):
        session = Session.objects.select_related("pairing__leader", "pairing__partner").get(
            pairing__leader=cast.ada, pairing__partner=cast.sol, state="planned"
        )
        invite(session, now=post.now)

    for mail in post.later():
        assert not {cast.ada.first_name, cast.sol.first_name} & set(mail["Subject"].split())
        whole = text_of(mail) + part(mail).get_payload(decode=True).decode()
        assert "bait" not in whole


def test_writing_many_invitations_takes_as_many_queries_as_one(
    post: Post, cast: Cast, count_queries: Callable[..., list[str]]
) -> None:
    with within(post.acme):
        pairing = make.PairingFactory(kind="mentor", leader=cast.ada, partner=cast.max)
        sessions = make.SessionFactory.create_batch(30, pairing=pairing)
        invite(*sessions, now=NOW)
        few, many = (count_queries(lambda some=some: cancelled(*some, now=NOW)) for some in (sessions[:1], sessions))
    assert len(few) == len(many) <= 3
    with within(post.acme):
        rest = Session.objects.filter(pk__in=[session.pk for session in sessions[1:]])
        assert set(rest.values_list("sequence", flat=True)) == {1}


@pytest.mark.parametrize(
    ("latest", "message", "expected"),
    [
        (None, ("REQUEST", "a"), True),
        (None, ("CANCEL", "a"), False),
        (("REQUEST", "a"), ("REQUEST", "a"), False),
        (("REQUEST", "a"), ("REQUEST", "b"), True),
        (("REQUEST", "a"), ("CANCEL", "a"), True),
        (("CANCEL", "a"), ("CANCEL", "a"), False),
        (("CANCEL", "a"), ("REQUEST", "a"), True),
    ],
)
def test_only_news_goes(latest: tuple[str, str] | None, message: tuple[str, str], expected: bool) -> None:
    assert is_news(Message(*message), Message(*latest) if latest else None) is expected


def test_a_refused_invitation_counts_as_never_sent(post: Post, cast: Cast) -> None:
    post.server.script.answer("RCPT", "550 5.1.1 No such person", recipient=cast.ada.person.email)
    session = post.plan(cast.ada, cast.max)
    assert len(post.later()) == 1
    post.cancel(session)

    mails = post.later()

    assert [mail["To"] for mail in mails] == [cast.max.person.email]
    assert post.states() == {MailState.SENT: 2, MailState.FAILED: 1, MailState.SKIPPED: 1}
