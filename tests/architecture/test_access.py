"""Who gets what where. Every route of the resolver is in `access_inside.txt` or `access_front_door.txt`, or this fails.

Inside, the keys in an address name Ada's things. Nobody is not signed in; Zara is an admin elsewhere; Bo is another
leader; Sol is Ada's sponsor, Max somebody else's; Hana is admin, Olav owner. Posts are sent without any field.

A request takes 15 ms, and there are 800 routes with their methods and eight people. So nobody is asked twice for what
one function decides alike: who lacks the permission of a view is refused by its guard before anything else, and one of
them is sent there; a method that the view's decorator does not name is tried on one route for each such decorator.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test import client as test_client
from django.test.client import ClientHandler
from django.urls import get_resolver, reverse

from cohorts.models import Membership
from cohorts.web.permissions import may
from tests.architecture.pages import boxes_without_readers, hollow_lists, torn_tags, unstyled_classes, written_dates
from tests.architecture.routes import MISSING, address, foreign_addresses, front_door, inside, keys
from tests.architecture.sensitive import files_without_proof
from tests.cast import Cast, House

HERE = Path(__file__).parent
METHODS = ("GET", "POST")
PEOPLE = ("nobody", "zara", "ada", "bo", "sol", "max", "hana", "olav")
HANDLER = ClientHandler(enforce_csrf_checks=False)  # one for all clients: each would build the middleware again
STRANGER = "zara"
MEMBERS = PEOPLE[2:]
COACH = "cleo"  # has no column in the table: only coaches may what nobody of the others may
VISITORS = ("nobody", "ada", "zara")
EVERY_METHOD = {*METHODS, "PUT", "PATCH", "DELETE"}
ARMOUR = {
    "Content-Security-Policy": r"default-src '(self|none)'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY|SAMEORIGIN",
    "Referrer-Policy": "same-origin|no-referrer",
    "Permissions-Policy": r"camera=\(\)",
}
REFUSED = (403,) * len(PEOPLE)
# Sign-in's own bookkeeping; and what an upload would do, derived and kept until something changes (decision 66).
KEPT = (
    *("django_session", "usersessions_", "account_emailaddress"),
    *('cohorts_intakepart" SET "outcomes', 'cohorts_intake" SET "plan'),
)
WRITES = re.compile(rf'(INSERT INTO|UPDATE|DELETE FROM) "(?!{"|".join(KEPT)})')

MAX_QUERIES = 12  # for any page, whoever reads it
PLUMBING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT current_setting")

# What nobody of these may ever read, wherever they look: the other organisation, and what was not meant for them.
PRIVATE = {
    "ada": ["zenith", "of Bo", "of Max", "of Pat", "note of sol", "note of cleo", "bait sponsor bo", "bait of bo"],
    "bo": ["zenith", "of Ada", "of Max", "of Pat", "note of", "bait sponsor ada", "bait coach", "bait of ada"],
    "sol": [
        *("zenith", "of Bo", "of Max", "of Pat", "acme bait private", "acme bait line", "acme bait place"),
        *("note of ada", "note of cleo", "bait sponsor bo", "bait coach", "bait of ada draft goal"),
        *("bait of bo", "bait of ada member", "bait of ada part", "bait of ada words"),
        *("bait of ada check-in", "bait of ada review", "bait of ada draft goal"),
    ],
    "max": ["zenith", "bait of bo draft goal", "of Ada", "of Pat", "note of bo", "bait sponsor ada", "bait coach"],
    "hana": ["zenith", "acme bait"],
    "olav": ["zenith", "acme bait"],
}


def table(name: str) -> dict[tuple[str, str], tuple[int, ...]]:
    """Route and method → the status each person gets. A method without a line answers nobody with a page."""
    lines = [line.split() for line in (HERE / name).read_text().splitlines()[1:] if line and not line.startswith("#")]
    return {(route, method): tuple(map(int, statuses)) for route, method, *statuses in lines}


INSIDE, FRONT_DOOR = table("access_inside.txt"), table("access_front_door.txt")
ROUTES, DOORS = {route.name: route for route in inside()}, {route.name: route for route in front_door()}


def clients(people: tuple[str, ...], cast: Cast, client_for: Callable[[Membership], Client]) -> list[Client]:
    """One for each person; who is not signed in has none of anybody."""
    return [Client() if name == "nobody" else client_for(getattr(cast, name)) for name in people]


def ask(client: Client, method: str, where: str, fields: dict[str, object] | None = None) -> HttpResponse:
    """One request whose effects are taken back. Reading asks little and writes nothing; every answer is armoured."""
    response, statements = _ask(client, method, where, fields)
    if len(statements) > MAX_QUERIES:  # a process reads each curriculum once
        response, statements = _ask(client, method, where, fields)
    for header, said_there in ARMOUR.items():
        assert re.search(said_there, response.headers.get(header, "")), f"{method} {where}: {header}"
    if method == "GET":
        assert [statement for statement in statements if WRITES.match(statement)] == []
        assert len(statements) <= MAX_QUERIES, "\n".join([where, *statements])
    return response


def _ask(client: Client, method: str, where: str, fields: dict[str, object] | None) -> tuple[HttpResponse, list[str]]:
    client.handler, client.raise_request_exception = HANDLER, False
    with transaction.atomic(), statements_of() as statements, without_copies_of_contexts():
        response = client.post(where, fields) if fields else client.generic(method, where)
        transaction.set_rollback(True)
    return response, [statement for statement in statements if not statement.startswith(PLUMBING)]


@contextmanager
def statements_of() -> Iterator[list[str]]:
    """The statements of this block, without their values: writing those out takes longer than running some."""
    statements: list[str] = []

    def note(execute: Callable[..., object], statement: object, *rest: object) -> object:
        statements.append(str(statement))
        return execute(statement, *rest)

    with connection.execute_wrapper(note):
        yield statements


def without_copies_of_contexts() -> AbstractContextManager[object]:
    """A test client copies the context of every template, and a page has a hundred."""
    return mock.patch.object(test_client, "store_rendered_templates", _keep_nothing)


def _keep_nothing(*_args: object, **_kwargs: object) -> None:
    pass


def test_a_statement_that_writes_is_recognised() -> None:
    assert WRITES.match('UPDATE "goals_focus" SET')
    assert WRITES.match('INSERT INTO "cohorts_auditentry" VALUES')
    assert WRITES.match('UPDATE "cohorts_intake" SET "choices"')
    assert WRITES.match('DELETE FROM "cohorts_intakepart" WHERE')
    assert not WRITES.match('INSERT INTO "django_session" VALUES')
    assert not WRITES.match('SELECT "goals_focus"."id"')


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert {name.partition("@")[0] for name, _ in INSIDE} == ROUTES.keys()
    assert {name for name, _ in FRONT_DOOR} == DOORS.keys()


LET_THROUGH = {(name, method) for name, route in ROUTES.items() for method in METHODS if method in route.methods}


@pytest.mark.parametrize(("name", "method"), sorted(INSIDE.keys() | LET_THROUGH))
def test_inside(name: str, method: str, cast: Cast, client_for: Callable) -> None:
    route, _, variant = name.partition("@")
    where = address(ROUTES[route], keys(cast.houses["acme"], variant))
    refused = [each for each in MEMBERS if not may(getattr(cast, each), ROUTES[route].view.permission)]
    sent = refused[len(name) % len(refused)] if refused else None  # not always the same one
    alike = set(refused) - {sent}
    asked = tuple(each for each in PEOPLE if each not in {STRANGER} | alike)
    asked += (COACH,) * (len(refused) == len(MEMBERS))
    answers = dict(zip(asked, (ask(each, method, where) for each in clients(asked, cast, client_for)), strict=True))
    found = tuple(answers[each].status_code if each in answers else 403 for each in PEOPLE if each != STRANGER)

    assert leaks(answers) == []
    assert files_without_proof(route, answers.values()) == [], "say in tests/architecture/sensitive.py why not"
    assert [each for answer in answers.values() for each in faults_of(answer)] == []
    if not CONTENT.match(name):
        assert [each for answer in answers.values() for each in boxes_without_readers(text_of(answer))] == []
    if (name, method) in INSIDE:
        nobody, _stranger, *members = INSIDE[name, method]
        assert found == (nobody, *members), f"{name} {method} {' '.join(map(str, found))}"
    else:
        assert set(found[1:]) <= {403, 404, 405}, f"{name} {method} {' '.join(map(str, found))}"


def test_a_stranger_gets_404_everywhere() -> None:
    """The column of the table; the requests are those of `test_a_stranger_and_a_missing_organisation_look_the_same`."""
    assert {statuses[PEOPLE.index(STRANGER)] for statuses in INSIDE.values()} == {404}


def leaks(answers: dict[str, HttpResponse]) -> list[tuple[str, str]]:
    """Who was shown what they may never read."""
    shown = {person: text_of(answer).lower() for person, answer in answers.items()}
    return [
        (person, bait) for person, text in shown.items() for bait in PRIVATE.get(person, ()) if bait.lower() in text
    ]


# Text boxes there are for content, which everybody reads once it is published, or for network addresses.
CONTENT = re.compile(r"draft_|questionnaire_|settings_key_new|token_new")


def faults_of(answer: HttpResponse) -> list[str]:
    """What a page should not have: dates that are no `<time>`, lists with nothing in them, classes without a sheet."""
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    text = text_of(answer)
    return [*written_dates(text), *torn_tags(text), *hollow_lists(text), *unstyled_classes(text)]


def text_of(answer: HttpResponse) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")


def test_private_text_is_shown_only_to_its_leader(cast: Cast, client_for: Callable) -> None:
    """The control of `leaks`: the bait is on Ada's own pages."""
    shown = [
        text_of(ask(client_for(cast.ada), "GET", address(ROUTES[name], keys(cast.houses["acme"]))))
        for name in ("practices", "focuses", "reflection")
    ]

    for bait in ("acme bait line of Ada", "acme bait cue of Ada", "acme bait private"):
        assert any(bait in page for page in shown), bait


