"""The examples of the API page run, in a shell and in Python; and an owner's whole story with a key."""

import os
import re
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from programme.developers.examples import FILES, HERE
from tests.api.client import key_of
from tests.browser import Live
from tests.cast import Cast

COMMANDS = {"curl": ["sh"], "Python": [sys.executable, "-I"]}


@pytest.mark.parametrize("name", FILES)
def test_an_example_runs_as_it_stands_on_the_page(name: str, live: Live, cast: Cast) -> None:
    said = {"API": f"{live.address}/o/acme/api/v1", "KEY": key_of(cast.olav), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [*COMMANDS[name], str(HERE / FILES[name])], env=said, capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "Ada Acme" in done.stdout
    assert "Zoe" not in done.stdout


@pytest.mark.journey
def test_an_owner_makes_uses_rotates_and_revokes_a_key(live: Live, cast: Cast) -> None:
    page = live.page
    live.sign_in(cast.olav)
    page.goto(f"{live.address}/o/acme/settings/keys/")
    page.get_by_role("link", name="New key").click()
    page.get_by_label("Name").fill("Telephony")
    page.get_by_label("Only what you choose").check()
    page.get_by_label("Read: Leaders in cohorts", exact=True).check()
    page.get_by_role("button", name="Make it").click()
    first = shown_key(live)
    where = f"cohorts/{cast.houses['acme'].cohort.pk}/enrolments/"
    assert answered(live, first, where) == 200

    page.get_by_role("link", name="I have it").click()
    page.get_by_role("link", name="Rotate Telephony").click()
    page.get_by_role("button", name="Rotate").click()
    second = shown_key(live)
    assert first != second
    assert [answered(live, key, where) for key in (first, second)] == [200, 200]

    page.get_by_role("link", name="I have it").click()
    for _time in range(2):
        page.get_by_role("button", name="Revoke Telephony").first.click()
        page.get_by_text("Telephony is revoked.").first.wait_for()
    assert [answered(live, key, where) for key in (first, second)] == [401, 401]
    assert page.get_by_text("Revoked", exact=True).count() == 2


def answered(live: Live, key: str, where: str) -> int:
    """Over HTTP, as another system asks."""
    with closing(HTTPConnection(urlsplit(live.address).netloc, timeout=30)) as line:
        line.request("GET", f"/o/acme/api/v1/{where}", headers={"Authorization": f"Bearer {key}"})
        return line.getresponse().status


def shown_key(live: Live) -> str:
    live.page.get_by_text("Copy it now.").wait_for()
    return re.search(r"e90_\w{8}_\w{43}", live.page.locator("#key").inner_text())[0]
