"""The whole thing at once: the site, a real worker, a mail server, and a browser for each person."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as project_settings
from playwright.sync_api import Browser, BrowserContext, Page

from cohorts.schedule.time_zones import offered_zones
from tests.browser import Live
from tests.smtp_server import SmtpServer
from tests.workers import celery_worker, worker_environment

PATIENCE = 40
PHONE = {"width": 390, "height": 844}


@dataclass
class World:
    """What a journey needs to hand: `world.person("ada")` is a browser of her own, `world.mail(...)` her post."""

    address: str
    server: SmtpServer
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    sites: list[Live] = field(default_factory=list)

    def person(self, *, viewport: dict[str, int] = PHONE) -> Live:
        context = self.browser.new_context(viewport=viewport, has_touch=viewport is PHONE, locale="en-GB")
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        site = Live(self.address, context)
        self.sites.append(site)
        return site

    def mail(self, to: str, *, link: str = "") -> "Mail":
        """The newest mail to somebody with a link like this in it; waits for it."""
        return wait_for(lambda: next((mail for mail in self.mails_to(to) if link in mail.text), None))

    def mails_to(self, to: str) -> list["Mail"]:
        """Newest first."""
        return [Mail.read(mail.content) for mail in reversed(self.server.accepted) if to in mail.recipients]

    def sign_in(self, site: Live, email: str) -> Page:
        """With the typed code, as everybody does."""
        page = site.page
        if "/accounts/" not in page.url:
            page.goto(f"{self.address}/accounts/login/")
        page.get_by_label("E-mail").fill(email)
        seen = len(self.mails_to(email))
        page.get_by_role("button", name="Send me a code").click()
        return self.type_code(page, email, seen)

    def type_code(self, page: Page, email: str, seen: int) -> Page:
        mail = wait_for(lambda: self.mails_to(email)[0] if len(self.mails_to(email)) > seen else None)
        page.get_by_label("Code").fill(mail.code)
        page.get_by_role("button", name=re.compile("Sign in|Confirm|Continue")).first.click()
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: str

    @classmethod
    def read(cls, content: bytes) -> "Mail":
        message = message_from_bytes(content, policy=policy.default)
        parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
        return cls(str(message["Subject"]), parts.get("text/plain", ""), parts.get("text/html", ""))

    @property
    def code(self) -> str:
        match = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", self.text, re.MULTILINE)
        assert match, self.text
        return match[1]

    def link(self, part: str) -> str:
        return next(unescape(each) for each in re.findall(r"https?://[^\s\"<>]+", self.text) if part in each)


@pytest.fixture
def world(
    live_server: pytest.FixtureRequest, cast: object, smtp_server: SmtpServer, browser: Browser, settings: object
) -> Iterator[World]:
    settings.BASE_URL = str(live_server)
    settings.DEMO = True
    made = World(str(live_server), smtp_server, browser)
    queue = project_settings.CELERY_TASK_DEFAULT_QUEUE
    with celery_worker(worker_environment(smtp_server.port), queue=queue, processes=1):
        yield made
    for context in made.contexts:
        context.close()
    assert [complaint for site in made.sites for complaint in site.complaints] == []


def wait_for(look: Callable[[], object], seconds: float = PATIENCE) -> object:
    """Ask until there is an answer."""
    give_up = time.monotonic() + seconds
    while not (answer := look()):
        assert time.monotonic() < give_up, "It did not come in time."
        time.sleep(0.1)
    return answer


def zone_where_it_is_morning() -> str:
    """A zone in which it is between nine and noon now, so that a real nudge can be due at any hour of the test."""
    hours = {name: datetime.now(ZoneInfo(name)).hour for name in offered_zones()}
    return next(name for name, hour in sorted(hours.items()) if 9 <= hour < 12)
