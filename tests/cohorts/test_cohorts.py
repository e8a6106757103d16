from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cohorts.enrolment.actions.cohorts import CohortPlan, change_cohort, open_cohort, set_sending
from cohorts.models import AuditEntry, Clock, Cohort, Enrolment, Nudge
from cohorts.nudges.planner import claim_due, plan_again
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow
from tests import factories as make
from tests.times import DAY_1, NOW, TODAY


@pytest.fixture
def plan(cast, acme):
    return CohortPlan(
        name="Autumn",
        version=cast.house_of(acme).version,
        classroom_ends_on=TODAY,
        day1_on=TODAY + timedelta(days=5),
        zone=ZoneInfo("Europe/Oslo"),
        nudge_hour=time(9),
        working_days=[1, 2, 3, 4, 5],
        holidays="NO",
    )


@pytest.fixture
def walking(cast, acme):
    """Acme's cohort with every clock set, and no nudge out yet."""
    with within(acme):
        Nudge.objects.all().delete()
        plan_again(list(Enrolment.objects.values_list("pk", flat=True)), now=NOW)
    return cast.house_of(acme).cohort


def as_plan(cohort):
    return CohortPlan(**{name: getattr(cohort, name) for name in CohortPlan.__slots__})


def test_a_cohort_is_opened_with_its_settings(plan, cast, acme):
    with within(acme):
        cohort = open_cohort(plan=plan, by=cast.hana, now=NOW)

        assert as_plan(Cohort.objects.get(pk=cohort.pk)) == plan
        assert cohort.is_sending
        assert AuditEntry.objects.first().verb == "opened cohort"


def test_two_cohorts_of_one_organisation_have_two_names(plan, cast, acme, zenith):
    with within(acme):
        open_cohort(plan=plan, by=cast.hana, now=NOW)
        with pytest.raises(Invalid, match=r"Another cohort already has this name\."):
            open_cohort(plan=plan, by=cast.hana, now=NOW)
    with within(zenith):
        open_cohort(plan=replace(plan, version=cast.house_of(zenith).version), by=cast.zara, now=NOW)


def test_changing_the_hour_moves_leaders_who_kept_the_cohorts(walking, cast, acme):
    with within(acme):
        Enrolment.objects.filter(leader=cast.bo).update(nudge_hour=time(11))

        change_cohort(cohort=walking, plan=replace(as_plan(walking), nudge_hour=time(8)), by=cast.hana, now=NOW)

        hours = dict(Enrolment.objects.values_list("leader__name", "nudge_hour"))
        assert hours["Ada Acme"] == time(8)
        assert hours[cast.bo.name] == time(11)
        ada = Clock.objects.get(enrolment__leader=cast.ada)
        assert ada.next_at.astimezone(ZoneInfo("Europe/Oslo")).time() == time(8)


@pytest.mark.parametrize("changed", [{"day1_on": DAY_1 + timedelta(days=7)}, {"holidays": "NO"}])
def test_before_the_first_nudge_day_1_and_holidays_may_change(walking, cast, acme, changed):
    with within(acme):
        change_cohort(cohort=walking, plan=replace(as_plan(walking), **changed), by=cast.hana, now=NOW)

        assert as_plan(Cohort.objects.get()) == replace(as_plan(walking), **changed)
        if "day1_on" in changed:
            assert set(Enrolment.objects.values_list("day1_on", flat=True)) == {changed["day1_on"]}


def test_after_the_first_nudge_day_1_stays(cast, acme):
    cohort = cast.house_of(acme).cohort
    with within(acme):
        later = replace(as_plan(cohort), day1_on=DAY_1 + timedelta(days=7))
        with pytest.raises(NotNow, match="The first nudge has been sent"):
            change_cohort(cohort=cohort, plan=later, by=cast.hana, now=NOW)

        change_cohort(cohort=cohort, plan=replace(as_plan(cohort), name="Renamed"), by=cast.hana, now=NOW)
        assert Cohort.objects.get().name == "Renamed"


def test_saying_the_same_again_leaves_no_trace(cast, acme):
    cohort = cast.house_of(acme).cohort
    with within(acme):
        before = AuditEntry.objects.count()
        change_cohort(cohort=cohort, plan=as_plan(cohort), by=cast.hana, now=NOW)

        assert AuditEntry.objects.count() == before


def test_sending_off_holds_every_clock_and_on_rolls_forward_what_was_held(walking, cast, acme, zenith):
    with within(acme):
        before = dict(Clock.objects.values_list("enrolment__leader__name", "next_step_day"))
        set_sending(cohort=walking, is_on=False, by=cast.hana, now=NOW)
        assert set(Clock.objects.values_list("is_held", flat=True)) == {True}
    later = NOW + timedelta(days=6)
    assert acme.pk not in claim_due(now=later)

    with within(acme):
        set_sending(cohort=walking, is_on=True, by=cast.hana, now=later)

        clocks = list(Clock.objects.select_related("enrolment__leader"))
        assert {clock.enrolment.leader.name: clock.next_step_day for clock in clocks} == before
        assert {clock.is_held for clock in clocks} == {False}
        assert min(clock.next_on for clock in clocks) >= (later - timedelta(hours=12)).date()
        assert not Nudge.objects.exists()
    with within(zenith):
        assert set(Clock.objects.values_list("is_held", flat=True)) == {False}


def test_switching_twice_is_switching_once(cast, acme):
    cohort = cast.house_of(acme).cohort
    with within(acme):
        set_sending(cohort=cohort, is_on=False, by=cast.hana, now=NOW)
        set_sending(cohort=cohort, is_on=False, by=cast.hana, now=NOW)

        verbs = list(AuditEntry.objects.values_list("verb", flat=True)[:2])
        assert verbs == ["switched sending off", "entered"]


def test_another_organisations_leaders_do_not_move(cast, acme, zenith):
    cohort = cast.house_of(acme).cohort
    with within(acme):
        make.EnrolmentFactory(cohort=cohort)
        change_cohort(cohort=cohort, plan=replace(as_plan(cohort), nudge_hour=time(7)), by=cast.hana, now=NOW)
    with within(zenith):
        assert set(Enrolment.objects.values_list("nudge_hour", flat=True)) == {time(9)}
