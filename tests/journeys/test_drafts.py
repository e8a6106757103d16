"""Nothing a leader typed is lost: not to a closed tab, a lost connection, an expired session."""

import pytest
from playwright.sync_api import expect

from cohorts.tenancy.wall import within
from goals.models import Practice
from tests.times import TODAY

pytestmark = pytest.mark.journey


def log_four(live):
    """Ada says on Today that she did it and that it went well; nothing is sent yet."""
    page = live.go("today")
    page.get_by_label("I did it", exact=True).check()
    page.get_by_label("4 Well").check()
    expect(page.locator("[data-draft-status]").first).to_contain_text("Saved on this device")
    return page


def practices_of(cast, member):
    with within(cast.acme):
        return Practice.objects.filter(enrolment__leader=member, on=TODAY).count()


def test_a_draft_outlives_the_tab(live, cast):
    live.sign_in(cast.ada)
    log_four(live).goto("about:blank")

    page = live.go("today")

    expect(page.get_by_label("4 Well")).to_be_checked()
    expect(page.locator("[data-draft-status]").first).to_contain_text("What you wrote at")


def test_a_draft_is_private_to_its_writer(live, cast):
    live.sign_in(cast.ada)
    log_four(live)

    live.sign_in(cast.bo)
    page = live.go("today")

    expect(page.get_by_label("4 Well")).not_to_be_checked()


def test_an_offline_entry_is_sent_when_online_again(live, cast):
    live.sign_in(cast.ada)
    page = log_four(live)
    live.context.set_offline(True)
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("#outbox")).to_contain_text("Kept on this device")
    assert practices_of(cast, cast.ada) == 0

    live.context.set_offline(False)

    expect(page.locator("#outbox")).to_contain_text("is now saved")
    expect(page.get_by_text("Saved: you did it")).to_be_visible()
    page = live.go("today")
    assert practices_of(cast, cast.ada) == 1
    assert page.evaluate("Object.keys(localStorage)") == []
    live.forgive("sendError")
    live.forgive("afterRequest")
    live.forgive("ERR_INTERNET_DISCONNECTED")


def test_an_expired_session_loses_nothing(live, cast):
    live.sign_in(cast.ada)
    page = log_four(live)
    live.context.clear_cookies()
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_url("**/accounts/login/**")
    assert practices_of(cast, cast.ada) == 0

    live.sign_in(cast.ada)
    page = live.go("today")

    expect(page.locator("#outbox")).to_contain_text("is now saved")
    assert practices_of(cast, cast.ada) == 1


def test_signing_out_warns_about_unsent_drafts(live, cast):
    live.sign_in(cast.ada)
    page = log_four(live)
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.accept()))

    page.get_by_role("button", name="You, language and appearance").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda address: "/o/" not in address)

    assert len(questions) == 1
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_second_tap_sends_nothing(live, cast):
    live.sign_in(cast.ada)
    page = log_four(live)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    page.get_by_role("button", name="Save").first.dblclick()

    expect(page.get_by_text("Saved: you did it")).to_be_visible()
    assert len(sent) == 1