@pytest.mark.parametrize("name", sorted(DOORS))
@pytest.mark.parametrize("method", METHODS)
def test_front_door(name: str, method: str, cast: Cast, client_for: Callable) -> None:
    meanings = {"pk": MISSING, "slug": "acme", "token": "garbage", "key": "garbage", "sha": "garbage", "uidb36": "1"}
    where = reverse(name, kwargs={parameter: meanings[parameter] for parameter in DOORS[name].parameters})
    found = tuple(ask(client, method, where).status_code for client in clients(VISITORS, cast, client_for))

    if (name, method) in FRONT_DOOR:
        assert found == FRONT_DOOR[name, method], f"{name} {method} {' '.join(map(str, found))}"
    else:
        assert set(found) <= {302, 403, 404, 405}, f"{name} {method} {' '.join(map(str, found))}"


def test_every_view_inside_says_which_methods_it_answers() -> None:
    """And the table has a line for each of them, but for two that only the coach may post to."""
    said = {name: route.methods - {"HEAD"} for name, route in ROUTES.items()}
    lines = {name: {method for line, method in INSIDE if line.partition("@")[0] == name} for name in ROUTES}

    assert [name for name, methods in said.items() if not methods or not methods <= set(METHODS)] == []
    assert {name for name in ROUTES if said[name] != lines[name]} == {"mentor_profile", "pairing_stopping"}


