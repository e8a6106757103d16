"""One turn of coaching: every step by itself, again without harm, and cheap when nothing is due."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from coaching import engine
from coaching.calendars import clock as alarm
from coaching.models import CoachingClock, CoachingMail, Pairing, PairingKind, Reminder
from cohorts.models import Enrolment, Membership
from cohorts.tenancy.wall import within
from programme.tasks import coaching, plan_coaching
from tests.cast import Cast
from tests.times import NOW

pytestmark = pytest.mark.django_db


def sponsors(cast: Cast) -> dict[str, str]:
    with within(cast.acme):
        active = Pairing.objects.active().filter(kind=PairingKind.SPONSOR)
        return {each.leader.first_name: each.partner.first_name for each in active.select_related("leader", "partner")}


def test_a_turn_follows_a_change_of_sponsor(cast: Cast) -> None:
    assert sponsors(cast)["Ada"] == "Sol"
    with within(cast.acme):
        Enrolment.objects.filter(leader=cast.ada).update(sponsor=cast.max)

    engine.turn(cast.acme, now=NOW)

    assert sponsors(cast)["Ada"] == "Max"


def test_a_turn_moves_due_dates_that_days_away_have_moved(cast: Cast) -> None:
    with within(cast.acme):
        Pairing.objects.update(due_on=None)

    engine.turn(cast.acme, now=NOW)

    with within(cast.acme):
        assert not Pairing.objects.active().filter(due_on=None).exists()


def test_two_turns_do_as_much_as_one(cast: Cast) -> None:
    engine.turn(cast.acme, now=NOW + timedelta(days=8))
    with within(cast.acme):
        once = [list(model.objects.order_by("pk").values()) for model in (Pairing, CoachingMail, Reminder)]
    assert all(once)

    engine.turn(cast.acme, now=NOW + timedelta(days=8))

    with within(cast.acme):
        again = [list(model.objects.order_by("pk").values()) for model in (Pairing, CoachingMail, Reminder)]
    assert again == once


def test_a_step_that_fails_stops_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(organisation: object, *, now: object) -> None:
        Membership.objects.update(name="half done")
        raise ValueError

    def broken_alone(organisation: object, *, now: object) -> None:
        raise ValueError

    done: list[str] = []

    def last(organisation: object, *, now: object) -> None:
        done.append("last")

    monkeypatch.setattr(engine, "STEPS", (broken, *engine.STEPS))
    monkeypatch.setattr(engine, "LONG_STEPS", (broken_alone, last))
    with within(cast.acme):
        Enrolment.objects.filter(leader=cast.ada).update(sponsor=cast.max)

    engine.turn(cast.acme, now=NOW)

    assert (sponsors(cast)["Ada"], done) == ("Max", ["last"])
    with within(cast.acme):
        assert not Membership.objects.filter(name="half done").exists()


def test_a_quiet_minute_is_one_question(cast: Cast, count_queries: Callable[..., list[str]]) -> None:
    statements = count_queries(lambda: alarm.due_organisations(now=NOW))

    assert len(statements) == 1
    assert "coaching_coachingclock" in statements[0]


def test_the_earliest_alarm_counts_and_one_turn_stops_it(cast: Cast) -> None:
    with within(cast.acme):
        alarm.wake(NOW + timedelta(hours=2))
        alarm.wake(NOW + timedelta(hours=1))
        alarm.wake(NOW + timedelta(hours=3))
    assert alarm.due_organisations(now=NOW + timedelta(minutes=59)) == []
    assert alarm.due_organisations(now=NOW + timedelta(hours=1)) == [cast.acme.pk]

    engine.turn(cast.acme, now=NOW + timedelta(hours=1))

    assert alarm.due_organisations(now=NOW + timedelta(hours=9)) == []


def test_an_organisation_without_a_clock_gets_one(cast: Cast) -> None:
    with within(cast.acme):
        CoachingClock.objects.all().delete()
        alarm.wake(NOW)

    assert alarm.due_organisations(now=NOW) == [cast.acme.pk]


def test_the_minute_turns_who_is_due_and_ten_minutes_everybody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    turned: list[int] = []
    monkeypatch.setattr("programme.tasks.turn_coaching.delay", turned.append)
    with within(cast.zenith):
        alarm.wake(NOW)

    coaching()
    assert turned == [cast.zenith.pk]

    plan_coaching()
    assert sorted(turned[1:]) == sorted([cast.acme.pk, cast.zenith.pk])
