"""Pairings follow the sponsors of enrolments; the lists ask as much for one row as for thirty."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from coaching.meetings.actions.pairings import follow_sponsors, sponsor_pairing
from coaching.meetings.lists import lines_of, people_of
from coaching.models import Pairing
from cohorts.models import Enrolment, Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from tests import factories as make
from tests.cast import Cast
from tests.coaching.meetings.talks import pairing_of, planned
from tests.conftest import OrganisationClient
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db
Clients = Callable[[Membership], OrganisationClient]


def follow(cast: Cast) -> int:
    return follow_sponsors(organisation=cast.acme, now=NOW)


def test_where_sponsors_have_not_changed_nothing_happens(cast: Cast) -> None:
    with within(cast.acme):
        assert follow(cast) == 0


def test_a_new_sponsor_ends_one_pairing_and_opens_another(cast: Cast) -> None:
    with within(cast.acme):
        old = pairing_of(cast.ada)
        Enrolment.objects.filter(leader=cast.ada).update(sponsor=cast.mia)

        assert follow(cast) == 2
        assert follow(cast) == 0

        old.refresh_from_db()
        assert (old.state, old.ends_on) == ("ended", TODAY)
        new = pairing_of(cast.ada)
        assert (new.partner_id, new.starts_on, new.due_on) == (cast.mia.pk, TODAY, TODAY + timedelta(days=14))


def test_a_leader_without_a_sponsor_has_no_sponsor_pairing(cast: Cast) -> None:
    with within(cast.acme):
        Enrolment.objects.filter(leader=cast.ada).update(sponsor=None)

        assert follow(cast) == 1
        assert not Pairing.objects.active().filter(leader=cast.ada, kind="sponsor").exists()
        assert Pairing.objects.active().filter(leader=cast.ada, kind="coach").exists()


def test_a_leader_in_two_cohorts_meets_the_newer_sponsor(cast: Cast) -> None:
    with within(cast.acme):
        make.EnrolmentFactory(
            cohort=make.CohortFactory(name="Autumn", version=cast.houses["acme"].version),
            leader=cast.ada,
            sponsor=cast.mia,
            day1_on=TODAY + timedelta(days=5),
        )
        follow(cast)

        assert pairing_of(cast.ada).partner == cast.mia
        assert follow(cast) == 0


def test_the_other_organisation_is_left_alone(cast: Cast) -> None:
    with within(cast.acme):
        Enrolment.objects.update(sponsor=None)
        follow(cast)
    with within(cast.zenith):
        assert Pairing.objects.active().filter(kind="sponsor").count() == 1


def test_pairs_that_need_a_talk_come_first(cast: Cast) -> None:
    with within(cast.acme):
        late = make.PairingFactory(kind="mentor", partner=cast.sol, due_on=TODAY - timedelta(days=9))
        new = make.PairingFactory(kind="mentor", partner=cast.sol, due_on=None)

        lines = lines_of(list(people_of(cast.sol)), member=cast.sol, today=TODAY)

    assert [line.pairing.pk for line in lines][:2] == [new.pk, late.pk]
    assert lines[1].is_overdue


def more_talks(cast: Cast, count: int) -> None:
    """Another person whom Sol meets, with talks held and planned, and open actions."""
    with within(cast.acme):
        leader = make.MembershipFactory(roles=["leader"])
        pairing = make.PairingFactory(
            kind="mentor", partner=cast.sol, leader=leader, due_on=TODAY + timedelta(days=count + 9)
        )
        held = make.SessionFactory(
            pairing=pairing, state="held", held_at=NOW - timedelta(days=count), starts_at=NOW - timedelta(days=count)
        )
        make.SessionFactory(pairing=pairing, starts_at=NOW + timedelta(days=count))
        make.ActionFactory(session=held, owner=cast.sol)


def test_my_people_asks_as_much_for_one_as_for_thirty(
    cast: Cast, client_for: Clients, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    client = client_for(cast.sol)

    def make_row(number: int) -> None:
        more_talks(cast, number)

    assert same_queries_at_1_and_30(lambda: client.get(client.url("my_people")), make_row) <= 12


def test_my_one_to_ones_ask_as_much_for_one_as_for_thirty(
    cast: Cast, client_for: Clients, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    client = client_for(cast.ada)

    def make_row(number: int) -> None:
        with within(cast.acme):
            talk = make.SessionFactory(pairing=pairing_of(cast.ada), starts_at=NOW + timedelta(days=number))
            make.ActionFactory(session=talk, owner=cast.ada)

    assert same_queries_at_1_and_30(lambda: client.get(client.url("one_to_ones")), make_row) <= 12


@pytest.mark.parametrize("page", ["pairing", "session"])
def test_pages_of_a_pair_ask_as_much_for_one_talk_as_for_thirty(
    page: str, cast: Cast, client_for: Clients, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    client = client_for(cast.ada)
    with within(cast.acme):
        pairing = pairing_of(cast.ada)
        talk = pairing.sessions.get(state="planned")
    key = pairing.pk if page == "pairing" else talk.pk

    def make_row(number: int) -> None:
        with within(cast.acme):
            moment = NOW - timedelta(days=number, hours=1)
            held = make.SessionFactory(pairing=pairing, state="held", held_at=moment, starts_at=moment)
            make.ActionFactory(session=held, owner=cast.ada if number % 2 else cast.sol)
            make.AgendaItemFactory(session=talk, raised_by=cast.ada, text=f"item {number}")
            make.SessionFactory(pairing=pairing, starts_at=NOW + timedelta(days=number + 5))

    assert same_queries_at_1_and_30(lambda: client.get(client.url(page, key)), make_row) <= 12


def test_the_sponsor_of_an_older_cohort_ends_no_talks(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        older = Enrolment.objects.get(leader=cast.ada)
        make.EnrolmentFactory(
            cohort=make.CohortFactory(name="Autumn", version=cast.houses["acme"].version),
            leader=cast.ada,
            sponsor=cast.mia,
            day1_on=TODAY + timedelta(days=5),
        )
        follow(cast)
        talk = planned(pairing_of(cast.ada), NOW + timedelta(days=2))
        sol = client_for(cast.sol)

        answer = sol.post(sol.url("sponsor_pairing_opening", older.pk), follow=True)

        talk.refresh_from_db()
        assert (talk.state, pairing_of(cast.ada).partner) == ("planned", cast.mia)
        assert "the sponsor of a newer cohort" in answer.content.decode()


def test_a_leader_who_left_the_cohort_gets_no_new_pairing(cast: Cast) -> None:
    with within(cast.acme):
        enrolment = Enrolment.objects.get(leader=cast.ada)
        enrolment.left_on = TODAY
        enrolment.save(update_fields=["left_on"])

        with pytest.raises(NotNow, match="has left this one"):
            sponsor_pairing(enrolment=enrolment, organisation=cast.acme, by=cast.sol, now=NOW)
