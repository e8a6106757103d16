"""What is sensitive refuses a session whose last proof is older than ten minutes, however it is asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cohorts.tenancy.wall import within
from programme.models import Report
from tests.architecture.routes import MISSING, address, front_door, inside, keys
from tests.architecture.sensitive import FREE_DOWNLOADS, SENSITIVE, files_without_proof
from tests.cast import Cast
from tests.proofs import prove

ROUTES = {route.name: route for route in [*front_door(), *inside()]}
DOORS = {route.name for route in front_door()}
PLAIN: dict[str, str] = {}
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1/o/acme/members/?q=a"}
PROOF = "/accounts/proof/"
CASES = [(name, method) for name, ask in SENSITIVE.items() for method in ask.methods]


def where(name: str, cast: Cast) -> str:
    if name in DOORS:
        return reverse(name, kwargs=dict.fromkeys(ROUTES[name].parameters, MISSING))
    return address(ROUTES[name], keys(cast.houses["acme"]) | SENSITIVE[name].keys)


@pytest.fixture
def stale(cast: Cast, client_for: Callable) -> Callable[[str], Client]:
    """Signed in, eleven minutes ago."""

    def stale(name: str) -> Client:
        client = client_for(getattr(cast, name))
        prove(client, getattr(cast, name).person, timezone.now() - timedelta(minutes=11))
        with within(cast.acme):
            Report.objects.update(copy=Report.Copy.SPONSOR)
        return client

    return stale


def is_refused(answer: HttpResponse) -> bool:
    """The page that asks, in place of a sent form; or the way there."""
    leads = answer.headers.get("Location", answer.headers.get("HX-Redirect", ""))
    return leads.startswith(f"{PROOF}?") or (answer.status_code == 403 and b'name="proof-to"' in answer.content)


@pytest.mark.parametrize("headers", [PLAIN, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize(("name", "method"), CASES)
def test_a_stale_session_is_asked_first(name: str, method: str, headers: dict, cast: Cast, stale: Callable) -> None:
    client = stale(SENSITIVE[name].person)
    send = client.post if method == "POST" else client.get

    assert is_refused(send(where(name, cast), SENSITIVE[name].fields, headers=headers))


@pytest.mark.parametrize(("name", "method"), CASES)
def test_a_fresh_session_is_let_through(name: str, method: str, cast: Cast, client_for: Callable) -> None:
    """The control: the same request, and nothing asks."""
    client = client_for(getattr(cast, SENSITIVE[name].person))
    send = client.post if method == "POST" else client.get

    answer = send(where(name, cast), SENSITIVE[name].fields)

    assert not is_refused(answer)
    assert answer.status_code != 405


def test_every_view_that_asks_is_on_the_list() -> None:
    asking = {name for name, route in ROUTES.items() if hasattr(route.view, "asks_for_proof")}

    assert asking == SENSITIVE.keys(), "say in tests/architecture/sensitive.py who may, and how it is asked"


def test_the_walk_sees_a_download_that_does_not_ask(
    cast: Cast, client_for: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of `files_without_proof`, which `test_access` asks about every answer inside an organisation."""
    answer = client_for(cast.hana).get(where("cohort_export", cast))
    assert files_without_proof("cohort_export", [answer]) == []

    monkeypatch.delitem(SENSITIVE, "cohort_export")

    assert files_without_proof("cohort_export", [answer]) == ["text/csv; charset=utf-8"]


def test_every_exempt_download_exists() -> None:
    assert FREE_DOWNLOADS.keys() <= ROUTES.keys()
    assert not FREE_DOWNLOADS.keys() & SENSITIVE.keys()
