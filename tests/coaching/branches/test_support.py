"""C1, C8: the nine cells of a cohort, and what stands in the way of its sponsors, for its admin."""

from datetime import timedelta

import pytest

from coaching.branches.coverage import coverage_of
from coaching.branches.health import Acceptance, Health
from coaching.branches.nine_cells import CELLS, PARTS, WHEN, WHO, Trace
from coaching.sponsoring.actions.parts import block_part
from cohorts.models import AuditEntry, Cohort, Enrolment, Milestone
from cohorts.tenancy.wall import within
from programme.cohort.figures import talks_and_mentors
from tests import factories as make
from tests.coaching.branches.teams import enrolment_of, sponsor_below, talk, team
from tests.times import NOW, TODAY

SOME_DAY, THE_END = 50, 100


@pytest.fixture
def cohort(acme):
    """Six leaders of one sponsor in a cohort of their own, whose curriculum is empty, and who did nothing yet."""
    with within(acme):
        cohort = make.CohortFactory()
        cohort.pairings = team(sponsor_below(None), 6)
        leaders = [pairing.leader_id for pairing in cohort.pairings]
        Enrolment.objects.filter(leader__in=leaders).update(cohort=cohort, confirmed_at=None, last_practice_on=None)
        yield cohort


def traces(cohort, day=SOME_DAY):
    coverage = coverage_of(Cohort.objects.select_related("version").get(pk=cohort.pk), day)
    return {each.cell.trace: each for each in coverage.cells}


def test_the_nine_cells_are_everybody_at_every_moment():
    assert sorted((cell.who, cell.when) for cell in CELLS) == sorted((who, when) for who in WHO for when in WHEN)
    assert {cell.trace for cell in CELLS} == set(Trace)
    assert {part for cell in CELLS for part in cell.parts} == set(PARTS)
    assert all(cell.minutes and str(cell.act) and str(cell.evidence) for cell in CELLS)


def test_a_cohort_that_did_nothing_uses_no_cell(cohort):
    coverage = coverage_of(cohort, THE_END)

    assert (coverage.used, coverage.leaders) == (0, 6)
    assert not any(each.is_to_come for each in coverage.cells)


def _act(kind, week):
    return lambda pairing: make.SponsorActFactory(
        enrolment=enrolment_of(pairing), sponsor=pairing.partner, kind=kind, week=week, done_at=NOW, confirmed_at=NOW
    )


def _enrolment(**fields):
    return lambda pairing: Enrolment.objects.filter(leader=pairing.leader).update(**fields)


LEFT = {
    Trace.TALK_BEFORE: _act("pre_brief", 0),
    Trace.SCHEDULE: _enrolment(confirmed_at=NOW),
    Trace.CHECK_IN: _act("check_in", 3),
    Trace.STEP_SENT: lambda pairing: make.NudgeFactory(enrolment=enrolment_of(pairing)),
    Trace.PRACTICE: _enrolment(last_practice_on=TODAY),
    Trace.END_REVIEW: _act("end_review", 13),
}


@pytest.mark.parametrize("trace", LEFT)
def test_a_cell_is_used_with_half_of_the_leaders(cohort, trace):
    for pairing in cohort.pairings[:2]:
        LEFT[trace](pairing)
    assert (traces(cohort)[trace].is_used, traces(cohort)[trace].leaders) == (False, 2)

    LEFT[trace](cohort.pairings[2])
    found = traces(cohort)
    assert (found[trace].is_used, found[trace].leaders) == (True, 3)
    assert [each for each, covered in found.items() if covered.is_used] == [trace]


def test_a_1_to_1_with_the_sponsor_is_a_check_in(cohort):
    for pairing in cohort.pairings[:3]:
        talk(pairing, "held", NOW - timedelta(days=1))

    assert traces(cohort)[Trace.CHECK_IN].is_used


def test_practice_after_the_ninety_days_is_a_cell_of_its_own(cohort):
    for pairing in cohort.pairings[:3]:
        day91 = enrolment_of(pairing).day1_on + timedelta(days=90)
        _enrolment(last_practice_on=day91)(pairing)
    assert traces(cohort)[Trace.STILL_PRACTISING].is_used

    _enrolment(last_practice_on=day91 - timedelta(days=1))(pairing)
    assert not traces(cohort)[Trace.STILL_PRACTISING].is_used


def test_live_events_fill_the_cells_of_the_programme(cohort):
    for day, trace in [(1, Trace.EVENT_BEFORE), (85, Trace.EVENT_AFTER)]:
        milestone = make.MilestoneFactory(version=cohort.version, day=day, kind="other")
        assert traces(cohort)[trace].is_used
        Milestone.objects.filter(pk=milestone.pk).delete()
        make.MilestoneFactory(version=cohort.version, day=40, kind="other")
        assert not traces(cohort)[trace].is_used


