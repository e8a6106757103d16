"""A leader makes an objective with the team on a phone, and finds it in the line of sight."""

import pytest
from playwright.sync_api import expect

from cohorts.tenancy.wall import within
from goals.models import Objective, Team
from tests import factories as make
from tests.browser import Live
from tests.cast import Cast

pytestmark = pytest.mark.journey


def test_an_objective_is_made_with_the_team_on_a_phone(live: Live, cast: Cast) -> None:
    with within(cast.acme):
        team = Team.objects.get(leader=cast.ada)
        make.TeamMemberFactory(team=team, name="TS")
    live.sign_in(cast.ada)
    page = live.go("objectives")
    page.get_by_role("link", name="New objective").click()
    page.wait_for_url("**/objectives/new/")  # until it is loaded: the scripts listen from there on

    page.get_by_label("What will be different").press_sequentially("Improve customer service")
    expect(page.locator("#smart-S")).to_contain_text("This is a wish")
    expect(page.locator("#smart-R")).to_contain_text("missing")
    page.get_by_label("What will be different").fill("Nobody waits longer than a minute")
    page.get_by_label("Which objective it serves").select_option(label="acme department objective")
    page.get_by_label("Down").check()
    page.get_by_label("How we will know").fill("Average waiting time")
    page.get_by_label("Unit").fill("s")
    page.get_by_label("Where it is today").fill("90")
    page.get_by_label("Where it should be").fill("60")
    page.get_by_label("By when").fill("2026-06-01")
    expect(page.locator("#smart-M")).to_contain_text("there")
    page.get_by_role("button", name="Save as a draft").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody waits longer than a minute")
    page.get_by_role("button", name="Show to the team").click()
    page.get_by_role("link", name="Write the parts").click()
    page.get_by_label("TS").fill("Says first what the customer needs now")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Note what someone said").click()
    page.get_by_label("Who").select_option(label="TS")
    page.get_by_label("Has a question").check()
    page.get_by_label("In a few words").fill("What about Mondays?")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("Has a question: What about Mondays?")).to_be_visible()
    expect(page.get_by_text("1 of 2 took part.")).to_be_visible()

    page.get_by_role("link", name="Agree").click()
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_text("agreed on 11 March")).to_be_visible()
    page.get_by_label("Figure").fill("75,5")
    page.get_by_role("button", name="Enter the figure").click()
    expect(page.get_by_text("48 % of the way").first).to_be_visible()

    page.get_by_role("link", name="Line of sight").click()
    sheet = page.locator(".node").filter(has_text="Nobody waits longer than a minute")
    expect(sheet).to_contain_text("75.5 s")
    expect(sheet.locator(".pill-asks")).to_contain_text("TS")
    assert live.complaints == []


def test_a_branch_opens_and_closes_by_keyboard(live: Live, cast: Cast) -> None:
    with within(cast.acme):
        top = Objective.objects.get(place="organisation")
        branches = [make.ObjectiveFactory(parent=top, outcome=f"Branch {each}") for each in range(8)]
        for branch in branches:
            make.ObjectiveFactory.create_batch(6, parent=branch)
        make.ObjectiveFactory(parent=branches[-1], outcome="Far below")
    live.sign_in(cast.bo)
    page = live.go("objectives")
    folded = page.locator("li").filter(has=page.get_by_role("link", name="Branch 7")).locator("summary").last
    expect(page.get_by_text("Far below")).to_have_count(0)

    folded.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Far below")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Far below")).to_be_hidden()
    assert live.complaints == []
