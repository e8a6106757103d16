"""Conventions of the interface that only a browser can measure: targets, text spacing, the way back."""

import pytest
from playwright.sync_api import expect

from cohorts.audit import record
from cohorts.models import Role
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.browser import PHONE, Live, sideways
from tests.cast import Cast
from tests.times import NOW

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {"ada": ("today", "schedule", "goals"), "hana": ("members", "cohort_list", "settings_times")}
TARGETS = ".btn, .chip, .tabs a, .navigation a, .form-control, .form-select, .form-check, .choice"
SMALL = """targets => [...document.querySelectorAll(targets)]
    .filter(target => target.checkVisibility() && !target.closest(".visually-hidden, .only-desk"))
    .filter(target => target.getBoundingClientRect().height < 43.5 && target.getBoundingClientRect().height > 1)
    .map(target => `${target.className} ${target.textContent.trim()} ${target.getBoundingClientRect().height}`)"""
# Success criterion 1.4.12 of WCAG. A sheet of the page's own: the content policy allows no other.
SPACED = """() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`)
    document.adoptedStyleSheets = [sheet]
}"""


def test_targets_are_large_and_the_bar_is_at_the_foot_of_a_phone(live: Live, cast: Cast) -> None:
    small, misplaced = [], []
    for who, names in PAGES.items():
        live.sign_in(getattr(cast, who))
        for name in names:
            page = live.go(name)
            small += [(name, each) for each in page.evaluate(SMALL, TARGETS)]
            bar = page.locator("nav.navigation").bounding_box()
            if bar is None or round(bar["y"] + bar["height"]) != PHONE["height"]:
                misplaced.append(name)

    assert small == []
    assert misplaced == []


def test_wider_text_spacing_needs_no_sideways_scrolling(live: Live, cast: Cast) -> None:
    wider = {}
    for who, names in PAGES.items():
        live.sign_in(getattr(cast, who))
        for name in names:
            page = live.go(name)
            page.evaluate(SPACED)
            wider[name] = sideways(page)

    assert [name for name, pixels in wider.items() if pixels] == []


def test_back_returns_to_the_filtered_list_and_its_place(live: Live, cast: Cast) -> None:
    with within(cast.acme):
        make.MembershipFactory.create_batch(30, roles=[Role.SPONSOR])
    live.sign_in(cast.hana)
    page = live.go("members")
    page.get_by_role("link", name="Sponsors").click()
    expect(page.get_by_role("link", name="Sponsors")).to_have_attribute("aria-current", "true")
    page.locator("tbody th a").nth(20).scroll_into_view_if_needed()
    place, where = page.evaluate("scrollY"), page.url
    assert place > 0

    page.locator("tbody th a").nth(20).click()
    expect(page.get_by_role("heading", name="Sign-in", exact=True)).to_be_visible()
    page.go_back()

    assert page.url == where
    page.wait_for_function("place => Math.abs(scrollY - place) < 60", arg=place)


def test_the_head_of_a_table_stays_and_a_phone_has_cards(live: Live, cast: Cast) -> None:
    with within(cast.acme):
        sponsors = make.MembershipFactory.create_batch(30, roles=[Role.SPONSOR])
        for sponsor in sponsors:
            record(by=cast.hana, verb="added member", thing=sponsor, now=NOW)
    live.sign_in(cast.hana)
    live.page.set_viewport_size({"width": 1280, "height": 800})
    lists = ("members", "trail")
    heads = {}
    for name in lists:
        page = live.go(name)
        page.evaluate("scrollTo(0, document.querySelector('tbody').getBoundingClientRect().top + scrollY + 60)")
        heads[name] = page.evaluate("document.querySelector('thead th').getBoundingClientRect().top")
    page.set_viewport_size(PHONE)
    page = live.go("members")
    cards = page.evaluate("[...document.querySelectorAll('tbody tr')].map(row => getComputedStyle(row).display)")

    assert {name: round(top) for name, top in heads.items()} == dict.fromkeys(lists, 0)
    assert cards
    assert set(cards) <= {"block", "grid", "flex"}
