"""From the key an owner makes on the settings page to the enrolments that a program reads."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from cohorts.models import ApiKey, AuditEntry
from cohorts.tenancy.wall import within
from cohorts.web.api.scopes import NOUNS
from tests.api.client import Program, key_of
from tests.cast import Cast
from tests.conftest import OrganisationClient

Clients = Callable[..., OrganisationClient]
KEY = re.compile(r"e90_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}")


def test_an_owner_makes_a_key_and_a_program_lists_enrolments(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.olav)
    made = client.post(
        client.url("settings_key_new"), {"name": "Payroll", "scopes": ["enrolments:read"], "days": "90", "networks": ""}
    )
    key = KEY.search(made.content.decode())[0]
    cohort = cast.houses["acme"].cohort

    answer = Program(key).get(f"cohorts/{cohort.pk}/enrolments/")

    assert answer.status_code == 200
    lines = answer.json()["data"]
    assert {line["leader"]["name"].split()[0] for line in lines} == {"Ada", "Åse-Kristin", "Max", "Pat"}
    assert "bait" not in answer.content.decode()
    listed = client.get(client.url("settings_keys")).content.decode()
    assert "Payroll" in listed
    assert key[13:] not in listed  # the prefix is there, the secret is not
    with within(cast.acme):
        entry = AuditEntry.objects.get(verb="made key")
    assert entry.details["prefix"] == key[4:12]
    assert key[13:] not in str(entry.details)


def test_a_key_that_reads_everything_changes_nothing(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.olav)
    client.post(  # a box that is hidden again may still be ticked
        client.url("settings_key_new"),
        {"name": "Warehouse", "reach": "reads_all", "scopes": ["members:write"], "days": "90"},
    )

    with within(cast.acme):
        scopes = ApiKey.objects.get(name="Warehouse").scopes
    assert set(scopes) == {f"{noun.key}:read" for noun in NOUNS if not noun.is_personal}


def test_another_organisations_key_sees_nothing(cast: Cast, clock: object) -> None:
    with within(cast.zenith):
        cast.zara.roles = ["owner"]
        cast.zara.save(update_fields=["roles"])
    theirs = Program(key_of(cast.zara))
    cohort = cast.houses["acme"].cohort

    at_acme = theirs.get(f"/o/acme/api/v1/cohorts/{cohort.pk}/enrolments/")
    at_home = theirs.get(f"/o/zenith/api/v1/cohorts/{cohort.pk}/enrolments/")
    nowhere = theirs.get("/o/nowhere/api/v1/cohorts/")

    assert (at_acme.status_code, at_home.status_code) == (401, 404)
    assert (nowhere.status_code, nowhere.json()) == (401, at_acme.json())
    assert {row["name"] for row in theirs.get("/o/zenith/api/v1/cohorts/").json()["data"]} == {"Zenith spring"}


def test_a_session_opens_no_endpoint(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.olav)
    answer = client.get("/o/acme/api/v1/cohorts/")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("member", ["ada", "sol", "hana"])
def test_only_owners_make_keys_of_the_organisation(member: str, cast: Cast, client_for: Clients) -> None:
    client = client_for(getattr(cast, member))
    answer = client.post(client.url("settings_key_new"), {"name": "Mine", "scopes": ["cohorts:read"], "days": "90"})

    assert answer.status_code == 403
    with within(cast.acme):
        assert not ApiKey.objects.exclude(name__contains="bait").filter(name="Mine").exists()


def test_the_description_documents_the_enrolments(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.ada)
    described = client.get(client.url("api_description")).json()

    operation = described["paths"]["/cohorts/{id}/enrolments/"]["get"]
    assert described["openapi"].startswith("3.1")
    assert operation["operationId"] == "listEnrolments"
    assert operation["security"] == [{"key": ["enrolments:read"]}]
    assert {"200", "401", "403", "404", "422"} <= set(operation["responses"])


def test_no_key_and_no_session_lead_to_a_problem_and_not_to_sign_in(cast: Cast) -> None:
    answer = Client().get("/o/acme/api/v1/cohorts/")

    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:embed90:problem:no-key"


def test_the_account_page_leads_to_the_tokens_of_each_organisation(cast: Cast, client_for: Clients) -> None:
    page = client_for(cast.pat).get("/account/").content.decode()

    assert 'href="/o/acme/tokens/"' in page
    assert 'href="/o/zenith/tokens/"' in page
