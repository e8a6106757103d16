"""The one statement behind a branch: who is counted, and what."""

from datetime import timedelta

import pytest

from coaching.branches.periods import branch_period, own_period
from coaching.branches.tallies import branch_tallies, own_tally
from cohorts.models import Enrolment, Membership
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.coaching.branches.teams import (
    BEFORE_BOTH,
    IN_BRANCH_PERIOD,
    IN_OWN_PERIOD,
    enrolment_of,
    sponsor_below,
    talk,
    team,
)
from tests.times import NOW, TODAY


@pytest.fixture
def top(acme):
    with within(acme):
        yield sponsor_below(None, name="Top")


def tallies(acme, top):
    found = branch_tallies(top, period=branch_period(TODAY), organisation=acme, today=TODAY, now=NOW)
    return {tally.sponsor_id: tally for tally in found}


def only(acme, top):
    (tally,) = tallies(acme, top).values()
    return tally


def test_a_branch_reaches_any_depth(acme, top):
    manager = top
    for _ in range(6):
        manager = sponsor_below(manager)
    team(manager, 2)

    assert only(acme, top).leaders == 2


def test_each_sponsor_belongs_to_the_one_who_reports_to_the_top(acme, top):
    left, right = sponsor_below(top), sponsor_below(top)
    below = sponsor_below(left)
    for sponsor in (left, right, below):
        team(sponsor, 1)

    assert {key: each.via_id for key, each in tallies(acme, top).items()} == {
        left.pk: left.pk,
        right.pk: right.pk,
        below.pk: left.pk,
    }


def test_ones_own_leaders_are_not_in_ones_branch(acme, top):
    team(top, 5)
    team(sponsor_below(top), 1)

    assert only(acme, top).leaders == 1


def test_the_sponsor_line_of_a_leader_leads_further_down(acme, top):
    (pairing,) = team(top, 1)
    pairing.leader.roles = ["leader", "sponsor"]
    pairing.leader.save()
    team(pairing.leader, 3)

    tally = only(acme, top)
    assert (tally.sponsor_id, tally.via_id, tally.leaders) == (pairing.leader_id, pairing.leader_id, 3)


def test_the_sponsor_line_of_a_cohort_that_was_left_leads_nowhere(acme, top):
    (pairing,) = team(top, 1)
    team(pairing.leader, 3)
    Enrolment.objects.filter(leader=pairing.leader).update(left_on=TODAY)

    assert tallies(acme, top) == {}


def test_who_has_left_the_organisation_is_followed_no_further(acme, top):
    gone = sponsor_below(top, left_at=NOW)
    team(gone, 2)

    assert tallies(acme, top) == {}


def test_a_loop_below_ends_where_it_repeats(acme, top):
    first = sponsor_below(top)
    second = sponsor_below(first)
    Membership.objects.filter(pk=first.pk).update(manager=second)
    second_line = sponsor_below(top)
    Membership.objects.filter(pk=first.pk).update(manager=second)
    Membership.objects.filter(pk=second.pk).update(manager=first)
    make.EnrolmentFactory(leader=first, sponsor=second_line)
    team(first, 2)
    team(second, 3)

    found = tallies(acme, top)
    assert {key: (each.via_id, each.leaders) for key, each in found.items() if key != second_line.pk} == {
        first.pk: (second_line.pk, 2),
        second.pk: (second_line.pk, 3),
    }


def test_a_loop_through_the_top_leaves_the_top_out(acme, top):
    below = sponsor_below(top)
    Membership.objects.filter(pk=top.pk).update(manager=below)
    team(top, 5)
    team(below, 2)

    assert {key: each.leaders for key, each in tallies(acme, top).items()} == {below.pk: 2}


def test_somebody_reached_by_two_lines_is_counted_once(acme, top):
    left, right = sponsor_below(top), sponsor_below(top)
    both = sponsor_below(left)
    make.ClockFactory(enrolment=make.EnrolmentFactory(leader=both, sponsor=right))
    team(both, 2)

    found = tallies(acme, top)
    assert found[both.pk].leaders == 2
    assert sum(each.leaders for each in found.values()) == 3  # two of `both`, and `both` as a leader


def test_talks_count_in_the_period_and_unless_cancelled(acme, top):
    (pairing,) = team(sponsor_below(top), 1, held=2, missed=1)
    talk(pairing, "planned")  # nobody closed it
    talk(pairing, "cancelled")
    talk(pairing, "held", BEFORE_BOTH)
    talk(pairing, "held", IN_OWN_PERIOD)

    talks = only(acme, top).talks
    assert (talks.kept, talks.agreed, talks.bands) == (2, 4, (0, 0, 1, 0))


