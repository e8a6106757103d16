"""Two tabs with the same reflection: both texts are on the page, and the writer chooses."""

import pytest
from playwright.sync_api import Page, expect

from cohorts.tenancy.wall import within
from goals.models import Reflection
from tests import factories as make
from tests.browser import Live, check_accessible
from tests.cast import Cast


@pytest.fixture
def written(cast: Cast) -> Reflection:
    with within(cast.acme):
        return make.ReflectionFactory(enrolment=cast.enrolment(cast.ada), tried="before", happened="before")


def tab(live: Live, written: Reflection) -> Page:
    page = live.context.new_page()
    page.goto(live.url("reflection_wording", written.pk))
    return page


def test_words_of_both_tabs_are_seen_and_one_is_chosen(live: Live, cast: Cast, written: Reflection) -> None:
    live.sign_in(cast.ada)
    a, b = tab(live, written), tab(live, written)
    a.get_by_label("What I tried").fill("Tab A tried this")
    a.get_by_role("button", name="Save").click()
    expect(a.get_by_text("Tab A tried this")).to_be_visible()

    b.get_by_label("What I tried").fill("Tab B tried that")
    b.get_by_label("What happened").fill("Only in B")
    b.get_by_role("button", name="Save").click()

    other = b.get_by_role("group", name="Saved in the meantime")
    expect(other).to_contain_text("Tab A tried this")
    expect(b.get_by_label("What I tried")).to_have_value("Tab B tried that")
    check_accessible(b)
    other.get_by_label("Use this").check()
    b.get_by_role("button", name="Save").click()
    expect(b.get_by_text("Only in B")).to_be_visible()
    with within(cast.acme):
        saved = Reflection.objects.get(pk=written.pk)
    assert (saved.tried, saved.happened) == ("Tab A tried this", "Only in B")


def test_another_field_of_another_tab_stays_without_javascript(
    live: Live, browser: object, cast: Cast, written: Reflection
) -> None:
    live.sign_in(cast.ada)
    context = browser.new_context(java_script_enabled=False, storage_state=live.context.storage_state())  # type: ignore[attr-defined]
    a, b = context.new_page(), context.new_page()
    for page, field in ((a, "What I tried"), (b, "What happened")):
        page.goto(live.url("reflection_wording", written.pk))
        page.get_by_label(field).fill(f"{field}, written here")
    for page in (a, b):
        page.get_by_role("button", name="Save").click()

    expect(b.get_by_text("together with what was changed elsewhere")).to_be_visible()
    expect(b.get_by_text("What I tried, written here")).to_be_visible()
    expect(b.get_by_text("What happened, written here")).to_be_visible()
    context.close()
