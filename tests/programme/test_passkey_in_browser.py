"""A passkey from the first touch to *this was not me*, with an authenticator that Chromium plays itself."""

from email import message_from_bytes, policy
from time import sleep
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from cohorts.models import AuditEntry
from cohorts.tenancy.addresses import front_door
from cohorts.tenancy.wall import within
from tests.browser import Live
from tests.cast import Cast
from tests.smtp_server import SmtpServer

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def phone(live: Live) -> Live:
    """A phone that can hold a passkey; its owner always looks at it when it asks."""
    protocol = live.context.new_cdp_session(live.page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return live


def mailed(server: SmtpServer, subject: str) -> str:
    """The text of the one mail with this subject, which the web process sends once its answer has left."""
    for _ in range(100):
        mails = [message_from_bytes(each.content, policy=policy.default) for each in list(server.accepted)]
        found = [mail for mail in mails if mail["Subject"] == subject]
        if found:
            return str(found[0].get_body(("plain",)).get_content())
        sleep(0.1)
    raise AssertionError([mail["Subject"] for mail in mails])


def test_a_passkey_is_added_signs_in_and_is_taken_back(phone: Live, cast: Cast, smtp_server: SmtpServer) -> None:
    page = phone.page
    phone.sign_in(cast.ada)
    page.goto(phone.address + front_door("account"))
    page.get_by_role("link", name="Add a passkey").tap()
    page.wait_for_url("**/webauthn/add/", wait_until="load")  # the button does nothing before its script is there
    page.get_by_role("button", name="Add").tap()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    phone.context.clear_cookies()
    page.goto(phone.address + front_door("account_login"))
    page.get_by_role("button", name="Use a passkey instead").tap()
    page.wait_for_url("**/o/acme/**")
    today = page.url

    text = mailed(smtp_server, "A passkey was added to your sign-in")
    link = next(line for line in text.splitlines() if "/n/" in line)
    elsewhere = phone.context.browser.new_context().new_page()  # type: ignore[union-attr]
    elsewhere.goto(phone.address + urlsplit(link).path)
    elsewhere.get_by_role("button", name="Sign out everywhere").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("You are signed out everywhere")
    elsewhere.context.close()

    page.goto(today)
    expect(page.get_by_role("heading", level=1)).to_have_text("Good to see you")
    page.get_by_role("button", name="Use a passkey instead").tap()
    expect(page.locator("main")).to_contain_text("This passkey did not work.")
    assert not Authenticator.objects.exists()
    with within(cast.acme):
        verbs = list(AuditEntry.objects.order_by("number").values_list("verb", flat=True))
    assert [verb for verb in verbs if "factor" in verb] == ["factor added", "disowned factor added"]
