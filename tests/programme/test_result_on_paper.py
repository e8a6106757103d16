"""The report of a 360 round on paper: the same figures as on the page, for the same readers."""

import re
from collections.abc import Callable

import pypdfium2
import pytest
from django.core.files.storage import default_storage

from cohorts.tenancy.wall import within
from feedback360.models import Round, Subject
from feedback360.results.actions.release import release_round
from programme.models import Report
from programme.reports.printing import make_report
from tests.cast import Cast
from tests.feedback360 import answered
from tests.times import NOW

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r"\b[1-5]\.\d\b")


@pytest.fixture
def subject(cast: Cast) -> Subject:
    with within(cast.acme):
        round_ = answered.closed_round(cast.enrolment(cast.ada).cohort)
        ada = answered.subject_of(round_, cast.enrolment(cast.ada))
        for group, number in (("team", 9), ("peers", 6), ("manager", 1), ("self", 1)):
            answered.answer(ada, group, answered.anybody(group, number, seed=3))
        answered.comment(ada, "team", "keep", [f"The team said <{n}> & more" for n in range(9)])
    release_round(round_, now=NOW)
    return ada


def ordered(cast: Cast, client_for: Callable, subject: Subject, person: str = "ada") -> Report:
    client = client_for(getattr(cast, person))
    response = client.post(client.url("result_report", subject.pk))
    assert response.status_code == 302
    with within(cast.acme):
        return Report.objects.latest("pk")


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def test_page_and_paper_say_the_same_figures(cast: Cast, client_for: Callable, subject: Subject) -> None:
    """Every number with a decimal of the page, as often, but for the tables beside the drawings and the choices."""
    report = ordered(cast, client_for, subject)
    make_report(cast.acme.pk, report.pk, now=NOW)
    with within(cast.acme):
        report.refresh_from_db()
        assert report.state == "ready"
        with default_storage.open(report.file) as file:
            paper = text_of(file.read())
    client = client_for(cast.sol)
    page = client.get(client.url("result", subject.pk)).content.decode()
    page = re.sub(r"<details>\s*<summary>The same as a table.*?</details>", "", page, flags=re.DOTALL)
    page = re.sub(r'<div class="only-phone">.*?</svg>\s*</div>', "", page, flags=re.DOTALL)
    shown = re.sub(r"<[^>]+>", " ", page[page.index('id="main"') :])

    assert len(FIGURE.findall(shown)) > 60
    assert sorted(FIGURE.findall(paper)) == sorted(FIGURE.findall(shown))
    assert "The team said <3> & more" in paper


def test_the_report_is_printed_again_without_changing(cast: Cast, client_for: Callable, subject: Subject) -> None:
    """The same file, since it says the same."""
    files = []
    for person in ("ada", "sol"):
        report = ordered(cast, client_for, subject, person)
        make_report(cast.acme.pk, report.pk, now=NOW)
        with within(cast.acme):
            report.refresh_from_db()
            files.append(report.file)

    assert files[0] == files[1] != ""


@pytest.mark.parametrize(("person", "status"), [("bo", 404), ("max", 404), ("hana", 403), ("olav", 403)])
def test_others_print_no_leaders_report(
    cast: Cast, client_for: Callable, subject: Subject, person: str, status: int
) -> None:
    client = client_for(getattr(cast, person))

    assert client.post(client.url("result_report", subject.pk)).status_code == status


def test_a_printed_report_is_closed_to_a_former_sponsor(cast: Cast, client_for: Callable, subject: Subject) -> None:
    report = ordered(cast, client_for, subject, "sol")
    make_report(cast.acme.pk, report.pk, now=NOW)
    client = client_for(cast.sol)
    address = re.search(r'href="([^"]+)"\s+data-stays', client.get(client.url("report", report.pk)).content.decode())
    assert address is not None
    assert client.get(address[1]).status_code == 200
    with within(cast.acme):
        subject.enrolment.sponsor = cast.max
        subject.enrolment.save()

    assert client.get(address[1]).status_code == 403


def test_a_round_taken_back_prints_nothing(cast: Cast, client_for: Callable, subject: Subject) -> None:
    """Even an order that was already waiting."""
    report = ordered(cast, client_for, subject)
    with within(cast.acme):
        Round.objects.filter(pk=subject.round_id).update(state="closed")
    make_report(cast.acme.pk, report.pk, now=NOW)

    with within(cast.acme):
        report.refresh_from_db()
        assert (report.state, report.file) == ("failed", "")


def test_reports_of_the_ninety_days_are_listed_apart(cast: Cast, client_for: Callable, subject: Subject) -> None:
    ordered(cast, client_for, subject)
    client = client_for(cast.ada)
    page = client.get(client.url("report_new", cast.enrolment(cast.ada).pk))

    assert all(report.subject_id is None for report in page.context["reports"])
