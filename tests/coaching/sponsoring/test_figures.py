"""Figures out of the rows: follow-through, response, protected minutes, felt support."""

from datetime import timedelta

import pytest

from coaching.models import Ask, Pairing, ProtectedTime, SponsorAct, SupportAnswer
from coaching.sponsoring.figures import own_figures, sponsor_figures
from cohorts.models import Enrolment
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.times import DAY_1, NOW

DAY_98 = NOW + timedelta(days=89)


@pytest.fixture
def ada(cast):
    """Ada on her own, without pauses; her rows are gone."""
    with within(cast.acme):
        for model in (Ask, SponsorAct, ProtectedTime, SupportAnswer):
            model.objects.all().delete()
        Pairing.objects.filter(leader=cast.ada, kind="sponsor").update(starts_on=DAY_1 - timedelta(days=30))
        enrolment = Enrolment.objects.select_related("cohort", "leader", "sponsor").get(leader=cast.ada)
        enrolment.pauses.all().delete()
        enrolment.cohort.pauses.all().delete()
    return enrolment


def figures(cast, enrolment, now=DAY_98):
    with within(cast.acme):
        return sponsor_figures(enrolment, organisation=cast.acme, now=now)


def confirm(cast, enrolment, *weeks):
    kinds = {0: "pre_brief", 13: "end_review"}
    with within(cast.acme):
        for week in weeks:
            make.SponsorActFactory(
                enrolment=enrolment, kind=kinds.get(week, "check_in"), week=week, done_at=NOW, confirmed_at=NOW
            )


def test_the_worked_example_out_of_rows(cast, ada):
    confirm(cast, ada, 0, 2, 5, 7, 11)
    with within(cast.acme):
        for number in range(5):
            answered = {"answer": "Yes.", "answered_at": NOW + timedelta(hours=2)} if number < 3 else {}
            make.AskFactory(enrolment=ada, asked_at=NOW, **answered)

    assert round(figures(cast, ada).follow_through, 1) == 63.7


def test_unconfirmed_and_denied_talks_do_not_count(cast, ada):
    confirm(cast, ada, 0)
    with within(cast.acme):
        make.SponsorActFactory(enrolment=ada, week=2, done_at=NOW)
        make.SponsorActFactory(enrolment=ada, week=4, done_at=NOW, denied_at=NOW)

    assert round(figures(cast, ada).follow_through, 1) == round(100 * 0.25 / 0.80, 1)


def test_a_blocked_week_is_left_out_of_the_rows_too(cast, ada):
    confirm(cast, ada, 0, *range(1, 12, 2))
    with within(cast.acme):
        blocked = {"done_at": None, "blocked_at": NOW, "obstacle": "no_cover"}
        make.SponsorActFactory(enrolment=ada, kind="end_review", week=13, **blocked)

    assert figures(cast, ada).follow_through == 100


def test_response_time_is_in_the_sponsors_working_hours(cast, ada):
    with within(cast.acme):
        friday = NOW + timedelta(days=2, hours=5, minutes=30)  # 15:00 in Oslo
        monday = NOW + timedelta(days=5)  # 9:30
        make.AskFactory(enrolment=ada, asked_at=friday, answer="Yes.", answered_at=monday)

    assert figures(cast, ada).response_hours == pytest.approx(2.5)


def test_only_taken_time_is_support(cast, ada):
    with within(cast.acme):
        make.ProtectedTimeFactory(enrolment=ada, minutes=30, accepted_at=NOW)
        make.ProtectedTimeFactory(enrolment=ada, minutes=45, accepted_at=NOW)
        make.ProtectedTimeFactory(enrolment=ada, minutes=60)
        make.ProtectedTimeFactory(enrolment=ada, minutes=60, declined_at=NOW)

    assert figures(cast, ada).protected_minutes == 75


def test_a_leader_who_leaves_does_not_lower_it_out_of_rows(cast, ada):
    confirm(cast, ada, 0, 1, 3)
    after_four_weeks = NOW + timedelta(days=20)
    stayed = figures(cast, ada, now=after_four_weeks)
    ada.left_on = after_four_weeks.date()

    assert figures(cast, ada, now=DAY_98).follow_through == stayed.follow_through == 100


def test_a_new_sponsor_inherits_no_red(cast, ada):
    with within(cast.acme):
        old = Pairing.objects.get(leader=cast.ada, kind="sponsor")
        old.state, old.ends_on = "ended", DAY_1 + timedelta(days=44)
        old.save()
        make.PairingFactory(leader=cast.ada, partner=cast.max, starts_on=DAY_1 + timedelta(days=45))
        Enrolment.objects.filter(pk=ada.pk).update(sponsor=cast.max)
        ada.sponsor = cast.max
        days_later = NOW + timedelta(days=39)  # day 49, the fourth of the new one
        mine = own_figures(cast.max, organisation=cast.acme, now=days_later)
        theirs = own_figures(cast.sol, organisation=cast.acme, now=days_later)

    assert mine.follow_through in (None, 0)
    assert theirs.follow_through is None  # none of Sol's acts: nothing links them to the page
    assert figures(cast, ada, now=days_later).follow_through == 0


def test_a_sponsor_with_two_leaders_never_sees_how_it_feels(cast, ada):
    with within(cast.acme):
        make.SupportAnswerFactory(enrolment=ada)
        make.SupportAnswerFactory(enrolment=another(cast))
        mine = own_figures(cast.sol, organisation=cast.acme, now=NOW)

    assert (mine.felt, mine.everybody) == (None, None)


def test_five_leaders_make_a_figure(cast, ada):
    with within(cast.acme):
        for _number in range(5):
            make.SupportAnswerFactory(enrolment=another(cast))
        mine = own_figures(cast.sol, organisation=cast.acme, now=NOW)

    assert (mine.felt.value, mine.felt.leaders) == (4.0, 5)
    assert mine.everybody.leaders == 5


def test_the_median_over_leaders_hides_no_neglect(cast, ada):
    confirm(cast, ada, 0, *range(1, 13), 13)
    with within(cast.acme):
        for _number in range(2):
            another(cast)
        assert own_figures(cast.sol, organisation=cast.acme, now=DAY_98).follow_through == 0


def test_figures_cost_the_same_for_one_leader_and_thirty(cast, ada, same_queries_at_1_and_30):
    def add(number):
        with within(cast.acme):
            leader = another(cast)
            make.SponsorActFactory(enrolment=leader)
            make.AskFactory(enrolment=leader)
            make.SupportAnswerFactory(enrolment=leader)

    def read():
        with within(cast.acme):
            return own_figures(cast.sol, organisation=cast.acme, now=NOW)

    assert same_queries_at_1_and_30(read, add) <= 10


def another(cast):
    return make.EnrolmentFactory(cohort=cast.houses["acme"].cohort, leader=make.MembershipFactory(), sponsor=cast.sol)
