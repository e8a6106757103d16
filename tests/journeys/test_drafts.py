"""Nothing a leader typed is lost: not to a closed tab, a lost connection, an expired session."""

import re

import pytest
from playwright.sync_api import expect

from cohorts.tenancy.wall import within
from goals.models import Practice, Reflection
from tests.times import TODAY

pytestmark = pytest.mark.journey


KEPT = re.compile(r"Saved on this device \d\d:\d\d")


def log_four(live):
    """Ada says in the form of the day that she did it and that it went well; nothing is sent yet."""
    page = live.go("practice_new")
    page.get_by_label("I did it", exact=True).check()
    page.get_by_label("4 Well").check()
    expect(page.locator("[data-draft-status]").first).to_have_text(KEPT)
    return page


def practices_of(cast, member):
    with within(cast.acme):
        return Practice.objects.filter(enrolment__leader=member, on=TODAY).count()


def test_a_draft_outlives_the_tab(live, cast):
    live.sign_in(cast.ada)
    log_four(live).goto("about:blank")

    page = live.go("practice_new")

    expect(page.get_by_label("4 Well")).to_be_checked()
    expect(page.locator("[data-draft-status]").first).to_contain_text("Restored what you wrote at")


def test_a_draft_is_private_to_its_writer(live, cast):
    live.sign_in(cast.ada)
    log_four(live)

    live.sign_in(cast.bo)
    page = live.go("practice_new")

    expect(page.get_by_label("4 Well")).not_to_be_checked()


def test_an_offline_entry_is_sent_when_online_again(live, cast):
    live.sign_in(cast.ada)
    page = log_four(live)
    live.context.set_offline(True)
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("#outbox")).to_contain_text("Saved on this device")
    assert practices_of(cast, cast.ada) == 0

    live.context.set_offline(False)

    expect(page.locator("#outbox")).to_contain_text("has now been sent")
    expect(page.get_by_text("Noted, Ada.")).to_be_visible()
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
    page = live.go("practice_new")

    expect(page.locator("#outbox")).to_contain_text("has now been sent")
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
    page = live.go("today")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    page.get_by_role("button", name="I did it").dblclick()

    expect(page.get_by_text("Noted, Ada.")).to_be_visible()
    assert len(sent) == 1


def save_and_lose_the_answer(page):
    """The form reaches the server; its answer does not come back, and the form waits. Returns what was answered."""
    lost = []

    def answer(route):
        if route.request.method != "POST" or lost:
            return route.fallback()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/o/**", answer)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Save").first.click()
    expect(page.locator("[data-draft-status]").first).to_have_text("Saved on this device")
    return lost


def forgive_a_lost_connection(live):
    for part in ("sendError", "afterRequest", "ERR_FAILED"):
        live.forgive(part)


def test_words_added_after_a_lost_answer_are_saved(live, cast):
    live.sign_in(cast.ada)
    page = log_four(live)
    lost = save_and_lose_the_answer(page)
    assert lost == [200]

    page.get_by_label("5 Natural").check()
    page.get_by_role("button", name="Save").first.click()

    expect(page.get_by_text("It went: 5 of 5")).to_be_visible()
    with within(cast.acme):
        assert Practice.objects.get(enrolment__leader=cast.ada, on=TODAY).went == 5
    assert page.evaluate("Object.keys(localStorage)") == []
    forgive_a_lost_connection(live)


def test_a_reflection_with_a_lost_answer_takes_the_words_added_since(live, cast):
    live.sign_in(cast.ada)
    page = live.go("reflection_new")
    page.get_by_label("What I tried").fill("A")
    lost = save_and_lose_the_answer(page)

    page.get_by_label("What I tried").fill("A and much more")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    with within(cast.acme):
        written = Reflection.objects.filter(enrolment__leader=cast.ada, on=TODAY)
        assert (lost, list(written.values_list("tried", flat=True))) == ([200], ["A and much more"])
    forgive_a_lost_connection(live)


def test_what_waited_is_sent_without_taking_away_what_was_typed_since(live, cast):
    live.sign_in(cast.ada)
    page = live.go("reflection_new")
    page.get_by_label("What I tried").fill("A")
    save_and_lose_the_answer(page)
    page.get_by_label("What I tried").fill("A and much more")

    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("#outbox")).to_contain_text("has now been sent")
    expect(page.get_by_label("What I tried")).to_have_value("A and much more")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    with within(cast.acme):
        written = Reflection.objects.filter(enrolment__leader=cast.ada, on=TODAY)
        assert list(written.values_list("tried", flat=True)) == ["A and much more"]
    forgive_a_lost_connection(live)


def test_words_typed_while_a_form_is_being_sent_stay_in_the_form(live, cast):
    live.sign_in(cast.ada)
    page = live.go("reflection_new")
    page.get_by_label("What I tried").fill("A")

    def slowly(route):
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.fallback()

    held = []
    page.route("**/o/**", slowly)
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("button", name="Save").click()
    page.get_by_label("What I tried").fill("A and more")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        held[0].continue_()

    expect(page.locator("form[data-draft]")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-draft-status]").first).to_have_text(KEPT)
    expect(page.get_by_label("What I tried")).to_have_value("A and more")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    with within(cast.acme):
        written = Reflection.objects.filter(enrolment__leader=cast.ada, on=TODAY)
        assert list(written.values_list("tried", flat=True)) == ["A and more"]


def test_newer_words_come_back_when_a_saved_day_is_changed(live, cast):
    """The answer was lost, a newer choice stayed on the phone, and the page was loaded again."""
    live.sign_in(cast.ada)
    page = log_four(live)
    save_and_lose_the_answer(page)
    page.get_by_label("5 Natural").check()
    expect(page.locator("[data-draft-status]").first).to_have_text(KEPT)

    page = live.go("today")
    page.get_by_role("link", name="Add a line").first.click()

    expect(page.get_by_label("5 Natural")).to_be_checked()
    forgive_a_lost_connection(live)
