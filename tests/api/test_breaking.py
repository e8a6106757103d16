"""A change that breaks programs is found, by name, and is not written by `make fix`."""

import json
from collections.abc import Callable
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from programme.developers.breaking import breaking_changes
from programme.developers.description import in_repository
from programme.management.commands import describe_api
from tests.cast import Cast
from tests.conftest import OrganisationClient

Json = dict[str, Any]
MADE_UP: Json = {
    "paths": {
        "/leaders/": {
            "get": {
                "parameters": [
                    {"in": "query", "name": "status", "schema": {"enum": ["new", "done"], "type": "string"}}
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}
                },
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}},
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Leader"}}}}
                },
            },
        },
        "/leaders/{id}/": {"delete": {"responses": {"204": {}}}},
    },
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/Leader"}}},
            },
            "Leader": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer"},
                    "name": {"type": "string"},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "manager": {"oneOf": [{"$ref": "#/components/schemas/Leader"}, {"type": "null"}]},
                },
                "required": ["id", "name"],
            },
            "Kind": {"type": "string", "enum": ["team", "peer"]},
            "Body": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "maxLength": 100},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "hour": {"type": "integer", "minimum": 0},
                },
                "required": ["name"],
            },
        }
    },
}


def schemas(made: Json) -> Json:
    return made["components"]["schemas"]


def a_field_is_removed(made: Json) -> None:
    del schemas(made)["Leader"]["properties"]["name"]


def a_path_is_removed(made: Json) -> None:
    del made["paths"]["/leaders/{id}/"]


def a_method_is_removed(made: Json) -> None:
    del made["paths"]["/leaders/"]["post"]


def an_enum_is_narrowed(made: Json) -> None:
    schemas(made)["Kind"]["enum"].remove("peer")


def a_filter_is_narrowed(made: Json) -> None:
    made["paths"]["/leaders/"]["get"]["parameters"][0]["schema"]["enum"].remove("done")


def a_new_field_is_required(made: Json) -> None:
    schemas(made)["Body"]["properties"]["email"] = {"type": "string"}
    schemas(made)["Body"]["required"].append("email")


def an_old_field_is_required(made: Json) -> None:
    schemas(made)["Body"]["required"].append("hour")


def a_field_is_taken_no_more(made: Json) -> None:
    del schemas(made)["Body"]["properties"]["hour"]


def a_bound_is_stricter(made: Json) -> None:
    schemas(made)["Body"]["properties"]["name"]["maxLength"] = 50


def a_type_changes(made: Json) -> None:
    schemas(made)["Leader"]["properties"]["id"]["type"] = "string"


def a_field_may_be_null(made: Json) -> None:
    schemas(made)["Leader"]["properties"]["name"]["type"] = ["string", "null"]


def a_field_may_be_missing(made: Json) -> None:
    schemas(made)["Leader"]["required"].remove("name")


def a_filter_is_removed(made: Json) -> None:
    made["paths"]["/leaders/"]["get"]["parameters"] = []


def a_filter_is_required(made: Json) -> None:
    made["paths"]["/leaders/"]["get"]["parameters"][0]["required"] = True


def an_answer_has_another_status(made: Json) -> None:
    responses = made["paths"]["/leaders/"]["post"]["responses"]
    responses["202"] = responses.pop("201")


BREAKS: dict[Callable[[Json], None], str] = {
    a_field_is_removed: "GET /leaders/: data[].name is gone",
    a_path_is_removed: "DELETE /leaders/{id}/: is gone",
    a_method_is_removed: "POST /leaders/: is gone",
    an_enum_is_narrowed: "POST /leaders/: kind is never peer any more",
    a_filter_is_narrowed: "GET /leaders/: parameter status is never done any more",
    a_new_field_is_required: "POST /leaders/: email is required",
    an_old_field_is_required: "POST /leaders/: hour is required",
    a_field_is_taken_no_more: "POST /leaders/: hour is gone",
    a_bound_is_stricter: "POST /leaders/: name has a maxLength of 50",
    a_type_changes: "GET /leaders/: data[].id is string, and was integer",
    a_field_may_be_null: "POST /leaders/: name is null or string, and was string",
    a_field_may_be_missing: "GET /leaders/: data[].name may be missing",
    a_filter_is_removed: "GET /leaders/: parameter status is gone",
    a_filter_is_required: "GET /leaders/: parameter status is required",
    an_answer_has_another_status: "POST /leaders/: never answers 201 any more",
}


def changed(change: Callable[[Json], None]) -> Json:
    made = deepcopy(MADE_UP)
    change(made)
    return made


@pytest.mark.parametrize("change", BREAKS, ids=lambda change: change.__name__)
def test_what_breaks_a_program_is_found(change: Callable[[Json], None]) -> None:
    assert BREAKS[change] in breaking_changes(MADE_UP, changed(change))


def a_field_is_added(made: Json) -> None:
    schemas(made)["Leader"]["properties"]["zone"] = {"type": "string"}


def an_endpoint_is_added(made: Json) -> None:
    made["paths"]["/teams/"] = {"get": {"responses": {"200": {}}}}


def a_filter_is_added(made: Json) -> None:
    made["paths"]["/leaders/"]["get"]["parameters"].append({"in": "query", "name": "q", "schema": {"type": "string"}})


def a_field_may_be_sent(made: Json) -> None:
    schemas(made)["Body"]["properties"]["zone"] = {"type": "string"}


def a_field_need_not_be_sent(made: Json) -> None:
    schemas(made)["Body"]["required"] = []


def a_bound_is_wider(made: Json) -> None:
    schemas(made)["Body"]["properties"]["name"]["maxLength"] = 200


def words_change(made: Json) -> None:
    schemas(made)["Leader"]["description"] = "A leader."


GROWTH = [
    a_field_is_added,
    an_endpoint_is_added,
    a_filter_is_added,
    a_field_may_be_sent,
    a_field_need_not_be_sent,
    a_bound_is_wider,
    words_change,
]


@pytest.mark.parametrize("change", GROWTH, ids=lambda change: change.__name__)
def test_what_only_grows_is_no_break(change: Callable[[Json], None]) -> None:
    assert breaking_changes(MADE_UP, changed(change)) == []


def test_the_description_itself_is_read_without_a_break() -> None:
    assert breaking_changes(in_repository(), in_repository()) == []


def test_a_break_is_named_by_the_check_and_written_by_nobody_by_chance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the code had lost a filter that the file in the repository promises."""
    promised = deepcopy(in_repository())
    promised["paths"]["/members/"]["get"]["parameters"].append(
        {"in": "query", "name": "team", "schema": {"type": "integer"}}
    )
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(promised, indent=1, ensure_ascii=False) + "\n")
    monkeypatch.setattr(describe_api, "FILE", file)

    for options in ({"check": True}, {}):
        with pytest.raises(CommandError, match="GET /members/: parameter team is gone"):
            call_command("describe_api", stdout=StringIO(), **options)
    assert json.loads(file.read_text()) == promised
    call_command("describe_api", breaking=True, stdout=StringIO())
    call_command("describe_api", check=True, stdout=StringIO())


def test_the_promise_stands_where_people_look(cast: Cast, client_for: Callable[..., OrganisationClient]) -> None:
    client = client_for(cast.hana)
    page = client.get(client.url("api_page")).content.decode()

    assert "`/api/v1/` only grows" in (settings.BASE_DIR / "CHANGELOG.md").read_text()
    assert "none goes or changes its meaning without a new version and a year" in page
