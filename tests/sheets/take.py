"""Take the pictures of the contact sheets: `make sheets`. No test, and not collected as one.

The same file runs in a checkout of the past, so it imports only what was there then; pages that were not are left out.
They show the demo organisation Nordlys, in English, on one fixed day of its seventh week, as played by its own engine.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pypdfium2
import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.urls import NoReverseMatch
from playwright.sync_api import Browser

from cohorts.curriculum.actions.drafts import start_draft
from cohorts.mail.signed_links import nudge_token
from cohorts.models import Cohort, Enrolment, Membership, Organisation, Person
from cohorts.tenancy.addresses import front_door
from cohorts.tenancy.wall import within
from programme.demo.opening import open_company
from programme.demo.people import NORDLYS
from programme.demo.playing import latest_working_moment, play
from programme.models import Report
from programme.reports.actions import ask_report
from programme.reports.printing import make_report
from tests.browser import Live
from tests.smtp_server import SmtpServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]

MOMENT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)  # a Friday
DAY = 38
FOLDER = Path(os.environ.get("SHEETS_FOLDER", ".data/sheets/after"))
WINDOWS = {"phone": (390, 844), "desk": (1280, 800)}
SCHEMES = ("light", "dark")
PAPER_WIDTH = 900


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as one member sees it: a route of the organisation, or an address that begins with a slash."""

    name: str
    who: Membership
    route: str
    keys: tuple[int, ...] = ()
    query: str = ""
    status: int = 200


@pytest.fixture
def nordlys(live_server: pytest.FixtureRequest, smtp_server: SmtpServer, settings: object) -> Iterator[Organisation]:
    """Opened weeks ago and played until now."""
    settings.DEMO = True
    leaders = tuple(replace(leader, language="en") for leader in NORDLYS.leaders)
    company = replace(NORDLYS, language="en", cohort="Team leaders, autumn", leaders=leaders)
    with time_machine.travel(MOMENT, tick=True):
        organisation = open_company(company)
        play(organisation, until=latest_working_moment(organisation), report=lambda at: None)
        organisation.refresh_from_db()
        yield organisation


def test_take_the_pictures(nordlys: Organisation, live_server: pytest.FixtureRequest, browser: Browser) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    Person.objects.update(language="en")
    with within(nordlys):
        pages = list(shown(nordlys))
    print_reports(nordlys)
    for page in pages:
        take(str(live_server), browser, page)


def member(name: str) -> Membership:
    return Membership.objects.select_related("person").get(person__email=f"{name}@nordlys.example")


def enrolment_of(name: str) -> Enrolment:
    return Enrolment.objects.select_related("leader__person", "cohort").get(
        leader__person__email=f"{name}@nordlys.example"
    )


def one_tap_of(organisation: Organisation, name: str) -> str:
    enrolment = enrolment_of(name)
    on = organisation.now(MOMENT).astimezone(organisation.zone).date()
    return front_door("one_tap", nudge_token(organisation.pk, enrolment.pk, on, enrolment.leader.link_version))


