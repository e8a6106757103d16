"""Rounds are planned with their cohort, and follow its live events until raters are asked."""

from datetime import date, timedelta

import pytest

from cohorts.models import MilestoneDate, Pause
from cohorts.schedule.time_zones import local_date
from cohorts.web.refusals import NotNow
from feedback360.models import FeedbackSettings, Round, State, Subject
from feedback360.rounds.actions.planning import plan_rounds
from feedback360.rounds.actions.rounds import bring_forward, cancel_round, change_dates, change_settings, set_threshold
from tests.feedback360.rounds.conftest import DAY_1, EARLY, KEYS, Stage


def opening_of(stage: Stage, key: str) -> date:
    return local_date(stage.rounds()[key].opens_at, stage.cohort.zone)


def test_three_rounds_are_planned_with_the_cohort(stage: Stage) -> None:
    plan_rounds(stage.organisation, now=EARLY)

    assert stage.rounds().keys() == KEYS
    assert {each.state for each in stage.rounds().values()} == {State.DRAFT}
    assert opening_of(stage, "round-start") == date(2026, 8, 31)  # day -7 is a Sunday
    assert opening_of(stage, "round-end") == date(2026, 11, 23)
    assert opening_of(stage, "follow-up") == DAY_1 + timedelta(days=168)  # day 168 is a Sunday


def test_planning_twice_plans_once(stage: Stage) -> None:
    assert plan_rounds(stage.organisation, now=EARLY) == 3
    before = list(Round.objects.filter(cohort=stage.cohort).order_by("pk").values())

    assert plan_rounds(stage.organisation, now=EARLY + timedelta(hours=1)) == 0
    assert list(Round.objects.filter(cohort=stage.cohort).order_by("pk").values()) == before


def test_a_planned_round_takes_the_settings_of_its_day(stage: Stage) -> None:
    FeedbackSettings.objects.update(threshold=4, response_rate=60, suggests_talk=False)

    plan_rounds(stage.organisation, now=EARLY)

    round_ = stage.round()
    assert (round_.threshold, round_.response_rate, round_.suggests_talk) == (4, 60, False)


def test_a_round_follows_its_event(stage: Stage) -> None:
    plan_rounds(stage.organisation, now=EARLY)
    MilestoneDate.objects.create(cohort=stage.cohort, key="round-start", on=date(2026, 9, 10))

    plan_rounds(stage.organisation, now=EARLY)

    assert opening_of(stage, "round-start") == date(2026, 9, 10)
    assert stage.round().next_at == stage.round().nominates_at


def test_a_round_follows_its_event_while_raters_are_chosen(stage: Stage) -> None:
    began = stage.choosing().nominates_at
    MilestoneDate.objects.create(cohort=stage.cohort, key="round-start", on=date(2026, 9, 24))

    stage.turn(began + timedelta(days=1))

    assert opening_of(stage, "round-start") == date(2026, 9, 24)
    assert stage.round().nominates_at == began
    assert stage.round().state == State.NOMINATING


def test_an_event_moved_near_still_leaves_a_week_for_choosing(stage: Stage) -> None:
    began = stage.choosing().nominates_at
    MilestoneDate.objects.create(cohort=stage.cohort, key="round-start", on=local_date(began, stage.cohort.zone))

    stage.turn(began + timedelta(days=1))

    assert opening_of(stage, "round-start") == local_date(began, stage.cohort.zone) + timedelta(days=7)


def test_a_pause_of_the_cohort_moves_its_rounds(stage: Stage) -> None:
    plan_rounds(stage.organisation, now=EARLY)
    before = opening_of(stage, "round-end")
    Pause.objects.create(cohort=stage.cohort, starts_on=DAY_1, ends_on=DAY_1 + timedelta(days=6))

    plan_rounds(stage.organisation, now=EARLY)

    assert opening_of(stage, "round-end") == before + timedelta(days=7)


def test_an_open_round_stays_when_its_event_moves(stage: Stage) -> None:
    before = stage.opened()
    MilestoneDate.objects.create(cohort=stage.cohort, key="round-start", on=date(2026, 9, 24))

    stage.turn(before.opens_at + timedelta(hours=1))

    assert stage.round().closes_at == before.closes_at


def test_an_event_called_off_plans_nothing(stage: Stage) -> None:
    MilestoneDate.objects.create(cohort=stage.cohort, key="round-start", on=None)

    plan_rounds(stage.organisation, now=EARLY)

    assert "round-start" not in stage.rounds()


