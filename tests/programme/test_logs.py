"""What a log may say: ids, codes, places. Neither what somebody wrote or looked for, nor what opens something."""

import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from cohorts.mail.signed_links import digest_token, nudge_token
from cohorts.tenancy.wall import within
from goals.habits.views import practices
from programme.logs import drop_secrets
from programme.models import Report
from programme.reports.links import download_key
from tests.architecture.routes import Route, front_door
from tests.cast import Cast
from tests.factories import ReportFactory
from tests.times import TODAY

SECRET = "acme bait secret"  # pragma: allowlist secret
pytestmark = pytest.mark.usefixtures("clock")


def test_no_token_of_a_mail_or_a_report_is_logged(cast: Cast, client_for: Callable, log: StringIO) -> None:
    nudge = nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, TODAY, 1)
    digest = digest_token(cast.acme.pk, cast.sol.pk, TODAY, 1)
    ada = client_for(cast.ada)
    with within(cast.acme):
        report = ReportFactory(enrolment=cast.enrolment(cast.ada), asked_by=cast.ada, state=Report.State.READY)
    key = download_key(report, cast.ada)
    front = {"one_tap": nudge, "unsubscribe": nudge, "unsubscribe_digest": digest}
    asked = [reverse(name, args=[token]) for name, token in front.items()]
    asked += (
        [f"{where[:-5]}x/" for where in asked]
        + [f"{where[:5]}/{where[5:]}" for where in asked]
        + [reverse("invitation", args=["acme", "in-vitation"])]
    )

    for where in [*asked, ada.url("report_file", report.pk, key)]:
        ada.get(where)

    said = log.getvalue()
    assert "GET /t/…" in said
    for token in (nudge, digest, key, "in-vitation"):
        assert token[:-6] not in said


def test_query_strings_are_not_logged(cast: Cast, client_for: Callable, log: StringIO) -> None:
    ada, hana = client_for(cast.ada), client_for(cast.hana)

    ada.get(ada.url("reflections"), {"words": "bait"})
    hana.get(hana.url("members"), {"q": "bait"})

    assert "GET /o/acme/reflections/" in log.getvalue()
    assert "bait" not in log.getvalue()


def test_an_exception_is_logged_with_place_but_no_message(
    cast: Cast, client_for: Callable, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**words: object) -> None:
        raise ValueError(f"cannot keep {words['line']}")

    monkeypatch.setattr(practices, "log_practice", fail)
    ada = client_for(cast.ada)
    ada.raise_request_exception = False

    answer = ada.post(ada.url("practice_new"), {"did_it": "yes", "went": "4", "line": SECRET})

    assert answer.status_code == 500
    assert SECRET not in log.getvalue() + answer.content.decode()
    assert "ValueError" in log.getvalue()
    assert "goals/habits/views/practices.py:" in log.getvalue()


def test_a_line_end_in_an_address_begins_no_line_of_the_log(cast: Cast, log: StringIO) -> None:
    Client(HTTP_HOST="127.0.0.1").get("/help%0D%0Atimestamp=now%20level=info%20event=forged/")

    assert [line for line in log.getvalue().splitlines() if not line.startswith("timestamp=2026")] == []


def with_token() -> list[Route]:
    return [route for route in front_door() if "token" in route.parameters]


@pytest.mark.parametrize("route", with_token(), ids=lambda route: route.name)
def test_no_address_with_a_token_is_logged_whole(route: Route) -> None:
    assert len(with_token()) > 8
    address = re.sub(r"<[^>]*>", lambda found: "s3cret" if "token" in found[0] else "1", route.pattern)

    said = drop_secrets(None, "info", {"request": f"GET /{address}"})["request"]

    assert "s3cret" in address
    assert "s3cret" not in said