def test_talks_with_a_mentor_are_not_the_sponsors(acme, top):
    (pairing,) = team(sponsor_below(top), 1)
    mentor = make.PairingFactory(kind="mentor", leader=pairing.leader, partner=pairing.partner)
    talk(mentor, "held")

    assert only(acme, top).talks.agreed == 0


def test_actions_count_when_done_by_their_date_in_oslo(acme, top):
    (pairing,) = team(sponsor_below(top), 1, held=1)
    session = pairing.sessions.get()
    due_on = IN_BRANCH_PERIOD.date()
    last_minute = IN_BRANCH_PERIOD.replace(hour=22, minute=59)  # 23:59 in Oslo
    for state, closed_at, reason in [
        ("done", last_minute, ""),
        ("let_go", IN_BRANCH_PERIOD, "no longer needed"),
        ("done", last_minute + timedelta(minutes=1), ""),
        ("open", None, ""),
    ]:
        make.ActionFactory(session=session, due_on=due_on, state=state, closed_at=closed_at, reason=reason)
    make.ActionFactory(session=session, due_on=None)

    actions = only(acme, top).actions
    assert (actions.kept, actions.agreed, actions.bands) == (1, 3, (0, 1, 0, 0))  # what was let go is in neither


def test_questions_count_once_their_week_is_in_the_period(acme, top):
    (pairing,) = team(sponsor_below(top), 1)
    enrolment = enrolment_of(pairing)

    def ask(at, after_days=None):
        answered = {} if after_days is None else {"answer": "Yes", "answered_at": at + timedelta(days=after_days)}
        make.AskFactory(enrolment=enrolment, sponsor=pairing.partner, asked_at=at, **answered)

    ask(IN_BRANCH_PERIOD, after_days=7)
    ask(IN_BRANCH_PERIOD, after_days=8)
    ask(IN_OWN_PERIOD, after_days=0)
    ask(BEFORE_BOTH)

    tally = only(acme, top)
    assert (tally.asks.kept, tally.asks.agreed) == (1, 2)
    assert tally.waiting == 1


def test_check_ins_count_when_the_leader_confirmed(acme, top):
    confirmed, denied, blocked, silent = team(sponsor_below(top), 4)
    for pairing, fields in [
        (confirmed, {"done_at": IN_BRANCH_PERIOD, "confirmed_at": IN_BRANCH_PERIOD}),
        (denied, {"done_at": IN_BRANCH_PERIOD, "denied_at": IN_BRANCH_PERIOD, "confirmed_at": None}),
        (blocked, {"done_at": None, "blocked_at": IN_BRANCH_PERIOD, "obstacle": "workload", "confirmed_at": None}),
    ]:
        make.SponsorActFactory(enrolment=enrolment_of(pairing), sponsor=pairing.partner, **fields)
    assert silent

    tally = only(acme, top)
    assert (tally.checked_in, tally.with_part) == (1, 3)  # blocked with a reason leaves both


def test_a_1_to_1_is_late_for_a_manager_a_week_after_its_date(acme, top):
    pairings = team(sponsor_below(top), 3)
    for pairing, days in zip(pairings, (7, 8, -1), strict=True):
        pairing.due_on = TODAY - timedelta(days=days)
        pairing.save()

    assert only(acme, top).overdue == 1


def test_quiet_is_two_weeks_without_practice_or_days_away(acme, top):
    just, quiet, never, away, done = team(sponsor_below(top), 5)
    for pairing, days in [(just, 14), (quiet, 15), (never, None), (away, 15), (done, 15)]:
        last = TODAY - timedelta(days=days) if days else None
        Enrolment.objects.filter(leader=pairing.leader).update(last_practice_on=last)
    make.PauseFactory(
        enrolment=enrolment_of(away), starts_on=TODAY - timedelta(days=13), ends_on=TODAY - timedelta(days=10)
    )
    enrolment_of(done).clocks.update(is_finished=True)

    assert only(acme, top).quiet == 2


def test_a_branch_ends_at_the_organisation(acme, zenith, top):
    team(sponsor_below(top), 2)
    with within(zenith):
        assert tallies(zenith, top) == {}


def test_a_sponsor_alone_is_counted_by_the_same_rules(acme, top):
    sponsor = sponsor_below(top)
    pairings = team(sponsor, 2, held=1, missed=1)
    talk(pairings[0], "held", IN_OWN_PERIOD)

    theirs = own_tally(sponsor, period=branch_period(TODAY), organisation=acme, today=TODAY, now=NOW)
    assert theirs == only(acme, top)
    own = own_tally(sponsor, period=own_period(TODAY), organisation=acme, today=TODAY, now=NOW)
    assert (own.talks.kept, own.talks.agreed) == (3, 5)


def test_who_supports_nobody_has_no_tally(acme, top):
    assert own_tally(top, period=own_period(TODAY), organisation=acme, today=TODAY, now=NOW) is None