def test_cells_of_the_end_are_still_to_come_on_day_fifty(cohort):
    assert {trace for trace, each in traces(cohort, SOME_DAY).items() if each.is_to_come} == {
        *(Trace.END_REVIEW, Trace.EVENT_AFTER, Trace.STILL_PRACTISING),
    }


def test_counts_of_fewer_than_five_leaders_are_left_out(cohort):
    Enrolment.objects.filter(leader__in=[pairing.leader for pairing in cohort.pairings[:2]]).update(left_on=TODAY)

    assert {each.leaders for each in traces(cohort).values()} == {None}


def test_a_curriculum_says_which_parts_it_lacks(cohort):
    assert traces(cohort)[Trace.TALK_BEFORE].missing == ("The sponsor’s page",)

    whole = make.CurriculumVersionFactory(published_at=None, brief=make.brief(), circle=[make.circle_meeting("c")])
    make.StepFactory(version=whole)
    make.SponsorWeekFactory(version=whole)
    make.MilestoneFactory(version=whole, day=0)
    make.MilestoneFactory(version=whole, day=90)
    Cohort.objects.filter(pk=cohort.pk).update(version=whole)
    assert [each.missing for each in traces(cohort).values() if each.missing] == []


def test_an_admin_sees_the_nine_cells_and_obstacles(cohort, cast, client_for, acme):
    sponsors = [sponsor_below(None) for _ in range(5)]
    for sponsor in sponsors:
        (pairing,) = team(sponsor, 1)
        Enrolment.objects.filter(leader=pairing.leader).update(cohort=cohort)
        make.SponsorActFactory(
            enrolment=enrolment_of(pairing),
            sponsor=sponsor,
            week=2,
            done_at=None,
            confirmed_at=None,
            blocked_at=NOW,
            obstacle="no_cover",
        )
    hana = client_for(cast.hana)

    page = hana.get(hana.url("cohort_support", cohort.pk)).content.decode()

    assert "Nobody can cover for us" in page
    assert "5 sponsors" in page
    assert "0 of nine kinds of support are used" in page or "1 of nine" in page


def test_obstacles_of_four_sponsors_are_not_shown(cohort, cast, client_for):
    hana = client_for(cast.hana)
    for sponsor in [sponsor_below(None) for _ in range(4)]:
        (pairing,) = team(sponsor, 1)
        Enrolment.objects.filter(leader=pairing.leader).update(cohort=cohort)
        make.SponsorActFactory(
            enrolment=enrolment_of(pairing),
            sponsor=sponsor,
            week=2,
            done_at=None,
            confirmed_at=None,
            blocked_at=NOW,
            obstacle="no_cover",
        )

    page = hana.get(hana.url("cohort_support", cohort.pk)).content.decode()

    assert "Nothing that five or more have named." in page


def test_another_organisations_cohort_is_missing(cohort, cast, client_for):
    zara = client_for(cast.zara)

    assert zara.get(zara.url("cohort_support", cohort.pk)).status_code == 404


def test_the_cohorts_page_counts_1_to_1s_from_five_leaders_up(cohort, cast, client_for):
    hana = client_for(cast.hana)
    for pairing in cohort.pairings[:4]:
        talk(pairing, "held", NOW - timedelta(days=1))
    assert hana.get(hana.url("cohort", cohort.pk)).context["talks"] == []

    talk(cohort.pairings[4], "missed", NOW - timedelta(days=1))
    shown = hana.get(hana.url("cohort", cohort.pk)).context["talks"]
    assert [(figure.number, figure.of) for figure in shown] == [("4", "of 5"), ("–", ""), ("–", ""), ("–", "")]
    assert shown[3].sentence == "Shown from 5 people up."


@pytest.mark.parametrize("route", ["cohort", "cohort_support"])
def test_queries_of_a_cohorts_pages_do_not_grow(route, cast, acme, client_for, same_queries_at_1_and_30):
    hana, cohort = client_for(cast.hana), cast.house_of(acme).cohort

    def add(number):
        with within(acme):
            for pairing in team(sponsor_below(None), 1, held=1):
                Enrolment.objects.filter(leader=pairing.leader).update(cohort=cohort)
                _act("check_in", 1)(pairing)

    assert same_queries_at_1_and_30(lambda: hana.get(hana.url(route, cohort.pk)), add) <= 12


def test_days_until_a_mentor_accepts_are_a_median_in_words():
    figure = talks_and_mentors(Health(None, None, None, Acceptance(days=2.5, requests=9)))[3]

    assert (figure.number, figure.sentence) == ("2.5", "The median of 9 requests.")


def test_the_audit_trail_does_not_say_what_stood_in_the_way(cast, acme):
    with within(acme):
        enrolment = Enrolment.objects.get(leader=cast.ada)
        block_part(enrolments=[enrolment], week=2, obstacle="workload", organisation=acme, by=cast.sol, now=NOW)

        entry = AuditEntry.objects.get(verb="blocked sponsor's part")
    assert entry.details == {"week": 2, "enrolments": str(enrolment.pk)}
