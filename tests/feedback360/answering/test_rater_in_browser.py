"""The rater's pages in a real browser, on a phone: taps are saved, pages are accessible, the first view is small."""

import re
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from feedback360.answering.actions.answering import sheet_of
from feedback360.models import Rater, RaterMail
from programme.front.static_files import TOGETHER, bundle
from tests.browser import EVERY_LOOK, Live, check_accessible
from tests.feedback360.answering.collecting import Collecting, collecting

FIRST_VIEW_BYTES = 60_000


@pytest.fixture
def asked(acme: Organisation) -> Collecting:
    return collecting(acme, ["team"] * 6 + ["manager"])


@pytest.mark.usefixtures("clock")
def test_the_first_view_is_at_most_60_kb(asked: Collecting) -> None:
    """Page, style sheets, scripts and font, compressed as they are deployed."""
    page = Client().get(asked.url(0)).content.decode()
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
    sizes = {"page": len(brotli.compress(page.encode(), quality=5))}
    for file in files:
        sizes[file] = len(_compressed(file))

    assert {"css/site.css", "css/rater.css", "vendor/figtree/figtree-latin.woff2"} <= sizes.keys()
    assert sum(sizes.values()) <= FIRST_VIEW_BYTES, sizes


def _compressed(file: str) -> bytes:
    path = Path(finders.find(file))
    content = bundle(path).encode() if file in TOGETHER else path.read_bytes()
    return content if path.suffix == ".woff2" else brotli.compress(content)


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_a_rater_answers_on_a_phone(cast: object, acme: Organisation, live_server: object, browser: Browser) -> None:
    asked = collecting(acme, ["team"] * 6, **_now())
    live = Live.on_a_phone(live_server.url, browser)
    page = live.page
    page.goto(f"{live_server.url}{asked.url(0)}")
    check_accessible(page, looks=EVERY_LOOK)  # the frame of all these pages, which changes colour with the layout
    page.get_by_role("link", name="Start").click()
    with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        page.get_by_label("Often", exact=True).check()
    assert saved.value.status == 204
    check_accessible(page)
    page.reload()
    assert page.get_by_label("Often", exact=True).is_checked()
    page.goto(f"{live_server.url}{asked.url(0, 'rater_item', asked.content.items[-1].key)}")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox").first.fill("On Monday only I saw you listen.")
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Next").click()
    check_accessible(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_text("This may tell who wrote it").wait_for()
    check_accessible(page)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Thank you, your answers are sent").wait_for()
    check_accessible(page)
    page.go_back()
    page.get_by_role("heading", name="Thank you, your answers are sent").wait_for()
    assert live.complaints == []
    assert asked.request(0).state == "answered"


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_a_rater_asks_for_the_link_in_a_browser(
    cast: object, acme: Organisation, live_server: object, browser: Browser
) -> None:
    """A page without a referrer posts `Origin: null`, and a form with a token would be refused."""
    asked = collecting(acme, ["team"] * 6, **_now())
    live = Live.on_a_phone(live_server.url, browser)
    page = live.page
    page.goto(f"{live_server.url}/r/cut-off/")
    check_accessible(page)
    assert page.get_by_role("group", name="Language").count() == 0
    page.get_by_role("link", name="Send me my link again").click()
    page.get_by_label("Your e-mail address").fill(asked.requests[0].rater.email)
    page.get_by_role("button", name="Send the link").click()
    page.get_by_text("the link is on its way to it").wait_for()
    check_accessible(page)
    assert [complaint for complaint in live.complaints if "404" not in str(complaint)] == []
    with within(acme):
        assert RaterMail.objects.filter(rater=asked.requests[0].rater, kind="link").count() == 1


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_enter_goes_on_and_never_back(cast: object, acme: Organisation, live_server: object, browser: Browser) -> None:
    asked = collecting(acme, ["team"] * 6, **_now())
    with within(acme):
        Rater.objects.update(language="nb")
    page = Live.on_a_phone(live_server.url, browser).page
    page.goto(f"{live_server.url}{asked.url(0, 'rater_item', asked.content.items[1].key)}")
    page.get_by_label("Ofte", exact=True).press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{asked.content.items[2].key}/")

    with within(acme):
        assert sheet_of(asked.request(0))[0].values == {asked.content.items[1].key: 4}


def _now() -> dict[str, object]:
    """A browser has no other clock."""
    now = timezone.now()
    return {
        "nominates_at": now - timedelta(days=9),
        "opens_at": now - timedelta(days=3),
        "reminds_at": now + timedelta(days=4),
        "closes_at": now + timedelta(days=7),
        "releases_at": now + timedelta(days=8),
    }
