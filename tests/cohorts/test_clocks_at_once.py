"""Clocks that several hands move at the same moment, each on a connection of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from threading import Barrier, Event
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from cohorts.curriculum.actions.drafts import copy_curriculum, discard_draft, import_draft
from cohorts.curriculum.actions.versions import move_cohort
from cohorts.curriculum.rows import read
from cohorts.enrolment.actions import enrolments
from cohorts.enrolment.actions.cohorts import CohortPlan, change_cohort, open_cohort, set_sending
from cohorts.enrolment.current import take_turns
from cohorts.models import Clock, Cohort, CurriculumVersion, Enrolment, MilestoneDate, Nudge, Organisation
from cohorts.models.cohort import Cadence
from cohorts.nudges import planner
from cohorts.nudges.planner import claim_due, plan_again, plan_unplanned
from cohorts.people.actions.intakes import ImportContext, add_person
from cohorts.people.imports.file import PersonRow
from cohorts.schedule.actions import move_milestone
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)  # 9:00 in Oslo, the cast's hour
EARLIER = MORNING - timedelta(hours=3)


@contextmanager
def hands() -> Iterator[Callable[[Callable[[], object]], Future]]:
    """`begin(call)` runs it on a thread with its own connection."""

    def run(call: Callable[[], object]) -> object:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        yield lambda call: pool.submit(run, call)


def wait_for_a_lock() -> None:
    """Until somebody stands in line for a lock in this database."""
    until = monotonic() + 10
    while monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN"
                " (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.01)
    raise AssertionError("nobody waits")


def meet(organisation: Organisation, first: Callable[[], object], second: Callable[[], object]) -> None:
    """The second begins when the first is done but not committed, and comes to wait for it."""
    is_done, may_commit = Event(), Event()

    def begun() -> None:
        with within(organisation):
            first()
            is_done.set()
            may_commit.wait(10)

    def waiting() -> None:
        with within(organisation):
            second()

    with hands() as begin:
        one = begin(begun)
        assert is_done.wait(10)
        other = begin(waiting)
        wait_for_a_lock()
        may_commit.set()
        one.result(20), other.result(20)


def planned(cast: Cast) -> Organisation:
    with within(cast.acme):
        plan_again(list(Clock.objects.values_list("enrolment_id", flat=True)), now=EARLIER)
    return cast.acme


def test_planning_after_a_lock_wait_uses_the_new_values(cast: Cast) -> None:
    """A leader turns the dial to resting while an admin's change is waiting for the same clock."""
    acme, ada = planned(cast), cast.enrolment(cast.ada)
    is_turned, may_commit = Event(), Event()

    def turn() -> None:
        with within(acme):
            Clock.objects.filter(enrolment=ada).update(last_on=date(2026, 3, 10))
            enrolments.set_cadence(enrolment=ada, cadence=Cadence.RESTING, until=None, now=EARLIER)
            is_turned.set()
            may_commit.wait(10)

    def replan() -> None:
        with within(acme):
            plan_again([ada.pk], now=EARLIER)

    with hands() as begin:
        turning = begin(turn)
        is_turned.wait(10)
        replanning = begin(replan)
        wait_for_a_lock()
        may_commit.set()
        turning.result(20), replanning.result(20)

    with within(acme):
        assert Clock.objects.get(enrolment=ada).next_on >= date(2026, 3, 17)


def test_the_kill_switch_and_a_leaders_change_do_not_block_each_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme, ada = planned(cast), cast.enrolment(cast.ada)
    is_written = Event()

    def late(ids: list[int], *, now: datetime) -> None:
        """The leader's change is in the trail; now the switch comes, and only then the clock is planned."""
        is_written.set()
        sleep(0.5)
        planner.plan_again(ids, now=now)

    monkeypatch.setattr(enrolments, "plan_again", late)

    def change() -> None:
        with within(acme):
            enrolments.change_schedule(
                enrolment=ada,
                zone=ZoneInfo("Europe/Oslo"),
                nudge_hour=time(15),
                working_days=[1, 2, 3, 4, 5],
                by=cast.ada,
                now=EARLIER,
            )

    def switch() -> None:
        with within(acme):
            set_sending(cohort=Cohort.objects.get(), is_on=False, by=cast.hana, now=EARLIER)

    with hands() as begin:
        changing = begin(change)
        is_written.wait(10)
        switching = begin(switch)
        changing.result(20), switching.result(20)

    with within(acme):
        clock = Clock.objects.get(enrolment=ada)
        assert (clock.is_held, clock.next_at) == (True, datetime(2026, 3, 11, 14, 0, tzinfo=UTC))


