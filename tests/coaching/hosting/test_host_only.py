"""Somebody from another company, with the role *host* and no other, reaches their own dates and nothing else."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse

from coaching.models import Host
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.permissions import GRANTS, may
from tests import factories as make
from tests.architecture.routes import MISSING, address, inside, keys
from tests.architecture.test_access import METHODS, ask
from tests.cast import Cast
from tests.times import TODAY

ROUTES = {route.name: route for route in inside()}
LET_IN = sorted(name for name, route in ROUTES.items() if route.view.permission in GRANTS["host"])
# Their own pages, and where they land.
OWN = {
    "organisation_home",
    "hosting",
    "hosting_begin",
    "hosting_host",
    "hosting_profile",
    "hosting_showing",
    "hosting_hiding",
    "hosting_closed_days",
    "hosting_closed_removal",
    "date_new",
    "date_change",
    "date_cancellation",
    "talk_wall",
    "question_answer",
    "question_report",
}
# Their own calendar and mails, which every member has.
CALENDAR = {
    "calendar_invitations",
    "calendar_reminders",
    "feed_closing",
    "feed_opening",
    "feed_restoring",
    "my_calendar",
}
# Their own membership, which everybody may end.
MEMBERSHIP = {"leaving"}
# Those who come: their names, and what they wrote for the host.
GUESTS = {"booking", "visit_guests", "guest_answer", "no_show", "no_show_return"}


def page(answer: HttpResponse) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")


def test_a_host_from_outside_lacks_every_other_permission(cast: Cast) -> None:
    """What their role lacks, the guard of `allow` refuses: `tests/architecture/test_access.py` goes there."""
    refused = {name for name, route in ROUTES.items() if not may(cast.gro, route.view.permission)}

    assert refused & (OWN | GUESTS | CALENDAR | MEMBERSHIP) == set()
    assert len(refused) > 300
    assert {route.view.permission for name, route in ROUTES.items() if name not in refused} == {"belong", "host"}


@pytest.mark.parametrize("name", LET_IN)
def test_a_host_from_outside_reaches_only_their_own_pages(name: str, cast: Cast, client_for: Callable) -> None:
    where = address(ROUTES[name], keys(cast.houses["acme"]))
    answers = {method: ask(client_for(cast.gro), method, where) for method in METHODS}

    statuses = {answer.status_code for answer in answers.values()}
    if name in OWN | GUESTS | CALENDAR | MEMBERSHIP:
        assert statuses & {200, 302, 409, 422}, statuses
    else:
        assert statuses <= {403, 404, 405}, statuses


@pytest.mark.parametrize("name", sorted((OWN | GUESTS) - {"organisation_home", "hosting", "hosting_begin"}))
def test_a_host_does_not_reach_another_host(name: str, cast: Cast, client_for: Callable) -> None:
    with within(cast.acme):
        stranger = make.MembershipFactory(roles=["host"], last_seen_on=TODAY)
    where = address(ROUTES[name], keys(cast.houses["acme"]))
    for method in METHODS:
        assert ask(client_for(stranger), method, where).status_code in (404, 405)


def test_a_host_from_outside_reads_nobody_s_name(cast: Cast, client_for: Callable) -> None:
    """Not even on the wall of their own talk, where a leader asked something."""
    with within(cast.acme):
        names = set(Membership.objects.exclude(pk=cast.gro.pk).values_list("name", flat=True))
    read = ""
    for name in OWN:
        where = address(ROUTES[name], keys(cast.houses["acme"]))
        read += page(ask(client_for(cast.gro), "GET", where))

    assert "Acme question" in read
    assert [each for each in names if each in read] == []


def test_a_host_comes_in_to_their_own_dates(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.gro)
    home = client.get(client.url("organisation_home"), follow=True)

    assert home.redirect_chain[-1][0] == client.url("hosting_host", host_pk(cast))
    assert "Acme morning" in page(home)


def host_pk(cast: Cast) -> int:
    with within(cast.acme):
        return Host.objects.get(member=cast.gro).pk


def test_a_host_s_navigation_leads_to_their_dates_alone(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.gro)
    shown = client.get(client.url("hosting_host", host_pk(cast)))

    assert [place.url for place in shown.context["navigation"]] == [client.url("hosting")]


def test_somebody_with_the_role_and_no_profile_begins_one(cast: Cast, client_for: Callable) -> None:
    with within(cast.acme):
        newcomer = make.MembershipFactory(roles=["host"], name="Nils Ny")
    client = client_for(newcomer)
    first = client.get(client.url("organisation_home"), follow=True)
    assert "Describe what you show" in page(first)

    begun = client.post(client.url("hosting_begin"), follow=True)

    assert begun.status_code == 200
    with within(cast.acme):
        assert Host.objects.get(member=newcomer).name == "Nils Ny"


def test_another_organisation_s_host_is_like_a_missing_one(cast: Cast, client_for: Callable) -> None:
    with within(cast.zenith):
        foreign = Host.objects.get().pk
    client = client_for(cast.gro)
    answers = {client.get(client.url("hosting_host", pk)).status_code for pk in (foreign, MISSING)}
    assert answers == {404}
