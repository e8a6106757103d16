"""An admin searches a zone, chooses a region, closes a day and sees what it moves, in a browser."""

import os

from cohorts.models import Cohort
from cohorts.schedule.closed_days import OwnDay, closed_days
from cohorts.tenancy.wall import within
from tests.browser import Live, check_accessible
from tests.cast import Cast
from tests.times import TODAY

PICTURES = os.environ.get("PICTURES", "")  # a folder in which somebody wants to look at the pages


def test_a_zone_and_region_are_chosen_and_a_day_closed(live: Live, cast: Cast) -> None:
    live.sign_in(cast.hana)
    cohort = cast.house_of(cast.acme).cohort
    page = live.go("cohort_change", cohort.pk)
    first = page.evaluate("document.getElementById('id_zone').list.options[0].dataset.zoneName")
    assert first == page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    page.get_by_label("Time zone").fill("Denmark")
    page.get_by_label("Public holidays").select_option("DE")
    page.get_by_label("Region").select_option(label="Bavaria")
    picture(live, "settings")
    check_accessible(page)
    page.get_by_role("button", name="Save").click()

    live.go("closed_day_list", cohort.pk)
    page.get_by_label("Date").fill("2026-05-07")
    page.get_by_label("Name").fill("Summer party")
    picture(live, "list")
    check_accessible(page)
    page.get_by_role("button", name="See what it moves").click()
    page.get_by_role("heading", name="Close Thursday 7 May?").wait_for()
    picture(live, "moves")
    check_accessible(page)
    page.get_by_role("button", name="Close this day").click()
    page.get_by_text("Thursday 7 May is closed.").wait_for()
    with within(cast.acme):
        saved = Cohort.objects.get(pk=cohort.pk)
        assert (str(saved.zone), saved.holidays, saved.region) == ("Europe/Copenhagen", "DE", "BY")
        assert closed_days(saved).own == (OwnDay(TODAY.replace(month=5, day=7), "Summer party", is_closed=True),)
    picture(live, "done")

    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Thursday 7 May follows the public holidays again.").wait_for()


def picture(live: Live, name: str) -> None:
    if not PICTURES:
        return
    for width in (390, 1280):
        for scheme in ("light", "dark"):
            live.page.set_viewport_size({"width": width, "height": 844 if width < 400 else 800})
            live.page.emulate_media(color_scheme=scheme)
            live.page.screenshot(path=f"{PICTURES}/{name}-{width}-{scheme}.png", full_page=True)
    live.page.emulate_media(color_scheme="light")
    live.page.set_viewport_size({"width": 390, "height": 844})
