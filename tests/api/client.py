"""A program with a key: requests to the API as any HTTP client sends them."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from cohorts.models import ApiKey, Membership
from cohorts.tenancy.wall import within
from cohorts.web.api.scopes import scopes_of
from programme.keys.actions import KeyPlan, make_key


def key_of(member: Membership, *scopes: str, is_personal: bool = False, days: int = 30, networks: Any = ()) -> str:
    """A new key made by this member; with every scope of its kind, unless some are named."""
    kind = ApiKey.Kind.PERSONAL if is_personal else ApiKey.Kind.ORGANISATION
    plan = KeyPlan("A program", scopes or scopes_of(is_personal=is_personal), days, networks)
    with within(member.organisation_id):
        return make_key(kind=kind, plan=plan, by=member, now=timezone.now()).text


HANDLER = ClientHandler(enforce_csrf_checks=True)  # one for all: each would build the middleware again


class Program:
    """`program.get("cohorts/")`; `program.post("…", {…})`. Addresses below `/o/<slug>/api/v1/`."""

    def __init__(self, key: str, slug: str = "acme", *, language: str = "en") -> None:
        self.slug = slug
        self.headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        self.client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
        self.client.handler = HANDLER

    def get(self, where: str, **headers: str) -> HttpResponse:
        return self.send("GET", where, None, **headers)

    def post(self, where: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("POST", where, {} if body is None else body, **headers)

    def patch(self, where: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("PATCH", where, body, **headers)

    def put(self, where: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("PUT", where, body, **headers)

    def delete(self, where: str, **headers: str) -> HttpResponse:
        return self.send("DELETE", where, None, **headers)

    def send(self, method: str, where: str, body: Any, **headers: str) -> HttpResponse:
        """`headers` with `_` for `-`: `If_Match=…`, `Content_Type=…`. A body of bytes goes as it is."""
        address = where if where.startswith("/o/") else f"/o/{self.slug}/api/v1/{where}"
        kind = headers.pop("Content_Type", "application/json")
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            address,
            body if isinstance(body, bytes) else _json(body),
            content_type=kind,
            headers={**self.headers, **said},
        )


def _json(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body).encode()
