"""The audit trail as owners and admins read it: administration with names, and of everything else not a word."""

import ast
import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.test import Client

from cohorts.audit import record
from cohorts.models import AuditEntry, Membership
from cohorts.people.actions.members import give_role
from cohorts.tenancy.wall import within
from goals.models import Reflection
from programme.trail.words import WORDS
from tests.cast import Cast
from tests.times import NOW

ClientFor = Callable[[Membership], Client]


@pytest.fixture
def trail(cast: Cast) -> None:
    """A role given, a reflection shared, and a busy trail before them."""
    with within(cast.acme):
        for number in range(60):
            record(by=cast.hana, verb="changed cohort", thing=cast.house_of(cast.acme).cohort, now=NOW, number=number)
        give_role(member=cast.pat, role="sponsor", by=cast.olav, organisation=cast.acme, now=NOW + timedelta(days=1))
        AuditEntry.objects.latest("number")


def download(client: Client, **asked: str) -> list[dict[str, str]]:
    response = client.post(client.url("trail_download"), asked)
    assert response.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_newest_fifty_stand_with_who_what_and_about_whom(cast: Cast, client_for: ClientFor, trail: None) -> None:
    client = client_for(cast.hana)
    page = client.get(client.url("trail"))

    (gave,) = [line for line in page.context["lines"] if line.did == "Gave a role"]
    assert (gave.who, gave.roles, gave.about) == (cast.olav.name, "Organisation owner", cast.pat.name)
    assert len(page.context["lines"]) == 50
    older = client.get(client.url("trail"), {"before": page.context["older"]})
    assert max(line.number for line in older.context["lines"]) < page.context["older"] + 1
    assert client.get(client.url("trail"), {"before": "9" * 40}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"kind": "people"}, 1),
        ({"name": "Pat"}, 1),
        ({"kind": "content"}, 0),
        ({"first": "2100-01-01"}, 0),
        ({"last": "2001-12-31"}, 0),
        ({"name": "Nobody of that name"}, 0),
    ],
)
def test_it_is_narrowed_by_kind_name_and_days(
    asked: dict[str, str], numbers: int, cast: Cast, client_for: ClientFor, trail: None
) -> None:
    client = client_for(cast.hana)
    found = client.get(client.url("trail"), asked).context["lines"]

    given = [line for line in found if line.entry.verb == "gave role"]
    assert len(given) == numbers
    if numbers == 0:
        assert found == []


def test_chips_count_each_kind_within_name_and_days(cast: Cast, client_for: ClientFor, trail: None) -> None:
    client = client_for(cast.hana)
    chips = client.get(client.url("trail"), {"name": "Pat", "kind": "people"}).context["chips"]

    assert [(chip.label, chip.count, chip.is_current) for chip in chips] == [
        ("Everything", 1, False),
        ("People and roles", 1, True),
        ("Cohorts, rounds and sending", 0, False),
        ("Curricula and questionnaires", 0, False),
    ]
    assert chips[2].url == "?name=Pat&kind=cohorts"
    counts = [chip.count for chip in client.get(client.url("trail")).context["chips"]]
    with within(cast.acme):
        assert counts[2] == AuditEntry.objects.filter(verb="changed cohort").count()
    assert counts[0] == sum(counts[1:])


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"first": "0001-01-01"}, ["first"]),
        ({"last": "9999-12-31"}, ["last"]),
        ({"name": "x" * 200}, ["name"]),
        ({"kind": "zz"}, []),
    ],
)
def test_what_makes_no_sense_is_named_and_filters_nothing(
    asked: dict[str, str], named: list[str], cast: Cast, client_for: ClientFor, trail: None
) -> None:
    client = client_for(cast.hana)
    page = client.get(client.url("trail"), asked)

    assert page.status_code == 200
    assert list(page.context["form"].errors) == named
    assert len(page.context["lines"]) == 50


@pytest.fixture(params=["a thing of a room", "a member"])
def private(cast: Cast, request: pytest.FixtureRequest) -> Iterator[AuditEntry]:
    """What Ada shared with her sponsor, and what the sponsor did of their part: deeds of a room."""
    with within(cast.acme):
        reflection = Reflection.objects.filter(enrolment__leader=cast.ada).first()
        if request.param == "a member":
            yield record(by=cast.sol, verb="did sponsor's part", thing=cast.sol, now=NOW, enrolment=1)
        else:
            yield record(by=cast.ada, verb="shared reflection", thing=reflection, now=NOW, reader=cast.sol.pk)


def test_what_people_do_in_their_rooms_is_on_no_page(cast: Cast, client_for: ClientFor, private: AuditEntry) -> None:
    client = client_for(cast.olav)
    for asked in ({}, {"name": "Ada"}, {"name": cast.sol.name}):
        numbers = [line.number for line in client.get(client.url("trail"), asked).context["lines"]]
        assert private.number not in numbers


def test_the_file_keeps_number_day_and_hash_of_private_entries(
    cast: Cast, client_for: ClientFor, private: AuditEntry
) -> None:
    (row,) = [row for row in download(client_for(cast.olav)) if row["Number"] == str(private.number)]

    assert row.pop("Time") == private.at.date().isoformat()
    assert row.pop("Hash") == private.hash
    assert row.pop("Number") == str(private.number)
    assert set(row.values()) == {""}


def test_the_file_holds_every_entry_and_is_itself_one(cast: Cast, client_for: ClientFor, trail: None) -> None:
    with within(cast.acme):
        before = AuditEntry.objects.count()

    rows = download(client_for(cast.olav))

    assert [int(row["Number"]) for row in rows] == list(range(before, 0, -1))
    (gave,) = [row for row in rows if row["What"] == "Gave a role"]
    assert (gave["Kind"], json.loads(gave["Details"])) == ("cohorts.membership", {"role": "sponsor"})
    with within(cast.acme):
        last = AuditEntry.objects.latest("number")
    assert (last.number, last.verb, last.by_id) == (before + 1, "downloaded audit trail", cast.olav.pk)


def test_a_filtered_file_holds_what_the_page_shows(cast: Cast, client_for: ClientFor, trail: None) -> None:
    assert {row["What"] for row in download(client_for(cast.olav), kind="people", name="Pat")} == {"Gave a role"}


ADMINISTRATION = (
    *("cohorts", "programme/reports", "programme/trail", "coaching/mentors/actions/intakes.py"),
    *("coaching/mentors/actions/profiles.py", "coaching/hosting/actions/hosts.py", "feedback360/questionnaires"),
    *(
        "feedback360/rounds/actions/rounds.py",
        "feedback360/rounds/actions/planning.py",
        "goals/figures/actions/kpis.py",
    ),
    *("feedback360/rounds/actions/rater_intakes.py", "goals/figures/actions/intakes.py"),
    "goals/leader_goals/actions/busy.py",
)


def verbs(path: Path) -> Iterator[str]:
    """The keys that a module writes into entries where it names them in the call."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.keyword) and node.arg == "verb":
            value = node.value
            for each in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                if isinstance(each, ast.Constant):
                    yield str(each.value)


def test_every_deed_of_administration_has_words() -> None:
    files = [Path(project_settings.BASE_DIR) / name for name in ADMINISTRATION]
    modules = [module for file in files for module in ([file] if file.suffix else file.rglob("*.py"))]
    written = {verb for module in modules if "migrations" not in module.parts for verb in verbs(module)}

    assert len(written) > 50
    assert written - WORDS.keys() == set()
