"""AA4, AA7 to AA11: what a leader sees while answers come in, and what leaders, admins and raters may try."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from cohorts.models import Membership, Organisation
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from feedback360.answering.actions.closing import close_round
from feedback360.models import RaterMail, Request, Result, Round, Subject
from feedback360.models.answers import Answer
from feedback360.results.actions.release import release_round
from feedback360.rounds.actions.nominations import erase_rater, nominate, withdraw_request
from feedback360.rounds.actions.rounds import set_threshold
from feedback360.rounds.mails import ClaimedRaterMail, RaterWriter
from feedback360.rounds.rater_links import rater_token
from feedback360.rounds.round_status import RoundStatus
from feedback360.rounds.views import choosing
from programme.models import Report
from programme.reports.printing import make_report
from tests.cast import Cast
from tests.faults.anonymity import figures
from tests.feedback360.answering.collecting import Collecting, collecting
from tests.times import NOW

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.timeout(300)]

# Tokens, the page's own address, and the number of the request.
CHANGING = re.compile(rb'"[\w]{64}"|name="(?:key|next)" value="[^"]+"|<code>[-\da-f]{36}</code>')


@pytest.fixture
def asked(acme: Organisation) -> Collecting:
    """Nine of the team, and the leader's own view."""
    asked = collecting(acme, ["team"] * 9 + ["self"])
    with within(acme):
        asked.subject.groups = {"team": "team", "peer": "", "manager": "", "self": "self"}
        asked.subject.save()
    return asked


def leader_of(asked: Collecting) -> Membership:
    return asked.request(0).subject.enrolment.leader


def seen(client: Client, where: str) -> tuple[int, bytes, str, str]:
    page = client.get(where)
    body = CHANGING.sub(b"", page.content)
    return page.status_code, body, page.headers.get("ETag", ""), page.headers.get("Last-Modified", "")


def released(asked: Collecting) -> None:
    asked.answer_all({number: 1 + number % 5 for number in range(9)})
    close_round(asked.round, asked.closing_time)
    with within(asked.organisation):
        round_ = Round.objects.get(pk=asked.round.pk)
    release_round(round_, now=round_.releases_at)


def polled(asked: Collecting, client: Client, pages: list[str]) -> int:
    """How many views differ from those before anybody answered."""
    first = [seen(client, page) for page in pages]
    assert [status for status, *_rest in first][:2] == [200, 200]
    changes = 0
    for number in range(9):
        asked.answer(number)
        changes += sum(now != then for now, then in zip([seen(client, page) for page in pages], first, strict=True))
    return changes


def test_a_leader_who_polls_sees_nothing_change(asked: Collecting, client_for: Callable) -> None:
    client = client_for(leader_of(asked))
    names = [("today", ()), ("feedback", ()), ("raters", (asked.subject.pk,)), ("result", (asked.subject.pk,))]
    pages = [client.url(name, *keys) for name, keys in names]
    changes = polled(asked, client, pages)
    figures.add("AA4", "leader polls while raters answer", tried=9 * len(pages), found=changes, of="views changed")

    assert changes == 0


