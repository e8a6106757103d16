"""Observers rate blind: nothing of the others is to be seen anywhere until all are in or the time is out."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from coaching.listening.actions.calibrations import (
    cancel_calibration,
    rate,
    restore_calibration,
    start_calibration,
    write_agreed,
)
from coaching.listening.policies import may_read_rating, may_see
from coaching.models import Calibration, Observer, Rating
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import NOW, TODAY

Clients = Callable[..., OrganisationClient]
CRITERIA = ("need", "mood", "plain-words", "sees-it-through", "ending")
LATER = NOW + timedelta(days=30)


@pytest.fixture
def house(cast: Cast) -> Iterator[None]:
    with within(cast.acme):
        yield


@pytest.fixture
def heard(cast: Cast) -> Calibration:
    """Sol asks Cleo, Max and Bo; Hana, Ada and Sol do not rate."""
    with within(cast.acme):
        return start(cast.sol, [cast.cleo, cast.max, cast.bo])


def start(by: Membership, observers: list[Membership], **changed: Any) -> Calibration:
    asked: dict[str, Any] = {
        "reference": "SN-77001",
        "channel": "phone",
        "closes_on": TODAY + timedelta(days=3),
        "today": TODAY,
        "key": uuid4(),
        "now": NOW,
    }
    return start_calibration(observers=observers, by=by, **asked | changed)


def give(calibration: Calibration, by: Membership, score: int, now: datetime = NOW) -> bool:
    return rate(calibration=calibration, scores=dict.fromkeys(CRITERIA, score), by=by, now=now)


def test_the_last_one_in_opens_all_ratings(house: None, heard: Calibration, cast: Cast) -> None:
    last = [give(heard, each, 3) for each in (cast.cleo, cast.max, cast.bo)]

    assert last == [False, False, True]
    assert heard.opened_at == NOW


def test_nobody_reads_another_rating_before_all_are_in(house: None, heard: Calibration, cast: Cast) -> None:
    """The whole cast of both organisations, by the query and by the policy."""
    give(heard, cast.cleo, 1)
    give(heard, cast.max, 5)
    everybody = [member for each in cast.houses.values() for member in each.members.values()]
    ratings = list(Rating.objects.filter(observer__calibration=heard).select_related("observer__calibration"))

    for member in everybody:
        found = Rating.objects.visible_to(member, NOW).filter(observer__calibration=heard)
        seen = set(found.values_list("observer__member", flat=True))
        assert seen == ({member.pk} if member in (cast.cleo, cast.max) else set())
        assert {each.pk for each in ratings if may_read_rating(member, each, NOW)} == {each.pk for each in found}


def test_all_observers_and_the_starter_read_open_ratings(house: None, heard: Calibration, cast: Cast) -> None:
    for each in (cast.cleo, cast.max, cast.bo):
        give(heard, each, 4)
    everybody = [member for each in cast.houses.values() for member in each.members.values()]
    ratings = list(Rating.objects.filter(observer__calibration=heard).select_related("observer__calibration"))

    readers = set()
    for member in everybody:
        found = Rating.objects.visible_to(member, NOW).filter(observer__calibration=heard)
        assert {each.pk for each in ratings if may_read_rating(member, each, NOW)} == {each.pk for each in found}
        readers |= {member} if found.exists() else set()

    assert readers == {cast.sol, cast.cleo, cast.max, cast.bo}


def test_time_that_is_out_opens_what_is_in(house: None, heard: Calibration, cast: Cast) -> None:
    give(heard, cast.cleo, 1)
    give(heard, cast.max, 5)

    assert Rating.objects.visible_to(cast.bo, LATER).filter(observer__calibration=heard).count() == 10
    with pytest.raises(NotNow, match="no more are taken"):
        give(heard, cast.bo, 3, now=LATER)


def test_ratings_stay_open_for_change_until_the_last_is_in(house: None, heard: Calibration, cast: Cast) -> None:
    give(heard, cast.cleo, 1)
    give(heard, cast.cleo, 2)
    give(heard, cast.max, 2)
    give(heard, cast.bo, 2)

    assert set(Rating.objects.filter(observer__calibration=heard).values_list("score", flat=True)) == {2}
    with pytest.raises(NotNow):
        give(heard, cast.cleo, 5)


@pytest.mark.parametrize("name", ["sol", "ada", "hana", "mia", "zoe"])
def test_only_observers_rate(house: None, heard: Calibration, cast: Cast, name: str) -> None:
    with pytest.raises(NotYours):
        give(heard, getattr(cast, name), 3)


@pytest.mark.parametrize("name", ["ada", "bo", "pat", "gro"])
def test_leaders_and_hosts_start_no_calibration(house: None, cast: Cast, name: str) -> None:
    with pytest.raises(NotYours):
        start(getattr(cast, name), [cast.cleo, cast.max])


@pytest.mark.parametrize("name", ["sol", "cleo", "hana", "olav"])
def test_sponsors_coaches_and_admins_start_one(house: None, cast: Cast, name: str) -> None:
    assert start(getattr(cast, name), [cast.cleo, cast.max]).observers.count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reference": "Kari Nordmann"}, "reference"),
        ({"reference": "Kari"}, "reference"),
        ({"reference": "SN 48213"}, "reference"),
        ({"channel": "pigeon"}, "channel"),
        ({"closes_on": TODAY}, "closes_on"),
        ({"closes_on": TODAY + timedelta(days=31)}, "closes_on"),
    ],
)
def test_a_calibration_that_makes_no_sense_is_refused(
    house: None, cast: Cast, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        start(cast.sol, [cast.cleo, cast.max], **changed)
    assert caught.value.field == field


def test_one_observer_or_a_guest_from_outside_is_refused(house: None, cast: Cast) -> None:
    for observers in ([], [cast.cleo], [cast.cleo, cast.cleo], [cast.cleo, cast.gro]):
        with pytest.raises(Invalid) as caught:
            start(cast.sol, observers)
        assert caught.value.field == "observers"


@pytest.mark.parametrize(
    "scores",
    [
        dict.fromkeys(CRITERIA, 6),
        dict.fromkeys(CRITERIA, 0),
        dict.fromkeys(CRITERIA[1:], 3),
        dict.fromkeys((*CRITERIA, "total"), 3),
    ],
)
def test_ratings_outside_the_scale_or_the_list_are_refused(
    house: None, heard: Calibration, cast: Cast, scores: dict[str, int]
) -> None:
    with pytest.raises(Invalid):
        rate(calibration=heard, scores=scores, by=cast.bo, now=NOW)
    assert not Rating.objects.filter(observer__calibration=heard).exists()


def test_the_same_form_starts_one_calibration(house: None, cast: Cast) -> None:
    key = uuid4()
    first, second = (start(cast.sol, [cast.cleo, cast.max], key=key) for _ in range(2))

    assert first == second
    assert first.observers.count() == 2


def test_what_was_agreed_waits_for_the_ratings(house: None, heard: Calibration, cast: Cast) -> None:
    with pytest.raises(NotNow):
        write_agreed(calibration=heard, agreed="A 4 sounds calm", by=cast.cleo, now=NOW)
    for each in (cast.cleo, cast.max, cast.bo):
        give(heard, each, 4)

    write_agreed(calibration=heard, agreed="A 4 sounds calm", by=cast.cleo, now=NOW)

    assert Calibration.objects.get(pk=heard.pk).agreed == "A 4 sounds calm"
    with pytest.raises(NotYours):
        write_agreed(calibration=heard, agreed="Mine", by=cast.hana, now=NOW)


def test_what_is_called_off_opens_for_nobody(house: None, heard: Calibration, cast: Cast) -> None:
    give(heard, cast.cleo, 1)
    cancel_calibration(calibration=heard, by=cast.sol, now=NOW)

    assert not Rating.objects.visible_to(cast.bo, LATER).filter(observer__calibration=heard).exists()
    with pytest.raises(NotNow, match="called off"):
        give(heard, cast.bo, 3)
    with pytest.raises(NotYours):
        restore_calibration(calibration=heard, by=cast.cleo, now=NOW)
    restore_calibration(calibration=heard, by=cast.sol, now=NOW)
    assert heard.cancelled_at is None


def test_the_query_and_the_policy_show_the_same_calibrations(house: None, heard: Calibration, cast: Cast) -> None:
    everybody = [member for each in cast.houses.values() for member in each.members.values()]
    everything = [(each, list(each.observers.all())) for each in Calibration.objects.all()]

    for member in everybody:
        seen = set(Calibration.objects.visible_to(member).values_list("pk", flat=True))
        assert seen == {each.pk for each, observers in everything if may_see(member, each, observers)}


PATHS = ("calibrations", "calibration")
OF_EACH_ANSWER = (
    r'(name="(csrfmiddlewaretoken|key)" value|nonce|content)="[^"]*"|request[-_]id[^<]*|"X-CSRFToken": "[^"]*"'
)


def test_no_page_tells_how_many_are_in(heard: Calibration, cast: Cast, client_for: Clients) -> None:
    """Every page of Bo and Sol reads the same, to the letter, before and after two others are in."""
    clients = [client_for(cast.bo), client_for(cast.sol)]

    def pages() -> list[str]:
        read = []
        for client in clients:
            for name in PATHS:
                address = client.url(name, heard.pk) if name == "calibration" else client.url(name)
                page = client.get(address).content.decode()
                read.append(
                    re.sub(r'(name="csrfmiddlewaretoken" value|nonce|content)="[^"]*"|request[-_]id[^<]*', "", page)
                )
        return read

    before = pages()
    with within(cast.acme):
        give(heard, cast.cleo, 1)
        give(heard, cast.max, 5)

    assert pages() == before


def test_no_download_and_no_note_before_the_ratings_open(heard: Calibration, cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        give(heard, cast.cleo, 1)
    for member in (cast.bo, cast.sol, cast.cleo):
        client = client_for(member)
        assert client.get(client.url("calibration_download", heard.pk)).status_code == 409
        assert client.get(client.url("calibration_agreed", heard.pk)).status_code == 409


def test_open_ratings_stand_side_by_side_with_their_agreement(
    heard: Calibration, cast: Cast, client_for: Clients
) -> None:
    with within(cast.acme):
        for member, score in ((cast.cleo, 4), (cast.max, 4), (cast.bo, 2)):
            give(heard, member, score)
    client = client_for(cast.sol)

    page = client.get(client.url("calibration", heard.pk)).content.decode()
    rows = client.get(client.url("calibration_download", heard.pk)).content.decode("utf-8-sig").splitlines()

    assert "1 of 3 pairs within one step, 33 %." in page
    assert "Talk about it" in page
    assert rows[0].startswith("Criterion,")
    assert rows[1] == "Finds out what the customer needs,4,4,2,1,3"
    assert len(rows) == 6


def test_an_observer_hands_in_and_changes_their_ratings(heard: Calibration, cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.bo)
    address = client.url("calibration", heard.pk)
    before = client.get(address).content.decode()
    answer = client.post(address, dict.fromkeys(CRITERIA, "3"), follow=True).content.decode()

    assert "Hand in my ratings" in before
    assert "1 – Answers before the need is clear" in before
    assert "You are in." in answer
    assert "Change my ratings" in answer
    assert client.post(address, {"need": "3"}).status_code == 422
    with within(cast.acme):
        assert Observer.objects.get(calibration=heard, member=cast.bo).rated_at is not None


def test_wording_that_many_hear_differently_is_named(cast: Cast, client_for: Clients) -> None:
    """Three contacts of three and one of two: 3 + 3 + 3 + 1 = 10 pairs, of which the last alone agrees."""
    with within(cast.acme):
        for observers in [[cast.cleo, cast.max, cast.bo]] * 3:
            contact = start(cast.sol, observers)
            for member, score in zip(observers, (1, 3, 5), strict=True):
                give(contact, member, score)
    client = client_for(cast.cleo)
    assert "Words to look at" not in client.get(client.url("calibrations")).content.decode()
    with within(cast.acme):
        contact = start(cast.sol, [cast.cleo, cast.max])
        for member in (cast.cleo, cast.max):
            give(contact, member, 3)

    page = client.get(client.url("calibrations")).content.decode()

    assert "Words to look at" in page
    assert "1 of 10 pairs agree" in page


def test_the_list_of_calibrations_takes_as_many_queries_at_thirty(
    cast: Cast, client_for: Clients, count_queries: Callable[..., list[str]]
) -> None:
    client = client_for(cast.cleo)
    one = count_queries(lambda: client.get(client.url("calibrations")))
    with within(cast.acme):
        for _ in range(29):
            start(cast.sol, [cast.cleo, cast.max])

    assert len(count_queries(lambda: client.get(client.url("calibrations")))) == len(one)
