"""A real browser on the real site: signing in, going places, looking for what a reader of the page would trip over."""

import os
import shutil
from collections.abc import Iterable
from itertools import product
from typing import Literal

from axe_playwright_python.base import AXE_FILE_PATH, AXE_SCRIPT, AxeResults
from django.conf import settings
from django.templatetags.static import static
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

from cohorts.models import Membership, Organisation
from programme.local.setup import BROWSERS
from tests.proofs import prove

Scheme = Literal["light", "dark"]
WIDTHS = (320, 390, 1280)
ONE_LOOK_EACH: tuple[tuple[Scheme, int], ...] = (("light", 1280), ("dark", 390))
EVERY_LOOK: tuple[tuple[Scheme, int], ...] = tuple(product(("light", "dark"), WIDTHS))
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
PHONE: ViewportSize = {"width": 390, "height": 844}
# All rules, but only what is wrong travels back: describing what is right took much of the time. A frame of ours holds
# a mail, in which no script runs, so axe cannot ask it. It need not fetch style sheets again, either.
LOOK = """
    axe.run({preload: false, resultTypes: ["violations"], iframes: false})
        .then(results => ({violations: results.violations}))
"""
# Axe as a file of the site, which the browser keeps with what it compiled: sending it anew takes three times as long.
# Only where the page loads scripts of ours: elsewhere its policy may forbid it.
LOAD_AXE = """
    address => typeof axe == "object" || Boolean(document.querySelector("script[src^='/static/']")) && new Promise(
        (loaded, failed) => {
            const script = document.createElement("script")
            script.src = address
            script.onload = () => { script.remove(); loaded(true) }
            script.onerror = failed
            document.head.append(script)
        })
"""

# What an ancestor cuts off without dots or a scroll bar, and a text laid out one letter wide.
CUT_OFF = """
    () => [...document.querySelectorAll("main *:not(svg *)")].flatMap(element => {
        const box = element.getBoundingClientRect(), style = getComputedStyle(element)
        if (!box.width || !box.height || style.position == "absolute" || element.closest(".visually-hidden")) return []
        const words = element.textContent.trim().replace(/\\s+/g, " ").slice(0, 40)
        if (!element.childElementCount && words.length > 25 && box.width < 60 && box.height > 120)
            return [`${Math.round(box.width)} px for "${words}"`]
        for (let around = element.parentElement; around.tagName != "MAIN"; around = around.parentElement) {
            const edge = getComputedStyle(around), over = box.right - around.getBoundingClientRect().right
            if (edge.position == "absolute" || edge.textOverflow == "ellipsis") return []
            if (["auto", "scroll"].includes(edge.overflowX)) return []
            if (edge.overflowX != "visible" && over > 2) return [`"${words}" is cut by ${Math.round(over)} px`]
        }
        return []
    })
"""

# Each field takes the focus, as with Tab, and must then be whole: no bar over it, no word of a list or a zone cut off.
HIDDEN_FIELDS = """async () => {
    const found = [], before = document.activeElement
    const bars = [...document.querySelectorAll("body *")].filter(
        element => ["sticky", "fixed"].includes(getComputedStyle(element).position))
    const over = field => bars.find(bar => {
        const box = field.getBoundingClientRect(), edge = bar.getBoundingClientRect()
        const high = Math.min(box.bottom, edge.bottom) - Math.max(box.top, edge.top)
        const wide = Math.min(box.right, edge.right) - Math.max(box.left, edge.left)
        return edge.width && high > 1 && wide > 1 && !bar.contains(field)
    })
    const cut = field => {
        const style = getComputedStyle(field), pen = document.createElement("canvas").getContext("2d")
        pen.font = style.font
        const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
        const words = field.list ? [field.value] : [...field.options].map(option => option.text)
        // A sentence of a title may be longer than a phone is wide.
        return words.some(text => text.length <= 30 && pen.measureText(text).width > room + 1)
    }
    for (const field of document.querySelectorAll("main :is(input, select, textarea):not([type=hidden], :disabled)")) {
        if (!field.checkVisibility()) continue
        field.focus()
        // The browser scrolls a moment after the focus has moved.
        for (let frame = 0; frame < 90 && over(field); frame++) await new Promise(requestAnimationFrame)
        const bar = over(field), name = field.name || field.id
        if (bar) found.push(`${name} is under .${bar.className || bar.tagName}`)
        if (field.matches("select:not([multiple]), [list]") && cut(field)) found.push(`${name} cuts its words`)
    }
    document.activeElement.blur()
    before.focus()
    return found
}"""

# More than one button that says "press me", and a number beside a heading or tab that counts nothing.
LOUD_OR_HOLLOW = """
    () => {
        const shown = what => [...document.querySelectorAll(what)].filter(element => element.checkVisibility())
        const words = element => element.textContent.trim().replace(/\\s+/g, " ")
        const primary = shown("body :is(main, .dock) .btn-primary").map(words)
        const counted = shown("main :is(h1, h2, h3, .count:not(.chip *))").map(words)
        const hollow = counted.filter(text => /^0( \\p{L}+)?$/u.test(text))
        return [
            ...(primary.length > 1 ? [`primary actions: ${primary.join(", ")}`] : []),
            ...hollow.map(text => `counts nothing: ${text}`),
        ]
    }
"""

# What stays at the foot of a phone while the page goes by. A page for one act has its own bar, not the navigation.
BARS_AT_THE_FOOT = """
    () => [...document.querySelectorAll("body *")].filter(element => {
        const style = getComputedStyle(element), box = element.getBoundingClientRect()
        const stays = style.position == "fixed" || style.position == "sticky" && style.bottom != "auto"
        return stays && element.checkVisibility() && box.height && box.width > innerWidth / 2
            && box.top > innerHeight / 2 && box.top < innerHeight
    }).map(element => `.${element.className || element.tagName}`)
"""


