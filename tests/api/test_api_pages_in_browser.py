"""The page to read and try the API on, in a real browser under the site's content policy."""

import pytest

from tests.browser import Live
from tests.cast import Cast


@pytest.mark.looks
def test_the_endpoints_can_be_read_and_opened(live: Live, cast: Cast) -> None:
    live.sign_in(cast.olav)
    live.page.goto(f"{live.address}/o/acme/api/browser/")

    operation = live.page.get_by_text("/cohorts/{id}/enrolments/").first
    operation.click()
    live.page.get_by_text("A key of the organisation").first.wait_for(state="attached", timeout=10_000)
