"""Invalid input to every endpoint that writes: the answer names the field, and nothing is written.

The bodies are made from the description (`bad_input.py`), so that a new endpoint is among them.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse

from cohorts.curriculum.rows import read
from cohorts.curriculum.writer import write_files
from cohorts.curriculum.zips import zip_of
from cohorts.models import AddressCorrection, Membership
from cohorts.tenancy.wall import within
from feedback360.models import Round
from goals.models import Focus, Kpi
from tests.api.bad_input import Bad, bad_bodies, bad_files, operations, schema_of
from tests.api.client import Program
from tests.api.equality import TABLE, Same
from tests.api.test_equality import ENDPOINTS, EVERY_SCOPE, noun_of, program, view_of, where
from tests.architecture.routes import keys
from tests.cast import Cast
from tests.database import as_owner
from tests.times import NOW, TODAY

# A body that each operation accepts of the cast, or refuses for what the cast is; `test_a_good_body` says which.
GOOD: dict[str, dict[str, Any]] = {
    "acceptOffer": {"rules_version": 1},
    "addPeople": {"people": [{"name": "Nina New", "email": "nina@acme.test"}], "dry_run": False},
    "changeEnrolment": {
        "sponsor": None,
        "nudge_hour": "10:00",
        "zone": "Europe/Oslo",
        "working_days": [1],
        "mail_on": False,
    },
    "addPause": {"starts_on": "2026-04-20", "ends_on": "2026-04-24"},
    "askForReport": {"language": "en"},
    "nominateRater": {"name": "Rita", "email": "rita@acme.test", "relation": "team"},
    "writeFigures": {
        "figures": [{"team": 1, "kpi": 1, "on": str(TODAY), "numerator": 1, "denominator": 2, "asked": 3}]
    },
    "pickFocus": {"behaviour": "clear", "cue": "When a talk begins", "response": "I say what it is about"},
    "rewordFocus": {"behaviour": "clear", "cue": "When a talk begins", "response": "I say what it is about"},
    "turnDial": {"level": 1, "ends_on": None},
    "turnGoalDial": {"level": 1, "ends_on": None},
    "checkIn": {"on": str(TODAY), "value": "3", "line": "A line"},
    "inviteMember": {"name": "Ivar", "email": "ivar@acme.test", "language": "nb", "roles": ["sponsor"]},
    "mergeMembers": {"email": "gro@acme.test", "stays": "this", "dry_run": False},
    "correctMember": {"manager": None, "roles": ["leader"], "is_suspended": False},
    "logPractice": {"on": str(TODAY), "did_it": True, "went": 3, "place": "Desk", "line": "A line", "focus": None},
    "writeReflection": {"tried": "A", "happened": "B", "learned": "C", "next": "D", "audience": "private"},
    "rewordReflection": {"tried": "A", "happened": "B", "learned": "C", "next": "D"},
    "changeReflectionAudience": {"audience": "sponsor"},
    "changeRound": {"opens_on": "2026-03-30", "answer_by": "2026-04-08", "closes_on": "2026-04-17", "threshold": 4},
    "bringRoundForward": {"to": "closed"},
    "bookVisit": {"rules_version": 1},
    "askForOwnReport": {"language": "nb"},
    "planRound": {"opens_on": "2026-04-20"},
    "changeCohort": {"holidays": "NO", "region": "", "holiday_kinds": []},
    "changeClosedDay": {"act": "close", "on": "2026-04-21", "name": "Staff day"},
}
OPERATIONS = operations()
TAKES_ZIP = {
    name: operation
    for name, operation in OPERATIONS.items()
    if "application/zip" in operation.get("requestBody", {}).get("content", {})
}
WRITING = {
    name: operation for name, operation in OPERATIONS.items() if operation["method"] != "GET" and name not in TAKES_ZIP
}
EVERYTHING = """
SELECT string_agg(format('SELECT %L, count(*), md5(string_agg(t::text, '''' ORDER BY t::text)) FROM %I t', name, name),
    ' UNION ALL ')
FROM (SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) AS tables
WHERE name NOT LIKE 'django_%%'
"""


def line_of(operation: dict[str, Any]) -> Same:
    """The line of the table of equality, whose endpoint and keys we ask with."""
    return next(same for same in TABLE if (same.endpoint, same.method) == operation_key(operation))


def operation_key(operation: dict[str, Any]) -> tuple[str, str]:
    bare = [part[:1] == "{" or part for part in operation["path"].split("/") if part]
    for name, route in ENDPOINTS.items():
        if [part[:1] == "<" or part for part in route.pattern.split("/") if part] == bare:
            return name, operation["method"]
    raise AssertionError(operation["path"])


def caller(same: Same, cast: Cast) -> Program:
    is_personal = noun_of(same).is_personal
    member: Membership = cast.ada if is_personal else cast.olav
    return program(member, EVERY_SCOPE, is_personal=is_personal)


def address_of(same: Same, cast: Cast) -> str:
    return where(ENDPOINTS[same.endpoint], keys(cast.houses["acme"], same.page.partition("@")[2]))


def set_back_round() -> None:
    """To when leaders say whom they want to ask."""
    days = {"opens_at": 20, "reminds_at": 30, "closes_at": 40, "releases_at": 41}
    Round.objects.update(state="nominating", **{name: NOW + timedelta(days=number) for name, number in days.items()})


def good_body(name: str, cast: Cast) -> dict[str, Any]:
    good = json.loads(json.dumps(GOOD.get(name, {})))
    if name == "writeFigures":
        with within(cast.acme):
            good["figures"][0] |= {"team": keys(cast.houses["acme"])["teams"], "kpi": Kpi.objects.get().pk}
    return good


def everything(cast: Cast) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of them, at Acme and outside the walls."""
    with within(cast.acme), as_owner(), connection.cursor() as cursor:
        cursor.execute(EVERYTHING)
        cursor.execute(cursor.fetchone()[0])
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


def send(client: Program, operation: dict[str, Any], address: str, body: bytes, language: str) -> HttpResponse:
    return client.send(operation["method"], address, body, Accept_Language=language)


# What the cast is too far on for.
BEFORE: dict[str, Callable[[], object]] = {
    "nominateRater": set_back_round,
    "changeRound": set_back_round,
    "mergeMembers": lambda: AddressCorrection.objects.waiting().update(stopped_at=NOW),
    "pickFocus": lambda: Focus.objects.update(archived_on=TODAY),
}


@pytest.mark.parametrize("name", WRITING)
def test_an_invalid_body_is_refused_by_its_field_and_nothing_is_written(name: str, cast: Cast, clock: object) -> None:
    operation, same = WRITING[name], line_of(WRITING[name])
    there = address_of(same, cast)  # before the caller has a key of their own
    client = caller(same, cast)
    with within(cast.acme):
        BEFORE.get(name, lambda: None)()
    send(client, operation, there, b"{", "nb")  # notes that the key was used today
    before, wrong, said = everything(cast), [], {}
    for bad in bad_bodies(schema_of(operation), good_body(name, cast)):
        answer = send(client, operation, there, bad.body, "nb")
        wrong += faults(bad, answer)
        if answer.headers.get("Content-Type") == "application/problem+json":
            said.setdefault(answer.json()["detail"], bad)
    for detail, bad in said.items():
        if send(client, operation, there, bad.body, "en").json()["detail"] == detail:
            wrong.append(f"{bad.kind}: {detail} in both languages")
    after = everything(cast)

    assert "\n".join(wrong) == ""
    assert {table for table in before if before[table] != after[table]} == set()


def faults(bad: Bad, answer: HttpResponse) -> list[str]:
    found = f"{bad.kind}: {answer.status_code} {answer.content[:300].decode()}"
    if answer.headers.get("Content-Type") != "application/problem+json" or answer.status_code >= 500:
        return [found]
    if bad.status and answer.status_code != bad.status:
        return [found]
    named = [error["field"] for error in answer.json().get("errors", [])]
    if bad.field and not any(each == bad.field or each.startswith(f"{bad.field}.") for each in named):
        return [found]
    return []


@pytest.mark.parametrize("name", TAKES_ZIP)
def test_a_file_that_is_no_zip_is_refused_and_nothing_is_written(name: str, cast: Cast, clock: object) -> None:
    """Each is read in a process of its own, which takes its time."""
    same = line_of(TAKES_ZIP[name])
    there = address_of(same, cast)
    client, most = caller(same, cast), view_of(same).max_bytes
    assert client.post(there, b"{}", Content_Type="application/json").status_code == 415  # and the key was used today
    before, wrong = everything(cast), []
    for bad in bad_files(zip_of(write_files(read())), most):
        said = {"Content_Type": "application/zip", "Accept_Language": "nb", "Idempotency_Key": "bad"}
        wrong += faults(bad, client.post(there, bad.body, **said))
    misread = client.post(f"{there}?replaces=perhaps&no_such=1", b"", Content_Type="application/zip")
    after = everything(cast)

    assert "\n".join(wrong) == ""
    assert {error["field"] for error in misread.json()["errors"]} == {"replaces", "no_such"}
    assert {table for table in before if before[table] != after[table]} == set()


def test_a_zip_that_is_too_large_is_refused_before_it_is_read(
    cast: Cast, clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With and without `Idempotency-Key`, for which a body is read before anybody parses it."""
    monkeypatch.setattr("django.http.HttpRequest.read", lambda *_args: pytest.fail("it was read"))
    (same,) = map(line_of, TAKES_ZIP.values())
    there, body = address_of(same, cast), bytes(view_of(same).max_bytes + 1)
    client = caller(same, cast)
    answers = [
        client.post(there, body, Content_Type="application/zip", **more) for more in ({}, {"Idempotency_Key": "k"})
    ]

    assert [answer.status_code for answer in answers] == [413, 413]


@pytest.mark.parametrize("name", [name for name in WRITING if schema_of(WRITING[name])])
def test_a_good_body_is_taken(name: str, cast: Cast, clock: object) -> None:
    """So that the bodies above are refused for what is wrong with them."""
    operation, same = WRITING[name], line_of(WRITING[name])
    there = address_of(same, cast)  # before the caller has a key of their own
    client = caller(same, cast)
    with within(cast.acme):
        BEFORE.get(name, lambda: None)()
    with transaction.atomic():
        answer = send(client, operation, there, json.dumps(good_body(name, cast)).encode(), "en")
        transaction.set_rollback(True)

    assert answer.status_code < 300, answer.content
