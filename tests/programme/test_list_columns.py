"""The columns of every kind of list: shown, changed, remembered for the next file like it, and never a dead end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coaching.mentors.actions.intakes import choose_list_columns
from coaching.models import MentorIntake
from cohorts.imports.chosen import Chosen
from cohorts.imports.uploads import discard, forget_old
from cohorts.models import Intake
from cohorts.models.intake import Upload
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid
from feedback360.models import RaterIntake
from goals.models import FigureIntake, Kpi, Team
from tests import factories as make
from tests.cast import Cast
from tests.feedback360.rounds.scenes import new_round, subject_of
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Kind:
    """`header` has nothing that is known but one column; `fields` are what its columns are."""

    model: Any
    route: str
    header: str
    row: str
    fields: list[str]
    wanted: str
    acts: str


YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
KINDS = {
    "people": Kind(
        Intake,
        "intake",
        "Hvem;Adr",
        "Nina Ny;nina@firm.test",
        ["name", "email"],
        "No column for e-mail among: Hvem, Adr.",
        "Confirm 1 person",
    ),
    "raters": Kind(
        RaterIntake,
        "rater_intake",
        "Hvem;Adr;Til;Slags",
        "Kari;kari@firm.test;ada@acme.test;team",
        ["name", "email", "leader_email", "relation"],
        "No column for e-mail among: Hvem, Adr, Til, Slags.",
        "Add 1 rater",
    ),
    "coaches": Kind(
        MentorIntake,
        "mentor_intake",
        "Hvem;Adr;Hva",
        "Kari;kari@firm.test;coach",
        ["name", "email", "kind"],
        "No column for e-mail among: Hvem, Adr, Hva.",
        "Carry out 1 row",
    ),
    "figures": Kind(
        FigureIntake,
        "figure_intake",
        "Når;Hvor;Hva;Gode;Alle",
        f"{YESTERDAY};Team Nord;Solved at once;30;40",
        ["on", "team", "kpi", "numerator", "denominator"],
        "No column for the date among: Når, Hvor, Hva, Gode, Alle.",
        "Import 1 figure",
    ),
}


@pytest.fixture
def hana(cast: Cast, client_for: Callable[..., Any]) -> Any:
    with within(cast.acme):
        make.KpiFactory(name="Solved at once", unit="share", family="other")
        Team.objects.filter(leader=cast.ada).update(name="Team Nord")
        for kind in KINDS.values():
            kind.model.objects.all().discard()
    return client_for(cast.hana)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def upload_url(hana: Any, cast: Cast, kind: Kind) -> str:
    with within(cast.acme):
        keys = {
            "intake": lambda: [cast.houses["acme"].cohort.pk],
            "rater_intake": lambda: [subject_of(cast, cast.ada, new_round(cast)).round_id],
            "mentor_intake": lambda: ["coaches"],
            "figure_intake": list,
        }[kind.route]()
    url: str = hana.url(f"{kind.route}_new", *keys)
    return url


def upload(hana: Any, url: str, kind: Kind, *, header: str = "", name: str = "list.csv") -> Any:
    text = "\n".join([header or kind.header, kind.row])
    return hana.post(url, {"file": SimpleUploadedFile(name, text.encode()), "kpi": "", "order": ""})


def newest(cast: Cast, kind: Kind) -> Any:
    with within(cast.acme):
        return kind.model.objects.latest("pk")


def source_of(cast: Cast, kind: Kind) -> bytes:
    """The file that the newest upload holds; that of people is in pieces."""
    intake = newest(cast, kind)
    with within(cast.acme):
        pieces = [piece.data for piece in intake.pieces.all()] if kind.model is Intake else [intake.source]
    return b"".join(map(bytes, pieces))


def columns(fields: list[str]) -> dict[str, str]:
    return {f"column_{number}": name for number, name in enumerate(fields)}


def test_unknown_headers_are_chosen_and_known_the_next_time(kind: Kind, hana: Any, cast: Cast) -> None:
    url = upload_url(hana, cast, kind)
    answer = upload(hana, url, kind)
    intake = newest(cast, kind)
    assert answer["Location"] == hana.url(f"{kind.route}_columns", intake.pk)
    page = hana.get(answer["Location"])
    assert [field.label for field in page.context["form"].lines()] == kind.header.split(";")
    assert [field.help_text for field in page.context["form"].lines()] == kind.row.split(";")
    assert "You can also choose the column below." in page.content.decode()
    assert kind.wanted in page.content.decode()
    assert hana.get(hana.url(kind.route, intake.pk))["Location"] == answer["Location"]

    refused = hana.post(answer["Location"], columns(["", *kind.fields[2:]]))
    assert refused.status_code == 422
    answer = hana.post(answer["Location"], columns(kind.fields))

    assert answer["Location"] == hana.url(kind.route, intake.pk)
    preview = hana.get(answer["Location"])
    assert [header for header, _field in preview.context["columns"]] == kind.header.split(";")
    assert kind.acts in preview.content.decode()
    assert hana.url(f"{kind.route}_columns", intake.pk) in preview.content.decode()
    assert source_of(cast, kind).startswith(kind.header.encode())
    hana.post(hana.url(f"{kind.route}_confirmation", intake.pk), {"fingerprint": preview.context["fingerprint"]})
    assert (newest(cast, kind).state, source_of(cast, kind)) == (Upload.State.CONFIRMED, b"")
    again = upload(hana, url, kind, name="next.csv")
    assert again["Location"] == hana.url(kind.route, newest(cast, kind).pk)
    other = upload(hana, url, kind, header=kind.header + "?;Noe annet")
    assert other["Location"].endswith("/columns/")


def test_the_way_back_keeps_what_was_chosen(kind: Kind, hana: Any, cast: Cast) -> None:
    url = upload_url(hana, cast, kind)
    page = upload(hana, url, kind)["Location"]

    answer = hana.post(page, {**columns(kind.fields[:1]), "back": "1"})

    assert f'href="{page}"' in hana.get(answer["Location"]).content.decode()
    assert answer["Location"] == url
    shown = hana.get(page).context["form"]
    assert [field.value() for field in shown.lines()] == [kind.fields[0], *[""] * (len(kind.fields) - 1)]
    assert hana.post(page, {"column_0": "no field", "back": "1"}).status_code == 422


def test_a_list_from_before_columns_were_shown_goes_on_to_its_preview(kind: Kind, hana: Any, cast: Cast) -> None:
    url = upload_url(hana, cast, kind)
    page = upload(hana, url, kind)["Location"]
    hana.post(page, columns(kind.fields))
    before = newest(cast, kind)
    preview = hana.url(kind.route, before.pk)
    counts = {name: before.counts[name] for name in ("columns", "unused")}
    with within(cast.acme):
        without_file = {} if kind.model is Intake else {"source": b""}
        kind.model.objects.filter(pk=before.pk).update(counts=counts, choices={}, shape="", **without_file)

    assert f'href="{preview}"' in hana.get(url).content.decode()
    assert hana.get(page)["Location"] == hana.post(page, columns(kind.fields))["Location"] == preview
    shown = hana.get(preview)
    assert kind.acts in shown.content.decode()
    assert page not in shown.content.decode()
    hana.post(hana.url(f"{kind.route}_confirmation", before.pk), {"fingerprint": shown.context["fingerprint"]})
    assert newest(cast, kind).state == Upload.State.CONFIRMED


def test_columns_are_not_remembered_for_somebody_who_needs_more(hana: Any, cast: Cast, client_for: Any) -> None:
    """A leader's list needs no team, an admin's does: what the leader ignored is not ignored for the admin."""
    kind, ada = KINDS["figures"], client_for(cast.ada)
    url, header = upload_url(hana, cast, kind), "Date;Team;KPI;Count;Total"
    ada.post(upload(ada, url, kind, header=header)["Location"], columns(["on", "", "kpi", "numerator", "denominator"]))
    with within(cast.acme):
        mine = FigureIntake.objects.waiting().get(uploaded_by=cast.ada)
    shown = ada.get(ada.url("figure_intake", mine.pk)).context["fingerprint"]
    ada.post(ada.url("figure_intake_confirmation", mine.pk), {"fingerprint": shown})

    answer = upload(hana, url, kind, header=header)

    assert answer["Location"] == hana.url("figure_intake_columns", newest(cast, kind).pk)
    shown = hana.get(answer["Location"]).context["form"]
    assert [field.value() for field in shown.lines()] == kind.fields
    again = upload(ada, url, kind, header=header)
    assert again["Location"] == ada.url("figure_intake", newest(cast, kind).pk)


@pytest.mark.parametrize("how", ["discarded", "forgotten"])
def test_a_file_that_nobody_confirms_is_deleted(how: str, kind: Kind, hana: Any, cast: Cast) -> None:
    upload(hana, upload_url(hana, cast, kind), kind)
    intake = newest(cast, kind)
    assert source_of(cast, kind)

    with within(cast.acme):
        if how == "discarded":
            discard(intake)
        else:
            forget_old(kind.model, now=NOW + timedelta(days=8))

    gone = newest(cast, kind)
    assert (gone.state, source_of(cast, kind), gone.choices, gone.counts) == (Upload.State.DISCARDED, b"", {}, {})


@pytest.mark.parametrize("chosen", [{"0": "name"}, {"0": "email", "1": "email"}, {"0": "email", "1": "password"}])
def test_the_action_refuses_what_the_page_would(chosen: dict[str, str], hana: Any, cast: Cast) -> None:
    kind = KINDS["coaches"]
    upload(hana, upload_url(hana, cast, kind), kind)
    intake = newest(cast, kind)

    with within(cast.acme), pytest.raises(Invalid):
        choose_list_columns(intake=intake, chosen=Chosen(columns=chosen))


def test_another_sheet_of_raters_can_be_chosen(hana: Any, cast: Cast) -> None:
    kind, book = KINDS["raters"], openpyxl.Workbook()
    for sheet, name in ((book.active, "Kari"), (book.create_sheet("Nye"), "Ola")):
        sheet.append(["Leder", "Navn", "E-post", "Relasjon"])
        sheet.append(["ada@acme.test", name, f"{name.lower()}@firm.test", "team"])
    file = BytesIO()
    book.save(file)
    answer = hana.post(upload_url(hana, cast, kind), {"file": SimpleUploadedFile("raters.xlsx", file.getvalue())})
    assert [row["name"] for row in newest(cast, kind).rows] == ["Kari"]

    same = hana.post(answer["Location"], {"sheet": "1"})

    assert same["Location"] == answer["Location"]
    assert [row["name"] for row in newest(cast, kind).rows] == ["Ola"]


def test_figures_are_staged_again_with_other_columns(hana: Any, cast: Cast) -> None:
    kind = KINDS["figures"]
    url = upload_url(hana, cast, kind)
    page = upload(hana, url, kind, header="Date;Team;KPI;Count;Total")["Location"]
    with within(cast.acme):
        assert list(FigureIntake.objects.latest("pk").staged.values_list("numerator", "denominator")) == [(30, 40)]
        Kpi.objects.filter(name="Solved at once").update(unit="count")

    hana.post(page, columns(["on", "team", "kpi", "denominator", "numerator"]))

    with within(cast.acme):
        assert list(FigureIntake.objects.latest("pk").staged.values_list("numerator", "denominator")) == [(40, 30)]


def test_what_was_chosen_beside_the_file_is_chosen_still(hana: Any, cast: Cast) -> None:
    with within(cast.acme):
        kpi = Kpi.objects.get(name="Solved at once")
    text = f"Date;Team;Count;Total\n{YESTERDAY};Team Nord;30;40"
    file = SimpleUploadedFile("figures.csv", text.encode())
    page = hana.post(hana.url("figure_intake_new"), {"file": file, "kpi": kpi.pk, "order": "day"})["Location"]

    back = hana.post(page, {"back": "1"})["Location"]

    form = hana.get(back).context["form"]
    assert (form["kpi"].value(), form["order"].value()) == (kpi.pk, "day")