def test_a_method_the_view_does_not_name_gets_405(cast: Cast, client_for: Callable) -> None:
    """One route for each set of methods and each permission."""
    alike = {(route.methods, route.view.permission): route for route in ROUTES.values()}
    assert len(alike) > 20
    for (methods, _permission), route in alike.items():
        where = address(route, keys(cast.houses["acme"]))
        (client,) = clients((one_who_may(route.name),), cast, client_for)
        assert {ask(client, method, where).status_code for method in EVERY_METHOD - methods} == {405}, route.name


def may_ask(person: str, name: str, method: str) -> bool:
    """Whether the person's role lets them in, by the table; the coach is tried where it knows nobody else."""
    row = INSIDE.get((name, method), REFUSED)
    return one_who_may(name) == COACH if person == COACH else row[PEOPLE.index(person)] != 403


def one_who_may(name: str) -> str:
    """Somebody whose role allows the route: their answer is not 403, which is given before any method is looked at."""
    answers = [statuses for (route, _), statuses in INSIDE.items() if route.partition("@")[0] == name]
    people = ("ada", "sol", "hana", "olav")
    return next((each for each in people if any(row[PEOPLE.index(each)] != 403 for row in answers)), COACH)


def plainly(request: HttpRequest, exception: Exception) -> HttpResponse:
    """In place of the page for 404, which takes three quarters of the time: all it could know of what was missing."""
    return HttpResponse(f"{type(exception).__name__}: {exception}", status=404)


