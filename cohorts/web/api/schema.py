"""The description of the API (OpenAPI 3.1), written from the endpoints: what all of them share stands here once."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from cohorts.web.api.errors import PROBLEM
from cohorts.web.api.scopes import scope_for

REFUSALS = {
    "400": "The body cannot be read, or the address makes no sense.",
    "401": "No key, a wrong one, or one that is over.",
    "403": "The key was not made for this, or its member may not do it.",
    "404": "Not there, or not for this key.",
    "406": "Another form than JSON was asked for.",
    "409": "Right, but not now.",
    "412": "It was changed since it was read: `current` is what is saved.",
    "413": "Too large.",
    "415": "Another form than JSON was sent.",
    "422": "A value that cannot stand, beside its field.",
    "429": "Too many requests in a minute: `Retry-After` says how many seconds to wait.",
}
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of what you read. Without it, whatever is there is changed.",
)
ALWAYS = ("401", "403", "406", "422", "429")
WRITING = ("400", "409", "413", "415")


class ScopedSchema(AutoSchema):
    """An operation that names the scope it needs, in words for people and as a role of the key for programs."""

    def get_description(self) -> str:
        said = super().get_description()
        return f"{said}\n\nScope: `{self._scope}`." if said else ""

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [{KeyScheme.name: [self._scope]}]

    @property
    def _scope(self) -> str:
        return scope_for(self.view.noun, self.method)


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "cohorts.web.api.authentication.ByKey"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A key of the organisation, or a personal token."}


def page_shape(shape: type[serializers.Serializer]) -> Any:
    """A page of a list of these."""
    name = shape.__name__.removesuffix("Shape")
    parts = {
        "data": shape(many=True),
        "next": serializers.URLField(allow_null=True),
        "as_of": serializers.DateTimeField(
            allow_null=True, help_text="What to send as `updated_since` next time; null if you sent none."
        ),
    }
    return inline_serializer(f"{name}Page", parts)


def with_refusals(result: dict[str, Any], generator: Any, **_more: Any) -> dict[str, Any]:
    """Every operation with each answer it can give, and the headers it reads."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _problem()
    components["responses"] = {f"Refused{status}": _refusal(words) for status, words in REFUSALS.items()}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method, has_keys="{" in path)
    _forget_marks(result)
    return result


def _forget_marks(part: Any) -> None:
    """Drop the hashes by which drf-spectacular knows equal choices: nobody needs them, and they look like secrets."""
    if isinstance(part, dict):
        part.pop("x-spec-enum-id", None)
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _forget_marks(each)


def _complete(operation: dict[str, Any], method: str, *, has_keys: bool) -> None:
    statuses = [*ALWAYS, *(WRITING if method != "get" else ()), *(("404",) if has_keys else ())]
    parameters = operation.setdefault("parameters", [])
    if any(each["name"] == IF_MATCH.name for each in parameters):
        statuses.append("412")
    if method == "post":
        parameters.append(_header("Idempotency-Key", "Sent again within a day, the request gets the same answer."))
    if operation["responses"].pop("409", None):  # something to read that is not there yet: the endpoint says so
        statuses.append("409")
    for status in sorted(statuses):
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Refused{status}"})


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}


def _problem() -> dict[str, Any]:
    said = {"type": "string"}
    beside = {"type": "object", "properties": {"field": said, "detail": said}, "required": ["field", "detail"]}
    return {
        "type": "object",
        "description": "What was refused, as RFC 9457 has it, in the language asked for.",
        "properties": {
            "type": said,
            "title": said,
            "status": {"type": "integer"},
            "detail": said,
            "errors": {"type": "array", "items": beside},
            "current": {"type": "object", "additionalProperties": True},
        },
        "required": ["type", "title", "status", "detail"],
    }
