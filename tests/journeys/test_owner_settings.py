"""An owner changes logo and quiet hours of the organisation, and reads who did it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import Live, check_accessible
from tests.cast import Cast
from tests.hand import Hand
from tests.logos import SCRIPT, logo_png

pytestmark = pytest.mark.journey


def test_an_owner_changes_logo_and_quiet_hours_and_reads_the_audit(live: Live, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(logo_png())
    (tmp_path / "page.png").write_bytes(SCRIPT)
    live.sign_in(cast.olav)
    page, hand = live.go("settings"), Hand()
    hand.press(page.get_by_role("link", name="Logo"))
    hand.choose(page.get_by_label("Picture"), tmp_path / "page.png")
    hand.press(page.get_by_role("button", name="Upload"))
    expect(page.get_by_text("This is not a PNG, JPEG or WebP picture.").first).to_be_visible()
    hand.choose(page.get_by_label("Picture"), tmp_path / "logo.png")
    hand.press(page.get_by_role("button", name="Upload"))

    expect(page.get_by_text("This is the logo from now on.")).to_be_visible()
    assert hand.presses == 5  # a file that was refused took two of them
    brand = page.get_by_role("banner").get_by_role("img", name="Acme")
    expect(brand).to_be_visible()
    expect(brand).to_have_js_property("complete", True)
    assert brand.evaluate("picture => picture.naturalWidth") == 480
    page.get_by_role("button", name="Undo").click()
    expect(brand).to_have_count(0)
    page.get_by_label("Picture").set_input_files(tmp_path / "logo.png")
    page.get_by_role("button", name="Upload").click()
    expect(brand).to_be_visible()
    check_accessible(page)

    page, hand = live.go("settings"), Hand()
    hand.press(page.get_by_role("link", name="Time and quiet hours"))
    hand.type(page.get_by_label("Quiet from"), "20:00")
    hand.type(page.get_by_label("Quiet until"), "07:30")
    hand.press(page.get_by_role("button", name="Save"))

    expect(page.get_by_text("Saved.")).to_be_visible()
    lately = page.get_by_role("region", name="Lately changed here")
    expect(lately).to_contain_text("From 21:00–06:00 to 20:00–07:30")
    expect(lately).to_contain_text(cast.olav.name)

    hand.press(page.get_by_role("link", name="Whole audit trail"))
    expect(page.get_by_role("row").nth(1)).to_contain_text("Changed the quiet hours")
    expect(page.get_by_role("row").nth(2)).to_contain_text("Changed the logo")
    assert (hand.presses, hand.keys) == (5, 10)
    live.forgive("422")  # the file that was no picture
    assert live.complaints == []
