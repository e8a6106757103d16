"""The pictures of README.md, taken again: `make pictures`. No test, and not collected as one.

They show the demo organisation Harbour Support on one fixed day, as played by its own engine.
"""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest
import time_machine
from django.conf import settings as project_settings
from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from coaching.models import Session
from cohorts.curriculum.actions.drafts import start_draft
from cohorts.models import Cohort, Enrolment, Membership, Organisation, Step
from cohorts.people.actions.intakes import upload_intake
from cohorts.tenancy.wall import within
from feedback360.models import Relation, Request, RequestState, State, Subject
from feedback360.rounds.answer_links import answer_url
from goals.models import Family, Followed, Goal, GoalState, Team
from programme.demo.opening import open_company
from programme.demo.people import HARBOUR
from programme.demo.playing import latest_working_moment, play
from programme.feedback.paper import result_page
from programme.models import Report
from programme.reports.charter_page import charter_page
from programme.reports.facts import facts_of
from programme.reports.pdf import print_on_one_page, print_page
from programme.reports.printing import page_of
from tests.browser import PHONE, Live
from tests.smtp_server import SmtpServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

MOMENT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)  # a Friday; Harbour is in its eleventh week
DAY = 38
FOLDER = Path(project_settings.BASE_DIR) / "static" / "pictures"
DESK: ViewportSize = {"width": 1100, "height": 855}
WIDE_DESK: ViewportSize = {"width": 1440, "height": 900}
TALL_DESK: ViewportSize = {"width": 1280, "height": 1000}
LIST = """Worker,Legal Name - First Name,Legal Name - Last Name,Primary Work Email,Worker's Manager,Time Zone
Priya Nair (20417),Priya,Nair,priya.nair@harbour.example,Marta Kowalska (20388),W. Europe Standard Time
Marta Kowalska (20388),Marta,Kowalska,marta.kowalska@harbour.example,-,W. Europe Standard Time
Tom O'Neill (20466),Tom,O'Neill,tom.oneill@harbour.example,Marta Kowalska (20388),GMT Standard Time
Siobhán Walsh (20470),Siobhán,Walsh,siobhan.walsh@harbour,Marta Kowalska (20388),GMT Standard Time
Jürgen Groß (20481),Jürgen,Groß,juergen.gross@harbour.example,Dana Reyes (20119),
Lena Fischer (20502),Lena,Fischer,lena.fischer@harbour.example,Marta Kowalska (20388),Romance Standard Time
""".encode()
SHEET: ViewportSize = {"width": 560, "height": 724}


@pytest.fixture
def harbour(live_server: pytest.FixtureRequest, smtp_server: SmtpServer, settings: object) -> Iterator[Organisation]:
    """Opened weeks ago and played until now."""
    settings.DEMO = True
    with time_machine.travel(MOMENT, tick=True):
        organisation = open_company(HARBOUR)
        play(organisation, until=latest_working_moment(organisation), report=lambda at: None)
        organisation.refresh_from_db()
        yield organisation


