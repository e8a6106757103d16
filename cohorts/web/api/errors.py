"""What the API refuses, as problem+json (RFC 9457), in the language asked for.

An action's refusals arrive as they do on a page: `Invalid` beside its field (422), `NotNow` (409), `NotYours` (403),
and `Stale` with what is saved by now (412). Whatever the request did is taken back.
"""

from collections.abc import Callable, Iterator
from datetime import date, time
from http import HTTPStatus
from types import NoneType
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import Stale

PROBLEM = "application/problem+json"
TYPE = "urn:embed90:problem:"


class SentTwice(NotNow):
    """The same `Idempotency-Key` with another request."""


class UnderWay(NotNow):
    """The same request is being carried out at this moment."""

    wait = 1  # seconds, as the framework's own refusals have it


def problem(status: int, detail: str, *, code: str, **more: Any) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    return {"type": f"{TYPE}{code}", "title": title, "status": status, "detail": whole_letters(detail), **more}


def problem_response(status: int, detail: str, *, code: str, headers: dict[str, str] | None = None) -> HttpResponse:
    """For what answers before any endpoint: the door, an outage."""
    body = problem(status, detail, code=code)
    return JsonResponse(body, status=status, content_type=PROBLEM, headers=headers, encoder=JSONEncoder)


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The handler of every endpoint. None for what nobody expected: that becomes a 500."""
    body = _problem_of(error)
    if body is None:
        return None
    transaction.set_rollback(True)
    return Response(body, status=body["status"], content_type=PROBLEM, headers=_headers(error))


def _problem_of(error: Exception) -> dict[str, Any] | None:
    for kinds, problem_of in PROBLEMS.items():
        if isinstance(error, kinds):
            return problem_of(error)
    return None


def _not_found(_error: Any) -> dict[str, Any]:
    return problem(404, _("There is nothing here, or nothing for this key."), code="not-found")


def _not_yours(error: Any) -> dict[str, Any]:
    return problem(403, str(error) or _("This key may not do that."), code="not-yours")


def _invalid(error: Any) -> dict[str, Any]:
    return problem(422, error.sentence, code="invalid", errors=[_beside(error.field, error.sentence)])


def _stale(error: Any) -> dict[str, Any]:
    return problem(412, str(error), code="stale", current=_plain(error.current))


def _sent_twice(error: Any) -> dict[str, Any]:
    return problem(409, str(error), code="sent-twice")


def _under_way(error: Any) -> dict[str, Any]:
    return problem(409, str(error), code="under-way")


def _not_now(error: Any) -> dict[str, Any]:
    errors = {"errors": [_beside(error.field, str(error))]} if error.field else {}
    return problem(409, str(error), code="not-now", **errors)


def _too_large(_error: Any) -> dict[str, Any]:
    return problem(413, _("That is more than can be read at once. Nothing was stored."), code="too-large")


def _of_framework(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        errors = list(_beside_fields(error.detail, ""))
        return problem(422, errors[0]["detail"], code="invalid", errors=errors)
    return problem(error.status_code, str(error.detail), code=error.default_code.replace("_", "-"))


def _beside_fields(detail: Any, field: str) -> Iterator[dict[str, str]]:
    """Each sentence with the path of its field: `rows.3.email`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            named = field if name == "non_field_errors" else f"{field}.{name}".lstrip(".")
            yield from _beside_fields(inner, named)
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            is_nested = isinstance(inner, dict | list)
            yield from _beside_fields(inner, f"{field}.{number}".lstrip(".") if is_nested else field)
    else:
        yield _beside(field, str(detail))


def _beside(field: str, sentence: str) -> dict[str, str]:
    return {"field": whole_letters(field), "detail": whole_letters(sentence)}


def whole_letters(text: str) -> str:
    """Replace lone surrogates by question marks: what was sent may be quoted in a sentence, which must be UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Saved values as JSON has them: another row by its key, anything without a form of its own in words."""
    plain = (bool, int, float, str, list, dict, date, time, NoneType)
    return {
        name: value.pk if isinstance(value, Model) else value if isinstance(value, plain) else str(value)
        for name, value in values.items()
    }


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = "Bearer"
    return headers


# In this order: the first that fits.
PROBLEMS: dict[Any, Callable[[Any], dict[str, Any]]] = {
    (Http404, exceptions.NotFound): _not_found,
    PermissionDenied: _not_yours,
    Invalid: _invalid,
    Stale: _stale,
    SentTwice: _sent_twice,
    UnderWay: _under_way,
    NotNow: _not_now,
    RequestDataTooBig: _too_large,
    exceptions.APIException: _of_framework,
}
