"""The sponsor's part of a week: done or blocked, confirmed by the leader with one tap, undone."""

from datetime import timedelta

import pytest

from coaching.models import ActKind, SponsorAct
from coaching.sponsoring.actions.parts import answer_part, block_part, do_part, take_back_part
from cohorts.models import AuditEntry, Enrolment
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow, NotYours
from tests import factories as make
from tests.plain_dates import with_plain_dates
from tests.times import NOW, TODAY


@pytest.fixture
def ada(cast):
    return cast.enrolment(cast.ada)


@pytest.fixture
def sol(cast, client_for):
    return client_for(cast.sol)


@pytest.fixture
def leader(cast, client_for):
    return client_for(cast.ada)


def acts(cast, week=2):
    with within(cast.acme):
        return list(SponsorAct.objects.filter(enrolment=cast.enrolment(cast.ada), week=week))


def words(answer):
    return with_plain_dates(answer)


def test_done_waits_for_the_leader_and_one_tap_confirms(cast, ada, sol, leader):
    sol.post(sol.url("part_doing", 2), {"leader": ada.pk})
    (act,) = acts(cast)
    assert (act.kind, bool(act.done_at), act.confirmed_at) == (ActKind.CHECK_IN, True, None)
    assert "Sol noted on Wednesday 11 March that the two of you talked." in words(leader.get(leader.url("today")))

    leader.post(leader.url("part_answer", act.pk), {"answer": "yes"})

    assert acts(cast)[0].confirmed_at is not None
    assert "the two of you talked." not in words(leader.get(leader.url("today"))).split("From your sponsor")[-1]


def test_a_tap_that_says_nothing_changes_nothing(cast, ada, sol, leader):
    sol.post(sol.url("part_doing", 2), {"leader": ada.pk})
    (act,) = acts(cast)

    assert leader.post(leader.url("part_answer", act.pk)).status_code == 422
    assert (acts(cast)[0].confirmed_at, acts(cast)[0].denied_at) == (None, None)


def test_no_is_an_answer_and_can_be_undone(cast, ada, sol, leader):
    sol.post(sol.url("part_doing", 2), {"leader": ada.pk})
    (act,) = acts(cast)

    leader.post(leader.url("part_answer", act.pk), {"answer": "no"})
    assert acts(cast)[0].denied_at is not None
    leader.post(leader.url("part_answer_undoing", act.pk))

    assert acts(cast)[0].denied_at is None


def test_opening_pages_leaves_no_trace(cast, ada, sol):
    with within(cast.acme):
        before = SponsorAct.objects.count()
    for name, *keys in (("sponsor_home",), ("leader", ada.pk), ("part_blocking", 2), ("own_support",)):
        sol.get(sol.url(name, *keys))

    with within(cast.acme):
        assert SponsorAct.objects.count() == before


def test_the_panel_says_thank_you_and_undo_opens_it_again(cast, ada, sol):
    sol.post(sol.url("part_doing", 2), {"leader": ada.pk})
    page = words(sol.get(sol.url("sponsor_home")))
    assert "Thank you, Sol." in page
    assert "Done my two minutes" not in page

    sol.post(sol.url("part_undoing", 2), {"leader": ada.pk})

    assert acts(cast) == []
    assert "Done my two minutes" in words(sol.get(sol.url("sponsor_home")))


def test_undo_leaves_what_the_leader_has_answered(cast, ada, sol, leader):
    sol.post(sol.url("part_doing", 2), {"leader": ada.pk})
    leader.post(leader.url("part_answer", acts(cast)[0].pk), {"answer": "yes"})

    sol.post(sol.url("part_undoing", 2), {"leader": ada.pk})

    assert acts(cast)[0].confirmed_at is not None


def test_twice_is_once_and_not_this_week_changes_it(cast, ada, sol):
    for _time in range(2):
        sol.post(sol.url("part_doing", 2), {"leader": ada.pk})
    assert len(acts(cast)) == 1

    sol.post(sol.url("part_blocking", 2), {"leader": ada.pk, "obstacle": "workload"})

    (act,) = acts(cast)
    assert (act.obstacle, bool(act.blocked_at), act.done_at) == ("workload", True, None)
    assert "Not this week" in words(sol.get(sol.url("sponsor_home")))


