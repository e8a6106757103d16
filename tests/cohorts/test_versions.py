"""Moving a running cohort to a newer version: what is shown is what happens, and only what is unsent moves."""

from datetime import UTC, datetime, timedelta

import pytest

from cohorts.curriculum.actions.versions import move_cohort, moves_of, newer_versions
from cohorts.curriculum.rows import EARLIER, load_curriculum
from cohorts.models import AuditEntry, Clock, Cohort, CurriculumVersion, Nudge, Step
from cohorts.nudges.planner import claim_due, plan_again, plan_unplanned
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from tests import factories as make
from tests.times import NOW, TODAY

MORNING = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)


@pytest.fixture
def cohort(cast, acme):
    """Acme's cohort, its leaders on day 10 with steps 1–9 behind them."""
    with within(acme):
        Clock.objects.update(last_core_day=9, last_extra_day=3, last_on=TODAY - timedelta(days=1))
        plan_again(list(Clock.objects.values_list("enrolment_id", flat=True)), now=NOW - timedelta(hours=3))
        yield Cohort.objects.select_related("version__curriculum").get(pk=cast.house_of(acme).cohort.pk)


@pytest.fixture
def newer(cohort):
    """Version 2: day 12's step on day 10, day 10's on day 12, day 2's gone, a new core step on day 6."""
    version = make.CurriculumVersionFactory(curriculum=cohort.version.curriculum, number=2)
    for step in cohort.version.steps.exclude(day=2):
        day = {10: 12, 12: 10}.get(step.day, step.day)
        make.StepFactory(version=version, day=day, kind=step.kind, key=step.key, text=step.text)
    make.StepFactory(version=version, day=6, key="new-on-six")
    return version


def ada_of(cast, moves):
    return next(move for move in moves if move.enrolment.leader_id == cast.ada.pk)


def test_what_is_shown_is_what_happens(cast, acme, cohort, newer):
    shown = {move.enrolment.pk: move for move in moves_of(cohort, newer, organisation=acme, now=NOW)}

    move_cohort(cohort=cohort, version=newer, by=cast.hana, now=NOW)

    assert len(shown) == 4
    for clock in Clock.objects.select_related("next_step"):
        move = shown[clock.enrolment_id]
        assert (clock.next_on, clock.next_step) == (move.new_on, move.new_step)
    assert {move.new_step.key for move in shown.values()} == {"new-on-six"}


def test_showing_writes_nothing(acme, cohort, newer):
    before = list(Clock.objects.order_by("pk").values())

    moves_of(cohort, newer, organisation=acme, now=NOW)

    assert list(Clock.objects.order_by("pk").values()) == before
    assert Cohort.objects.get(pk=cohort.pk).version_id == cohort.version_id


def test_a_move_loses_and_repeats_no_core_step(cast, acme, cohort, newer):
    met = {"step-1-core", "step-2-core", "step-4-core", "step-5-core", "step-8-core", "step-9-core", "step-3-core"}
    move_cohort(cohort=cohort, version=newer, by=cast.hana, now=NOW)
    given = []
    now = MORNING
    for _day in range(30):
        claim_due(now=now)
        with within(acme):
            plan_unplanned(now=now)
        now += timedelta(days=1)
    cards = Nudge.objects.filter(enrolment=cast.enrolment(cast.ada), channel="app", on__gte=TODAY).order_by("on")
    given = list(cards.values_list("step__key", "step__kind"))

    core = [key for key, kind in given if kind == "core"]
    assert core == ["new-on-six", "step-12-core", "step-11-core", "step-10-core"]
    assert not met & set(core)


def test_what_was_made_before_stays_as_it_was(cast, acme, cohort, newer):
    claim_due(now=MORNING)
    with within(acme):
        before = list(Nudge.objects.order_by("pk").values())
        old_steps = list(Step.objects.filter(version=cohort.version).order_by("pk").values())

        move_cohort(cohort=cohort, version=newer, by=cast.hana, now=MORNING)

        assert list(Nudge.objects.order_by("pk").values()) == before
        assert list(Step.objects.filter(version=cohort.version_id).order_by("pk").values()) == old_steps


def test_no_second_nudge_on_the_day_of_a_move(cast, acme, cohort, newer):
    claim_due(now=MORNING)
    move_cohort(cohort=cohort, version=newer, by=cast.hana, now=MORNING)
    claim_due(now=MORNING + timedelta(minutes=5))

    with within(acme):
        ada = Nudge.objects.filter(enrolment=cast.enrolment(cast.ada), on=TODAY, channel="app")
        assert ada.count() == 1


def test_a_finished_leader_is_not_restarted_by_a_move(cast, acme, cohort, newer):
    ada = cast.enrolment(cast.ada)
    Clock.objects.filter(enrolment=ada).update(last_core_day=90, last_extra_day=90, is_finished=True, next_at=None)

    shown = ada_of(cast, moves_of(cohort, newer, organisation=acme, now=NOW))
    move_cohort(cohort=cohort, version=newer, by=cast.hana, now=NOW)

    clock = Clock.objects.get(enrolment=ada)
    assert shown.is_walked
    assert shown.new_step is None
    assert shown.core_after == 0
    assert clock.is_finished
    assert clock.next_at is None


def test_a_long_absence_is_not_the_end_of_the_path(cast, acme, cohort, newer):
    ada = cast.enrolment(cast.ada)
    for days in (0, 250):
        make.PauseFactory(
            enrolment=ada, starts_on=TODAY + timedelta(days=days), ends_on=TODAY + timedelta(days=days + 250)
        )
    plan_again([ada.pk], now=NOW)
    assert Clock.objects.get(enrolment=ada).is_finished

    shown = ada_of(cast, moves_of(cohort, newer, organisation=acme, now=NOW))
    move_cohort(cohort=cohort, version=newer, by=cast.hana, now=NOW)
    ada.pauses.all().delete()
    plan_again([ada.pk], now=NOW)

    assert not shown.is_walked
    assert Clock.objects.get(enrolment=ada).next_step.key == "new-on-six"


