"""Fixtures of every test: the database with its cast, signed-in clients, a mail server, a browser.

No organisation is open by default. Everything runs with the rights of the app role.
"""

import gc
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from uuid import uuid4

import pytest
import structlog
import time_machine
from django.conf import settings as project_settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright

from cohorts.mail.server import kept, pipeline
from cohorts.models import Membership, Organisation
from programme.logs import FOREIGN, RENDERER
from tests import cast as the_cast
from tests.browser import CHROMIUM, Live
from tests.cast import Cast
from tests.database import make_template_once, own_database
from tests.proofs import prove
from tests.smtp_server import SmtpServer
from tests.times import NOW

# Two cores shared by many are sometimes slow; that is no failure of a rule.
hypothesis_settings.register_profile("shared", deadline=None)
hypothesis_settings.register_profile("mutants", deadline=None, max_examples=20, derandomize=True, database=None)
hypothesis_settings.register_profile("mess", deadline=None, max_examples=5_000)  # fifty times the usual
hypothesis_settings.load_profile("shared")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is imported and collected stays until the end: no search for garbage during it, nor through it later.

    Later, one search for twenty thousand new objects: one for seven hundred took a twentieth of the time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):  # the workers begin when this is done
        make_template_once()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock(), own_database():
        the_cast.plan_uploads()
        yield
    shutil.rmtree(project_settings.DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _words() -> None:
    """The catalogues as they are now, compiled before anything is read in another language."""
    call_command("compile_translations", stdout=StringIO())


@pytest.fixture(autouse=True)
def _own_cache_keys() -> None:
    """The cache is the real one; each test has keys of its own in it. Never `cache.clear()`: it empties everybody's."""
    for each in ("default", "forgiving"):
        caches[each].key_prefix = f"test-{uuid4().hex}"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """All that the installation logs, as it logs it."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=RENDERER, foreign_pre_chain=FOREIGN))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The moment of the cast, going on from there; `clock.shift(timedelta(days=1))` moves it."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def cast(db: None) -> Cast:
    return the_cast.load()


@pytest.fixture
def acme(cast: Cast) -> Organisation:
    return cast.acme


@pytest.fixture
def zenith(cast: Cast) -> Organisation:
    return cast.zenith


class OrganisationClient(Client):
    """A browser signed in as one member; `url` gives addresses inside their organisation."""

    def __init__(self, membership: Membership, slug: str) -> None:
        super().__init__(HTTP_HOST="127.0.0.1")
        self.membership, self.slug = membership, slug
        session = the_cast.session_of(membership.person)
        if Session.objects.filter(pk=session).exists():
            self.cookies[project_settings.SESSION_COOKIE_NAME] = session
        else:
            self.force_login(membership.person)
            prove(self, membership.person, timezone.now())

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        inside = reverse(name, urlconf=project_settings.ORGANISATION_URLCONF, args=args, kwargs=kwargs)
        return f"/o/{self.slug}{inside}"


@pytest.fixture
def client_for(clock: time_machine.Traveller, db: None) -> Callable[[Membership], OrganisationClient]:
    """`client_for(cast.ada)`: signed in, at the cast's moment."""

    def client_for(membership: Membership) -> OrganisationClient:
        slug = Organisation.objects.values_list("slug", flat=True).get(pk=membership.organisation_id)
        return OrganisationClient(membership, slug)

    return client_for


@pytest.fixture
def smtp_server(settings: pytest.FixtureRequest) -> Iterator[SmtpServer]:
    """A real SMTP server that mail goes to in this test; `smtp_server.script` makes it misbehave."""
    with SmtpServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        kept.cache_clear()  # a kept connection belongs to the server of an earlier test
        yield server
        pipeline().close()
        kept.cache_clear()


@pytest.fixture
def count_queries() -> Callable[[Callable[[], object]], list[str]]:
    """The statements one call runs, savepoints and settings of the walls left out."""

    def count_queries(call: Callable[[], object]) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            call()
        plumbing = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SELECT current_setting")
        return [query["sql"] for query in captured if not query["sql"].startswith(plumbing)]

    return count_queries


@pytest.fixture
def same_queries_at_1_and_30(count_queries: Callable[..., list[str]]) -> Callable[..., int]:
    """A page asks as much with thirty rows as with one: `same_queries_at_1_and_30(load_page, make_row)`.

    `load_page()` fetches the page, `make_row(n)` adds one row. Returns the number of statements.
    """

    def same_queries(load_page: Callable[[], object], make_row: Callable[[int], object]) -> int:
        make_row(1)
        load_page()  # content types and templates are cached from here on
        few = count_queries(load_page)
        for number in range(2, 31):
            make_row(number)
        many = count_queries(load_page)
        assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)) or many)
        return len(many)

    return same_queries


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Playwright keeps an event loop, so Django must be told that this thread is safe."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def kept_window(live_server: pytest.FixtureRequest, browser: Browser) -> Iterator[Live]:
    """For tests that only look: what every page asks for is loaded once."""
    site = Live.on_a_phone(str(live_server), browser)
    yield site
    site.context.close()


@pytest.fixture
def live(
    request: pytest.FixtureRequest,
    live_server: pytest.FixtureRequest,
    cast: Cast,
    clock: time_machine.Traveller,
    browser: Browser,
) -> Iterator[Live]:
    """The real site in a real browser on a phone; fails on any console error or policy violation."""
    if request.node.get_closest_marker("looks"):
        site: Live = request.getfixturevalue("kept_window")
        site.begin_anew()
        yield site
    else:
        site = Live.on_a_phone(str(live_server), browser)
        yield site
        site.context.close()
    assert site.complaints == []