def test_a_leader_who_polls_a_live_count_sees_each_answer(
    asked: Collecting, client_for: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the page of the leader's rounds with the count that other products show."""

    def live(subject: Subject, _chosen: int) -> RoundStatus:
        return RoundStatus("waiting", f"{Request.objects.filter(subject=subject, state='answered').count()} answers")

    monkeypatch.setattr(choosing, "status_for_leader", live)
    client = client_for(leader_of(asked))
    changes = polled(asked, client, [client.url("feedback"), client.url("today")])
    figures.add_control("counts of answers hidden until close", is_red=changes == 9)

    assert changes == 9


def test_parameters_open_no_other_report(asked: Collecting, client_for: Callable) -> None:
    released(asked)
    client = client_for(leader_of(asked))
    where = client.url("result", asked.subject.pk)
    plain = seen(client, where)
    tried = [
        f"{name}={value}"
        for name in ("group", "relation", "rater", "item", "question", "on", "since", "language", "format", "threshold")
        for value in ("team", "1", "2026-03-01", "nb", "json", "%27%20OR%201=1")
    ]
    others = [parameter for parameter in tried if seen(client, f"{where}?{parameter}")[1] != plain[1]]
    figures.add("AA7", "parameters on the report", tried=len(tried), found=len(others), of="other reports")

    assert plain[0] == 200
    assert others == []


def test_an_admin_shapes_nothing_once_raters_are_asked(asked: Collecting, cast: Cast) -> None:
    """Lower k, take somebody off, add somebody. While raters are still being chosen, all of it is possible."""
    asked.answer(0)
    accepted = shaped(asked, cast)
    of = "accepted"
    figures.add("AA8", "admin shapes a group after the first answer", tried=len(accepted), found=sum(accepted), of=of)
    with within(asked.organisation):
        dates = {"opens_at": NOW + timedelta(days=2), "nominates_at": NOW - timedelta(days=2)}
        Round.objects.filter(pk=asked.round.pk).update(state="nominating", **dates)
        Request.objects.filter(pk=asked.requests[1].pk).update(state="approved")
    control = shaped(asked, cast)
    figures.add_control("groups frozen once raters are asked", is_red=all(control))

    assert not any(accepted)
    assert all(control), control


def shaped(asked: Collecting, cast: Cast) -> list[bool]:
    admin = {"by": cast.hana, "now": NOW}
    with within(asked.organisation):
        round_, subject = Round.objects.get(pk=asked.round.pk), Subject.objects.get(pk=asked.subject.pk)
        request = asked.request(1)
        attempts: list[Callable[[], object]] = [
            lambda: set_threshold(round_=round_, threshold=3, **admin),
            lambda: withdraw_request(request=request, **admin),
            lambda: nominate(subject=subject, name="New", email="new@acme.test", relation="team", **admin),
        ]
        return [_is_accepted(attempt) for attempt in attempts]


def _is_accepted(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (NotNow, NotYours, Invalid):
        return False
    return True


def test_tokens_give_one_answer_each(asked: Collecting, zenith: Organisation) -> None:
    """Replayed, shared, swapped between raters, leaders and organisations, or made up."""
    first, second = asked.requests[0], asked.requests[1]
    item = asked.content.items[0].key
    tokens = {
        "own": rater_token(asked.organisation.pk, first.rater_id, 1),
        "older version": rater_token(asked.organisation.pk, first.rater_id, 2),
        "other organisation": rater_token(zenith.pk, first.rater_id, 1),
        "made up": f"{asked.organisation.pk}-{first.rater_id}-1.{'A' * 43}",
    }
    for request in (first, second):
        for token in tokens.values():
            for client in (Client(), Client()):  # two devices
                client.post(reverse("rater_item", args=[token, request.pk, item]), {"value": "5"})
                client.post(reverse("rater_review", args=[token, request.pk]))
                client.post(reverse("rater_item", args=[token, request.pk, item]), {"value": "1"})
    with within(asked.organisation):
        staged = asked.staged().count()
    figures.add("AA9", "tokens replayed, shared, swapped, made up", tried=16, found=staged - 1, of="extra answers")

    assert staged == 1
    assert asked.request(1).state == "asked"
    for number in range(1, 9):
        asked.answer(number)
    close_round(asked.round, asked.closing_time)
    with within(asked.organisation):
        assert Answer.objects.filter(subject=asked.subject, group="team", item=item).count() == 9


def test_nobody_who_leaves_changes_a_released_report(asked: Collecting, client_for: Callable, cast: Cast) -> None:
    """Each rater is erased in turn."""
    released(asked)
    client = client_for(leader_of(asked))
    where = client.url("result", asked.subject.pk)
    page = seen(client, where)
    changes = 0
    with within(asked.organisation):
        stored = bytes(Result.objects.get(subject=asked.subject).content)
    for request in asked.requests:
        with within(asked.organisation):
            rater = asked.request(asked.requests.index(request)).rater
            erase_rater(rater=rater, by=cast.hana, now=NOW + timedelta(days=20))
            changes += bytes(Result.objects.get(subject=asked.subject).content) != stored
        changes += seen(client, where) != page
    tried = 2 * len(asked.requests)
    figures.add("AA10", "erase each rater, read again", tried=tried, found=changes, of="reports changed")

    assert page[0] == 200
    assert changes == 0


def test_headers_carry_nothing_about_a_rater(asked: Collecting, client_for: Callable) -> None:
    """Of the rater's own pages and of the report: no cookie of theirs, no time, no address, no link."""
    rater, traces, tried = Client(), 0, 0
    marks = [asked.requests[0].rater.email, rater_token(asked.organisation.pk, asked.requests[0].rater_id, 1)]
    answers = [rater.get(asked.url(0)), rater.get(asked.url(0, "rater_review"))]
    answers.append(rater.post(asked.url(0, "rater_item", asked.content.items[0].key), {"value": "4"}))
    released(asked)
    client = client_for(leader_of(asked))
    answers.append(client.get(client.url("result", asked.subject.pk)))
    for answer in answers:
        for name, value in answer.headers.items():
            tried += 1
            # Where to go next is told to the one who holds the link.
            traces += name != "Location" and any(mark in value for mark in marks)
            traces += name in {"ETag", "Last-Modified"}
    figures.add("AA11", "headers of pages", tried=tried, found=traces, of="headers")

    assert traces == 0
    assert set(rater.cookies) <= {"csrf"}


@pytest.mark.parametrize("kind", RaterMail.Kind.values)
def test_headers_of_mails_open_nothing_and_name_nobody(asked: Collecting, kind: str) -> None:
    """Servers on the way keep headers. To and Date are the mail's own; neither is about an answer."""
    traces = tried = 0
    leader = leader_of(asked).name
    for request in asked.requests[:9]:
        rater = request.rater
        mail = ClaimedRaterMail(1, 1, NOW, rater.email, rater.pk, kind)
        writer = RaterWriter(asked.organisation, NOW)
        with within(asked.organisation):
            writer.prepare([mail])
            message = message_from_bytes(writer.content(mail), policy=policy.default)
        link = rater_token(asked.organisation.pk, rater.pk, rater.link_version)
        for value in message.values():
            tried += 1
            traces += link in value or leader in value
    figures.add("AA11", f"headers of mails to raters ({kind})", tried=tried, found=traces, of="headers")

    assert traces == 0


def test_a_printed_report_names_no_rater_inside_its_file(asked: Collecting, client_for: Callable) -> None:
    """Metadata, outline, attachments and text."""
    released(asked)
    client = client_for(leader_of(asked))
    assert client.post(client.url("result_report", asked.subject.pk)).status_code == 302
    with within(asked.organisation):
        report = Report.objects.get(subject=asked.subject)
    make_report(asked.organisation.pk, report.pk, now=NOW)
    with within(asked.organisation):
        report.refresh_from_db()
    with default_storage.open(report.file) as file:
        document = pypdfium2.PdfDocument(file.read())
    inside = [
        *document.get_metadata_dict().values(),
        *(mark.get_title() for mark in document.get_toc()),
        *(page.get_textpage().get_text_range() for page in document),
    ]
    said = " ".join(inside)
    raters = [request.rater for request in asked.requests[:9]]
    traces = [mark for rater in raters for mark in (rater.email, rater.name) if mark in said]
    figures.add("AA11", "PDF metadata, outline and text", tried=2 * len(raters), found=len(traces), of="names")

    assert leader_of(asked).name in said
    assert document.count_attachments() == 0
    assert traces == []