def test_a_returning_leader_gets_the_newer_version(cast, acme, cohort, newer):
    ada = cast.enrolment(cast.ada)
    ada.left_on = TODAY
    ada.save(update_fields=["left_on"])
    plan_again([ada.pk], now=NOW)

    move_cohort(cohort=cohort, version=newer, by=cast.hana, now=NOW)
    ada.left_on = None
    ada.save(update_fields=["left_on"])
    plan_again([ada.pk], now=NOW)

    assert Clock.objects.get(enrolment=ada).next_step.version_id == newer.pk


def test_a_step_that_came_too_late_was_not_met(cast, acme, cohort, newer):
    late = MORNING + timedelta(hours=7)
    claim_due(now=late)
    with within(acme):
        plan_unplanned(now=late)

        move = ada_of(cast, moves_of(cohort, newer, organisation=acme, now=late))

        assert move.core_after == 4


def test_the_audit_entry_names_both_versions(cast, cohort, newer):
    move_cohort(cohort=cohort, version=newer, by=cast.hana, now=NOW)

    entry = AuditEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.details) == ("moved cohort", {"before": 1, "after": 2})


@pytest.mark.parametrize("wrong", ["draft", "other", "same"])
def test_only_a_newer_published_version_of_its_own(wrong, cast, cohort, newer):
    version = {
        "draft": lambda: make.CurriculumVersionFactory(
            curriculum=cohort.version.curriculum, number=3, published_at=None
        ),
        "other": lambda: make.CurriculumVersionFactory(number=9),
        "same": lambda: cohort.version,
    }[wrong]()

    with pytest.raises(NotNow):
        move_cohort(cohort=cohort, version=version, by=cast.hana, now=NOW)
    assert newer_versions(cohort) == [newer]


def test_a_second_move_is_refused(cast, cohort, newer):
    move_cohort(cohort=cohort, version=newer, by=cast.hana, now=NOW)

    with pytest.raises(NotNow):
        move_cohort(cohort=cohort, version=newer, by=cast.hana, now=NOW)


def test_the_page_shows_first_and_moves_when_posted(client_for, cast, acme, cohort, newer):
    hana = client_for(cast.hana)
    url = hana.url("cohort_version", cohort.pk)

    page = hana.get(url).content.decode()
    assert "Moved from day 12" in page
    assert "Removed" in page
    assert "new-on-six" not in page
    assert "Day 6 core: title (en)" in page
    assert Cohort.objects.get(pk=cohort.pk).version_id == cohort.version_id

    answer = hana.post(url, {"to": newer.pk})
    assert answer.status_code == 302
    assert Cohort.objects.get(pk=cohort.pk).version_id == newer.pk
    assert "This is the newest version" in hana.get(url).content.decode()


def test_page_queries_do_not_grow_with_leaders(same_queries_at_1_and_30, client_for, cast, cohort, newer):
    hana = client_for(cast.hana)

    def one_more(number):
        leader = make.MembershipFactory(roles=["leader"])
        Clock.objects.create(enrolment=make.EnrolmentFactory(cohort=cohort, leader=leader))

    assert same_queries_at_1_and_30(lambda: hana.get(hana.url("cohort_version", cohort.pk)), one_more) <= 30


def test_a_published_version_cannot_be_rewritten(cohort):
    with pytest.raises(Exception, match="a published curriculum version never changes"):
        Step.objects.filter(version=cohort.version).update(minutes=9)


def test_nothing_is_pushed_into_a_published_version(cohort):
    draft = make.CurriculumVersionFactory(curriculum=cohort.version.curriculum, number=2, published_at=None)
    step = make.StepFactory(version=draft, day=77)

    with pytest.raises(Exception, match="a published curriculum version never changes"):
        Step.objects.filter(pk=step.pk).update(version=cohort.version)


def test_a_draft_can(cohort):
    draft = make.CurriculumVersionFactory(curriculum=cohort.version.curriculum, number=2, published_at=None)
    make.StepFactory(version=draft, day=1)

    assert Step.objects.filter(version=draft).update(minutes=9) == 1
    assert CurriculumVersion.objects.filter(pk=draft.pk).update(published_at=NOW) == 1


def test_version_1_goes_on_with_the_standard_version_as_shown(cast, acme):
    with within(acme):
        Cohort.objects.filter(pk=cast.house_of(acme).cohort.pk).update(version=load_curriculum(EARLIER))
        Clock.objects.update(last_core_day=47, last_extra_day=44, last_on=TODAY - timedelta(days=1), met=[])
        plan_again(list(Clock.objects.values_list("enrolment_id", flat=True)), now=NOW - timedelta(hours=3))
        cohort = Cohort.objects.select_related("version__curriculum").get(pk=cast.house_of(acme).cohort.pk)
        standard = load_curriculum()
        shown = {move.enrolment.pk: move for move in moves_of(cohort, standard, organisation=acme, now=NOW)}

        move_cohort(cohort=cohort, version=standard, by=cast.hana, now=NOW)

        assert newer_versions(Cohort.objects.get(pk=cohort.pk)) == []
        for clock in Clock.objects.select_related("next_step"):
            move = shown[clock.enrolment_id]
            assert (clock.next_on, clock.next_step) == (move.new_on, move.new_step)
        assert {move.new_step.key for move in shown.values()} == {"when-a-customer-goes-too-far"}
