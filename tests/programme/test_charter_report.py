"""A charter as a PDF: one page of readable letters, in either language, and names only if the leader asked."""

from collections.abc import Callable, Iterator

import pypdfium2
import pytest
from django.utils import translation

from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotYours
from goals.models import Charter, Team
from goals.teams.rules import CHARTER_TEXTS, MAX_LINES, MAX_MEMBERS
from programme.models import Report
from programme.reports.actions import ask_report
from programme.reports.charter_page import charter_page
from programme.reports.pdf import Printed, print_on_one_page
from programme.reports.printing import make_report
from tests import factories as make
from tests.cast import Cast
from tests.programme.test_reports import smallest_letters, text_of
from tests.times import NOW, TODAY

SENTENCE = "Vi sier det til hverandre, og så skriver vi det ned slik at kveldsskiftet også får det med seg. "
WORST = {"long sentences": SENTENCE, "one endless word": "W", "short lines": "ja "}


@pytest.fixture
def team(cast: Cast) -> Iterator[Team]:
    with within(cast.acme):
        yield Team.objects.select_related("leader").get(leader=cast.ada)


def fill(team: Team, unit: str) -> None:
    """Every text as long as it may be, in as many lines as it may have, and as many names."""
    texts = {name: (unit * most)[:most] for name, most in CHARTER_TEXTS.items()}
    width = CHARTER_TEXTS["working"] // MAX_LINES - 1
    texts["working"] = "\n".join([(unit * width)[:width]] * MAX_LINES)
    Charter.objects.filter(team=team).update(review_on=TODAY, made_with=40, **texts)
    Team.objects.filter(pk=team.pk).update(name=("Kundeservice " * 9)[:80])
    team.refresh_from_db()
    for number in range(MAX_MEMBERS - team.members.count()):
        make.TeamMemberFactory(team=team, name=f"{number} {unit * 40}"[:40])


def printed(team: Team, cast: Cast, *, language: str = "nb", with_names: bool = True) -> Printed:
    with translation.override(language):
        return print_on_one_page(charter_page(team, cast.acme, language, on=TODAY, with_names=with_names))


@pytest.mark.parametrize("unit", WORST.values(), ids=WORST)
def test_the_longest_charter_fits_on_one_page_of_readable_letters(unit: str, team: Team, cast: Cast) -> None:
    fill(team, unit)

    document = printed(team, cast)

    assert document.pages == len(pypdfium2.PdfDocument(document.content)) <= (2 if unit == "W" else 1)
    text = "".join(text_of(document.content).split())
    assert "Hvemsomeriteamet" in text
    assert smallest_letters(document.content) >= 8.5
    assert f"{MAX_MEMBERS - 2}{unit.strip()[:1]}" in text  # the last name is on it


def test_a_short_charter_is_set_in_large_letters(team: Team, cast: Cast) -> None:
    def height(document: Printed) -> float:
        page = pypdfium2.PdfDocument(document.content)[0].get_textpage()
        place = page.search("acme bait of ada purpose").get_next()
        _left, bottom, _right, top = page.get_charbox(place[0])
        return top - bottom

    short = height(printed(team, cast))
    fill(team, SENTENCE)
    Charter.objects.filter(team=team).update(purpose="acme bait of ada purpose")

    assert height(printed(team, cast)) < short


def test_nobody_is_named_unless_the_leader_asks(team: Team, cast: Cast) -> None:
    without, with_names = (text_of(printed(team, cast, with_names=asked).content) for asked in (False, True))

    assert "acme bait of ada purpose" in without
    assert "bait of ada member" not in without
    assert "acme bait of ada member" in with_names


def test_markup_in_a_charter_is_text(team: Team, cast: Cast) -> None:
    Charter.objects.filter(team=team).update(purpose='<body class="one-page"> & <script>')

    assert '<body class="one-page"> & <script>' in text_of(printed(team, cast).content)


def test_only_the_leader_prints_it(team: Team, cast: Cast) -> None:
    enrolment, said = cast.enrolment(cast.ada), {"language": "en", "today": TODAY, "now": NOW, "team": team}
    for by, copy in ((cast.sol, "sponsor"), (cast.hana, "admin"), (cast.sol, "own")):
        with pytest.raises(NotYours):
            ask_report(enrolment=enrolment, by=by, copy=copy, **said)
    with pytest.raises(NotYours):
        ask_report(enrolment=cast.enrolment(cast.bo), by=cast.bo, copy="own", **said)


def test_from_asking_for_a_charter_to_the_file(
    cast: Cast, client_for: Callable, django_capture_on_commit_callbacks: Callable
) -> None:
    client = client_for(cast.ada)
    assert client.get(client.url("charter_report")).status_code == 200
    with django_capture_on_commit_callbacks():
        answer = client.post(client.url("charter_report"), {"language": "nb"})
    with within(cast.acme):
        report = Report.objects.exclude(team=None).get()
    assert answer.url == client.url("report", report.pk)
    assert not report.with_names

    make_report(cast.acme.pk, report.pk, now=NOW)

    page = client.get(client.url("report", report.pk))
    assert "one page" in page.content.decode()
    file = client.get(client.url("report_file", report.pk, page.context["key"]))
    assert "embed90-charter-acme-team-of-ada" in file["Content-Disposition"]
    assert "bait of ada member" not in text_of(file.content)
    others = client.get(client.url("report_new", report.enrolment_id)).content.decode()
    assert client.url("report", report.pk) not in others
