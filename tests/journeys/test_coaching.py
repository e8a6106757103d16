"""A 1:1 on a phone, in a browser: two write at once, and the network goes in the middle."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from coaching.meetings.actions.notes import save_note
from coaching.models import Action, Pairing, Session, SessionText
from cohorts.tenancy.wall import within
from tests.browser import check_accessible
from tests.times import NOW

pytestmark = pytest.mark.journey
SAVED = re.compile(r"^Saved \d\d:\d\d$")  # by the clock of the device


def talk_of(cast) -> Session:
    """The planned talk of Ada and Sol, begun ten minutes ago."""
    with within(cast.acme):
        pairing = Pairing.objects.get(leader=cast.ada, kind="sponsor")
        talk = Session.objects.select_related("pairing__leader", "pairing__partner").get(
            pairing=pairing, state="planned"
        )
        talk.starts_at = NOW - timedelta(minutes=10)
        talk.save()
        return talk


def note_of(cast, talk: Session) -> str:
    with within(cast.acme):
        return SessionText.objects.get(session=talk, part="note").text


def test_a_talk_on_a_phone_survives_losing_the_network(live, cast):
    talk = talk_of(cast)
    live.sign_in(cast.sol)
    page = live.go("session", talk.pk)
    note = page.get_by_role("textbox", name="Shared note")
    status = page.locator("#note [data-draft-status]")

    note.fill("The form has no box for it.")
    expect(status).to_have_text(SAVED)
    assert note_of(cast, talk) == "The form has no box for it."

    live.context.set_offline(True)
    with within(cast.acme):
        save_note(session=talk, text="Ada was here.\nThe form has no box for it.", by=cast.ada, now=NOW)
    note.fill("The form has no box for it.\nPromise first, then cause.")
    expect(page.locator("#outbox")).to_contain_text("Saved on this device")
    line = page.get_by_role("textbox", name="One line: who, what, by when")
    line.fill("Ada: try it by Friday")
    line.press("Enter")
    with within(cast.acme):
        assert not Action.objects.filter(session=talk).exists()

    live.context.set_offline(False)
    expect(page.locator("#outbox")).to_contain_text("has now been sent")
    expect(page.locator("#actions .what", has_text="Try it")).to_be_visible()
    expect(note).to_have_value("Ada was here.\nThe form has no box for it.\nPromise first, then cause.")
    assert note_of(cast, talk) == "Ada was here.\nThe form has no box for it.\nPromise first, then cause."
    with within(cast.acme):
        action = Action.objects.get(session=talk)
    assert (action.text, action.owner_id) == ("Try it", cast.ada.pk)

    page.get_by_role("button", name="Close the talk").locator("visible=true").click()
    expect(page.get_by_text("The talk is closed.")).to_be_visible()
    for part in ("sendError", "afterRequest", "ERR_INTERNET_DISCONNECTED"):
        live.forgive(part)


def test_what_is_typed_while_a_note_is_being_saved_stays(live, cast):
    talk = talk_of(cast)
    live.sign_in(cast.sol)
    page = live.go("session", talk.pk)
    note = page.get_by_role("textbox", name="Shared note")

    def slowly(route):
        note.press_sequentially(" and more")
        route.continue_()

    page.route("**/note/", slowly, times=1)
    note.fill("Typed")
    expect(page.locator("#note [data-draft-status]")).to_have_text(SAVED, timeout=15_000)
    page.wait_for_function("!Object.keys(localStorage).length")

    expect(note).to_have_value("Typed and more")
    assert note_of(cast, talk) == "Typed and more"


def test_a_drop_in_takes_two_taps_and_a_sentence(live, cast):
    live.sign_in(cast.sol)
    page = live.go("my_people")

    page.get_by_role("link", name="Drop-in Ada Acme").click()
    page.get_by_label("What did you talk about?").fill("She moved the huddle.")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Noted. You both see it.")).to_be_visible()
    with within(cast.acme):
        assert SessionText.objects.filter(session__kind="drop_in", text="She moved the huddle.").exists()


def test_a_line_says_what_it_understood(live, cast):
    talk = talk_of(cast)
    live.sign_in(cast.sol)
    page = live.go("session", talk.pk)

    page.get_by_role("textbox", name="One line: who, what, by when").press_sequentially("I will ask Planning by Friday")

    expect(page.locator("#understood")).to_have_text("Sol · Ask Planning · by Friday 13 March")
    check_accessible(page)
