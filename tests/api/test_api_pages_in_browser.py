"""The page to read and try the API on, in a real browser under the site's content policy."""

import pytest

from tests.browser import Live
from tests.cast import Cast


@pytest.mark.looks
def test_the_endpoints_can_be_read_and_opened(live: Live, cast: Cast) -> None:
    live.sign_in(cast.olav)
    live.page.goto(f"{live.address}/o/acme/api/browser/")

    live.page.locator(".opblock-summary", has_text="/enrolments/").first.click()

    live.page.locator(".opblock-body").first.wait_for()

    shown = "getComputedStyle(document.querySelector('#api-browser .swagger-ui')).backgroundColor"
    light = live.page.evaluate(shown)
    live.page.emulate_media(color_scheme="dark")
    live.page.wait_for_selector("html.dark-mode")
    assert live.page.evaluate(shown) != light
    assert live.complaints == []