class Live:
    """One browser with one page. `complaints` gathers console errors, script errors and refused loads."""

    def __init__(self, address: str, context: BrowserContext) -> None:
        self.address, self.context = address, context
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @classmethod
    def on_a_phone(cls, address: str, browser: Browser) -> "Live":
        return cls(address, browser.new_context(viewport=PHONE, has_touch=True, locale="en-GB"))

    def begin_anew(self) -> None:
        """Nobody is signed in and nothing is remembered; only files that every page asks for stay in the cache."""
        was_here = self.page.url.startswith(self.address)
        self.page.goto("about:blank")  # gives up what the page was about to load
        if was_here:
            self.page.goto(f"{self.address}/health/")
            self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
            self.page.goto("about:blank")
        self.page.set_viewport_size(PHONE)
        self.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        self.context.clear_cookies()
        self.complaints.clear()

    def sign_in(self, membership: Membership) -> str:
        """Sign in without the form. Returns where the member's organisation begins, such as `/o/acme`."""
        client = Client()
        client.force_login(membership.person)
        prove(client, membership.person, timezone.now())
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.address}])
        self.base = f"/o/{Organisation.objects.get(pk=membership.organisation_id).slug}"
        return self.base

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        inside = reverse(name, urlconf=settings.ORGANISATION_URLCONF, args=args, kwargs=kwargs)
        return f"{self.address}{self.base}{inside}"

    def go(self, name: str, *args: object, **kwargs: object) -> Page:
        self.page.goto(self.url(name, *args, **kwargs))
        return self.page

    def forgive(self, part: str) -> None:
        """Drop complaints that contain `part`: for pages that are meant to answer 404 or 409."""
        self.complaints[:] = [complaint for complaint in self.complaints if part not in complaint]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")


def look(page: Page) -> AxeResults:
    """What axe finds on the page as it stands. A page keeps axe until it is left."""
    if not page.evaluate(LOAD_AXE, static(f"axe/{AXE_FILE_PATH.name}")):
        page.evaluate(AXE_SCRIPT)
    return AxeResults(page.evaluate(LOOK))


def check_accessible(page: Page, *, looks: Iterable[tuple[Scheme, int]] = ONE_LOOK_EACH) -> None:
    problems = "\n".join(accessibility_problems(page, looks=looks))
    assert not problems, problems


def accessibility_problems(page: Page, *, looks: Iterable[tuple[Scheme, int]] = ONE_LOOK_EACH) -> list[str]:
    """What `problems_in` finds; the window is afterwards as it was before, in the light theme."""
    before = page.viewport_size
    problems = problems_in(page, looks=looks)
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)
    return problems


def problems_in(page: Page, *, looks: Iterable[tuple[Scheme, int]] = ONE_LOOK_EACH) -> list[str]:
    """What axe finds in either theme and layout, which fields are hidden, and where the page scrolls sideways.

    One look for each theme and one for each layout: colours come from the theme, everything else axe asks from the
    layout. Only what surrounds the page (bar and menu) changes colour with the layout, too: see EVERY_LOOK.
    It begins with the width the page has: drawing it anew takes a third as long as axe.
    """
    problems = []
    page.wait_for_load_state()  # a page may be visible before its style sheets have come
    looks = list(looks)
    for width in beginning_with(page, {*WIDTHS, *(width for _scheme, width in looks)}):
        set_width(page, width)
        if scroll := sideways(page):
            problems.append(f"{page.url} scrolls {scroll} px sideways at {width} px")
        for scheme in (scheme for scheme, at in looks if at == width):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # else axe meets a colour half-way
            results = look(page)
            if results.violations_count:
                problems.append(f"{page.url}, {scheme}, {width} px\n{results.generate_report()}")
            problems += [f"{page.url}, {width} px: {each}" for each in page.evaluate(HIDDEN_FIELDS)]
            problems += [f"{page.url}, {width} px: {each}" for each in loud_or_hollow(page)]
            if len(bars := page.evaluate(BARS_AT_THE_FOOT)) > 1:
                problems.append(f"{page.url}, {width} px: bars on top of each other: {', '.join(bars)}")
    return problems


def loud_or_hollow(page: Page) -> list[str]:
    """What competes for the reader, and what counts nothing."""
    found: list[str] = page.evaluate(LOUD_OR_HOLLOW)
    return found


def beginning_with(page: Page, widths: Iterable[int]) -> list[int]:
    """The widths of windows, that of the page first if it is among them."""
    now = page.viewport_size and page.viewport_size["width"]
    return sorted(widths, key=lambda width: (width != now, width))


def set_width(page: Page, width: int) -> None:
    if not page.viewport_size or page.viewport_size["width"] != width:
        page.set_viewport_size({"width": width, "height": 900})


def sideways(page: Page) -> int:
    """How many pixels wider the page is than its window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return max(0, wider)


def cut_off(page: Page) -> list[str]:
    """Which texts are cut off, or squeezed into a column of one letter, and where the page scrolls, at either width."""
    problems = []
    for width in beginning_with(page, (min(WIDTHS), max(WIDTHS))):
        set_width(page, width)
        if scroll := sideways(page):
            problems.append(f"{page.url} scrolls {scroll} px sideways at {width} px")
        problems += [f"{page.url}, {width} px: {found}" for found in page.evaluate(CUT_OFF)]
    return problems
