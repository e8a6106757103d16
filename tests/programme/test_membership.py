"""The page of a member, and the end of a membership over all apps: what goes, what stays, what is handed over first."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from coaching.models import Booking, MailChoice, Pairing
from cohorts.models import AuditEntry, Enrolment, Membership, Organisation
from cohorts.people.actions.access import end_membership, suspend
from cohorts.people.actions.members import invite_back
from cohorts.people.ownership import ensure_an_owner_stays
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from feedback360.models import Rater, Request
from feedback360.rounds.answer_links import answer_url
from goals.models import Reflection, TeamLink
from goals.teams.link_tokens import team_token
from programme.membership.actions import end_everything
from programme.membership.consequences import consequences_of
from programme.membership.facts import Facts, facts_of
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW

pytestmark = pytest.mark.django_db
NONE = Facts(**dict.fromkeys(Facts.__slots__, 0))


def end(cast: Cast, member: Membership, by: Membership) -> None:
    end_everything(member=member, by=by, organisation=cast.acme, now=NOW)


def test_removing_a_leader_ends_what_every_app_holds(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        MailChoice.objects.update_or_create(member=cast.ada, defaults={"feed_on": True, "feed_version": 4})
        rater = Rater.objects.filter(requests__subject__enrolment__leader=cast.bo).get()
        Rater.objects.filter(pk=rater.pk).update(membership=cast.ada)
        Request.objects.filter(rater=rater).update(state="asked")
        written = Reflection.objects.filter(enrolment__leader=cast.ada).count()

        end(cast, cast.ada, cast.hana)

        assert Enrolment.objects.get(leader=cast.ada).left_on is not None
        assert not Pairing.objects.active().filter(leader=cast.ada, kind="coach").exists()
        assert set(Booking.objects.filter(guest=cast.ada).values_list("state", flat=True)) == {"cancelled"}
        assert set(Request.objects.filter(rater=rater).values_list("state", flat=True)) == {"declined"}
        assert not TeamLink.objects.filter(team__leader=cast.ada, closed_at=None).exists()
        choice = MailChoice.objects.get(member=cast.ada)
        assert (choice.feed_on, choice.feed_version) == (False, 5)
        assert Reflection.objects.filter(enrolment__leader=cast.ada).count() == written
        verbs = set(AuditEntry.objects.filter(at=NOW).values_list("verb", flat=True))
        assert {"removed member", "left", "closed team link", "ended calendar feed"} <= verbs


def test_ending_a_membership_twice_is_ending_it_once(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        end(cast, cast.ada, cast.hana)
        entries = AuditEntry.objects.count()
        end(cast, cast.ada, cast.hana)

        assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize("by", ["hana", "sol"])
def test_a_sponsor_with_leaders_is_not_removed_and_does_not_leave(by: str, cast: Cast, acme: Organisation) -> None:
    with within(acme), pytest.raises(NotNow, match="The sponsor of 1 leader"):
        end(cast, cast.sol, getattr(cast, by))


def test_a_host_with_guests_ahead_is_not_removed(cast: Cast, acme: Organisation) -> None:
    with within(acme), pytest.raises(NotNow, match="The host of 1 date"):
        end(cast, cast.gro, cast.hana)


def test_who_comes_back_finds_their_own_things(cast: Cast, acme: Organisation, client_for: Callable) -> None:
    with within(acme):
        end(cast, cast.ada, cast.hana)
        invite_back(member=cast.ada, by=cast.hana, organisation=acme, now=NOW)
        assert Reflection.objects.filter(enrolment__leader=cast.ada).exists()

    client = client_for(cast.ada)
    assert client.get("/o/acme/").status_code == 302
    client_for(cast.hana).post(f"/o/acme/enrolments/{cast.enrolment(cast.ada).pk}/return/")
    assert "Ada" in client.get("/o/acme/today/").content.decode()


def test_the_page_says_that_ended_days_stay_ended(cast: Cast, acme: Organisation, client_for: Callable) -> None:
    with within(acme):
        end(cast, cast.ada, cast.hana)
    client = client_for(cast.hana)

    assert b"Bring them back in the cohort, below" in client.get(client.url("member", cast.ada.pk)).content


def test_nobody_is_brought_into_a_cohort_who_is_no_member(cast: Cast, acme: Organisation, client_for: Callable) -> None:
    with within(acme):
        end(cast, cast.ada, cast.hana)

    answer = client_for(cast.hana).post(f"/o/acme/enrolments/{cast.enrolment(cast.ada).pk}/return/")

    assert answer.status_code == 409


@pytest.mark.parametrize("is_suspended", [True, False])
def test_links_of_teams_and_rounds_close_for_who_is_shut_out(
    is_suspended: bool, cast: Cast, acme: Organisation, client: Client, clock: object
) -> None:
    with within(acme):
        rater = Rater.objects.select_related("organisation").filter(requests__subject__enrolment__leader=cast.bo).get()
        Rater.objects.filter(pk=rater.pk).update(membership=cast.ada)
        link = TeamLink.objects.get(team__leader=cast.ada)
        team, answer = f"/l/{team_token(link)}/", answer_url(rater)
    assert client.get(answer, follow=True).status_code != 410  # 503: the round of the cast has no key
    with within(acme):
        if is_suspended:
            suspend(member=cast.ada, by=cast.hana, now=NOW)
        else:
            end_membership(member=cast.ada, by=cast.hana, now=NOW)

    assert client.get(answer).status_code == 410
    assert client.get(team).status_code in {404, 410}


def test_the_removal_page_says_what_goes_and_what_stays(cast: Cast, acme: Organisation, client_for: Callable) -> None:
    client = client_for(cast.hana)
    page = client.get(f"/o/acme/members/{cast.ada.pk}/removal/").content.decode()

    assert "1 place in a cohort: the ninety days end." in page
    assert "5 practices, 2 reflections, 4 goals, 1 team" in page
    assert "End the membership of Ada Acme now" in page
    assert "To hand over first" in client.get(f"/o/acme/members/{cast.sol.pk}/removal/").content.decode()

    answer = client.post(f"/o/acme/members/{cast.ada.pk}/removal/")
    assert answer.status_code == 302
    with within(acme):
        assert not Membership.objects.get(pk=cast.ada.pk).is_active


def test_a_member_leaves_from_their_account_page(cast: Cast, acme: Organisation, client_for: Callable) -> None:
    client = client_for(cast.cleo)
    assert "/o/acme/leaving/" in client.get("/account/").content.decode()
    assert "End my membership of Acme now" in client.get("/o/acme/leaving/").content.decode()

    answer = client.post("/o/acme/leaving/")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/o/acme/").status_code == 302  # to the sign-in page: no other organisation
    with within(acme):
        assert AuditEntry.objects.order_by("-number").filter(verb="left organisation", thing_id=cast.cleo.pk).exists()


def test_the_last_owner_cannot_leave_by_the_page(cast: Cast, client_for: Callable) -> None:
    answer = client_for(cast.olav).post("/o/acme/leaving/")

    assert answer.status_code == 409
    assert "This is the only owner." in answer.content.decode()


@pytest.mark.parametrize("who", ["ada", "sol", "max", "olav", "gro", "mia"])
def test_a_members_page_stays_within_twelve_queries(
    who: str, cast: Cast, client_for: Callable, count_queries: Callable
) -> None:
    client, path = client_for(cast.hana), f"/o/acme/members/{getattr(cast, who).pk}/"
    client.get(path)

    assert len(count_queries(lambda: client.get(path))) <= 12
    assert len(count_queries(lambda: client.get(f"{path}removal/"))) <= 12


def test_people_tells_members_suspended_and_former_ones_apart(
    cast: Cast, acme: Organisation, client_for: Callable
) -> None:
    with within(acme):
        suspend(member=cast.ada, by=cast.hana, now=NOW)
        end_membership(member=cast.cleo, by=cast.hana, now=NOW)
    client = client_for(cast.hana)

    everybody, suspended, former = (
        client.get("/o/acme/members/", {"show": state}).content.decode() for state in ("", "suspended", "former")
    )

    assert "Suspended" in everybody
    assert "Cleo Acme" not in everybody
    assert "Ada Acme" in suspended
    assert cast.bo.name not in suspended
    assert "Cleo Acme" in former
    assert "No longer a member" in former


def test_consequences_leave_out_what_is_not_there() -> None:
    nothing = consequences_of(NONE, is_own=False)

    assert (len(nothing.first), len(nothing.goes), len(nothing.stays)) == (0, 2, 2)


def test_facts_count_each_row_once(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        ada, sol = facts_of(cast.ada, now=NOW), facts_of(cast.sol, now=NOW)

    assert (ada.places, ada.partners, ada.goals, ada.teams, ada.visits, ada.rounds) == (1, 1, 4, 1, 1, 1)
    assert (sol.sponsored, sol.talks, sol.places) == (1, 1, 0)
    assert ada.talks == 2
    with within(acme):
        make.MembershipFactory(manager=cast.mia)
        assert facts_of(cast.mia, now=NOW + timedelta(days=1)).managed == 3
        ensure_an_owner_stays(cast.mia)
