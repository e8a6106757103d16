"""The planner: what is claimed, what is written, and where the cursor stands afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from cohorts.enrolment.actions.enrolments import change_schedule, leave, pause, prefer_behaviours, set_cadence
from cohorts.models import Clock, Nudge
from cohorts.nudges import engine
from cohorts.nudges.planner import (
    claim_due,
    hold,
    plan_again,
    plan_unplanned,
    start_clocks,
    unplanned_organisations,
)
from cohorts.tenancy.wall import Across, across_organisations, within
from cohorts.web.refusals import Invalid
from programme import tasks
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)  # 9:00 in Oslo, the cast's hour
FRIDAY = datetime(2026, 3, 13, 8, 0, tzinfo=UTC)


@pytest.fixture
def planned(cast: Cast) -> Cast:
    """Both houses with every clock set for the morning of the cast's day."""
    for organisation in (cast.acme, cast.zenith):
        with within(organisation):
            plan_again(list(Clock.objects.values_list("enrolment_id", flat=True)), now=MORNING - timedelta(hours=3))
    return cast


def nudges_of(cast: Cast, name: str) -> list[tuple[date, str, str, str]]:
    leader = getattr(cast, name)
    with within(leader.organisation_id):
        rows = Nudge.objects.filter(enrolment=cast.enrolment(leader), on__gte=TODAY).order_by("on", "channel")
        return list(rows.values_list("on", "channel", "state", "reason"))


def clock_of(cast: Cast, name: str) -> Clock:
    with within(getattr(cast, name).organisation_id):
        return Clock.objects.get(enrolment=cast.enrolment(getattr(cast, name)))


def test_a_due_clock_becomes_one_card_and_one_mail(planned: Cast) -> None:
    claimed = claim_due(now=MORNING)

    assert claimed == {planned.acme.pk: 4, planned.zenith.pk: 1}
    assert nudges_of(planned, "ada") == [(TODAY, "app", "sent", ""), (TODAY, "mail", "due", "")]


def test_nothing_is_due_a_second_earlier(planned: Cast) -> None:
    assert claim_due(now=MORNING - timedelta(seconds=1)) == {}


def test_claiming_twice_makes_nothing_twice(planned: Cast) -> None:
    claim_due(now=MORNING)

    assert claim_due(now=MORNING) == {}
    assert len(nudges_of(planned, "ada")) == 2


def test_a_clock_set_back_by_a_crash_cannot_make_a_second_card(planned: Cast) -> None:
    claim_due(now=MORNING)
    with within(planned.acme):
        Clock.objects.update(next_at=MORNING, next_on=TODAY)

    claim_due(now=MORNING)

    assert len(nudges_of(planned, "ada")) == 2


def test_too_late_is_skipped_with_its_reason_and_the_step_stays_next(planned: Cast) -> None:
    before = clock_of(planned, "ada")

    claim_due(now=MORNING + timedelta(hours=6, seconds=1))
    with within(planned.acme):
        plan_unplanned(now=MORNING + timedelta(hours=6, seconds=1))

    assert {row[2:] for row in nudges_of(planned, "ada")} == {("skipped", "too_late")}
    after = clock_of(planned, "ada")
    assert (after.next_step_id, after.next_on) == (before.next_step_id, TODAY + timedelta(days=1))


def test_the_cursor_moves_to_the_next_working_day_and_step(planned: Cast) -> None:
    first = clock_of(planned, "ada")
    claim_due(now=MORNING)
    with within(planned.acme):
        plan_unplanned(now=MORNING)

    second = clock_of(planned, "ada")

    assert (first.next_on, second.next_on) == (TODAY, TODAY + timedelta(days=1))
    assert first.next_step_day < second.next_step_day


def test_the_sweep_finds_claimed_clocks_without_a_date(planned: Cast) -> None:
    claim_due(now=MORNING)
    assert set(unplanned_organisations()) == {planned.acme.pk, planned.zenith.pk}

    for organisation in (planned.acme, planned.zenith):
        with within(organisation):
            plan_unplanned(now=MORNING)

    assert unplanned_organisations() == []


def test_a_held_clock_is_not_claimed_and_loses_nothing(planned: Cast) -> None:
    enrolment = planned.enrolment(planned.ada)
    with within(planned.acme):
        hold(cohort_id=enrolment.cohort_id, is_held=True)
    step = clock_of(planned, "ada").next_step_id

    assert claim_due(now=FRIDAY) == {planned.zenith.pk: 1}
    with within(planned.acme):
        hold(cohort_id=enrolment.cohort_id, is_held=False)
        plan_again([enrolment.pk], now=FRIDAY - timedelta(hours=1))

    released = clock_of(planned, "ada")
    assert (released.next_step_id, released.next_at) == (step, FRIDAY)


def test_a_demo_is_claimed_only_by_its_own_clock(planned: Cast) -> None:
    with within(planned.acme):
        Clock.objects.update(is_simulated=True)

    assert claim_due(now=MORNING) == {planned.zenith.pk: 1}
    assert claim_due(now=MORNING, simulated=planned.acme) == {planned.acme.pk: 4}


