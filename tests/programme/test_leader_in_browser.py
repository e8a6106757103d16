"""A leader's phone: four taps to saved, nothing typed is ever lost, every page readable for everybody."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from time_machine import Traveller

from cohorts.mail.signed_links import nudge_token
from cohorts.models import Clock, Nudge, Step
from cohorts.people.actions.members import change_sponsor
from cohorts.tenancy.addresses import front_door
from cohorts.tenancy.wall import within
from goals.models import Focus, Practice, Reflection
from tests import factories as make
from tests.browser import Live, check_accessible
from tests.cast import Cast
from tests.hand import Hand
from tests.times import NOW, TODAY


@pytest.fixture
def ada(live: Live, cast: Cast) -> Iterator[Page]:
    """Ada's phone, on a day with a step."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        step = Step.objects.get(version=enrolment.cohort.version_id, day=10, kind="core")
        make.NudgeFactory(enrolment=enrolment, step=step)
        Clock.objects.filter(enrolment=enrolment).update(last_core_day=10, last_extra_day=10, last_on=TODAY)
    live.sign_in(cast.ada)
    return live.page


def practices_today(cast: Cast) -> list[tuple[bool, int | None]]:
    with within(cast.acme):
        rows = Practice.objects.filter(enrolment__leader=cast.ada, on=TODAY)
        return list(rows.values_list("did_it", "went"))


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).check()


def wait_until_kept(page: Page) -> None:
    expect(page.locator("[data-draft-status]").first).to_contain_text("Saved on this device")


def test_from_the_mails_link_to_saved_in_three_taps_without_signing_in(live: Live, cast: Cast) -> None:
    page = live.page
    token = nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, TODAY, cast.ada.link_version)

    page.goto(live.address + front_door("one_tap", token))  # the first tap is on the link in the mail
    hand = Hand()
    hand.press(page.locator("label", has_text="Well"))
    hand.press(page.get_by_role("button", name="Save"))

    assert 1 + hand.presses == 3
    expect(page.get_by_role("heading", level=1)).to_have_text("Noted, Ada.")
    page.goto(live.address + front_door("one_tap", token))
    expect(page.get_by_role("heading", level=1)).to_have_text("Already saved, Ada.")
    assert practices_today(cast) == [(True, 4)]


def test_the_mails_page_cuts_words_on_a_phone_alone_and_a_tap_shows_them(live: Live, ada: Page, cast: Cast) -> None:
    token = nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, TODAY, cast.ada.link_version)
    ada.goto(live.address + front_door("one_tap", token))
    practice = ada.locator(".in-short span")
    practice.evaluate("text => { text.textContent = 'listen first '.repeat(20) }")

    def cut() -> bool:
        hidden: bool = practice.evaluate("text => text.scrollHeight > text.clientHeight + 1")
        return hidden

    assert cut()
    practice.tap()
    assert not cut()
    practice.tap()
    ada.set_viewport_size({"width": 1280, "height": 800})
    assert not cut()


def test_from_todays_deep_link_to_saved_in_four_taps(live: Live, ada: Page, cast: Cast) -> None:
    ada.goto(live.url("today") + f"?on={TODAY}")
    ada.get_by_role("button", name="I did it").tap()
    expect(ada.get_by_role("heading", name="Noted, Ada.")).to_be_focused()
    assert practices_today(cast) == [(True, None)]
    ada.locator("label", has_text="Natural").tap()

    expect(ada.get_by_text("It went: 5 of 5, natural.")).to_be_visible()
    assert practices_today(cast) == [(True, 5)]


def test_the_rating_follows_the_arrow_keys(live: Live, ada: Page, cast: Cast) -> None:
    live.go("today")
    ada.get_by_role("button", name="I did it").tap()
    ada.get_by_role("radio", name="Hard going").press("Space")

    for number, word in ((2, "clumsy"), (3, "okay")):
        ada.keyboard.press("ArrowRight")
        expect(ada.get_by_text(f"It went: {number} of 5, {word}.")).to_be_visible()
        expect(ada.locator("[name=went]:focus")).to_have_value(str(number))

    assert practices_today(cast) == [(True, 3)]


