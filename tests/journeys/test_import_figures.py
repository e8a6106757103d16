"""A leader imports the figures of their team: a file with errors, what is wrong, the corrected file, the chart."""

import pytest
from playwright.sync_api import Page

from cohorts.tenancy.wall import within
from tests import factories as make
from tests.browser import check_accessible

pytestmark = pytest.mark.django_db(transaction=True)


def upload(page: Page, *rows: str) -> None:
    text = "\n".join(["Dato;Måltall;Teller;Nevner", *rows]).encode()
    page.get_by_label("List of figures").set_input_files({"name": "tall.csv", "mimeType": "text/csv", "buffer": text})
    page.get_by_role("button", name="Check the list").click()
    page.get_by_role("heading", name="Check the columns").wait_for()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def test_figures_with_errors_are_corrected_and_imported(live, cast, acme):
    with within(acme):
        kpi = make.KpiFactory(name="Solved at once", unit="share", family="other")
        make.KpiMethodFactory(kpi=kpi, written_by=cast.hana)
    live.sign_in(cast.ada)
    page = live.go("figures")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("link", name="Import figures").click()

    upload(page, "09.03.2026;Solved at once;85 %;100", "10.03.2026;Solved at onse;34;40")
    page.get_by_label("Dato").select_option("KPI")
    go_on(page)
    page.locator(".invalid-feedback", has_text="Two columns are taken for KPI.").wait_for()
    live.forgive("422")
    check_accessible(page)
    page.get_by_label("Dato").select_option("Date")
    go_on(page)
    page.get_by_text("This is a percentage.").wait_for()
    page.get_by_text("Did you mean Solved at once?").wait_for()
    assert page.get_by_text("This list changes nothing.").is_visible()
    page.get_by_role("button", name="Discard the list").click()

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("link", name="Import figures").click()
    upload(page, "09.03.2026;Solved at once;34;40", "10.03.2026;Solved at once;34;40")
    go_on(page)
    page.get_by_role("button", name="Import 2 figures").click()
    page.get_by_text("2 figures added.").wait_for()
    page.get_by_role("heading", name="Solved at once").wait_for()