def test_due_at_one_instant_organisations_are_claimed_in_turn(planned: Cast) -> None:
    with within(planned.acme):
        for turn, clock in enumerate(Clock.objects.order_by("pk")):
            Clock.objects.filter(pk=clock.pk).update(turn=turn, next_at=MORNING)
    with within(planned.zenith):
        Clock.objects.update(next_at=MORNING)

    assert claim_due(now=MORNING, limit=2) == {planned.acme.pk: 1, planned.zenith.pk: 1}


def test_new_clocks_queue_behind_those_of_their_organisation(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cohorts.nudges.planner.LEADERS_IN_A_TURN", 2)
    with within(cast.acme):
        newcomers = [make.EnrolmentFactory(cohort=cast.houses["acme"].cohort) for _ in range(3)]

        start_clocks({each.pk: each for each in newcomers}, organisation=cast.acme, now=NOW)

        turns = Clock.objects.filter(enrolment__in=newcomers).order_by("pk").values_list("turn", flat=True)
        assert list(turns) == [2, 2, 3]


def test_each_claim_is_handed_out_before_the_next(planned: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "CLOCKS_PER_CLAIM", 2)
    waiting = list[int]()

    def note(organisation_ids: list[int]) -> None:
        with across_organisations(Across.PLANNER):
            waiting.append(Clock.objects.filter(next_at__lte=MORNING).count())

    monkeypatch.setattr(tasks.deliver, "delay", note)
    with time_machine.travel(MORNING):
        tasks.tick()

    assert waiting[0] == 3
    assert waiting[-1] == 0


@pytest.mark.parametrize(
    ("claimed", "messages"),
    [
        ({}, []),
        ({7: 600}, [[7]]),
        ({1: 5000, 2: 30, 3: 2500, 4: 20}, [[4, 2], [3], [1], [3], [1], [1]]),
        (dict.fromkeys(range(1, 8), 100), [[1, 2, 3, 4, 5], [6, 7]]),
        (dict.fromkeys(range(1, 53), 1), [[*range(1, 51)], [51, 52]]),
    ],
)
def test_ranges_name_organisations_in_turn(claimed: dict[int, int], messages: list[list[int]]) -> None:
    assert list(engine.ranges(claimed)) == messages


def test_the_planner_reads_clocks_and_nothing_else(planned: Cast) -> None:
    with across_organisations(Across.PLANNER):
        assert Clock.objects.count() == 5
        assert list(planned.enrolment(planned.ada).__class__.objects.all()) == []


def test_a_changed_hour_moves_only_what_is_unsent(planned: Cast) -> None:
    claim_due(now=MORNING)
    with within(planned.acme):
        plan_unplanned(now=MORNING)
        enrolment = planned.enrolment(planned.ada)
        change_schedule(
            enrolment=enrolment,
            zone=enrolment.zone,
            nudge_hour=NOW.time().replace(hour=14, minute=0),
            working_days=[1, 2, 3, 4, 5],
            by=planned.ada,
            now=NOW,
        )

    assert clock_of(planned, "ada").next_at == datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
    assert len(nudges_of(planned, "ada")) == 2


def test_a_pause_moves_the_next_date_behind_it(planned: Cast) -> None:
    enrolment = planned.enrolment(planned.ada)
    with within(planned.acme):
        pause(
            cohort=enrolment.cohort,
            enrolment=enrolment,
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=4),
            today=TODAY,
            by=planned.ada,
            now=MORNING,
        )

    assert clock_of(planned, "ada").next_on == TODAY + timedelta(days=5)


def test_light_leaves_a_day_between_nudges(planned: Cast) -> None:
    claim_due(now=MORNING)
    with within(planned.acme):
        set_cadence(enrolment=planned.enrolment(planned.ada), cadence=1, until=None, now=MORNING)

    assert clock_of(planned, "ada").next_on == TODAY + timedelta(days=2)


def test_extras_of_a_chosen_behaviour_are_planned_first(planned: Cast) -> None:
    with within(planned.acme):
        enrolment = planned.enrolment(planned.ada)
        enrolment.cohort.version = make.CurriculumVersionFactory(curriculum__slug="choices", published_at=None)
        enrolment.cohort.save()
        for day, behaviour in ((8, "initiative"), (9, "encouraging"), (10, "clear")):
            make.StepFactory(version=enrolment.cohort.version, day=day, kind="extra", behaviour=behaviour)
        plan_again([enrolment.pk], now=MORNING)
        before = clock_of(planned, "ada")
        prefer_behaviours(enrolment=enrolment, behaviours=["encouraging", "clear"], now=MORNING)
        with pytest.raises(Invalid):
            prefer_behaviours(enrolment=enrolment, behaviours=["charming"], now=MORNING)

    assert (before.next_step_day, before.is_next_core) == (8, False)
    assert clock_of(planned, "ada").next_step_day == 9


def test_a_leader_who_left_is_never_due(planned: Cast) -> None:
    with within(planned.acme):
        leave(enrolment=planned.enrolment(planned.ada), on=TODAY, by=planned.hana, now=MORNING)

    assert claim_due(now=FRIDAY)[planned.acme.pk] == 3
    assert clock_of(planned, "ada").is_finished
