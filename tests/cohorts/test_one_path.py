"""A leader walks one path at a time: the clock says whether they still walk, and PostgreSQL has the last word."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from cohorts.enrolment.actions.enrolments import come_back, leave, pause
from cohorts.enrolment.roster import roster_of
from cohorts.enrolment.status import Key
from cohorts.models import Clock, Cohort, Enrolment
from cohorts.nudges.planner import plan_again, start_clocks
from cohorts.people.actions.intakes import ImportContext, add_person, confirm_intake, plan_upload, upload_intake
from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.plan import Happens
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from programme.sponsor.overview import overview_of
from tests import factories as make
from tests.times import NOW, TODAY

LATER = date(2026, 6, 15)  # more than ninety calendar days after the cast's day 1


@pytest.fixture
def second(cast, acme) -> Cohort:
    with within(acme):
        return make.CohortFactory(name="Summer", version=cast.house_of(acme).version, day1_on=LATER + timedelta(days=7))


def doorway(cast, cohort: Cohort, today: date = LATER) -> ImportContext:
    now = datetime.combine(today, NOW.timetz())
    return ImportContext(organisation=cast.acme, cohort=cohort, by=cast.hana, today=today, now=now)


def add_by_hand(cast, cohort: Cohort, today: date = LATER):
    row = PersonRow(number=1, name="Ada Acme", email="ada@acme.test")
    return add_person(row=row, at=doorway(cast, cohort, today))


def finish(enrolment: Enrolment) -> None:
    Clock.objects.filter(enrolment=enrolment).update(is_finished=True, next_at=None)


def test_paused_leader_is_refused_a_second_cohort_after_ninety_calendar_days(cast, acme, second):
    """The cast's clocks are not finished; the pause is what keeps a path open for longer than the calendar says."""
    with within(acme):
        ada = cast.enrolment(cast.ada)
        days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=76), "today": TODAY}
        pause(cohort=ada.cohort, enrolment=ada, by=cast.hana, now=NOW, **days)

        by_hand = add_by_hand(cast, second)
        intake = upload_intake(
            cohort=second,
            file=BytesIO(b"Name;E-mail\nAda Acme;ada@acme.test"),
            file_name="a.csv",
            by=cast.hana,
            now=NOW,
        )
        uploaded = plan_upload(intake, organisation=acme).outcomes[0]

        for outcome in (by_hand, uploaded):
            assert outcome.happens == Happens.LEFT_OUT
            assert [problem.sentence for problem in outcome.problems] == [
                "They are already on their way in the cohort Acme spring."
            ]
        assert not second.enrolments.exists()


def test_leader_of_a_cohort_whose_sending_is_off_still_walks(cast, acme, second):
    with within(acme):
        Clock.objects.filter(enrolment=cast.enrolment(cast.ada)).update(is_held=True)

        assert add_by_hand(cast, second).happens == Happens.LEFT_OUT


def test_leader_with_a_finished_path_joins_another_cohort_at_once(cast, acme, second):
    """Within ninety calendar days, too: only the clock is asked."""
    with within(acme):
        finish(cast.enrolment(cast.ada))

        assert add_by_hand(cast, second, TODAY).happens == Happens.JOINS
        assert Enrolment.objects.walking().get(leader=cast.ada).cohort_id == second.pk


def test_leader_who_left_joins_another_cohort_and_cannot_come_back_meanwhile(cast, acme, second):
    with within(acme):
        ada = Enrolment.objects.get(pk=cast.enrolment(cast.ada).pk)
        leave(enrolment=ada, on=TODAY, by=cast.hana, now=NOW)
        assert add_by_hand(cast, second, TODAY).happens == Happens.JOINS

        with pytest.raises(NotNow, match="already on their way in the cohort Summer"):
            come_back(enrolment=ada, by=cast.hana, now=NOW)

        assert Enrolment.objects.walking().filter(leader=cast.ada).count() == 1


def test_finished_path_does_not_start_again_beside_another(cast, acme, second):
    """A schedule change or a move to a longer version asks the path again; the leader is elsewhere by then."""
    with within(acme):
        ada = cast.enrolment(cast.ada)
        finish(ada)
        add_by_hand(cast, second, TODAY)

        plan_again([ada.pk], now=NOW)

        assert Clock.objects.get(enrolment=ada).is_finished


def test_finished_path_starts_again_when_there_is_no_other(cast, acme):
    with within(acme):
        ada = cast.enrolment(cast.ada)
        finish(ada)

        plan_again([ada.pk], now=NOW)

        assert not Clock.objects.get(enrolment=ada).is_finished


