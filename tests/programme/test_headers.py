"""Cookies bound to this host, and no answer that a page elsewhere may frame or read."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from tests.architecture.test_repository import SOURCES
from tests.cast import Cast
from tests.programme.test_processes import said_by

NAMES = """
import django, json
django.setup()
from django.conf import settings
from cohorts.people.devices import COOKIE
from django.utils.module_loading import import_string
messages, _session = import_string(settings.MESSAGE_STORAGE).storage_classes
print(json.dumps([
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME,
    settings.ORGANISATION_COOKIE_NAME, settings.DEVICE_KIND_COOKIE_NAME, COOKIE, messages.cookie_name
]))
"""


def test_every_cookie_is_bound_to_this_host() -> None:
    names = json.loads(said_by(NAMES, {"BASE_URL": "https://embed90.test"}).splitlines()[-1])

    assert [name for name in names if not name.startswith("__Host-")] == []
    assert len(names) == 7


def test_only_four_modules_set_cookies() -> None:
    setters = {path.name for path in SOURCES if re.search(r"\.set_(signed_)?cookie\(", path.read_text())}

    # sessions.py: whose device this is; middleware.py: the organisation opened last
    assert setters == {"language.py", "devices.py", "sessions.py", "middleware.py"}


@pytest.mark.django_db
def test_cookies_are_not_sent_by_other_sites_nor_read_by_scripts(cast: Cast) -> None:
    client = Client()
    client.get("/accounts/login/code/")
    client.post("/language/", {"language": "nb"})
    client.post("/accounts/login/code/", {"email": "ada@acme.test"})

    assert {"csrf", "language", "session"} <= set(client.cookies)
    assert [name for name, morsel in client.cookies.items() if not (morsel["httponly"] and morsel["samesite"])] == []
    assert [name for name, morsel in client.cookies.items() if morsel["path"] != "/" or morsel["domain"]] == []


@pytest.mark.django_db
def test_no_answer_may_be_framed_or_read_elsewhere() -> None:
    static = Client().get("/static/css/tokens.css")
    large = Client().post(
        "/t/token/", data=b"x", content_type="text/plain", CONTENT_LENGTH=settings.MAX_REQUEST_BYTES + 1
    )
    answers = [static, Client().get("/help/"), Client().get("/none/"), Client().get("/accounts/"), large]

    assert (static.status_code, large.status_code) == (200, 413)
    assert "Access-Control-Allow-Origin" not in static.headers
    for answer in answers:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
