"""The forecast against the engine: a thousand generated lives, two days played, the same step, time and reason."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from django.db import connection

from cohorts.enrolment.going_out import standing_of
from cohorts.models import Clock, Cohort, Enrolment, Membership, Nudge, Organisation, Pause, Person, Step
from cohorts.nudges.engine import claims, deliver
from cohorts.nudges.forecast import Forecast, Stopped, forecast
from cohorts.nudges.planner import plan_again
from cohorts.schedule.calendars import pauses_by_enrolment
from cohorts.schedule.path import Rest
from cohorts.tenancy.wall import within
from tests import factories as make

pytestmark = pytest.mark.django_db

LIVES = 1000
NOW = datetime(2026, 4, 30, 10, 20, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 4, 30), date(2026, 5, 1)  # tomorrow is a public holiday in Norway
TICK = timedelta(minutes=15)  # every hour and zone below lies on one
LAST_TICK = datetime(2026, 5, 2, 12, tzinfo=UTC)  # tomorrow is over everywhere
ZONES = ["Europe/Oslo"] * 4 + ["Pacific/Auckland", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"]
HOURS = [time(9)] * 3 + [time(6), time(12, 30), time(20, 45), time(15, 15), time(0), time(23, 30)]


@pytest.fixture
def lives() -> Organisation:
    """Two cohorts, one with sending off, of leaders anywhere on their path; some clocks are late or unplanned."""
    dice = Random(20260430)
    organisation = make.OrganisationFactory(quiet_from=time(21), quiet_until=time(6))
    with within(organisation):
        version = make.CurriculumVersionFactory()
        steps = [
            Step(
                version=version,
                key=f"step-{day}",
                day=day,
                kind="extra" if day % 7 in (6, 0) else "core",
                cadence=day % 4 if day % 7 in (6, 0) else 0,
                minutes=3,
                theme="presence",
                behaviour=dice.choice(["clear", "encouraging"]),
                text=make.texts("title", "why", "practice", "question", about=f"Day {day}"),
            )
            for day in range(1, 91)
            if day % 7 != 3
        ]
        Step.objects.bulk_create(steps)
        sending = [make.CohortFactory(version=version, holidays=country) for country in ("NO", "", "")]
        held = make.CohortFactory(version=version, is_sending=False)
        people = Person.objects.bulk_create(
            [Person(email=f"leader-{n}@lives.test", password="!") for n in range(LIVES)]
        )
        members = Membership.objects.bulk_create(
            [Membership(person=person, name=f"Leader {n}", roles=["leader"]) for n, person in enumerate(people)]
        )
        enrolments = Enrolment.objects.bulk_create(
            [_enrolment(dice, member, held if dice.random() < 0.05 else dice.choice(sending)) for member in members]
        )
        Pause.objects.bulk_create(_pause(dice, each.cohort, each) for each in enrolments if dice.random() < 0.2)
        Pause.objects.create(cohort=sending[2], starts_on=TOMORROW, ends_on=TOMORROW + timedelta(days=3))
        Clock.objects.bulk_create(_clock(dice, each) for each in enrolments)
        plan_again([each.pk for each in enrolments], now=NOW - timedelta(days=dice.randint(0, 2)))
        _trouble(dice, enrolments)
    return organisation


def _enrolment(dice: Random, member: Membership, cohort: Cohort) -> Enrolment:
    rota = (dice.randint(1, 6), dice.randint(1, 6), TOMORROW - timedelta(days=dice.randint(0, 60)))
    on, off, starts = rota if dice.random() < 0.3 else (None, None, None)
    return Enrolment(
        cohort=cohort,
        leader=member,
        day1_on=TOMORROW - timedelta(days=dice.choice([-3, -1, 0, 1, 20, 45, 89, 110])),
        zone=dice.choice(ZONES),
        nudge_hour=dice.choice(HOURS),
        working_days=sorted(dice.sample(range(1, 8), dice.choice([3, 5, 7]))),
        rota_on=on,
        rota_off=off,
        rota_from=starts,
        channels=["app"] if dice.random() < 0.15 else ["app", "mail"],
        cadence=dice.choice([0, 1, 2, 2, 2, 3]),
        cadence_until=dice.choice([None, None, TOMORROW - timedelta(days=1), TOMORROW]),
        chosen_behaviours=["clear"] if dice.random() < 0.3 else [],
    )


def _pause(dice: Random, cohort: Cohort, enrolment: Enrolment) -> Pause:
    starts_on = TOMORROW + timedelta(days=dice.randint(-12, 4))
    return Pause(
        cohort=cohort, enrolment=enrolment, starts_on=starts_on, ends_on=starts_on + timedelta(days=dice.randint(0, 9))
    )


def _clock(dice: Random, enrolment: Enrolment) -> Clock:
    passed = max(0, (TOMORROW - enrolment.day1_on).days)
    core = max(0, passed - dice.choice([0, 0, 1, 4]))
    is_new = core == 0
    return Clock(
        enrolment=enrolment,
        channels=enrolment.channels,
        is_held=not enrolment.cohort.is_sending,
        last_core_day=core,
        last_extra_day=max(0, core - dice.randint(0, 9)),
        last_on=None if is_new else TOMORROW - timedelta(days=dice.choice([2, 2, 3, 6])),
    )


def _trouble(dice: Random, enrolments: list[Enrolment]) -> None:
    """A few are suspended, cut off by a crash, late by some hours, or have logged something tomorrow where it is so."""
    for each in dice.sample(enrolments, 40):
        Clock.objects.filter(enrolment=each).update(is_held=True)
        Membership.objects.filter(pk=each.leader_id).update(suspended_at=NOW)
    for each in dice.sample(enrolments, 60):
        Clock.objects.filter(enrolment=each, is_finished=False).update(next_at=None)
    late = Clock.objects.filter(enrolment__in=dice.sample(enrolments, 120), next_at__lt=NOW + timedelta(days=1))
    for clock in late:
        clock.next_at = NOW - timedelta(hours=dice.choice([1, 5, 6, 7, 30]))
        clock.next_on = min(clock.next_on, clock.next_at.date())
        clock.save(update_fields=["next_at", "next_on"])
    for each in dice.sample(enrolments, 30):
        Enrolment.objects.filter(pk=each.pk).update(last_log_on=TOMORROW)


def foretold(organisation: Organisation, on: date) -> dict[int, Forecast]:
    with within(organisation):
        clocks = list(Clock.objects.select_related("enrolment__cohort", "enrolment__leader"))
        pauses = pauses_by_enrolment([clock.enrolment for clock in clocks])
        standings = {
            each.enrolment_id: standing_of(each, organisation, pauses.get(each.enrolment_id, ())) for each in clocks
        }
    return {key: forecast(standing, on, NOW) for key, standing in standings.items()}


def analyse() -> None:
    """As autovacuum would have: without it PostgreSQL takes tables filled a moment ago for empty, and minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cohorts_nudge, cohorts_clock, cohorts_enrolment, cohorts_membership, cohorts_person")


