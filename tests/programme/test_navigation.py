"""Where one can go from every page: only what exists, four entries on a phone, the rest in the person's menu."""

from collections.abc import Callable

import pytest
from django.utils.html import strip_tags

from cohorts.tenancy.addresses import front_door
from cohorts.tenancy.wall import within
from tests.cast import Cast
from tests.conftest import OrganisationClient

Clients = Callable[..., OrganisationClient]


def part(page: str, begin: str, end: str) -> str:
    return page.split(begin)[1].split(end, maxsplit=1)[0]


def entries(page: str) -> list[str]:
    items = part(page, '<nav class="navigation"', "</nav>").split("<li")[1:]
    return [" ".join(strip_tags("<li" + item).split()) for item in items]


@pytest.mark.parametrize(
    ("name", "start", "labels"),
    [
        ("ada", "today", ["Today", "Path", "Growth", "People"]),
        ("sol", "sponsor_home", ["This week", "Leaders", "Ninety days", "My people", "Line of sight"]),
        ("hana", "cohort_list", ["Cohorts", "Curricula", "People", "Settings"]),
        (
            "max",
            "today",
            ["Today", "Path", "Growth", "People", "This week", "Leaders", "Ninety days", "My people", "Line of sight"],
        ),
    ],
)
def test_each_role_sees_what_it_may_open(
    client_for: Clients, cast: Cast, name: str, start: str, labels: list[str]
) -> None:
    client = client_for(getattr(cast, name))

    assert entries(client.get(client.url(start)).content.decode()) == labels


def test_with_many_roles_a_phone_finds_the_rest_in_the_menu(client_for: Clients, cast: Cast) -> None:
    with within(cast.acme):
        cast.ada.roles = ["leader", "sponsor", "admin"]
        cast.ada.save(update_fields=["roles"])
    client = client_for(cast.ada)
    page = client.get(client.url("today")).content.decode()

    navigation, menu = part(page, '<nav class="navigation"', "</nav>"), part(page, '<nav id="menu"', "</nav>")

    assert navigation.count("only-desk") == 8
    on_a_phone = ["today", "path", "goals", "one_to_ones", "sponsor_home"]
    surplus = [
        "all_leaders",
        "cohort_list",
        "curriculum_list",
        "members",
        "settings",
        "ninety_days",
        "my_people",
        "objectives",
    ]
    links = [f'href="{client.url(place)}"' for place in on_a_phone + surplus]
    assert [link in navigation for link in links] == [True] * 13
    assert [link in menu for link in links] == [False] * 5 + [True] * 8


@pytest.mark.parametrize(
    "name", ["goals", "goal_new", "focuses", "practices", "reflections", "reflection_new", "focus_new"]
)
def test_growth_holds_goals_focuses_and_reflections(client_for: Clients, cast: Cast, name: str) -> None:
    client = client_for(cast.ada)

    page = client.get(client.url(name)).content.decode()

    current = part(page, '<nav class="navigation"', "</nav>").split('aria-current="page"')[1]
    assert "Growth" in current.split("</a>")[0]


@pytest.mark.parametrize("name", ["objectives", "kept_objectives", "teams", "figures", "kpis", "figure_intake_new"])
def test_admins_keep_objectives_and_figures_under_settings(client_for: Clients, cast: Cast, name: str) -> None:
    client = client_for(cast.hana)

    page = client.get(client.url(name)).content.decode()

    parts = part(page, '<nav class="navigation"', "</nav>").split('aria-current="page"')
    assert len(parts) == 2
    assert "Settings" in parts[1].split("</a>")[0]


@pytest.mark.parametrize("name", ["goals", "focuses", "practices", "reflections"])
def test_each_tab_of_growth_leads_to_the_others(client_for: Clients, cast: Cast, name: str) -> None:
    client = client_for(cast.ada)
    tabs = part(client.get(client.url(name)).content.decode(), '<nav class="tabs"', "</nav>")

    assert [f'href="{client.url(each)}"' in tabs for each in ("goals", "focuses", "practices", "reflections")] == [
        True
    ] * 4
    assert f'href="{client.url(name)}" aria-current="page"' in tabs