def test_a_planned_round_goes_and_comes_back_with_its_event(stage: Stage) -> None:
    plan_rounds(stage.organisation, now=EARLY)
    called_off = MilestoneDate.objects.create(cohort=stage.cohort, key="round-start", on=None)
    plan_rounds(stage.organisation, now=EARLY)
    assert "round-start" not in stage.rounds()

    called_off.delete()
    plan_rounds(stage.organisation, now=EARLY)

    assert stage.round().state == State.DRAFT


def test_calling_the_event_off_cancels_choosing(stage: Stage) -> None:
    began = stage.choosing().nominates_at
    MilestoneDate.objects.create(cohort=stage.cohort, key="round-start", on=None)

    stage.turn(began + timedelta(days=1))

    assert (stage.round().state, stage.round().next_at) == (State.CANCELLED, None)


def test_a_round_long_past_its_event_is_not_planned(stage: Stage) -> None:
    plan_rounds(stage.organisation, now=EARLY + timedelta(days=60))

    assert stage.rounds().keys() == {"round-end", "follow-up"}


def test_a_round_a_little_late_is_planned_from_today(stage: Stage) -> None:
    now = EARLY + timedelta(days=32)  # Friday 4 September

    plan_rounds(stage.organisation, now=now)

    assert local_date(stage.round().nominates_at, stage.cohort.zone) == date(2026, 9, 4)
    assert opening_of(stage, "round-start") == date(2026, 9, 11)


def test_a_round_with_dates_of_its_own_follows_nothing(stage: Stage) -> None:
    plan_rounds(stage.organisation, now=EARLY)
    change_dates(
        round_=stage.round(),
        opens_on=date(2026, 9, 3),
        answer_by=date(2026, 9, 10),
        closes_on=date(2026, 9, 14),
        by=stage.admin,
        now=EARLY,
    )
    MilestoneDate.objects.create(cohort=stage.cohort, key="round-start", on=date(2026, 9, 24))

    plan_rounds(stage.organisation, now=EARLY)

    assert opening_of(stage, "round-start") == date(2026, 9, 3)


def test_new_settings_reach_planned_rounds_and_no_others(stage: Stage) -> None:
    stage.choosing()

    change_settings(threshold=3, response_rate=50, monthly_requests=4, suggests_talk=False, by=stage.admin, now=EARLY)

    assert stage.rounds()["round-end"].threshold == 3
    assert stage.round().threshold == 5


def test_the_threshold_may_change_until_raters_are_asked(stage: Stage) -> None:
    set_threshold(round_=stage.choosing(), threshold=4, by=stage.admin, now=EARLY)

    assert stage.round().threshold == 4


@pytest.mark.parametrize("threshold", [3, 4, 5])
def test_the_threshold_is_fixed_once_raters_are_asked(stage: Stage, threshold: int) -> None:
    round_ = stage.opened()

    with pytest.raises(NotNow):
        set_threshold(round_=round_, threshold=threshold, by=stage.admin, now=round_.opens_at)

    assert stage.round().threshold == 5


def test_settings_do_not_reach_an_open_round(stage: Stage) -> None:
    round_ = stage.opened()

    change_settings(
        threshold=3, response_rate=50, monthly_requests=4, suggests_talk=False, by=stage.admin, now=round_.opens_at
    )

    assert stage.round().threshold == 5


def test_choosing_can_begin_earlier(stage: Stage) -> None:
    plan_rounds(stage.organisation, now=EARLY)
    bring_forward(round_=stage.round(), to=State.NOMINATING, by=stage.admin, now=EARLY)

    stage.turn(EARLY)

    assert stage.round().state == State.NOMINATING
    assert opening_of(stage, "round-start") == date(2026, 8, 31)


def test_a_leader_who_comes_later_takes_part(stage: Stage) -> None:
    began = stage.choosing().nominates_at
    late = stage.enrol()

    stage.turn(began + timedelta(hours=1))

    assert Subject.objects.filter(round=stage.round(), enrolment=late, withdrawn_at=None).exists()


def test_a_leader_who_left_takes_no_part_and_may_come_back(stage: Stage) -> None:
    began = stage.choosing().nominates_at
    stage.enrolment.left_on = DAY_1
    stage.enrolment.save()
    stage.turn(began + timedelta(hours=1))
    assert stage.subject().withdrawn_at is not None

    stage.enrolment.left_on = None
    stage.enrolment.save()
    stage.turn(began + timedelta(hours=2))

    assert stage.subject().withdrawn_at is None


def test_a_cancelled_round_stays_cancelled(stage: Stage) -> None:
    round_ = stage.choosing()
    cancel_round(round_=round_, by=stage.admin, now=round_.nominates_at)
    cancel_round(round_=round_, by=stage.admin, now=round_.nominates_at)

    stage.turn(round_.opens_at)

    assert stage.round().state == State.CANCELLED