def test_not_my_leader_any_more_ends_what_is_asked(cast, ada, sol):
    sol.post(sol.url("part_blocking", 2), {"leader": ada.pk, "obstacle": "not_my_leader"})

    page = words(sol.get(sol.url("sponsor_home")))

    assert "Asked you" not in page
    assert "Done my two minutes" not in page


@pytest.mark.parametrize("week", [0, 4, 12, 13])
def test_only_the_week_one_is_in_can_be_done(cast, ada, week):
    with within(cast.acme), pytest.raises(NotNow):
        do_part(enrolments=[ada], week=week, organisation=cast.acme, by=cast.sol, now=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("days", "week", "kind"), [(-3, 0, "pre_brief"), (0, 1, "check_in"), (85, 13, "end_review"), (93, 13, "end_review")]
)
def test_the_week_decides_which_part_it_is(cast, ada, days, week, kind):
    with within(cast.acme):
        Enrolment.objects.filter(pk=ada.pk).update(day1_on=TODAY - timedelta(days=days))
        ada.pauses.all().delete()
        SponsorAct.objects.filter(enrolment=ada).delete()
        fresh = Enrolment.objects.select_related("cohort").get(pk=ada.pk)
        do_part(enrolments=[fresh], week=week, organisation=cast.acme, by=cast.sol, now=NOW)
        assert SponsorAct.objects.get(enrolment=ada).kind == kind


@pytest.mark.parametrize("name", ["max", "ada", "hana", "mia"])
def test_only_the_sponsor_of_now_does_the_part(cast, ada, name):
    by = getattr(cast, name)
    with within(cast.acme):
        for act in (
            lambda: do_part(enrolments=[ada], week=2, organisation=cast.acme, by=by, now=NOW),
            lambda: block_part(enrolments=[ada], week=2, obstacle="absence", organisation=cast.acme, by=by, now=NOW),
            lambda: take_back_part(enrolments=[ada], week=1, by=by, now=NOW),
        ):
            with pytest.raises(NotYours):
                act()


@pytest.mark.parametrize("name", ["sol", "bo", "hana"])
def test_only_the_leader_confirms(cast, ada, name):
    with within(cast.acme):
        act = SponsorAct.objects.get(enrolment=ada)
        with pytest.raises(NotYours):
            answer_part(act=act, happened=True, by=getattr(cast, name), now=NOW)


def test_a_leader_who_left_cannot_be_supported(cast, ada):
    with within(cast.acme):
        ada.left_on = TODAY
        with pytest.raises(NotNow):
            do_part(enrolments=[ada], week=2, organisation=cast.acme, by=cast.sol, now=NOW)


def test_another_sponsors_leader_is_left_out_of_a_post(cast, sol):
    answer = sol.post(sol.url("part_doing", 2), {"leader": [cast.enrolment(cast.bo).pk, "x", "9" * 30]})

    assert answer.status_code == 409
    with within(cast.acme):
        assert not SponsorAct.objects.filter(enrolment=cast.enrolment(cast.bo), week=2).exists()


def test_the_trail_holds_keys_and_no_text(cast, ada, sol):
    sol.post(sol.url("part_doing", 2), {"leader": ada.pk})

    with within(cast.acme):
        entry = AuditEntry.objects.get(verb="did sponsor's part")
    assert entry.details == {"week": 2, "enrolments": str(ada.pk)}


def test_a_sponsor_who_is_a_leader_elsewhere_has_both_pages(cast, client_for):
    max_ = client_for(cast.max)
    bo = cast.enrolment(cast.bo)
    max_.post(max_.url("part_doing", 2), {"leader": bo.pk})

    with within(cast.acme):
        assert SponsorAct.objects.get(enrolment=bo, week=2).sponsor_id == cast.max.pk
    assert max_.get(max_.url("today")).status_code == 200


def test_asking_stops_after_two_weeks(cast, ada, leader):
    with within(cast.acme):
        SponsorAct.objects.all().delete()
        make.SponsorActFactory(enrolment=ada, done_at=NOW - timedelta(days=15))

    assert "the two of you talked" not in words(leader.get(leader.url("today")))