def play(organisation: Organisation) -> None:
    """The engine, a tick every quarter of an hour, until the day is over everywhere."""
    now = NOW
    deliver(organisation.pk, now=lambda: now)  # the sweep
    while now <= LAST_TICK:
        if sum(sum(claimed.values()) for claimed in claims(now=now)):
            analyse()
            deliver(organisation.pk, now=lambda now=now: now)
        now += TICK


def as_rows(said: dict[int, Forecast]) -> dict[tuple[int, str], list[object]]:
    """What a forecast says the engine will write, by leader and channel."""
    rows: dict[tuple[int, str], list[object]] = {}
    for key, found in said.items():
        if found.due is not None:
            same = [found.due.slot.key, found.due.day, found.due.at]
            rows[key, "app"] = [*same, "sent", ""]
            if found.by_mail or found.no_mail:
                rows[key, "mail"] = [*same, "sent" if found.by_mail else "skipped", found.no_mail or ""]
    return rows


def test_the_forecast_is_what_the_engine_then_sends(lives: Organisation) -> None:
    said = {on: foretold(lives, on) for on in (TODAY, TOMORROW)}
    play(lives)

    for on, found in said.items():
        with within(lives):
            columns = ("enrolment_id", "channel", "step_id", "day", "due_at", "state", "reason")
            rows = list(Nudge.objects.filter(on=on).values_list(*columns))
        late = {key for key, channel, *_rest, reason in rows if (channel, reason) == ("app", "too_late")}
        assert {(key, channel): rest for key, channel, *rest in rows if key not in late} == as_rows(found)
        assert late == {key for key, each in found.items() if each.rest is Stopped.LATE}
    tomorrow = said[TOMORROW].values()
    assert len(tomorrow) == LIVES
    assert {each.rest for each in tomorrow} == {*Rest, Stopped.HELD, Stopped.SUSPENDED, None}
    assert {each.no_mail for each in tomorrow} == {None, "practised"}
    assert Stopped.LATE in {each.rest for each in said[TODAY].values()}
