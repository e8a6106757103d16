"""Importing figures in a browser: look through, correct, confirm, take back."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cohorts.tenancy.wall import within
from goals.models import Figure, FigureIntake, Kpi, Team
from tests import factories as make
from tests.times import TODAY

pytestmark = pytest.mark.django_db
ROWS = [f"{TODAY - timedelta(days=ago)},{30 + ago},40" for ago in range(1, 6)]


@pytest.fixture
def ada(cast, acme, client_for):
    with within(acme):
        FigureIntake.objects.all().discard()
        kpi = make.KpiFactory(name="Solved at once", unit="share", family="other")
        make.KpiMethodFactory(kpi=kpi, written_by=cast.hana)
    return client_for(cast.ada)


def looked_at(client, *rows, **more):
    """The preview, past the page of the columns."""
    return client.get(upload(client, *rows, **more).url.removesuffix("columns/"))


def team_of(client):
    return Team.objects.get(leader=client.membership)


def upload(client, *rows, header="Date,KPI,Numerator,Denominator", **fields):
    text = "\n".join([header, *rows])
    file = SimpleUploadedFile("figures.csv", text.encode())
    return client.post(client.url("figure_intake_new"), {"file": file, "kpi": "", "order": "", **fields})


def named(rows):
    return [row.replace(",", ",Solved at once,", 1) for row in rows]


def test_a_leader_imports_and_takes_back(ada, acme):
    preview = looked_at(ada, *named(ROWS))
    assert "Import 5 figures" in preview.content.decode()

    page = ada.post(
        ada.url("figure_intake_confirmation", preview.context["intake"].pk),
        {"fingerprint": preview.context["fingerprint"]},
        follow=True,
    )
    assert "5 figures added." in page.content.decode()
    with within(acme):
        assert Figure.objects.filter(team=team_of(ada), entry="file").count() == 5

    page = ada.post(ada.url("figure_intake_undoing", preview.context["intake"].pk), follow=True)
    assert "Taken back." in page.content.decode()
    with within(acme):
        assert not Figure.objects.filter(team=team_of(ada), entry="file").exists()


def test_rows_left_out_are_corrected_and_uploaded_again(ada, acme):
    bad = "2026-03-03,=cmd|'/c calc'!A1,85 %,40"
    preview = looked_at(ada, *named(ROWS), bad)
    assert preview.context["left_out"] == 1

    got = ada.get(ada.url("figure_intake_problems", preview.context["intake"].pk)).content.decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(got))
    assert header == ["Row", "Date", "Team", "KPI", "Numerator", "Denominator", "How many were asked", "Problem"]
    assert row[3] == "'=cmd|'/c calc'!A1"  # no spreadsheet runs it
    assert "This is a percentage." in row[-1]

    row[3], row[4] = "Solved at once", "34"
    again = io.StringIO()
    csv.writer(again).writerows([header, row])
    preview = looked_at(ada, again.getvalue().splitlines()[1], header=again.getvalue().splitlines()[0])
    assert (preview.context["acting"], preview.context["left_out"]) == (1, 0)


def test_only_problems_can_be_shown(ada):
    preview = looked_at(ada, *named(ROWS), "soon,Solved at once,1,2")

    page = ada.get(ada.url("figure_intake", preview.context["intake"].pk), {"show": "problems"})

    assert [line.number for line in page.context["page"]] == [7]


def test_a_kpi_is_chosen_for_the_whole_file(ada, acme):
    with within(acme):
        kpi = Kpi.objects.get(name="Solved at once")

    preview = looked_at(ada, *ROWS, header="Date,Numerator,Denominator", kpi=kpi.pk)

    assert preview.context["acting"] == 5


def test_a_preview_asks_no_more_for_more_rows(ada, count_queries):
    def queries(rows):
        address = upload(ada, *rows).url.removesuffix("columns/")
        ada.get(address)
        return len(count_queries(lambda: ada.get(address)))

    days = [f"{TODAY - timedelta(days=ago)},Solved at once,1,2" for ago in range(1, 200)]
    few = queries(days[:1])
    assert queries(days) == few <= 12


def test_an_upload_is_shown_to_who_made_it_alone(ada, cast, client_for):
    preview = looked_at(ada, *named(ROWS))
    hana = client_for(cast.hana)

    for route in ("figure_intake", "figure_intake_problems"):
        assert hana.get(hana.url(route, preview.context["intake"].pk)).status_code == 404


def test_a_figure_that_came_in_meanwhile_is_shown_first(ada, acme):
    preview = looked_at(ada, *named(ROWS))
    with within(acme):
        kpi = Kpi.objects.get(name="Solved at once")
        make.FigureFactory(team=team_of(ada), kpi=kpi, on=TODAY - timedelta(days=1), numerator=1, denominator=40)

    page = ada.post(
        ada.url("figure_intake_confirmation", preview.context["intake"].pk),
        {"fingerprint": preview.context["fingerprint"]},
        follow=True,
    )

    assert "Was 1 / 40, becomes 31 / 40." in page.content.decode()
    with within(acme):
        assert Figure.objects.filter(team=team_of(ada), entry="file").count() == 0