def test_take_the_pictures(harbour: Organisation, live_server: pytest.FixtureRequest, browser: Browser) -> None:
    with within(harbour):
        cohort = Cohort.objects.select_related("version").get()
        grace = Enrolment.objects.select_related("leader__person").get(leader__person__email="grace@harbour.example")
        zoe = Membership.objects.select_related("person").get(person__email="zoe@harbour.example")
        step = Step.objects.get(version=cohort.version, day=DAY, kind="core")
        draft = start_draft(version=cohort.version, by=zoe, now=harbour.now(MOMENT))
        drafted = draft.steps.get(day=DAY, kind="core")
        goal = Goal.objects.filter(enrolment=grace, state=GoalState.AGREED).order_by("pk").first()
        html = report(harbour, grace)
        printed, printed_goal = page_image(html), page_image(html, showing=goal.measure)
        team = Team.objects.get(leader=grace.leader)
        charter = charter_page(team, harbour, "en", on=today_of(harbour), with_names=False)
        solved = Followed.objects.get(team=team, kpi__family=Family.FCR)
        talks = Session.objects.filter(pairing__leader=grace.leader, pairing__partner=grace.sponsor)
        talk = talks.exclude(kind="drop_in").order_by("-starts_at").select_related("pairing__partner__person").first()
        intake = upload_intake(
            cohort=cohort, file=io.BytesIO(LIST), file_name="workers.csv", by=zoe, now=harbour.now(MOMENT)
        )
        (seen,) = Subject.objects.filter(enrolment=grace, round__state=State.RELEASED)
        paper = page_image(result_page(seen, harbour, "en"))
        waiting = Request.objects.filter(
            state=RequestState.ASKED, relation=Relation.TEAM, subject__round__state=State.COLLECTING
        ).select_related("rater")
        link = answer_url(waiting.first().rater)

    site = str(live_server)
    take(site, browser, grace.leader, PHONE, "today", scale=1.25)
    take(site, browser, zoe, DESK, "cohort", cohort.pk)
    take(site, browser, zoe, WIDE_DESK, "draft_step", draft.pk, drafted.pk, name="editor")
    for viewport, where in ((DESK, ""), (PHONE, "-phone")):
        take(site, browser, zoe, viewport, "intake_columns", intake.pk, name=f"import-columns{where}")
        take(site, browser, zoe, viewport, "intake", intake.pk, name=f"import-preview{where}")
    take(site, browser, zoe, SHEET, "cohort_mail_html", cohort.pk, step.pk, name="mail")
    keep("report", printed)
    keep("report-goal", printed_goal)
    keep("charter", page_image(charter, is_one_page=True))
    take(site, browser, grace.leader, PHONE, "goal", goal.pk, name="goal", scale=1.25)
    take(site, browser, grace.leader, DESK, "objectives", name="line-of-sight")
    take(site, browser, grace.leader, DESK, "kpi_chart", solved.pk, name="figures")
    take(site, browser, talk.pairing.partner, DESK, "sponsor_home", name="sponsor")
    take(site, browser, talk.pairing.partner, DESK, "session", talk.pk, name="meeting")
    take(site, browser, grace.leader, PHONE, "hosts", name="visits", scale=1.25)
    take(site, browser, grace.leader, TALL_DESK, "result", seen.pk, name="360-report")
    keep("360-paper", paper)
    take_item(browser, site + link)


def take(
    site: str,
    browser: Browser,
    who: Membership,
    viewport: ViewportSize,
    route: str,
    *keys: int,
    name: str = "",
    scale: float = 1,
) -> None:
    context = browser.new_context(
        viewport=viewport, device_scale_factor=scale, locale="en-GB", color_scheme="light", reduced_motion="reduce"
    )
    live = Live(site, context)
    live.sign_in(who)
    page = live.go(route, *keys)
    page.wait_for_load_state("networkidle")
    keep(name or route, Image.open(io.BytesIO(page.screenshot())))
    context.close()


def take_item(browser: Browser, link: str) -> None:
    """The first item of a rater's form."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=1.25, locale="en-GB", color_scheme="light")
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Start").or_(page.get_by_role("link", name="Start")).click()
    page.wait_for_load_state("networkidle")
    keep("360-item", Image.open(io.BytesIO(page.screenshot())))
    context.close()


def report(organisation: Organisation, enrolment: Enrolment) -> str:
    """The leader's own copy."""
    asked = Report(
        enrolment=enrolment,
        asked_by=enrolment.leader,
        copy=Report.Copy.OWN,
        language="en",
        on=today_of(organisation),
        asked_at=organisation.now(MOMENT),
    )
    return page_of(facts_of(asked, organisation), "en")


def today_of(organisation: Organisation) -> date:
    return organisation.now(MOMENT).astimezone(organisation.zone).date()


def page_image(html: str, *, showing: str = "", is_one_page: bool = False) -> Image.Image:
    """The first page, or the first that shows these words."""
    document = pypdfium2.PdfDocument((print_on_one_page(html) if is_one_page else print_page(html)).content)
    texts = (" ".join(page.get_textpage().get_text_range().split()) for page in document)
    page = document[next(number for number, text in enumerate(texts) if showing in text)]
    image: Image.Image = page.render(scale=700 / page.get_width()).to_pil()
    return image


def keep(name: str, image: Image.Image) -> None:
    """In few colours, which a page of text does not miss."""
    image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