def test_an_answer_without_a_connection_is_sent_later(live: Live, ada: Page, cast: Cast) -> None:
    live.go("today")
    live.context.set_offline(True)
    ada.get_by_role("button", name="I did it").tap()
    expect(ada.locator("#outbox")).to_contain_text("It will be sent when you are back online")

    live.context.set_offline(False)
    expect(ada.get_by_role("heading", name="Noted, Ada.")).to_be_visible()
    live.context.set_offline(True)
    ada.locator("label", has_text="Okay").tap()
    expect(ada.locator("#outbox")).to_contain_text("It will be sent when you are back online")

    live.context.set_offline(False)
    expect(ada.get_by_text("It went: 3 of 5, okay.")).to_be_visible()
    expect(ada.get_by_role("heading", name="Noted, Ada.")).to_have_count(1)
    live.forgive("ERR_INTERNET_DISCONNECTED")
    live.forgive("htmx:")
    assert practices_today(cast) == [(True, 3)]


def test_the_rota_form_hides_weekdays(live: Live, ada: Page) -> None:
    live.go("schedule")
    expect(ada.get_by_role("checkbox", name="Monday")).to_be_visible()
    expect(ada.get_by_label("Days on")).to_be_hidden()

    choose(ada, "A rotating rota")

    expect(ada.get_by_role("checkbox", name="Monday")).to_be_hidden()
    ada.get_by_label("A first day on").fill(str(TODAY + timedelta(days=2)))
    ada.get_by_role("button", name="Save").tap()
    expect(ada.get_by_text("8 working days in the next two weeks")).to_be_visible()


def test_not_today_needs_no_further_answer(live: Live, ada: Page, cast: Cast) -> None:
    live.go("today")
    ada.get_by_role("button", name="Not today").tap()

    expect(ada.get_by_text("That is an answer, too.")).to_be_visible()
    expect(ada.get_by_role("radio", name="Okay")).to_have_count(0)
    assert practices_today(cast) == [(False, None)]


def test_undo_reopens_the_form(live: Live, ada: Page, cast: Cast) -> None:
    live.go("today")
    ada.get_by_role("button", name="Not today").tap()
    ada.get_by_role("button", name="Undo").tap()

    expect(ada.get_by_role("button", name="I did it")).to_be_visible()
    assert practices_today(cast) == []


def test_the_log_works_without_javascript(live: Live, ada: Page, cast: Cast) -> None:
    plain = live.context.browser.new_context(java_script_enabled=False)
    plain.add_cookies(live.context.cookies())
    page = plain.new_page()
    page.goto(live.url("today"))
    page.get_by_role("button", name="I did it").click()
    page.get_by_role("radio", name="Clumsy").check(force=True)
    page.get_by_role("button", name="Save").click()

    assert page.get_by_role("heading", name="Noted, Ada.").is_visible()
    assert practices_today(cast) == [(True, 2)]
    plain.close()


def test_a_closed_tab_keeps_what_was_typed(live: Live, ada: Page) -> None:
    live.go("reflection_new")
    ada.get_by_label("What I tried").fill("I waited three seconds")
    choose(ada, "Sol Acme and me")
    wait_until_kept(ada)
    ada.close()

    again = live.context.new_page()
    again.goto(live.url("reflection_new"))

    expect(again.get_by_label("What I tried")).to_have_value("I waited three seconds")
    expect(again.get_by_role("radio", name="Sol Acme and me")).to_be_checked()


def test_an_offline_log_is_kept_and_sent_once(live: Live, ada: Page, cast: Cast) -> None:
    live.go("reflection_new")
    ada.get_by_label("What I tried").fill("on a train")
    live.context.set_offline(True)
    ada.get_by_role("button", name="Save").tap()
    expect(ada.locator("#outbox")).to_contain_text("Saved on this device")

    live.context.set_offline(False)
    expect(ada.locator("#outbox")).to_contain_text("has now been sent")

    live.forgive("ERR_INTERNET_DISCONNECTED")
    live.forgive("htmx:")  # it reports the lost connection
    with within(cast.acme):
        assert list(Reflection.objects.filter(on=TODAY).values_list("tried", flat=True)) == ["on a train"]


def test_an_expired_session_leads_to_sign_in_and_the_text_is_sent_after_it(live: Live, ada: Page, cast: Cast) -> None:
    live.go("reflection_new")
    ada.get_by_label("What I tried").fill("typed before the session ended")
    live.context.clear_cookies(name="session")
    ada.get_by_role("button", name="Save").tap()
    ada.wait_for_url("**/accounts/login/**")
    assert "/o/acme/reflections/new/" in ada.url
    with within(cast.acme):
        assert not Reflection.objects.filter(on=TODAY).exists()

    live.sign_in(cast.ada)
    live.go("reflection_new")
    expect(ada.locator("#outbox")).to_contain_text("has now been sent")

    with within(cast.acme):
        assert Reflection.objects.get(on=TODAY).tried == "typed before the session ended"


