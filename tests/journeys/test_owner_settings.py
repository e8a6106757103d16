"""An owner changes the quiet hours of the organisation, and reads who did it."""

import pytest
from playwright.sync_api import expect

from tests.browser import Live
from tests.cast import Cast

pytestmark = pytest.mark.journey


def test_an_owner_changes_quiet_hours_and_reads_the_audit(live: Live, cast: Cast) -> None:
    live.sign_in(cast.olav)
    page = live.go("settings")
    page.get_by_role("link", name="Time and quiet hours").click()
    page.get_by_label("Quiet from").fill("20:00")
    page.get_by_label("Quiet until").fill("07:30")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    lately = page.get_by_role("region", name="Lately changed here")
    expect(lately).to_contain_text("From 21:00–06:00 to 20:00–07:30")
    expect(lately).to_contain_text(cast.olav.name)

    page.get_by_role("link", name="Whole audit trail").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Changed the quiet hours")
    assert live.complaints == []
