"""KPI figures written in bulk: all or none, and what is wrong with each row beside its field."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from goals.models import Figure, Followed, Kpi, Team
from tests import factories as make
from tests.api.client import Program, key_of
from tests.cast import Cast
from tests.times import TODAY

Row = dict[str, object]


@pytest.fixture
def program(cast: Cast, clock: object) -> Program:
    return Program(key_of(cast.olav))


@pytest.fixture
def row(cast: Cast) -> Row:
    """A row that can be written, of a team and a KPI without figures."""
    with within(cast.acme):
        kpi: Kpi = make.KpiFactory(unit="share")
        team = Team.objects.get(leader=cast.ada)
    return {"team": team.pk, "kpi": kpi.pk, "on": str(TODAY), "numerator": 40, "denominator": 50}


def figures_of(cast: Cast, row: Row) -> dict[date, tuple[Decimal, Decimal, str]]:
    with within(cast.acme):
        found = Figure.objects.filter(kpi=row["kpi"])
        return {each.on: (each.numerator, each.denominator, each.entry) for each in found}


def test_figures_are_written_and_their_team_follows_them(program: Program, cast: Cast, row: Row) -> None:
    day_before = TODAY - timedelta(days=1)
    rows = [row, row | {"on": str(day_before), "numerator": "38.000", "asked": 60}]

    first = program.post("figures/", {"figures": rows})
    second = program.post("figures/", {"figures": [rows[0], rows[1] | {"numerator": 37}]})

    assert first.json() == {"added": 2, "replaced": 0, "unchanged": 0}
    assert second.json() == {"added": 0, "replaced": 1, "unchanged": 1}
    assert figures_of(cast, row) == {TODAY: (40, 50, "api"), day_before: (37, 50, "api")}
    with within(cast.acme):
        assert Followed.objects.filter(team=row["team"], kpi=row["kpi"], stopped_on=None).count() == 1
        entry = AuditEntry.objects.filter(verb="wrote figures").latest("number")
    assert (entry.details["replaced"], len(entry.details["api_key"])) == (1, 8)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"numerator": 51}, "numerator"),
        ({"numerator": "1e1000000"}, "numerator"),
        ({"numerator": "1e-9999999"}, "numerator"),
        ({"numerator": 40.5}, "numerator"),
        ({"numerator": -1}, "numerator"),
        ({"numerator": "NaN"}, "numerator"),
        ({"numerator": True}, "numerator"),
        ({"numerator": [4]}, "numerator"),
        ({"denominator": None}, "denominator"),
        ({"denominator": 10**400}, "denominator"),
        ({"asked": 49}, "asked"),
        ({"on": str(TODAY + timedelta(days=1))}, "on"),
        ({"on": "1999-12-31"}, "on"),
        ({"on": 20261102}, "on"),
        ({"team": 10**30}, "team"),
        ({"kpi": 0}, "kpi"),
        ({"share": 80}, "share"),
    ],
)
def test_one_wrong_row_stops_all_and_says_where(
    program: Program, cast: Cast, row: Row, change: Row, field: str
) -> None:
    sound = row | {"on": str(TODAY - timedelta(days=1))}
    answer = program.post("figures/", {"figures": [sound, row | change]})

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [f"figures.1.{field}"]
    assert figures_of(cast, row) == {}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"figures": [{"numerator": NaN}]}', 400),
        (b'{"figures": [{"numerator": 1, "numerator": 2}]}', 400),
        (b'{"figures": [{"numerator": 1e999}]}', 422),
        (b'{"figures": ["row"]}', 422),
        (b'{"figures": {}}', 422),
        (b'{"figures": []}', 422),
        (b'{"figures": [' + b",".join([b"{}"] * 10_001) + b"]}", 422),
        (b'{"figures": [' + b" " * 10_000_000 + b"]}", 413),
    ],
    ids=["NaN", "twice", "infinite", "text", "object", "none", "10,001", "10 MB"],
)
def test_figures_nobody_means_get_an_answer(program: Program, body: bytes, status: int) -> None:
    answer = program.send("POST", "figures/", body)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_same_day_twice_is_refused_by_its_index(program: Program, cast: Cast, row: Row) -> None:
    answer = program.post("figures/", {"figures": [row, row | {"numerator": 41}]})

    assert answer.json()["errors"] == [
        {"field": "figures.1.on", "detail": "The same team, KPI and day as in figures.0."}
    ]
    assert figures_of(cast, row) == {}


def test_a_thousand_wrong_rows_get_a_short_answer(program: Program, row: Row) -> None:
    answer = program.post("figures/", {"figures": [row | {"numerator": "many"}] * 1_000})

    assert len(answer.json()["errors"]) == 100
    assert len(answer.content) < 20_000


def test_figures_of_another_organisation_are_not_reached(program: Program, cast: Cast, row: Row) -> None:
    with within(cast.zenith):
        theirs = Team.objects.get().pk
    answer = program.post("figures/", {"figures": [row | {"team": theirs}]})

    assert json.loads(answer.content)["errors"] == [{"field": "figures.0.team", "detail": "There is no such team."}]
