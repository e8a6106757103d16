"""The next talks on the pages of the two."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from coaching.calendars.coming import coming_sessions, leader_sessions, sessions_of_leader
from coaching.models import Session
from cohorts.enrolment.current import own_clock
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OSLO = ZoneInfo("Europe/Oslo")


def test_each_of_the_two_sees_the_other_and_nobody_else_sees_it(cast: Cast) -> None:
    with within(cast.acme):
        seen = {
            member.first_name: [each.name for each in coming_sessions(member, NOW)]
            for member in (cast.ada, cast.sol, cast.cleo, cast.hana, cast.mia)
        }

    assert seen == {
        "Ada": ["Sol Acme", "Cleo Acme"],
        "Sol": ["Ada Acme"],
        "Cleo": ["Ada Acme"],
        "Hana": [],
        "Mia": [],
    }


def test_only_planned_talks_of_the_next_seven_days_are_coming(cast: Cast) -> None:
    with within(cast.acme):
        session = Session.objects.get(pairing__partner=cast.sol, state="planned")
        for starts_at, state, expected in [
            (NOW + DAY, "planned", 1),
            (NOW + DAY, "cancelled", 0),
            (NOW + 8 * DAY, "planned", 0),
            (NOW - timedelta(minutes=20), "planned", 1),
            (NOW - timedelta(hours=2), "planned", 0),
        ]:
            Session.objects.filter(pk=session.pk).update(starts_at=starts_at, state=state)
            assert len(coming_sessions(cast.sol, NOW)) == expected


def test_the_clock_brings_a_leader_the_same_talks(cast: Cast) -> None:
    with within(cast.acme):
        clock = own_clock(cast.ada, sessions=sessions_of_leader(now=NOW))
        assert clock is not None
        assert leader_sessions(clock.sessions, OSLO) == coming_sessions(cast.ada, NOW)


def test_coming_talks_are_one_query(cast: Cast, count_queries: Callable[..., list[str]]) -> None:
    with within(cast.acme):
        pairing = make.PairingFactory(kind="mentor", leader=cast.ada, partner=cast.max)
        make.SessionFactory.create_batch(20, pairing=pairing)
        assert len(count_queries(lambda: coming_sessions(cast.ada, NOW))) == 1


@pytest.mark.parametrize(("language", "line"), [("en", "1:1 with Sol Acme"), ("nb", "Samtale med Sol Acme")])
def test_today_shows_the_next_talk_and_how_much_is_open(
    cast: Cast, client_for: Callable, language: str, line: str
) -> None:
    cast.ada.person.language = language
    cast.ada.person.save()
    with within(cast.acme):
        session = Session.objects.get(pairing__leader=cast.ada, pairing__partner=cast.sol, state="planned")
    client = client_for(cast.ada)

    page = client.get(client.url("today")).content.decode()

    assert line in page
    assert client.url("session", session.pk) in page
    assert "bait sponsor ada" not in page
