"""From an empty installation to a logged practice that the sponsor sees. Real mail, real worker, real browser.

The list is a workbook as Workday makes it, with a second sheet that somebody added.
"""

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from programme.tasks import tick
from tests.browser import check_accessible
from tests.journeys.conftest import World, zone_where_it_is_morning

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey, pytest.mark.timeout(240)]

DESK = {"width": 1280, "height": 800}
HEADERS = (
    *("Worker", "Legal Name - First Name", "Legal Name - Last Name", "Primary Work Email", "Worker's Manager"),
    *("Manager - Primary Work Email", "Preferred Language"),
)
WORKERS = [
    *["Åsmund Lærdal (10023)|Åsmund|Lærdal|asmund@fjord.test|Siri Holm (10011)|siri@fjord.test|English".split("|")],
    *["Nobody (10024)|Nobody|Known|not an address|Siri Holm (10011)|siri@fjord.test|English".split("|")],
]


def workday_export() -> bytes:
    book = openpyxl.Workbook()
    for sheet, rows in (
        (book.active, WORKERS),
        (book.create_sheet("Old list"), [["Gone", "Gone", "By", "gone@fjord.test"]]),
    ):
        for row in (HEADERS, *rows):
            sheet.append(row)
    book.active.title = "Workers"
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_first_day(world: World) -> None:
    zone = zone_where_it_is_morning()
    given_an_owner_who_was_invited(world, zone)
    owner = when_the_owner_comes_in(world)
    when_they_open_a_cohort_and_import_a_list(world, owner, zone)
    leader = when_the_leader_comes_in_and_settles(world)
    then_a_nudge_arrives_and_three_taps_log_it(world, leader)
    then_the_sponsor_sees_it(world)


def given_an_owner_who_was_invited(world: World, zone: str) -> None:
    call_command("create_organisation", "fjord", "Fjord Support", "olga@fjord.test", "Olga Fjord", zone=zone)
    tick.delay()
    assert "Fjord Support" in world.mail("olga@fjord.test").text


def when_the_owner_comes_in(world: World):
    owner = world.person(viewport=DESK)
    owner.page.goto(world.mail("olga@fjord.test", link="/invitation/").link("/invitation/"))
    check_accessible(owner.page)
    seen = len(world.mails_to("olga@fjord.test"))
    owner.page.get_by_role("button", name="Send me the code").click()
    world.type_code(owner.page, "olga@fjord.test", seen)
    expect(owner.page.get_by_role("heading", name="Cohorts", exact=True)).to_be_visible()
    return owner


def when_they_open_a_cohort_and_import_a_list(world: World, owner, zone: str) -> None:
    page = owner.page
    page.get_by_role("link", name="Open the first cohort").click()
    page.get_by_role("textbox", name="Name").fill("Spring")
    today = datetime.now(ZoneInfo(zone)).date()
    page.get_by_label("Last day in the classroom").fill((today - timedelta(days=1)).isoformat())
    page.locator("#id_day1_on").fill(today.isoformat())
    page.get_by_label("Time zone").fill(zone)
    page.get_by_label("Nudge time").fill("09:00")
    for day in ("Saturday", "Sunday"):
        page.get_by_label(day).check()
    page.get_by_role("button", name="Open the cohort").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "export.xlsx", "mimeType": "application/octet-stream", "buffer": workday_export()}
    )
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_text("There are rows in another sheet, too: Old list.")).to_be_visible()
    expect(page.get_by_label("Worker", exact=True)).to_have_value("")
    expect(page.get_by_label("Legal Name - First Name")).to_have_value("first_name")
    check_accessible(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Åsmund Lærdal")).to_be_visible()
    expect(page.get_by_text("not an address").first).to_be_visible()
    assert world.mails_to("asmund@fjord.test") == []
    check_accessible(page)
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    tick.delay()


def when_the_leader_comes_in_and_settles(world: World):
    leader = world.person()
    page = leader.page
    page.goto(world.mail("asmund@fjord.test", link="/invitation/").link("/invitation/"))
    seen = len(world.mails_to("asmund@fjord.test"))
    page.get_by_role("button", name="Send me the code").click()
    world.type_code(page, "asmund@fjord.test", seen)
    leader.base = "/o/fjord"
    leader.go("welcome")
    check_accessible(page)
    page.get_by_role("button", name="This suits me").click()
    page.get_by_role("link", name="Clear").click()
    page.get_by_role("list").filter(has_text="When").get_by_role("link").first.click()
    page.get_by_role("button", name="Make this my focus").click()
    page.get_by_role("link", name="Go to Today").click()
    check_accessible(page)
    return leader


def then_a_nudge_arrives_and_three_taps_log_it(world: World, leader) -> None:
    tick.delay()
    nudge = world.mail("asmund@fjord.test", link="/t/")
    assert "Åsmund" in nudge.text
    assert world.mails_to("gone@fjord.test") == []
    page = leader.page
    page.goto(nudge.link("/t/"))  # the first tap, in the mail
    page.get_by_role("radio", name=re.compile("Well")).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Noted, ")).to_be_visible()
    check_accessible(page)


def then_the_sponsor_sees_it(world: World) -> None:
    sponsor = world.person()
    page = world.sign_in(sponsor, "siri@fjord.test")
    expect(page.get_by_text("Åsmund Lærdal").first).to_be_visible()
    check_accessible(page)