def test_the_sentence_about_readers_follows_the_choice(live: Live, ada: Page) -> None:
    live.go("reflection_new")
    only_me, shared = (
        ada.get_by_text("Only you can read this."),
        ada.get_by_text("Only you and Sol Acme can read this."),
    )
    expect(only_me).to_be_visible()
    expect(shared).to_be_hidden()

    choose(ada, "Sol Acme and me")

    expect(only_me).to_be_hidden()
    expect(shared).to_be_visible()


def test_one_sheet_asks_what_the_new_sponsor_may_read(live: Live, ada: Page, cast: Cast) -> None:
    with within(cast.acme):
        change_sponsor(enrolment=cast.enrolment(cast.ada), sponsor=cast.max, by=cast.hana, now=NOW)
    live.go("today")
    sheet = ada.get_by_role("region", name="Max Acme is your sponsor now")
    reflection = sheet.get_by_role("listitem").filter(has_text="You shared one reflection with Sol Acme.")
    plans = sheet.get_by_role("listitem").filter(has_text="2 plans of yours are from before the change.")
    expect(plans.get_by_role("button", name="No, keep closed")).to_have_accessible_description(
        "2 plans of yours are from before the change. Open them to Max, too?"
    )
    check_accessible(ada)

    reflection.get_by_role("button", name="Yes, open").tap()
    expect(reflection).to_have_count(0)
    plans.get_by_role("button", name="No, keep closed").tap()
    expect(plans).to_have_count(0)
    sheet.get_by_role("button", name="Yes, open").tap()

    expect(sheet).to_have_count(0)


def test_one_tap_turns_the_dial(live: Live, ada: Page, cast: Cast) -> None:
    live.go("today")
    ada.get_by_role("link", name="Turn up or down").tap()
    card = ada.locator("section.card", has=ada.get_by_role("radio", name="Stretch")).first
    card.locator("label", has_text="Stretch").tap()
    expect(card.get_by_role("status")).to_contain_text("Back to Steady on Monday.")
    expect(card.get_by_role("button", name="Undo")).to_be_visible()

    with within(cast.acme):
        focus = Focus.objects.filter(enrolment__leader=cast.ada).first()
        assert focus is not None
        assert focus.level_on(TODAY) == 3


def test_a_tap_before_the_scripts_arrive_counts(live: Live, ada: Page, cast: Cast) -> None:
    """A phone on a slow network shows the page long before it has fetched what listens to it."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ada.route("**/htmx*.js", hold)
    ada.goto(live.url("focuses"), wait_until="commit")
    card = ada.locator("section.card", has=ada.get_by_role("radio", name="Stretch")).first
    card.locator("label", has_text="Stretch").tap()
    held[0].continue_()

    expect(card.get_by_role("status")).to_contain_text("Back to Steady on Monday.")
    expect(card.get_by_role("button", name="Undo")).to_be_visible()


def test_the_zone_of_the_device_is_offered_and_not_imposed(live: Live, cast: Cast, browser: object) -> None:
    context = live.context.browser.new_context(timezone_id="Europe/Lisbon", viewport={"width": 390, "height": 844})
    abroad = Live(live.address, context)
    abroad.sign_in(cast.ada)
    page = abroad.go("schedule")

    expect(page.get_by_text("This device is in Lisbon (UTC+00:00).")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Oslo (UTC+01:00)")
    page.get_by_role("button", name="Use that zone").click()
    expect(page.get_by_label("Time zone")).to_have_value("Lisbon (UTC+00:00)")

    assert abroad.complaints == []
    context.close()


def test_the_empty_pages_are_accessible_and_teach(live: Live, ada: Page, cast: Cast) -> None:
    with within(cast.acme):
        for model in (Nudge, Practice, Reflection):
            model.objects.filter(enrolment__leader=cast.ada).delete()
        Focus.objects.filter(enrolment__leader=cast.ada).delete()

    for name, words in [
        ("today", "No new step today"),
        ("path", "The first step comes at your hour"),
        ("practices", "Nothing logged yet"),
        ("reflections", "Nothing written yet"),
        ("focuses", "No plan yet"),
    ]:
        expect(live.go(name).get_by_text(words)).to_be_visible()
        check_accessible(ada)


def test_the_page_behind_a_mails_link_is_accessible(live: Live, cast: Cast, clock: Traveller) -> None:
    token = nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, TODAY, cast.ada.link_version)
    for address in (front_door("one_tap", token), front_door("one_tap", "x")):
        live.page.goto(live.address + address)
        check_accessible(live.page)
    live.forgive("404")
