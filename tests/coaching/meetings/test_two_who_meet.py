"""From a planned 1:1 to an action carried into the next one: seen by the two, and by nobody else."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from coaching.models import Action, Pairing, Session
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from tests.cast import Cast
from tests.conftest import OrganisationClient

Clients = Callable[[Membership], OrganisationClient]
NOTE = "The form has no box for what was promised."


def pairing_of(cast: Cast, leader: Membership, kind: str = "sponsor") -> Pairing:
    with within(leader.organisation_id):
        return Pairing.objects.select_related("leader", "partner").get(leader=leader, kind=kind)


def plan(client: OrganisationClient, pairing: Pairing, **values: str) -> Session:
    sent = {"on": "2026-03-11", "at": "09:00", "minutes": "30", "key": str(uuid4()), **values}
    answer = client.post(client.url("session_new", pairing.pk), sent)
    assert answer.status_code == 302, answer.content.decode()
    with within(pairing.organisation_id):
        return Session.objects.get(pk=answer["Location"].split("/")[-2])


def test_two_hold_a_talk_and_carry_an_action(cast: Cast, client_for: Clients) -> None:
    sponsor, leader = client_for(cast.sol), client_for(cast.ada)
    pairing = pairing_of(cast, cast.ada)
    with within(cast.acme):
        Action.objects.all().delete()

    talk = plan(sponsor, pairing)
    assert leader.post(leader.url("session_note", talk.pk), {"text": NOTE}).status_code == 302
    for line in ("Ada: try the three-line handover by Friday", "I will ask Planning by 18 March"):
        assert sponsor.post(sponsor.url("session_actions", talk.pk), {"text": line}).status_code == 302
    assert sponsor.post(sponsor.url("session_closing", talk.pk)).status_code == 302

    with within(cast.acme):
        talk.refresh_from_db()
        theirs, own = Action.objects.filter(session=talk)
        assert talk.state == "held"
        assert (theirs.owner_id, str(theirs.due_on)) == (cast.ada.pk, "2026-03-13")
        assert theirs.text == "Try the three-line handover"
        assert (own.owner_id, own.text, str(own.due_on)) == (cast.sol.pk, "Ask Planning", "2026-03-18")
    assert leader.post(leader.url("action_closing", own.pk)).status_code == 302

    following = plan(leader, pairing, on="2026-03-18")
    for client in (sponsor, leader):
        page = client.get(client.url("session", following.pk)).content.decode()
        assert "Try the three-line handover" in page
        assert "Carried" in page
        assert NOTE in client.get(client.url("session", talk.pk)).content.decode()
    assert "Try the three-line handover" in leader.get(leader.url("one_to_ones")).content.decode()
    assert cast.ada.name in sponsor.get(sponsor.url("my_people")).content.decode()


@pytest.mark.parametrize("name", ["bo", "max", "mia", "hana", "olav", "pat", "cleo", "gro"])
def test_nobody_else_reads_a_word_of_a_talk(name: str, cast: Cast, client_for: Clients) -> None:
    client, pairing = client_for(getattr(cast, name if name != "pat" else "pat_at_acme")), pairing_of(cast, cast.ada)
    with within(cast.acme):
        talks = list(Session.objects.filter(pairing=pairing))
        actions = list(Action.objects.filter(pairing=pairing))

    addresses = [client.url("pairing", pairing.pk)]
    pages = ("session", "session_moving", "session_closing")
    addresses += [client.url(page, each.pk) for each in talks for page in pages]
    addresses += [client.url(page, each.pk) for each in actions for page in ("action_wording", "action_letting_go")]
    answers = [client.get(address) for address in addresses]
    lists = [client.get(client.url(page)) for page in ("one_to_ones", "my_people")]

    assert {answer.status_code for answer in answers} <= {403, 404}
    assert all("bait sponsor ada" not in answer.content.decode() for answer in [*answers, *lists])
