"""What a request says about where to go next leads to a page of ours, or to where it would have gone anyway."""

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from socket import socket
from types import SimpleNamespace

import pytest
import yaml
from django.conf import settings as project_settings
from django.test import Client, RequestFactory
from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.http.wsgi import create

from cohorts.models import AccountMail, GuessCount
from cohorts.web.redirects import MAX_LENGTH, ours
from programme.local.programs import programs
from tests.cast import Cast
from tests.proofs import prove
from tests.times import NOW

ROOT = Path(__file__).parents[2]
TRICKS = [
    "zz",
    "home",
    "",
    " ",
    "?x=1",
    "#top",
    ".",
    "..",
    "help/",
    "//evil.test",
    "//evil.test/help/",
    "///evil.test/help/",
    "\\\\evil.test",
    "/\\evil.test",
    "/\\/evil.test/help/",
    "\\/evil.test",
    "/%5Cevil.test",
    "/%2F/evil.test",
    "/%2e%2e//evil.test",
    "https://evil.test/help/",
    "http:evil.test",
    "https:/evil.test",
    "http:///help/",
    "http://127.0.0.1@evil.test/help/",
    "http://evil.test:80@127.0.0.1:99999/",
    "http://[::1/help/",
    "http://127.0.0.1.evil.test/help/",
    "ftp://127.0.0.1/help/",
    "javascript:alert(1)",
    "JaVaScRiPt://127.0.0.1/%0aalert(1)",
    "data:text/html,x",
    "/help/%0d%0aSet-Cookie:%20a=b",
    "/help/\r\nSet-Cookie: a=b",
    "/help/%00",
    "/help/\x00",
    "\t/help/",
    "/he\tlp/",
    "\t//evil.test",
    "\x01//evil.test",
    "/\u2028/evil.test",
    "/\u2215evil.test/help/",
    "//\u2025evil.test",
    "\uff0f\uff0fevil.test",
    "/søk/",
    "/nothing-here/",
    "/o/acme/nothing-here/",
    "/o/acme",
    "/o/ACME/today/",
    "/o/../help/",
    "/help",
    "/static/css/site.css",
    "/help/" + "x" * MAX_LENGTH,
    "/help/?" + "x" * 1_000_000,
]
PAGES = ["/help/", "/help/?a=b&c=%C3%B8", "/o/acme/today/", "/o/zenith/today/", "/o/no-such-place/today/", "/"]


def redirected(wanted: str | None) -> str:
    return ours(RequestFactory().get("/", HTTP_HOST="127.0.0.1"), wanted, otherwise="/elsewhere/")


@pytest.mark.parametrize("trick", [*TRICKS, None], ids=lambda trick: ascii(trick)[:40])
def test_no_trick_is_a_page_of_ours(trick: str | None) -> None:
    assert redirected(trick) == "/elsewhere/"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_ours_is_kept_with_its_query(page: str) -> None:
    assert redirected(page) == page
    assert redirected(f"http://127.0.0.1{page}#top") == page


def test_a_secure_site_is_not_left_for_an_open_one() -> None:
    request = RequestFactory().get("/", HTTP_HOST="127.0.0.1", secure=True)

    assert ours(request, "http://127.0.0.1/help/", otherwise="/") == "/"
    assert ours(request, "https://127.0.0.1/help/", otherwise="/") == "/help/"


@pytest.mark.parametrize("where", ["/language/", "/theme/"])
def test_preferences_survive_every_trick(where: str, cast: Cast) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    for trick in TRICKS:
        answer = client.post(where, {"language": "nb", "theme": "dark", "next": trick})

        assert (answer.status_code, answer["Location"]) == (302, "/"), trick


def test_signing_in_survives_every_trick(cast: Cast, clock: object, settings: pytest.FixtureRequest) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": ""}
    for trick in TRICKS:
        GuessCount.objects.all().delete()  # one address is not signed in fifty times in ten minutes
        client = Client(HTTP_HOST="127.0.0.1")
        client.get("/accounts/login/", {"next": trick})
        client.post("/accounts/login/code/", {"email": "ada@acme.test", "next": trick})
        code = AccountMail.objects.latest("pk").facts["code"]
        answer = client.post("/accounts/login/code/confirm/", {"code": code, "next": trick})

        assert (answer.status_code, answer["Location"]) == (302, "/"), trick


def test_signing_in_leads_back_to_the_page_asked_for(cast: Cast, clock: object) -> None:
    client, page = Client(HTTP_HOST="127.0.0.1"), "/o/acme/path/?a=b"
    client.post("/accounts/login/code/", {"email": "ada@acme.test", "next": page})
    code = AccountMail.objects.latest("pk").facts["code"]

    answer = client.post("/accounts/login/code/confirm/", {"code": code, "next": page})

    assert answer["Location"] == page


def test_signing_out_survives_every_trick(cast: Cast, client_for: Callable) -> None:
    for trick in TRICKS:
        answer = client_for(cast.ada).post("/accounts/logout/", {"next": trick})

        assert (answer.status_code, answer["Location"]) == (302, "/"), trick


