"""The mail that says a report is ready: only when asked for, only to who asked, and never the report itself."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from cohorts.models import Enrolment
from cohorts.models.mail import MailState
from cohorts.tenancy.wall import within
from programme.models import Report, ReportMail
from programme.reports.actions import ask_report, forget_expired
from programme.reports.mail import REPORT_MAILS
from programme.reports.printing import make_report
from tests.outbox import send
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db


def ask(cast, by, *, copy="own", by_mail=True):
    with within(cast.acme):
        Report.objects.filter(language="en", expires_at=NOW + timedelta(days=1)).delete()
        return ask_report(
            enrolment=cast.enrolment(cast.ada),
            by=by,
            copy=copy,
            language="en",
            today=TODAY,
            now=NOW,
            by_mail=by_mail,
        )


def printed(cast, by, **options):
    report = ask(cast, by, **options)
    make_report(cast.acme.pk, report.pk, now=NOW)
    return report


def test_it_goes_when_the_report_is_ready(cast, smtp_server):
    report = ask(cast, cast.ada)
    assert send(REPORT_MAILS, cast.acme, now=NOW) == {}

    make_report(cast.acme.pk, report.pk, now=NOW)
    assert send(REPORT_MAILS, cast.acme, now=NOW) == {MailState.SENT: 1}

    (accepted,) = smtp_server.accepted
    mail = message_from_bytes(accepted.content, policy=policy.default)
    assert accepted.recipients == ("ada@acme.test",)
    assert mail["Subject"] == "Your report is ready"
    assert "List-Unsubscribe" not in mail
    for kind in ("plain", "html"):
        body = mail.get_body((kind,)).get_content()
        assert f"/o/acme/reports/{report.pk}/" in body
        assert "Ada Acme" in body
        assert "18 March" in body
    assert [part.get_content_type() for part in mail.iter_attachments()] == []


def test_it_is_written_in_the_readers_language(cast, smtp_server):
    cast.ada.person.language = "nb"
    cast.ada.person.save()
    printed(cast, cast.ada)

    send(REPORT_MAILS, cast.acme, now=NOW)

    mail = message_from_bytes(smtp_server.accepted[0].content, policy=policy.default)
    assert (mail["Subject"], mail["Content-Language"]) == ("Rapporten din er klar", "nb")


def test_without_asking_there_is_no_mail(cast):
    printed(cast, cast.ada, by_mail=False)

    with within(cast.acme):
        assert not ReportMail.objects.filter(state="due").exists()


def test_asking_again_while_it_is_printed_can_add_the_mail(cast):
    first = ask(cast, cast.ada, by_mail=False)
    with within(cast.acme):
        enrolment = cast.enrolment(cast.ada)
        options = {"enrolment": enrolment, "by": cast.ada, "copy": "own", "language": "en", "today": TODAY, "now": NOW}
        assert ask_report(**options, by_mail=True) == first
        assert ask_report(**options) == first
        assert Report.objects.get(pk=first.pk).by_mail


def test_printing_twice_announces_once(cast):
    report = printed(cast, cast.ada)
    with within(cast.acme):
        Report.objects.filter(pk=report.pk).update(state="waiting")
    make_report(cast.acme.pk, report.pk, now=NOW)

    with within(cast.acme):
        assert ReportMail.objects.filter(report=report).count() == 1


def test_a_former_sponsor_is_told_nothing(cast, smtp_server):
    printed(cast, cast.sol, copy="sponsor")
    with within(cast.acme):
        Enrolment.objects.filter(pk=cast.enrolment(cast.ada).pk).update(sponsor=cast.max)

    assert send(REPORT_MAILS, cast.acme, now=NOW) == {MailState.SKIPPED: 1}
    assert smtp_server.accepted == []


def test_a_report_that_is_gone_is_not_announced(cast, smtp_server):
    printed(cast, cast.ada)

    assert send(REPORT_MAILS, cast.acme, now=NOW + timedelta(days=7)) == {MailState.SKIPPED: 1}


def test_the_mail_goes_with_its_report(cast):
    report = printed(cast, cast.ada)
    with within(cast.acme):
        forget_expired(now=NOW + timedelta(days=7))

        assert not ReportMail.objects.filter(report=report.pk).exists()


def test_the_page_asks_and_says_so(cast, client_for):
    ada = client_for(cast.ada)
    address = ada.url("report_new", cast.enrolment(cast.ada).pk)
    assert 'name="by_mail"' in ada.get(address).content.decode()

    page = ada.post(address, {"copy": "own", "language": "nb", "by_mail": "on"}, follow=True).content.decode()

    assert "You get an e-mail when it is ready." in page
    with within(cast.acme):
        assert Report.objects.get(language="nb").by_mail
