"""The API gives each role what its pages give it, and nothing more.

Generated over every endpoint and method, for each role with a personal token, for a key of the organisation, for scopes
that lack the needed one, and for another organisation's and a missing id.
"""

import html
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from cohorts.models import ApiKey, Membership
from cohorts.tenancy.wall import within
from cohorts.web.api.key_text import new_key
from cohorts.web.api.scopes import NOUNS, scope_for, scopes_of
from tests.api.client import Program
from tests.api.equality import TABLE, Same
from tests.architecture.routes import MISSING, Route, address, keys, meaning, routes
from tests.architecture.test_access import INSIDE, MEMBERS, PEOPLE, ROUTES
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import NOW

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ENDPOINTS = {route.name: route for route in routes(settings.API_URLCONF) if route.name != "api_nowhere"}
EVERY_SCOPE = [scope for noun in NOUNS for scope in noun.scopes]
IDS = [f"{same.endpoint} {same.method}" for same in TABLE]
REFUSED = {401, 403, 404}


def view_of(same: Same) -> Any:
    return ENDPOINTS[same.endpoint].view.cls  # type: ignore[attr-defined]


def noun_of(same: Same) -> Any:
    return next(noun for noun in NOUNS if noun.key == view_of(same).noun)


def where(route: Route, meanings: dict[str, Any], slug: str = "acme") -> str:
    kwargs = {name: meanings[meaning(route, name, meanings)] for name in route.parameters}
    return f"/o/{slug}/api/v1" + reverse(route.name, urlconf=settings.API_URLCONF, kwargs=kwargs)


def program(member: Membership, scopes: list[str], *, is_personal: bool) -> Program:
    """A key as the tests need it, with scopes that no form offers together."""
    text = new_key()
    with within(member.organisation_id):
        ApiKey.objects.create(
            kind="personal" if is_personal else "organisation",
            member=member,
            name="Equality",
            prefix=text.prefix,
            secret_hash=text.hash,
            scopes=scopes,
            created_at=NOW,
            expires_at=NOW.replace(year=NOW.year + 1),
        )
    return Program(str(text))


def ask(client: Program, same: Same, address: str) -> HttpResponse:
    """One request, whose effects are taken back."""
    with transaction.atomic():
        answer = client.send(same.method, address, None if same.method in ("GET", "DELETE") else {})
        transaction.set_rollback(True)
    assert answer.status_code < 500, answer.content
    return answer


def outcome(status: int) -> int | str:
    return status if status in REFUSED else "may"


def test_every_endpoint_and_method_has_a_line() -> None:
    there = {
        (name, method)
        for name, route in ENDPOINTS.items()
        for method in METHODS
        if hasattr(route.view.cls, method.lower())  # type: ignore[attr-defined]
    }

    assert sorted(there) == sorted((same.endpoint, same.method) for same in TABLE)


@pytest.mark.parametrize("same", TABLE, ids=IDS)
def test_an_endpoint_asks_for_the_permission_of_its_page(same: Same) -> None:
    page = ROUTES[same.page.partition("@")[0]]

    assert view_of(same).permission == page.view.permission  # type: ignore[attr-defined]
    assert scope_for(view_of(same).noun, same.method) in noun_of(same).scopes


@pytest.mark.parametrize("same", TABLE, ids=IDS)
def test_each_role_gets_by_token_what_its_pages_give(same: Same, cast: Cast, clock: object) -> None:
    """A token gets what its member gets on the page; of the organisation's things it gets nothing."""
    on_page = dict(zip(PEOPLE, INSIDE[same.page, same.page_method], strict=True))
    there = where(ENDPOINTS[same.endpoint], keys(cast.houses["acme"], same.page.partition("@")[2]))
    found = {
        name: outcome(ask(program(getattr(cast, name), EVERY_SCOPE, is_personal=True), same, there).status_code)
        for name in MEMBERS
    }

    is_personal = noun_of(same).is_personal
    assert found == {name: outcome(on_page[name]) if is_personal else 403 for name in MEMBERS}


@pytest.mark.parametrize("same", TABLE, ids=IDS)
def test_a_key_gets_what_an_admin_gets_and_only_within_its_scopes(same: Same, cast: Cast, clock: object) -> None:
    on_page = dict(zip(PEOPLE, INSIDE[same.page, same.page_method], strict=True))
    there = where(ENDPOINTS[same.endpoint], keys(cast.houses["acme"], same.page.partition("@")[2]))
    needed = scope_for(view_of(same).noun, same.method)
    kinds = scopes_of(is_personal=False)
    others = [scope for scope in EVERY_SCOPE if scope.partition(":")[0] != view_of(same).noun]
    weaker = [*others, f"{view_of(same).noun}:read"] if needed.endswith(":write") else others

    given = outcome(ask(program(cast.olav, EVERY_SCOPE, is_personal=False), same, there).status_code)
    without = outcome(ask(program(cast.olav, weaker, is_personal=False), same, there).status_code)

    assert given == (outcome(on_page["hana"]) if needed in kinds else 403)
    assert without == 403


def keyed(lines: list[Same]) -> Iterator[tuple[Same, str]]:
    for same in lines:
        for name in ENDPOINTS[same.endpoint].parameters:
            if name.endswith("pk"):
                yield same, name


@pytest.mark.parametrize(("same", "name"), list(keyed(TABLE)), ids=lambda each: getattr(each, "endpoint", each))
def test_another_organisations_id_is_that_of_nothing(same: Same, name: str, cast: Cast, clock: object) -> None:
    route, own, foreign = ENDPOINTS[same.endpoint], keys(cast.houses["acme"]), keys(cast.houses["zenith"])
    client = program(
        cast.ada if noun_of(same).is_personal else cast.olav, EVERY_SCOPE, is_personal=noun_of(same).is_personal
    )
    folder = meaning(route, name, own)
    theirs, nobodys = (ask(client, same, where(route, own | {folder: key})) for key in (foreign[folder], MISSING))

    assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content)
    assert theirs.status_code == 404 or (theirs.status_code == 422 and b'"errors"' in theirs.content)


SHOWN = [same for same in TABLE if same.shows]


@pytest.mark.parametrize("same", SHOWN, ids=[same.endpoint for same in SHOWN])
def test_what_an_endpoint_shows_stands_on_the_page(
    same: Same, cast: Cast, client_for: Callable[..., OrganisationClient]
) -> None:
    is_personal = noun_of(same).is_personal
    reader = cast.ada if is_personal else cast.hana
    meanings = keys(cast.houses["acme"], same.page.partition("@")[2])
    page = client_for(reader).get(address(ROUTES[same.page.partition("@")[0]], meanings))
    client = program(cast.ada if is_personal else cast.olav, EVERY_SCOPE, is_personal=is_personal)
    answer = ask(client, same, where(ENDPOINTS[same.endpoint], meanings)).json()
    seen = html.unescape(page.content.decode())
    values = [value for path in same.shows for value in picked(answer, path.split("."))]

    assert values
    assert [value for value in values if value not in seen] == []
    assert "zenith" not in str(answer).lower()


def picked(value: Any, path: list[str]) -> Iterator[str]:
    """The values at a path; nothing where something on the way is null."""
    if value is None:
        return
    if not path:
        yield str(value)
    elif path[0] == "*":
        for each in value:
            yield from picked(each, path[1:])
    else:
        yield from picked(value[path[0]], path[1:])