def test_the_page_that_htmx_names_survives_every_trick(cast: Cast) -> None:
    sent = [trick for trick in TRICKS if trick.isascii() and trick.isprintable() and len(trick) < 5000]
    for trick in sent:
        headers = {"HX-Request": "true", "HX-Current-URL": trick}
        answer = Client(HTTP_HOST="127.0.0.1").get("/o/acme/today/", headers=headers)

        assert answer.status_code == 204
        assert answer["HX-Redirect"] == "/accounts/login/?next=/", trick


def test_htmx_is_sent_to_sign_in_and_back_to_its_page(cast: Cast) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1/o/acme/path/?a=b"}

    answer = Client(HTTP_HOST="127.0.0.1").get("/o/acme/today/", headers=headers)

    assert answer["HX-Redirect"] == "/accounts/login/?next=/o/acme/path/%3Fa%3Db"


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(cast: Cast) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    page, elsewhere = ({"Referer": f"http://{host}/o/acme/reflections/new/"} for host in ("127.0.0.1", "evil.test"))

    answers = [client.post("/o/acme/reflections/", headers=headers) for headers in (page, elsewhere, {})]

    back = "/accounts/login/?next=/o/acme/reflections/new/"
    assert [answer["Location"] for answer in answers] == [back, "/accounts/login/?next=/", "/accounts/login/?next=/"]


@pytest.mark.parametrize("page", ["http://[::1/help/", "//evil.test/", "zz", "javascript:alert(1)"])
def test_the_page_before_fresh_proof_survives_tricks(page: str, cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.ada)
    prove(client, cast.ada.person, NOW - timedelta(hours=1))
    file = client.get("/accounts/2fa/recovery-codes/download/", headers={"Referer": page})
    part = client.get("/accounts/2fa/totp/activate/", headers={"HX-Request": "true", "HX-Current-URL": page})

    assert file["Location"].endswith("&back=%2Faccount%2F")
    assert part["HX-Redirect"] == "/accounts/proof/?next=%2Faccount%2F"


def test_an_organisation_that_is_not_theirs_stays_shut(cast: Cast, client_for: Callable) -> None:
    answer = client_for(cast.ada).post("/theme/", {"theme": "dark", "next": "/o/zenith/today/"}, follow=True)

    assert answer.status_code == 404


def test_only_one_module_decides_where_a_request_may_lead() -> None:
    """Whoever asks the framework's check by itself does not ask whether a page answers there."""
    files = [
        path
        for app in ("cohorts", "goals", "coaching", "feedback360", "programme")
        for path in ROOT.glob(f"{app}/**/*.py")
    ]
    checking = {
        path.relative_to(ROOT).as_posix()
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name) and node.id in {"url_has_allowed_host_and_scheme", "iri_to_uri"}
    }
    reading = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if any(name in path.read_text() for name in ('.get("next")', "HX-Current-URL", '"Referer"'))
    }

    assert checking == {"cohorts/web/redirects.py"}
    asking = re.compile(r"(ours|from_page)\(request, ")  # `from_page` asks `ours`
    assert all(asking.search((ROOT / file).read_text()) for file in reading)


def environ(arguments: list[str], *headers: str) -> dict:
    """What gunicorn with these arguments hands to the site."""
    config = Config()
    for name, value in vars(config.parser().parse_args([each for each in arguments if each.startswith("--")])).items():
        if value is not None and name in config.settings:
            config.set(name, value)
    lines = ["GET /o/acme/today/ HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
    peer = ("127.0.0.1", 50000)
    request = Request(config, IterUnreader(iter(["\r\n".join(lines).encode()])), peer)
    found: dict = create(request, SimpleNamespace(send=None), peer, ("127.0.0.1", 8090), config)[1]
    return found


def commands() -> dict[str, list[str]]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["web"]["command"]
    with socket() as listener:
        local = next(each for each in programs({}, listener=listener) if each.name == "web")
    return {"compose": compose[2:], "local": list(local.command[4:])}


@pytest.mark.parametrize("way", ["compose", "local"])
@pytest.mark.parametrize(
    "header",
    ["SCRIPT_NAME: /o", "Script-Name: /o", "X-Script-Name: /o", "X-Forwarded-Prefix: /o", "PATH_INFO: /help/"],
)
def test_no_header_moves_the_site(way: str, header: str) -> None:
    found = environ(commands()[way], header)

    assert (found["SCRIPT_NAME"], found["PATH_INFO"]) == ("", "/o/acme/today/")


def test_control_gunicorn_as_it_comes_believes_the_header() -> None:
    assert environ([], "SCRIPT_NAME: /o")["SCRIPT_NAME"] == "/o"


def test_the_site_stands_at_the_root_whatever_the_server_says(cast: Cast) -> None:
    headers = {"X-Forwarded-Host": "evil.test", "X-Forwarded-Prefix": "/evil"}

    answer = Client(HTTP_HOST="127.0.0.1", SCRIPT_NAME="/evil").get("/accounts/login/", headers=headers)

    assert answer.status_code == 200
    assert "evil" not in answer.content.decode()
    assert project_settings.USE_X_FORWARDED_HOST is False
