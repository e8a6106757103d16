"""The table beside a chart is saved as a file that a spreadsheet opens: as shown, and without running anything."""

import pytest
from playwright.sync_api import expect

from tests.browser import Live
from tests.cast import Cast

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


def test_the_table_of_a_chart_is_saved_as_shown(live: Live, cast: Cast) -> None:
    live.sign_in(cast.ada)
    page = live.go("path")
    page.get_by_text("The same as a table").first.click()
    shown = page.get_by_role("table").first
    expect(shown).to_be_visible()
    rows = [
        [" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()]
        for row in shown.get_by_role("row").all()
    ]
    page.evaluate("document.querySelector('table td').textContent = '=HYPERLINK(\"http://x\";\"y\")'")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").first.click()

    text = download.value.path().read_bytes().decode("utf-8-sig")
    lines = text.split("\r\n")
    assert lines[0] == ",".join(f'"{cell}"' for cell in rows[0])
    assert len(lines) == len(rows) + 1
    assert "\"'=HYPERLINK(" in text
    assert download.value.suggested_filename.endswith(".csv")
    assert live.complaints == []
