"""The description of the API in the repository is that of the code, and a valid one."""

import json
from importlib.resources import files
from io import StringIO

import jsonschema
import pytest
from django.core.management import CommandError, call_command

from cohorts.web.api.scopes import NOUNS
from programme.developers import description
from programme.management.commands.describe_api import FILE
from tests.api.client import Program, key_of
from tests.cast import Cast


def test_the_description_in_the_repository_is_that_of_the_code() -> None:
    call_command("describe_api", check=True, stdout=StringIO())


def test_a_changed_endpoint_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = json.loads(FILE.read_text())
    del changed["paths"]["/cohorts/"]
    monkeypatch.setattr("programme.management.commands.describe_api.in_repository", lambda: changed)

    with pytest.raises(CommandError, match="listCohorts"):
        call_command("describe_api", check=True, stdout=StringIO())


def test_the_description_is_valid_openapi() -> None:
    schema = json.loads((files("drf_spectacular") / "validation" / "openapi_3_1_schema.json").read_text())

    jsonschema.validate(description.in_repository(), schema)


def test_every_operation_says_what_it_does() -> None:
    operations = [
        operation for operations in description.in_repository()["paths"].values() for operation in operations.values()
    ]

    assert [each["operationId"] for each in operations if not each.get("description")] == []
    assert [each["operationId"] for each in operations if each["description"].startswith("An endpoint.")] == []


def test_every_operation_names_a_scope_that_a_key_can_have() -> None:
    """In the words a person reads, and as the role that a generated client reads."""
    offered = {scope for noun in NOUNS for scope in noun.scopes}
    operations = [
        operation for operations in description.in_repository()["paths"].values() for operation in operations.values()
    ]

    assert [each["operationId"] for each in operations if not offered.issuperset(each["security"][0]["key"])] == []
    assert [
        each["operationId"]
        for each in operations
        if not each["description"].endswith(f"Scope: `{each['security'][0]['key'][0]}`.")
    ] == []


def test_what_may_not_be_there_yet_is_described(cast: Cast, clock: object) -> None:
    key, token = Program(key_of(cast.olav)), Program(key_of(cast.ada, is_personal=True))
    of_leader = key.post(f"enrolments/{cast.enrolment(cast.ada).pk}/reports/").json()["id"]
    own = token.post("reports/own/").json()["id"]
    (round_,) = token.get("results/").json()["data"]
    asked = {
        "/reports/{id}/file/": key.get(f"reports/{of_leader}/file/"),
        "/reports/own/{id}/file/": token.get(f"reports/own/{own}/file/"),
        "/results/{id}/": token.get(f"results/{round_['id']}/"),
    }
    paths = description.in_repository()["paths"]

    assert {answer.status_code for answer in asked.values()} == {409}
    assert [path for path in asked if "409" not in paths[path]["get"]["responses"]] == []
