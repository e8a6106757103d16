"""What the three main pages weigh on the wire, on a first visit and afterwards, as a phone's browser counts it."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from cohorts.models import Membership
from tests import cast as the_cast
from tests.browser import CHROMIUM
from tests.database import own_database
from tests.performance.harness import Bench, Contender, Target
from tests.performance.postfix import _free_port

ROOT = Path(__file__).parents[2]
FIRST, AFTERWARDS = 60.0, 15.0  # kB, brotli, headers included
READY_WITHIN = 60
PAGES = ("Today", "Cohort", "Sponsor home")


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with own_database() as database, _site(database) as address, _browser() as browser:
        cast = the_cast.load()
        pages = {
            "Today": (cast.ada, "today/"),
            "Cohort": (cast.hana, f"cohorts/{cast.enrolment(cast.ada).cohort_id}/"),
            "Sponsor home": (cast.sol, "leaders/"),
        }
        found: dict[str, Contender] = {
            "allowed on a first view": lambda: FIRST,
            "allowed afterwards": lambda: AFTERWARDS,
        }
        for name, (member, path) in pages.items():
            url = f"{address}/o/{cast.acme.slug}/{path}"
            found[f"{name}, first view"] = lambda url=url, member=member: weigh(browser, url, member, visits=1)
            found[f"{name}, afterwards"] = lambda url=url, member=member: weigh(browser, url, member, visits=2)
        yield found


def weigh(browser: Browser, url: str, member: Membership, *, visits: int) -> float:
    """Kilobytes transferred by the last of so many visits with one browser cache."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    try:
        _sign_in(context, url, member)
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        weights: list[float] = []
        network.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
        for _visit in range(visits):
            weights.clear()
            response = page.goto(url, wait_until="networkidle")
            assert response.status == 200, url
        return sum(weights) / 1000
    finally:
        context.close()


def _sign_in(context: BrowserContext, url: str, member: Membership) -> None:
    client = Client()
    client.force_login(member.person)
    session = client.session
    session["welcomed"] = True
    session.save()
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def _site(database: str) -> Iterator[str]:
    """The site as it is deployed: gunicorn, hashed and compressed static files."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "programme.settings",
            "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database}",
            "BASE_URL": address,
            "DATA_DIR": folder,
            "LOG_LEVEL": "ERROR",
        }
        prepare = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(prepare, cwd=ROOT, env=environment, check=True)
        serve = [sys.executable, "-m", "gunicorn", "programme.wsgi", "-b", f"127.0.0.1:{port}", "--threads", "4"]
        with subprocess.Popen([*serve, "--log-level", "error"], cwd=ROOT, env=environment) as process:
            try:
                _await(f"{address}/accounts/login/")
                yield address
            finally:
                process.terminate()


def _await(url: str) -> None:
    give_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < give_up:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("The site did not start.")


BENCH = Bench(
    title="Weight of the main pages, brotli, headers included",
    unit="kB",
    reference="allowed on a first view",
    contenders=contenders,
    is_rate=False,
    rounds=2,
    warms_up=False,
    targets=(
        *(
            Target(f"{name}, first view", "allowed on a first view", 1.0)
            for name in ("Today", "Cohort", "Sponsor home")
        ),
        *(Target(f"{name}, afterwards", "allowed afterwards", 1.0) for name in PAGES),
    ),
)