def shown(organisation: Organisation) -> Iterator[Shown]:
    cohort = Cohort.objects.select_related("version").get()
    admin, owner = member("hanne"), member("olav")
    sponsor, leader = member("bjorn"), member("omar")
    draft = start_draft(version=cohort.version, by=admin, now=organisation.now(MOMENT))
    step = draft.steps.get(day=DAY, kind="core")
    here = (cohort.pk,)

    yield Shown("cohort-leaders", admin, "cohort", here)
    yield Shown("cohort-calendar", admin, "cohort_milestones", here)
    yield Shown("cohort-mails", admin, "cohort_mails", here)
    yield Shown("cohort-going-out-tomorrow", admin, "cohort_going_out", here)
    yield Shown("cohort-curriculum", admin, "cohort_ninety_days", here)
    yield Shown("cohort-support", admin, "cohort_support", here)
    yield Shown("cohort-settings", admin, "cohort_change", here)
    yield Shown("cohort-one-leader", admin, "enrolment", (enrolment_of("jonas").pk,))
    yield Shown("people", owner, "members")
    yield Shown("people-edit-roles", owner, "member_roles", (sponsor.pk,))
    yield Shown("search", admin, "search", query="?q=mar")
    yield Shown("curricula", admin, "curriculum_list")
    yield Shown("curriculum-version", admin, "curriculum", (cohort.version_id,))
    yield Shown("curriculum-step-editor", admin, "draft_step", (draft.pk, step.pk))
    yield Shown("curriculum-sponsor-brief-editor", admin, "draft_brief", (draft.pk,))
    yield Shown("settings", owner, "settings")
    yield Shown("settings-new-key", owner, "settings_key_new")
    for part in ("name", "logo", "times", "languages", "signing_in", "sending", "keeping"):
        yield Shown(f"settings-{part.replace('_', '-')}", owner, f"settings_{part}")
    yield Shown("settings-audit-trail", owner, "trail")
    yield Shown("sponsor-this-week", sponsor, "sponsor_home")
    yield Shown("sponsor-one-leader", sponsor, "leader", (enrolment_of("omar").pk,))
    yield Shown("sponsor-ninety-days", sponsor, "ninety_days")
    yield Shown("leader-welcome", member("pal"), "welcome")
    yield Shown("leader-today", leader, "today")
    yield Shown("leader-path", leader, "path")
    yield Shown("leader-growth-and-dials", leader, "focuses")
    yield Shown("leader-what-i-logged", leader, "practices")
    yield Shown("leader-reflections", leader, "reflections")
    yield Shown("leader-visits", leader, "hosts")
    yield Shown("leader-the-mails-button", leader, one_tap_of(organisation, "omar"))
    yield Shown("account", leader, front_door("account"))
    yield Shown("account-devices", leader, front_door("usersessions_list"))
    yield Shown("help", leader, front_door("help"))
    yield Shown("error-not-found", leader, f"/o/{organisation.slug}/nothing-is-here/", status=404)


def take(site: str, browser: Browser, shown: Shown) -> None:
    """Four pictures of one page, or none if it was not built yet."""
    for (window, (width, height)), scheme in product(WINDOWS.items(), SCHEMES):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="en-GB",
            color_scheme=scheme,
            reduced_motion="reduce",
            has_touch=window == "phone",
        )
        live = Live(site, context)
        try:
            live.sign_in(shown.who)
            list_device(live, shown.who)
            address = site + shown.route if shown.route.startswith("/") else live.url(shown.route, *shown.keys)
        except NoReverseMatch:
            context.close()
            return
        answer = live.page.goto(address + shown.query)
        live.page.wait_for_load_state("networkidle")
        assert answer.status == shown.status, (shown.name, answer.status)
        live.page.screenshot(path=FOLDER / f"{shown.name}.{window}-{scheme}.png")
        context.close()


def list_device(live: Live, who: Membership) -> None:
    """Signing in by the form would have listed this browser among the member's devices."""
    (key,) = (each["value"] for each in live.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME)
    agent = live.page.evaluate("navigator.userAgent")
    UserSession.objects.create(user=who.person, session_key=key, ip="192.0.2.1", user_agent=agent)


def print_reports(organisation: Organisation) -> None:
    """Each leader's own copy, all its pages."""
    with within(organisation):
        leaders = list(Enrolment.objects.select_related("leader__person", "cohort").order_by("pk"))
    for enrolment in leaders:
        name = enrolment.leader.person.email.partition("@")[0]
        with own_copy(organisation, enrolment) as file:
            for number, page in enumerate(pypdfium2.PdfDocument(file.read()), start=1):
                picture = page.render(scale=PAPER_WIDTH / page.get_width()).to_pil()
                picture.save(FOLDER / f"printed-report-of-{name}.paper-{number}.png")
                if name == "omar" and number == 1:
                    picture.save(FOLDER / "printed-report.paper-light.png")


@contextmanager
def own_copy(organisation: Organisation, enrolment: Enrolment) -> Iterator[File]:
    now = organisation.now(MOMENT)
    with within(organisation):
        asked = ask_report(
            enrolment=enrolment,
            by=enrolment.leader,
            copy=Report.Copy.OWN,
            language="en",
            today=now.astimezone(organisation.zone).date(),
            now=now,
        )
    make_report(organisation.pk, asked.pk, now=now)
    with within(organisation):
        asked.refresh_from_db()
    with default_storage.open(asked.file) as file:
        yield file