@pytest.fixture
def plain_404(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = get_resolver(settings.ORGANISATION_URLCONF).urlconf_module
    monkeypatch.setattr(pages, "handler404", plainly, raising=False)


@pytest.mark.parametrize("name", sorted(name for name, route in ROUTES.items() if route.has_keys))
@pytest.mark.usefixtures("plain_404")
def test_another_organisations_id_is_404_like_a_missing_one(name: str, cast: Cast, client_for: Callable) -> None:
    """Asked by each role that the route lets in; who is refused by role is refused before a key is read."""
    answered = set()
    for person in dict.fromkeys(("ada", "sol", "hana", COACH, one_who_may(name))):
        methods = [method for method in METHODS if may_ask(person, name, method)]
        for client in clients((person,) if methods else (), cast, client_for):
            for foreign, missing in foreign_addresses(ROUTES[name], cast):
                for method in methods:
                    one, other = ask(client, method, foreign), ask(client, method, missing)
                    assert said(one, foreign) == said(other, missing)
                    answered.add(one.status_code)

    assert answered <= {404, 405}
    assert 404 in answered


def test_the_page_for_another_organisations_id_is_that_for_a_missing_one(cast: Cast, client_for: Callable) -> None:
    """With the page itself, on one route."""
    ((foreign, missing),) = foreign_addresses(ROUTES["focus_wording"], cast)
    client = client_for(cast.ada)
    one, other = ask(client, "GET", foreign), ask(client, "GET", missing)

    assert said(one, foreign) == said(other, missing)
    assert b"</html>" in one.content


# Fields that name a row: whose form it is, and the row meant.
FIELDS = {
    ("cohort_new", "version"): ("hana", lambda house: house.version.pk),
    ("enrolment_sponsor", "sponsor"): ("hana", lambda house: sponsor_of(house).pk),
    ("practice_new", "focus"): ("ada", lambda house: keys(house)["focuses"]),
}


def sponsor_of(house: House) -> Membership:
    return next(member for member in house.members.values() if member.has_role("sponsor"))


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_another_organisations_id_in_a_form_is_refused_like_a_missing_one(
    name: str, field: str, cast: Cast, client_for: Callable
) -> None:
    person, row_of = FIELDS[name, field]
    where = address(ROUTES[name], keys(cast.houses["acme"]))
    own, foreign, missing = (
        without(key, said(ask(client_for(getattr(cast, person)), "POST", where, {field: key}), where))
        for key in (row_of(cast.houses["acme"]), row_of(cast.houses["zenith"]), MISSING)
    )

    assert foreign == missing
    assert foreign != own


def without(key: int, answer: tuple[int, dict[str, str], bytes]) -> tuple[int, dict[str, str], bytes]:
    """An answer may repeat the key it was sent: "Select a valid choice. 17 is not one of …"."""
    status, headers, body = answer
    return status, headers, re.sub(rb"\b%d is not" % key, b"KEY is not", body)


def said(response: HttpResponse, where: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body without what differs between any two answers.

    Left out are the own address, the masked token, the request id, and what is signed together with the second.
    """
    body = response.content.replace(where.encode(), b"ADDRESS")
    body = re.sub(rb'"[0-9A-Za-z]{64}"', b"TOKEN", body)
    body = re.sub(rb'"[\w.-]+:[0-9A-Za-z]{6}:[\w-]{43}"', b"SIGNED", body)
    body = re.sub(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", b"REQUEST", body)
    return response.status_code, {**response.headers, "Content-Length": "any"}, body


def test_a_stranger_and_a_missing_organisation_look_the_same(cast: Cast, client_for: Callable) -> None:
    """At every route with one of its methods, and like an address without a route in an organisation that is not."""
    client, own = client_for(cast.zara), keys(cast.houses["acme"])
    nowhere = {}
    for method in METHODS:
        where = "/o/nowhere/no/such/page/"
        nowhere[method] = said(ask(client, method, where), where)
        assert nowhere[method][0] == 404
    for route in ROUTES.values():
        method = max(route.methods & set(METHODS))  # POST where there is one: it could do harm
        where = address(route, own)
        assert said(ask(client, method, where), where) == nowhere[method], route.name


def test_every_view_inside_declares_its_permission() -> None:
    assert [name for name, route in ROUTES.items() if not hasattr(route.view, "permission")] == []