def test_eight_planners_claim_each_clock_once(cast: Cast) -> None:
    acme, house = cast.acme, cast.houses["acme"]
    with within(acme):
        for number in range(60):
            leader = make.MembershipFactory(name=f"L {number}", roles=["leader"])
            Clock.objects.create(enrolment=make.EnrolmentFactory(cohort=house.cohort, leader=leader))
    planned(cast)
    together = Barrier(8)

    def claim() -> int:
        together.wait(10)
        return sum(sum(claim_due(now=MORNING, limit=7).values()) for _ in range(12))

    with hands() as begin:
        claimed = [each.result(60) for each in [begin(claim) for _ in range(8)]]

    with within(acme):
        assert sum(claimed) == 64
        assert Nudge.objects.filter(due_at=MORNING).count() == 128


def in_one_heap(acme: Organisation, ids: list[int], now: datetime) -> None:
    """Plan anew, sweep and claim, over and over, all at the same time."""

    def inside(call: Callable[[], object]) -> None:
        for _ in range(10):
            with within(acme):
                call()

    def claim() -> None:
        for _ in range(5):
            claim_due(now=now, limit=2)

    replan, sweep = partial(plan_again, ids, now=now), partial(plan_unplanned, now=now)
    with hands() as begin:
        for each in [begin(call) for call in (partial(inside, replan), partial(inside, sweep), claim, claim)]:
            each.result(60)
    claim_due(now=now)
    with within(acme):
        plan_unplanned(now=now)


def test_a_claim_is_never_lost_to_a_change_of_plan(cast: Cast) -> None:
    """Each date has one card, and each step comes once, in order."""
    acme = planned(cast)
    with within(acme):
        ids = list(Clock.objects.values_list("enrolment_id", flat=True))

    for day in range(4):
        in_one_heap(acme, ids, MORNING + timedelta(days=day))

    with within(acme):
        cards = Nudge.objects.filter(enrolment=cast.enrolment(cast.ada), channel="app", on__gte=MORNING.date())
        found = list(cards.order_by("on").values_list("on__day", "step__day", "state"))
    assert found == [(11, 1, "sent"), (12, 2, "sent"), (13, 3, "sent")]


def newer_version(cast: Cast, number: int = 2) -> CurriculumVersion:
    """Version 1 again, but for a new first step."""
    old = cast.houses["acme"].version
    with within(cast.acme):
        version = make.CurriculumVersionFactory(curriculum=old.curriculum, number=number)
        make.StepFactory(version=version, day=1, key="first-of-all")
        for step in old.steps.exclude(day=1):
            make.StepFactory(version=version, day=step.day, kind=step.kind, key=step.key, text=step.text)
    return version


def move(cast: Cast, version: CurriculumVersion) -> None:
    move_cohort(cohort=Cohort.objects.get(), version=version, by=cast.hana, now=EARLIER)


def test_the_second_of_two_moves_is_refused(cast: Cast) -> None:
    acme, second, third = planned(cast), newer_version(cast, 2), newer_version(cast, 3)

    with pytest.raises(NotNow):
        meet(acme, lambda: move(cast, third), lambda: move(cast, second))

    with within(acme):
        assert Cohort.objects.get().version_id == third.pk


@pytest.mark.parametrize("is_known", [True, False])
def test_files_come_in_while_the_draft_they_replace_is_discarded(cast: Cast, *, is_known: bool) -> None:
    """Of a curriculum that goes with its only draft, and of one that stays."""
    acme = cast.acme
    with within(acme):
        slug = cast.houses["acme"].version.curriculum.slug if is_known else "brand-new"
        content = replace(read(), slug=slug)
        draft = import_draft(content=content, replaces=True, by=cast.hana, now=NOW)

    def discard() -> None:
        discard_draft(version=draft, by=cast.hana, now=NOW)

    def come_in() -> None:
        import_draft(content=content, replaces=True, by=cast.hana, now=NOW)

    meet(acme, discard, come_in)

    with within(acme):
        assert CurriculumVersion.objects.get(curriculum__slug=slug, published_at=None).pk != draft.pk


