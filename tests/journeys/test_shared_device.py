"""A shared device keeps nothing of one person for the next, and loses nothing of somebody who comes back."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from cohorts.access.limits import SignIn
from cohorts.access.session_store import SessionStore
from cohorts.tenancy.wall import within
from goals.models import Reflection
from tests.times import NOW, TODAY

pytestmark = pytest.mark.journey

STORED = "Object.keys({...localStorage, ...sessionStorage}).filter(name => /^(draft|waiting):/.test(name))"


def sign_in(live, member, *, is_shared):
    live.sign_in(member)
    (cookie,) = [each for each in live.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME]
    session = SessionStore(cookie["value"])
    session.update(SignIn(NOW, is_shared).remembered())
    session.save()


def type_reflection(live, words):
    page = live.go("reflection_new")
    page.get_by_label("What I tried").fill(words)
    expect(page.locator("[data-draft-status]").first).to_have_text(re.compile("Saved on this device"))
    return page


def test_drafts_on_a_shared_device_are_for_their_writer_alone(live, cast):
    sign_in(live, cast.bo, is_shared=False)
    page = type_reflection(live, "Bo at his own desk")
    assert len(page.evaluate("Object.keys(localStorage)")) == 1

    sign_in(live, cast.ada, is_shared=True)
    page = type_reflection(live, "Ada before her session ended")
    assert page.evaluate("Object.keys(localStorage)") == []
    live.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save").tap()
    page.wait_for_url("**/accounts/login/?next=/o/acme/reflections/new/")
    sign_in(live, cast.ada, is_shared=True)
    page = live.go("reflection_new")
    expect(page.locator("#outbox")).to_contain_text("has now been sent")
    with within(cast.acme):
        assert Reflection.objects.get(on=TODAY).tried == "Ada before her session ended"

    page = type_reflection(live, "Ada left this behind")
    sign_in(live, cast.bo, is_shared=True)
    page = live.go("today")
    assert page.evaluate(STORED) == []


def test_a_draft_comes_along_to_the_other_kind_of_device(live, cast):
    sign_in(live, cast.ada, is_shared=False)
    page = type_reflection(live, "half a thought")

    sign_in(live, cast.ada, is_shared=True)
    page = live.go("reflection_new")

    expect(page.get_by_label("What I tried")).to_have_value("half a thought")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_passkey_takes_along_whose_device_it_is(live, cast):
    live.address = live.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    live.sign_in(cast.ada)
    chrome = live.context.new_cdp_session(live.page)
    chrome.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = key | {"isUserVerified": True, "automaticPresenceSimulation": True}
    chrome.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page = live.page
    page.goto(f"{live.address}/accounts/2fa/webauthn/add/")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    live.context.clear_cookies()

    page.goto(f"{live.address}/accounts/login/?next=/help/")
    page.get_by_role("radio", name="Shared").check()
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(f"{live.address}/help/")

    (cookie,) = [each for each in live.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME]
    assert SignIn.of(SessionStore(cookie["value"])).is_shared
    assert cookie["expires"] == -1
