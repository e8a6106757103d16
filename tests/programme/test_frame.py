"""What the frame of a page promises: its language changes in place, an error leads on, paper holds the words alone."""

import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import expect

from cohorts.tenancy.addresses import front_door
from tests.browser import Live
from tests.cast import Cast
from tests.conftest import OrganisationClient

Clients = Callable[..., OrganisationClient]


def test_switching_language_keeps_the_page_and_its_query(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.hana)
    where = client.url("members") + "?q=acme&sort=-name"
    before = client.get(where).content.decode()
    assert '<html lang="en"' in before
    forms = [form.split("</form>")[0] for form in before.split(f'action="{front_door("language")}"')[1:]]
    assert forms
    assert [form for form in forms if 'name="next" value="' + where.replace("&", "&amp;") + '"' not in form] == []

    answer = client.post(front_door("language"), {"language": "nb", "next": where})

    assert answer.headers["Location"] == where
    assert '<html lang="nb"' in client.get(where).content.decode()


def _too_large(client: OrganisationClient) -> HttpResponse:
    return client.post(
        client.url("practices"), b"x", content_type="text/plain", CONTENT_LENGTH=settings.MAX_REQUEST_BYTES + 1
    )


def _too_often(client: OrganisationClient) -> HttpResponse:
    return [client.get(front_door("one_tap", "x")) for _ in range(21)][-1]


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda client: client.get(client.url("settings")), 403),
        (lambda client: client.get(client.url("organisation_home") + "no-such-page/"), 404),
        (_too_large, 413),
        (_too_often, 429),
    ],
)
def test_an_error_leads_home_and_its_number_is_in_the_log(
    log: StringIO, client_for: Clients, cast: Cast, ask: Callable[[OrganisationClient], HttpResponse], status: int
) -> None:
    client = client_for(cast.ada)
    home = client.url("organisation_home")

    answer = ask(client)

    main = answer.content.decode().split('<main id="main"')[1].split("</main>")[0]
    assert answer.status_code == status
    assert f'href="{home if status != 429 else front_door("home")}"' in main  # a mail's link knows no organisation
    assert f'href="{front_door("help")}"' in main
    number = answer.context["request_id"]
    assert number
    assert number in main
    assert number in log.getvalue()


def test_a_failure_shows_the_number_of_its_line_in_the_log(
    log: StringIO, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("programme.front.views.preferences.parts_for", fail)
    client.raise_request_exception = False

    answer = client.get(front_door("help"))

    number = re.search(r"<code>([\w-]{20,})</code>", answer.content.decode())
    assert answer.status_code == 500
    assert number is not None
    assert number[1] in log.getvalue()


def test_the_chosen_theme_is_in_the_first_bytes_of_every_page(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)
    assert 'data-bs-theme="auto"' in client.get(client.url("today")).content.decode()

    client.post(front_door("theme"), {"theme": "dark"})

    assert 'data-bs-theme="dark"' in client.get(client.url("today")).content.decode()[:500]


@pytest.mark.parametrize(
    ("who", "own"),
    [
        ("ada", ["leader"]),
        ("sol", ["sponsor"]),
        ("hana", ["admin"]),
        ("olav", ["admin", "owner"]),
        (None, ["leader", "rater"]),
    ],
)
def test_help_begins_with_the_readers_own_roles(
    client_for: Clients, cast: Cast, client: Client, who: str | None, own: list[str]
) -> None:
    page = (client_for(getattr(cast, who)) if who else client).get(front_door("help"))

    assert [part.key for part in page.context["own"]] == own
    everything = {"leader", "sponsor", "coach", "host", "admin", "owner", "rater"}
    assert {part.key for part in page.context["others"]} == everything - set(own)
    folded = page.content.decode().split("<details")[1:]
    assert len(folded) == len(everything) - len(own)


@pytest.mark.django_db(transaction=True)
def test_a_page_on_paper_has_no_bars_and_no_buttons(live: Live, cast: Cast) -> None:
    live.sign_in(cast.ada)
    live.page.set_viewport_size({"width": 1280, "height": 800})
    page = live.go("reflection_new")
    bars = [page.locator(".topbar"), page.locator("nav.navigation"), page.get_by_role("button", name="Save")]
    for bar in bars:
        expect(bar).to_be_visible()

    page.emulate_media(media="print")

    for bar in bars:
        expect(bar).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_fold_on_paper_is_open_under_its_title_unless_it_is_a_form(live: Live, cast: Cast) -> None:
    live.sign_in(cast.hana)
    page = live.go("cohort_support", cast.houses["acme"].cohort.pk)
    fold, told = page.locator("main details").first, page.locator("main details dd").first
    expect(told).to_be_hidden()
    page.locator("main").evaluate("main => main.insertAdjacentHTML('beforeend', '<details><form>1</form></details>')")

    page.emulate_media(media="print")

    expect(told).to_be_visible()
    expect(fold.locator("summary")).to_be_visible()
    expect(page.locator("main details:has(form)")).to_be_hidden()


def test_a_practised_day_keeps_its_fill_on_paper(live: Live, cast: Cast) -> None:
    live.sign_in(cast.hana)
    page = live.go("cohort", cast.houses["acme"].cohort.pk)

    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.querySelector('main .strip i')).printColorAdjust") == "exact"


def test_paper_keeps_rows_whole_and_spells_out_links(live: Live, cast: Cast) -> None:
    live.sign_in(cast.hana)
    live.page.set_viewport_size({"width": 1280, "height": 800})
    page = live.go("members")
    page.evaluate("""document.querySelector("main h1").insertAdjacentHTML(
        "afterend", '<p><a href="https://who.example/page">who</a></p>')""")
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.querySelector('tbody tr')).breakInside") == "avoid"
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    written = page.evaluate("getComputedStyle(document.querySelector('main p > a'), '::after').content")
    assert written == '" (" attr(href) ")"' or "https://who.example/page" in written
