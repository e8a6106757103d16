"""The logo in mails: it comes along with each, is read once, and a mail without pictures says the name."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.mail.pictures import html_with_pictures
from cohorts.models import Nudge, Organisation, OrganisationLogo
from cohorts.models.mail import MailState
from cohorts.nudges.mail import NUDGES
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.logos import give_logo
from tests.outbox import CASES, MORNING, send
from tests.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db


def sent(smtp_server: SmtpServer) -> EmailMessage:
    return message_from_bytes(smtp_server.accepted[-1].content, policy=policy.default)


@pytest.mark.parametrize("kind", CASES)
def test_every_mail_of_an_organisation_brings_its_logo(kind: str, cast: Cast, smtp_server: SmtpServer) -> None:
    logo = give_logo(cast.zenith)
    CASES[kind].make_due(cast)

    send(CASES[kind].kind, Organisation.objects.get(pk=cast.zenith.pk), now=CASES[kind].at)

    mail = sent(smtp_server)
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content() == logo.mail_image
    assert picture.get_content_disposition() == "inline"
    html = mail.get_body(["html"]).get_content()
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
    assert 'alt="Zenith"' in html
    assert list(mail.iter_attachments()) == []
    assert mail.get_body(["plain"]).get_content()
    assert "cid:" not in html_with_pictures(mail)


def test_a_logo_that_is_no_word_stands_beside_the_name(cast: Cast, smtp_server: SmtpServer) -> None:
    give_logo(cast.zenith, size=(192, 192))
    CASES["nudge"].make_due(cast)

    send(NUDGES, cast.zenith, now=MORNING)

    html = sent(smtp_server).get_body(["html"]).get_content()
    assert 'alt=""' in html
    assert "Zenith · Day" in html


def test_a_mail_without_logo_has_two_parts(cast: Cast, smtp_server: SmtpServer) -> None:
    CASES["nudge"].make_due(cast)

    send(NUDGES, cast.zenith, now=MORNING)

    kinds = [part.get_content_type() for part in sent(smtp_server).walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_the_picture_is_read_once_however_many_mails_go(cast: Cast, smtp_server: SmtpServer) -> None:
    """Another logo is another mail: what was compiled with the old one is not sent any more."""
    give_logo(cast.zenith, "#204060")  # of no other test: what a process has read it keeps
    CASES["nudge"].make_due(cast)
    with within(cast.zenith):
        nudge = Nudge.objects.get()
        for _number in range(20):
            enrolment = make.EnrolmentFactory(cohort=cast.houses["zenith"].cohort)
            nudge.pk, nudge.enrolment = None, enrolment
            nudge.save(force_insert=True)

    with CaptureQueriesContext(connection) as queries:
        send(NUDGES, cast.zenith, now=MORNING)

    assert len(smtp_server.accepted) == 21
    table = OrganisationLogo._meta.db_table
    assert len([query for query in queries if table in query["sql"]]) == 1

    other = give_logo(cast.zenith, "#8a1f2b")
    with within(cast.zenith):
        Nudge.objects.update(state=MailState.DUE, attempts=0, sent_at=None)
    send(NUDGES, cast.zenith, now=MORNING)
    assert len(smtp_server.accepted) == 42
    pictures = [part for part in sent(smtp_server).walk() if part.get_content_type() == "image/png"]
    assert [part.get_content() for part in pictures] == [other.mail_image]