@pytest.mark.parametrize("way", ["new", "again"])
def test_postgresql_refuses_a_second_running_clock(cast, acme, second, way):
    with within(acme):
        elsewhere = make.EnrolmentFactory(cohort=second, leader=cast.ada)
        clock = make.ClockFactory.build(enrolment=elsewhere, is_finished=way == "again")
        if way == "again":
            clock.save()
            clock.is_finished = False

        with pytest.raises(IntegrityError, match="one path at a time"), transaction.atomic():
            clock.save()


@pytest.mark.django_db(transaction=True)
def test_two_transactions_at_once_start_one_path(cast, acme, second):
    """Past every check of ours: each starts a clock of its own for the same leader."""
    with within(acme):
        finish(cast.enrolment(cast.ada))
        third = make.CohortFactory(name="Autumn", version=cast.house_of(acme).version, day1_on=LATER)
    barrier = Barrier(2)

    def start(cohort: Cohort) -> str:
        try:
            with within(acme):
                enrolment = make.EnrolmentFactory(cohort=cohort, leader=cast.ada)
                barrier.wait()
                start_clocks({enrolment.pk: enrolment}, organisation=acme, now=NOW)
        except IntegrityError:
            return "refused"
        finally:
            connection.close()
        return "started"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(start, [second, third])) == ["refused", "started"]
    with within(acme):
        assert Enrolment.objects.walking().filter(leader=cast.ada).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_let_a_leader_into_one_cohort(cast, acme, second):
    with within(acme):
        finish(cast.enrolment(cast.ada))
        third = make.CohortFactory(name="Autumn", version=cast.house_of(acme).version, day1_on=LATER)
    barrier = Barrier(2)

    def join(cohort: Cohort) -> Happens:
        barrier.wait()
        try:
            with within(acme):
                return add_by_hand(cast, cohort).happens
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(join, [second, third])) == [Happens.JOINS, Happens.LEFT_OUT]


def test_case_double_walk_is_refused_in_january(acme, cast):
    """shared/cases/double-walk-steps.txt: day 1 on 12 October, away from 30 November to 14 February."""
    with within(acme):
        house = cast.house_of(acme)
        first = make.CohortFactory(name="A", version=house.version, day1_on=date(2026, 10, 12))
        other = make.CohortFactory(name="B", version=house.version, day1_on=date(2027, 1, 18))
        leader = make.MembershipFactory(name="Per Bø", person__email="per@acme.test")
        enrolment = make.EnrolmentFactory(cohort=first, leader=leader)
        start_clocks({enrolment.pk: enrolment}, organisation=acme, now=datetime(2026, 10, 1, 8, tzinfo=UTC))
        pause(
            cohort=first,
            enrolment=enrolment,
            starts_on=date(2026, 11, 30),
            ends_on=date(2027, 2, 14),
            today=date(2026, 11, 20),
            by=cast.hana,
            now=datetime(2026, 11, 20, 8, tzinfo=UTC),
        )
        at = doorway(cast, other, date(2027, 1, 11))
        data = b"Name;E-mail\nPer B\xc3\xb8;per@acme.test"
        intake = upload_intake(cohort=other, file=BytesIO(data), file_name="b.csv", by=cast.hana, now=at.now)
        plan = plan_upload(intake, organisation=acme)
        confirm_intake(intake=intake, fingerprint=plan.fingerprint, at=at)

        assert plan.counts == {"left_out": 1}
        assert Enrolment.objects.walking().filter(leader=leader).count() == 1


def test_leader_past_day_ninety_with_steps_to_come_is_not_done(acme, cast):
    """Few working days or a light dial carry core steps past day 90; the sponsor still follows along."""
    with within(acme):
        ada = cast.enrolment(cast.ada)
        now = datetime.combine(ada.day1_on + timedelta(days=120), NOW.timetz())
        Clock.objects.filter(enrolment=ada).update(next_on=now.date(), next_at=now)
        (walking,) = overview_of(cast.sol, organisation=acme, now=now, language="en").lines
        (line,) = [line for line in roster_of(ada.cohort, acme, now) if line.leader_id == cast.ada.pk]
        assert (walking.is_done, line.status.key == Key.DONE) == (False, False)

        Clock.objects.filter(enrolment=ada).update(is_finished=True, next_on=None, next_at=None)
        (over,) = overview_of(cast.sol, organisation=acme, now=now, language="en").lines
        (line,) = [line for line in roster_of(ada.cohort, acme, now) if line.leader_id == cast.ada.pk]
        assert (over.is_done, line.status.key) == (True, Key.DONE)
