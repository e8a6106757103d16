"""A host's own calendar: their dates, whoever comes."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from coaching.calendars.feed import entries_of
from coaching.calendars.mail import CALENDAR_MAILS
from coaching.hosting.actions.dates import cancel_date
from coaching.models import CalendarMail
from coaching.models.mail import MAIL_DELAY
from cohorts.tenancy.wall import within
from tests.cast import Cast
from tests.coaching.calendars.test_invitations import event, ical
from tests.coaching.hosting.scenes import acme_host
from tests.coaching.hosting.test_dates import changed, opened
from tests.outbox import send
from tests.smtp_server import SmtpServer
from tests.times import NOW

pytestmark = pytest.mark.django_db


def arrived(cast: Cast, server: SmtpServer, turn: int) -> list[tuple[str, str, int, str]]:
    """Recipient, method, sequence and title of what goes now."""
    before = len(server.accepted)
    send(CALENDAR_MAILS, cast.acme, now=NOW + turn * MAIL_DELAY)
    mails = [message_from_bytes(each.content, policy=policy.default) for each in server.accepted[before:]]
    facts = [(mail["To"], ical(mail)["METHOD"], event(mail)) for mail in mails]
    return [(to, method, each["SEQUENCE"], str(each["SUMMARY"])) for to, method, each in facts]


def test_a_host_reads_each_date_in_their_own_calendar(cast: Cast, smtp_server: SmtpServer) -> None:
    with within(cast.acme):
        CalendarMail.objects.all().delete()
        (visit,) = opened(acme_host(cast), cast, 16, title="An hour at the desk")
    assert arrived(cast, smtp_server, 1) == [("gro@acme.test", "REQUEST", 0, "An hour at the desk")]

    with within(cast.acme):
        changed(visit, cast, on=17)
    assert arrived(cast, smtp_server, 2) == [("gro@acme.test", "REQUEST", 1, "An hour at the desk")]

    with within(cast.acme):
        changed(visit, cast, on=17, capacity=4)
        assert arrived(cast, smtp_server, 3) == []
        cancel_date(visit=visit, reason="Peak week", by=cast.gro, now=NOW)
    assert arrived(cast, smtp_server, 4) == [("gro@acme.test", "CANCEL", 2, "An hour at the desk")]


def test_a_hosts_feed_holds_their_dates_and_no_cancelled_one(cast: Cast) -> None:
    with within(cast.acme):
        first, second = opened(acme_host(cast), cast, 16, 23, title="An hour at the desk")
        cancel_date(visit=second, reason="Peak week", by=cast.gro, now=NOW)
        own = [each for each in entries_of(cast.gro, cast.acme, now=NOW) if each.title == "An hour at the desk"]
        others = entries_of(cast.ada, cast.acme, now=NOW)

    assert [each.starts for each in own] == [first.starts_at]
    assert [each.ends - each.starts for each in own] == [timedelta(minutes=first.minutes)]
    assert "An hour at the desk" not in {each.title for each in others}
