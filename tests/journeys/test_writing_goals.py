"""A leader writes a goal on a phone with help, the sponsor agrees, and both see what was agreed."""

import re

import pytest
from playwright.sync_api import Page, expect

from cohorts.tenancy.wall import within
from goals.models import Goal, GoalState
from tests.browser import Live
from tests.cast import Cast

pytestmark = pytest.mark.journey


def newest(cast: Cast) -> Goal:
    with within(cast.acme):
        return Goal.objects.latest("pk")


def count(cast: Cast) -> int:
    with within(cast.acme):
        return Goal.objects.filter(enrolment__leader=cast.ada).count()


def write_whole_goal(page: Page) -> None:
    page.get_by_label("What will be different").fill("Customers get it solved in the first contact")
    page.get_by_label("Why it matters").fill("Customers who call twice trust us less")
    page.get_by_label("How you will know").fill("First-contact resolution, my team")
    page.get_by_label("Unit").fill("%")
    page.get_by_label("Where it is today").fill("68")
    page.get_by_label("Where it should be").fill("74")
    page.get_by_label("By when").fill("2026-06-01")
    page.get_by_role("checkbox").first.check()


def test_a_goal_is_written_with_help_and_agreed_on_a_phone(live: Live, cast: Cast) -> None:
    live.sign_in(cast.ada)
    page = live.go("goals")
    page.get_by_role("link", name="Write a goal").click()
    page.wait_for_url("**/goals/new/")  # until it is loaded: the scripts listen from there on

    page.get_by_label("What will be different").press_sequentially("Improve customer service")
    expect(page.locator("#smart-S")).to_contain_text("This is a wish")
    expect(page.locator("#smart-M")).to_contain_text("first-contact resolution")

    write_whole_goal(page)
    expect(page.locator("#smart-S")).to_contain_text("there")
    expect(page.locator("#smart-A")).to_contain_text("there")
    expect(page.locator("#goal-preview")).to_contain_text("78 % or more")
    page.get_by_role("button", name="Save as a draft").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Customers get it solved in the first contact")
    page.get_by_role("button", name="Ask Sol to agree").click()
    expect(page.get_by_text("Waits for Sol").first).to_be_visible()

    live.sign_in(cast.sol)
    page = live.go("goal_answer", newest(cast).pk)
    expect(page.locator(".ladder:visible")).to_contain_text("74 to 76 %")
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_text("What we agreed would count").first).to_be_visible()

    live.sign_in(cast.ada)
    page = live.go("goal", newest(cast).pk)
    expect(page.get_by_text("Agreed with Sol Acme")).to_be_visible()
    assert newest(cast).state == GoalState.AGREED


def test_what_a_sponsor_sends_back_stands_beside_the_draft(live: Live, cast: Cast) -> None:
    with within(cast.acme):
        goal = Goal.objects.get(enrolment=cast.enrolment(cast.ada), state="proposed")
    live.sign_in(cast.sol)
    page = live.go("goal_answer", goal.pk)
    page.get_by_label("What you would like to change").fill("The whole team, please")
    page.get_by_role("button", name="Send back").click()

    live.sign_in(cast.ada)
    page = live.go("goal", goal.pk)
    expect(page.get_by_role("blockquote")).to_have_text("The whole team, please")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("How you will know").fill("First-contact resolution, all shifts")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("button", name="Ask Sol to agree")).to_be_visible()


def test_a_goal_written_offline_is_sent_once_online_again(live: Live, cast: Cast) -> None:
    live.sign_in(cast.ada)
    page = live.go("goal_new")
    write_whole_goal(page)
    live.context.set_offline(True)
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.locator("#outbox")).to_contain_text("Saved on this device")
    before = count(cast)

    live.context.set_offline(False)
    expect(page.locator("[data-draft-status]").first).to_have_text(re.compile(r"Saved \d\d:\d\d"))

    live.forgive("sendError")
    live.forgive("sendAbort")  # a check under way when it was saved
    live.forgive("afterRequest")
    live.forgive("ERR_INTERNET_DISCONNECTED")
    assert count(cast) == before + 1
    assert newest(cast).measure == "First-contact resolution, my team"


def test_a_browser_without_scripts_gets_the_same_help(live: Live, cast: Cast) -> None:
    browser = live.context.browser
    assert browser is not None
    live.sign_in(cast.ada)
    plain = browser.new_context(java_script_enabled=False, locale="en-GB")
    plain.add_cookies(live.context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(live.url("goal_new"))
    page.get_by_label("What will be different").fill("Improve customer service")
    page.get_by_role("button", name="Check it first").click()

    expect(page.locator("#smart-S")).to_contain_text("This is a wish")
    expect(page.get_by_label("What will be different")).to_have_value("Improve customer service")
    plain.close()
