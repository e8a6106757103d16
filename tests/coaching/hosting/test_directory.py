"""Where leaders find dates and hosts, and what nobody shows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse

from coaching.hosting.actions.offers import let_offer_go, offer_to_host, take_up_offer, withdraw_offer
from coaching.hosting.gaps import own_offers, unhosted
from coaching.models import Host, HostingOffer, OfferState, Visit
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotYours
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.plain_dates import with_plain_dates
from tests.times import NOW

Clients = Callable[[Membership], OrganisationClient]


def titles(page: HttpResponse) -> list[str]:
    return [line.visit.title for line in page.context["lines"]]


def fields(**said: object) -> dict[str, object]:
    """A form of one date as a browser sends it."""
    return {
        "format": "visit",
        "title": "Two mornings",
        "behaviours": ["clear"],
        "language": "nb",
        "capacity": 4,
        "minutes": 120,
        "place": "Bryggen 1",
        "at": "09:00",
        **said,
    }


@pytest.fixture
def elsewhere(cast: Cast) -> Visit:
    with within(cast.acme):
        host = make.HostFactory(name="Oslo night", site="Oslo", behaviours=["initiative"], languages=["sv"])
        return make.VisitFactory(
            host=host,
            title="A night in Oslo",
            format="shadow",
            behaviours=["initiative"],
            language="sv",
            is_remote=True,
            starts_at=NOW + timedelta(days=20),
        )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Acme morning", "A night in Oslo", "Acme talk"]),
        ({"behaviour": "initiative"}, ["A night in Oslo"]),
        ({"format": "talk"}, ["Acme talk"]),
        ({"language": "sv"}, ["A night in Oslo"]),
        ({"site": "at Bergen"}, ["Acme morning", "Acme talk"]),
        ({"site": "remote"}, ["A night in Oslo"]),
        ({"format": "nonsense", "site": "at Nowhere"}, ["Acme morning", "A night in Oslo", "Acme talk"]),
    ],
)
def test_a_leader_finds_dates(elsewhere: Visit, cast: Cast, client_for: Clients, asked: dict, found: list) -> None:
    client = client_for(cast.ada)

    assert titles(client.get(client.url("hosts"), asked)) == found


def test_dates_that_are_over_cancelled_or_hidden_are_not_found(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        host = Host.objects.get()
        make.VisitFactory(host=host, starts_at=NOW - timedelta(minutes=1))
        make.VisitFactory(host=host, state="cancelled", cancelled_at=NOW, cancel_reason="Snow")
        make.VisitFactory(host=make.HostFactory(is_active=False))
    client = client_for(cast.ada)

    assert titles(client.get(client.url("hosts"))) == ["Acme morning", "Acme talk"]


def test_a_date_says_how_many_places_are_free(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.bo)
    with within(cast.acme):
        visit = Visit.objects.get(format="visit")
        taken = visit.bookings.filter(seat__isnull=False).count()

    page = client.get(client.url("hosts"))
    assert taken
    assert f"{visit.capacity - taken} of {visit.capacity} free" in page.content.decode()

    with within(cast.acme):
        Visit.objects.filter(pk=visit.pk).update(capacity=taken)
    assert "Full, with a waiting list" in client.get(client.url("hosts")).content.decode()


def test_fewer_places_than_taken_show_the_host_by_how_many(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        visit = Visit.objects.get(format="visit")
        visit.bookings.filter(seat__isnull=False).update(seat=3)
        for seat, name in ((1, "bo"), (2, "max")):
            make.BookingFactory(visit=visit, guest=getattr(cast, name), seat=seat)
    client = client_for(cast.gro)
    answer = client.post(
        client.url("date_change", visit.host_id, visit.pk),
        fields(title=visit.title, capacity=1, day="2026-03-25", at="09:30", minutes=180, place=visit.place),
    )
    assert answer.status_code == 302

    assert "over by 2" in client.get(client.url("hosting_host", visit.host_id)).content.decode()
    with within(cast.acme):
        assert visit.bookings.filter(seat__isnull=False).count() == 3


def test_another_zone_reads_its_own_hour_and_the_host_s(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        Membership.objects.filter(pk=cast.ada.pk).update(zone="Europe/London")
    client = client_for(cast.ada)

    page = with_plain_dates(client.get(client.url("hosts")))

    assert "Wednesday 25 March, 08:30" in page
    assert "(09:30 there)" in page


def test_a_talk_with_answers_is_found_by_those_on_shift(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        talk = Visit.objects.get(format="talk")
        Visit.objects.filter(pk=talk.pk).update(starts_at=NOW - timedelta(days=1))
    client = client_for(cast.bo)
    assert titles(client.get(client.url("talk_answers"))) == []

    with within(cast.acme):
        talk.questions.update(answer="Three lines.", answered_at=NOW)

    assert titles(client.get(client.url("talk_answers"))) == ["Acme talk"]
    assert "Three lines." in client.get(client.url("talk_wall", talk.pk)).content.decode()


@pytest.mark.parametrize("name", ["hosts", "host_profiles", "hosting_host"])
def test_a_list_asks_as_much_for_thirty_rows(
    name: str, cast: Cast, client_for: Clients, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    client = client_for(cast.gro if name == "hosting_host" else cast.ada)
    with within(cast.acme):
        host = Host.objects.get(member=cast.gro)

    def one_more(number: int) -> None:
        with within(cast.acme):
            visit = make.VisitFactory(host=host if name == "hosting_host" else make.HostFactory(), format="talk")
            make.TalkQuestionFactory(visit=visit, asked_by=cast.bo)

    keys = [host.pk] if name == "hosting_host" else []
    assert same_queries_at_1_and_30(lambda: client.get(client.url(name, *keys)), one_more) <= 12


def test_what_nobody_shows_is_listed_until_an_active_host_does(cast: Cast) -> None:
    with within(cast.acme):
        assert "understanding" in unhosted()
        assert "clear" not in unhosted()
        hidden = make.HostFactory(behaviours=["understanding"], is_active=False)
        assert "understanding" in unhosted()
        hidden.is_active = True
        hidden.save()
        assert "understanding" not in unhosted()


def test_a_leader_offers_once_and_can_take_it_back(cast: Cast) -> None:
    with within(cast.acme):
        said = {"member": cast.bo, "behaviour": "initiative", "now": NOW}
        offer = offer_to_host(**said)
        assert offer_to_host(**said) == offer
        assert list(own_offers(cast.bo)) == ["initiative"]
        with pytest.raises(NotYours):
            withdraw_offer(offer=offer, by=cast.ada)

        withdraw_offer(offer=offer, by=cast.bo)

        assert own_offers(cast.bo) == {}
        assert offer_to_host(**said) != offer


def test_an_offer_is_a_leader_s_and_of_the_seven_behaviours(cast: Cast) -> None:
    with within(cast.acme):
        with pytest.raises(NotYours):
            offer_to_host(member=cast.sol, behaviour="clear", now=NOW)
        with pytest.raises(Invalid):
            offer_to_host(member=cast.bo, behaviour="kind", now=NOW)


def test_an_admin_makes_the_leader_a_host_of_what_they_offered(cast: Cast) -> None:
    with within(cast.acme):
        offer = HostingOffer.objects.select_related("member").get()
        with pytest.raises(NotYours):
            take_up_offer(offer=offer, by=cast.sol, organisation=cast.acme, now=NOW)

        host = take_up_offer(offer=offer, by=cast.hana, organisation=cast.acme, now=NOW)

        member = Membership.objects.get(pk=offer.member_id)
        assert sorted(member.roles) == sorted({"host", *member.roles})
        assert (host.member, host.behaviours, host.is_active) == (member, ["understanding"], False)
        assert offer.state == OfferState.TAKEN_UP
        assert offer_to_host(member=member, behaviour="understanding", now=NOW)  # not shown to anybody yet
        host.is_active = True
        host.save()
        assert offer_to_host(member=member, behaviour="understanding", now=NOW) is None


def test_an_offer_let_go_is_off_the_list(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        let_offer_go(offer=HostingOffer.objects.get(), by=cast.hana, now=NOW)
    client = client_for(cast.hana)

    assert list(client.get(client.url("hosting")).context["offers"]) == []


def test_two_dates_are_opened_in_one_form_and_an_overlap_is_said(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.gro)
    with within(cast.acme):
        host = Host.objects.get(member=cast.gro)

    said = fields(day_1="2026-03-25", day_3="2026-04-01")
    page = with_plain_dates(client.post(client.url("date_new", host.pk), said, follow=True))

    assert "2 dates are open." in page
    assert "At the same time as “Acme morning”, 25 March 2026, 09:30. Both stay." in page


def test_a_refused_day_stands_beside_its_own_field(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.gro)
    with within(cast.acme):
        host = Host.objects.get(member=cast.gro)

    said = fields(day_1="2026-03-25", day_4="2026-05-12")
    answer = client.post(client.url("date_new", host.pk), said)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"day_4": ["Acme host takes nobody from 10 May to 16 May."]}


def test_closed_days_say_which_dates_lie_in_them(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.gro)
    with within(cast.acme):
        host = Host.objects.get(member=cast.gro)

    said = {"starts_on": "2026-03-25", "ends_on": "2026-03-26"}
    page = client.post(client.url("hosting_closed_days", host.pk), said, follow=True).content.decode()

    assert "1 date lies in these days already" in page


def test_a_cancelled_date_shows_leaders_no_link_any_more(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.gro)
    with within(cast.acme):
        visit = Visit.objects.get(format="visit")

    client.post(client.url("date_cancellation", visit.host_id, visit.pk), {"reason": "Snow"})

    leader = client_for(cast.ada)
    assert titles(leader.get(leader.url("hosts"))) == ["Acme talk"]