@pytest.mark.parametrize("name", ["one_to_ones", "hosts", "my_visits", "mentors", "agreements"])
def test_people_holds_talks_visits_mentors_and_agreements(client_for: Clients, cast: Cast, name: str) -> None:
    client = client_for(cast.ada)

    page = client.get(client.url(name)).content.decode()

    assert "People" in part(page, '<nav class="navigation"', "</nav>").split('aria-current="page"')[1].split("</a>")[0]
    assert client.url("one_to_ones") in part(page, '<main id="main"', "</nav>")


@pytest.mark.parametrize(("name", "holder"), [("sponsor_home", "sponsor_home"), ("all_leaders", "all_leaders")])
def test_a_sponsor_s_week_and_leaders_are_two_entries(client_for: Clients, cast: Cast, name: str, holder: str) -> None:
    client = client_for(cast.sol)

    shown = client.get(client.url(name))

    assert [place.url for place in shown.context["navigation"] if place.is_current] == [client.url(holder)]


def test_a_leader_s_page_stands_under_leaders(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.sol)
    shown = client.get(client.url("leader", cast.enrolment(cast.ada).pk))

    assert [place.url for place in shown.context["navigation"] if place.is_current] == [client.url("all_leaders")]


def test_no_two_entries_have_the_same_name(client_for: Clients, cast: Cast) -> None:
    with within(cast.acme):
        cast.ada.roles = ["leader", "sponsor", "admin"]
        cast.ada.save(update_fields=["roles"])
    client = client_for(cast.ada)
    labels = entries(client.get(client.url("today")).content.decode())

    assert len(labels) == len(set(labels)) == 13


@pytest.mark.parametrize("name", ["account", "help", "mfa_index"])
def test_account_and_help_stand_in_the_frame(client_for: Clients, cast: Cast, name: str) -> None:
    client = client_for(cast.ada)
    client.get(client.url("today"))

    page = client.get(front_door(name)).content.decode()

    assert entries(page) == ["Today", "Path", "Growth", "People"]
    assert f'href="{client.url("goals")}"' in part(page, '<nav class="navigation"', "</nav>")
    assert cast.acme.name in part(page, '<header class="topbar">', "</a>")


def test_of_several_organisations_the_frame_is_of_the_last(client_for: Clients, cast: Cast) -> None:
    """Pat is in both houses."""
    client = client_for(cast.pat_at_zenith)
    assert "navigation" not in client.get(front_door("help")).context

    client.get(client.url("organisation_home"), follow=True)

    shown = client.get(front_door("help")).context["navigation"]
    assert {place.url.split("/")[2] for place in shown} == {"zenith"}


def test_a_frame_of_an_organisation_one_has_left_is_not_shown(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)
    client.cookies["organisation"] = "zenith"

    shown = client.get(front_door("help")).context["navigation"]

    assert {place.url.split("/")[2] for place in shown} == {"acme"}


@pytest.mark.parametrize(("person", "path", "status"), [("ada", "settings/", 403), ("ada", "no-such-page/", 404)])
def test_an_error_page_has_the_frame_and_the_number_of_its_request(
    client_for: Clients, cast: Cast, person: str, path: str, status: int
) -> None:
    client = client_for(getattr(cast, person))
    inside = client.get(client.url("organisation_home").rstrip("/") + "/" + path)
    page = inside.content.decode()

    assert inside.status_code == status
    assert "Growth" in entries(page)
    assert inside.context["request_id"]
    assert inside.context["request_id"] in part(page, '<main id="main"', "</main>")


def test_an_unknown_address_outside_has_the_frame_too(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)
    answer = client.get("/no-such-page/")

    assert answer.status_code == 404
    assert "Growth" in entries(answer.content.decode())