def test_of_two_copies_of_one_name_the_second_is_refused(cast: Cast) -> None:
    def copy() -> None:
        version = CurriculumVersion.objects.get(published_at__isnull=False)
        copy_curriculum(version=version, slug="twice", titles={"en": "Twice", "nb": "To"}, by=cast.hana, now=NOW)

    with pytest.raises(NotNow):
        meet(cast.acme, copy, copy)


def join(cast: Cast, cohort: Cohort) -> None:
    row = PersonRow(name="Nell New", email="nell@acme.test", role="leader")
    at = ImportContext(cast.acme, cohort, cast.hana, EARLIER.date(), EARLIER)
    assert not add_person(row=row, at=at).problems


@pytest.mark.parametrize("is_first", [True, False])
def test_joining_during_a_move_gets_the_new_version(cast: Cast, *, is_first: bool) -> None:
    acme, newer = planned(cast), newer_version(cast)
    with within(acme):
        cohort = Cohort.objects.get()
    calls = [lambda: move(cast, newer), lambda: join(cast, cohort)]

    meet(acme, *(reversed(calls) if is_first else calls))

    with within(acme):
        clock = Clock.objects.get(enrolment__leader__name="Nell New")
        assert clock.next_step.version_id == newer.pk


def test_joining_while_sending_is_off_is_held(cast: Cast) -> None:
    acme = planned(cast)
    with within(acme):
        cohort = Cohort.objects.get()

    meet(
        acme,
        lambda: set_sending(cohort=cohort, is_on=False, by=cast.hana, now=EARLIER),
        lambda: join(cast, cohort),
    )

    with within(acme):
        assert Clock.objects.get(enrolment__leader__name="Nell New").is_held


def test_a_meeting_gets_its_date_while_its_cohort_moves(cast: Cast) -> None:
    acme, newer = planned(cast), newer_version(cast)
    on = date(2026, 3, 20)

    meet(
        acme,
        lambda: move_milestone(cohort=Cohort.objects.get(), key="kick-off", on=on, by=cast.hana, now=EARLIER),
        lambda: move(cast, newer),
    )

    with within(acme):
        assert MilestoneDate.objects.get(key="kick-off").on == on
        assert Cohort.objects.get().version_id == newer.pk


def test_a_leaders_dial_is_turned_while_their_nudge_is_made(cast: Cast) -> None:
    acme, ada = planned(cast), cast.enrolment(cast.ada)

    def turn() -> None:
        take_turns(ada)
        enrolments.set_cadence(enrolment=ada, cadence=Cadence.RESTING, until=None, now=MORNING)

    meet(acme, lambda: claim_due(now=MORNING), turn)

    with within(acme):
        assert Nudge.objects.filter(enrolment=ada, on=MORNING.date(), channel="app").count() == 1
        assert Clock.objects.get(enrolment=ada).next_on >= date(2026, 3, 18)


def test_a_move_among_everything_else_loses_no_clock_and_doubles_no_date(cast: Cast) -> None:
    acme, newer = planned(cast), newer_version(cast)
    with within(acme):
        ids = list(Enrolment.objects.values_list("pk", flat=True))

    def switch() -> None:
        for is_on in (False, True):
            with within(acme):
                set_sending(cohort=Cohort.objects.get(), is_on=is_on, by=cast.hana, now=MORNING)

    def moving() -> None:
        with within(acme):
            move(cast, newer)

    with hands() as begin:
        for each in [begin(call) for call in (switch, moving, partial(in_one_heap, acme, ids, MORNING))]:
            each.result(60)
    claim_due(now=MORNING)

    with within(acme):
        plan_unplanned(now=MORNING)
        clocks = list(Clock.objects.select_related("next_step"))
        dates = list(Nudge.objects.filter(channel="app").values_list("enrolment_id", "on"))
    assert {clock.next_step.version_id for clock in clocks} == {newer.pk}
    assert len(dates) == len(set(dates))


def test_two_admins_cannot_give_the_same_name_at_once(cast: Cast) -> None:
    acme = cast.acme
    with within(acme):
        cohort = Cohort.objects.get()
        plan = CohortPlan(**{name: getattr(cohort, name) for name in CohortPlan.__slots__})
    plan = replace(plan, name="Autumn")

    def second() -> None:
        with pytest.raises(Invalid, match="Another cohort already has this name"):
            change_cohort(cohort=cohort, plan=plan, by=cast.olav, now=EARLIER)

    meet(acme, lambda: open_cohort(plan=plan, by=cast.hana, now=EARLIER), second)
