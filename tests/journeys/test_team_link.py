"""A leader writes the charter, hands out the team's link, a member asks on a phone, and the leader reads it."""

import pytest
from playwright.sync_api import Browser, expect

from cohorts.tenancy.wall import within
from goals.models import Charter, Objective, ObjectiveVoice, Team, TeamLink
from tests import factories as make
from tests.browser import PHONE, Live, check_accessible, sideways
from tests.cast import Cast

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


def test_a_member_asks_by_the_link_and_the_leader_reads_it(live: Live, cast: Cast, browser: Browser) -> None:
    with within(cast.acme):
        team = Team.objects.get(leader=cast.ada)
        TeamLink.objects.filter(team=team).delete()
        Objective.objects.filter(team=team).update(outcome="Solved in the first contact")
        kari = make.TeamMemberFactory(team=team, name="Kari A")
        make.ObjectivePartFactory(objective=Objective.objects.get(team=team), member=kari, text="Takes the callbacks")

    live.sign_in(cast.ada)
    page = live.go("charter")
    page.get_by_role("link", name="The team’s link").click()
    page.get_by_label("Opens for how many days").fill("7")
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("heading", name="Opens until")).to_be_visible()
    path = page.locator("#address").inner_text().partition("/l/")[2]

    phone = Live(live.address, browser.new_context(viewport=PHONE, has_touch=True, locale="en-GB"))
    theirs = phone.page
    theirs.goto(f"{live.address}/l/{path}")
    check_accessible(theirs)
    theirs.get_by_role("link", name="Kari A").click()
    expect(theirs.get_by_text("Takes the callbacks")).to_be_visible()
    check_accessible(theirs)
    theirs.get_by_text("I have a question").click()
    theirs.get_by_label("What do you want to know?").fill("From which <b>shift</b>?")
    theirs.get_by_role("button", name="Send").first.click()
    expect(theirs.get_by_role("status")).to_have_text("Thank you. Ada can read it now.")
    assert "shift" not in theirs.locator("main").inner_text()
    assert sideways(theirs) == 0
    assert phone.complaints == []
    phone.context.close()

    page = live.go("charter")
    page.get_by_role("link", name="What the team says").click()
    asked = page.get_by_role("listitem").filter(has_text="Kari A")
    expect(asked).to_contain_text("From which <b>shift</b>?")
    asked.get_by_role("button", name="Mark as answered").click()
    expect(page.get_by_text("Marked as answered: Kari A.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("listitem").filter(has_text="From which")).to_be_visible()

    page = live.go("team_link")
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_text("The link is closed.")).to_be_visible()
    with within(cast.acme):
        assert ObjectiveVoice.objects.filter(member=kari, kind="question", by_link=True).count() == 1


def test_a_charter_saves_itself_while_the_leader_types_on(live: Live, cast: Cast) -> None:
    live.sign_in(cast.ada)
    page = live.go("charter_wording")
    promise = page.get_by_label("What customers can count on")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        promise.press_sequentially("We call back ")
    promise.press_sequentially("when we said")
    expect(page.get_by_text("Saved", exact=False).last).to_be_visible()
    expect(promise).to_be_focused()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        promise.press_sequentially(" we would")
    expect(promise).to_have_value("We call back when we said we would")

    page.reload()

    expect(page.get_by_label("What customers can count on")).to_have_value("We call back when we said we would")
    with within(cast.acme):
        assert Charter.objects.get(team__leader=cast.ada).promise == "We call back when we said we would"


def test_a_charter_typed_without_a_network_comes_back(live: Live, cast: Cast) -> None:
    live.sign_in(cast.ada)
    page = live.go("charter_wording")
    live.context.set_offline(True)
    page.get_by_label("How we decide").fill("Those who live with it are asked first")
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved on this device")
    expect(page.locator("#outbox")).to_contain_text("Saved on this device")  # the save in the background failed

    live.context.set_offline(False)

    expect(page.locator("#outbox")).to_contain_text("has now been sent")
    page.reload()
    expect(page.get_by_label("How we decide")).to_have_value("Those who live with it are asked first")
    with within(cast.acme):
        assert Charter.objects.get(team__leader=cast.ada).deciding == "Those who live with it are asked first"
    live.forgive("ERR_INTERNET_DISCONNECTED")
    live.forgive("sendError")
    live.forgive("afterRequest")
