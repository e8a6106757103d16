"""Asking, answering, taking back, lapsing and standing in the queue."""

from datetime import timedelta

import pytest

from coaching.mentors.actions.profiles import set_accepting
from coaching.mentors.actions.requests import (
    accept,
    answer_again,
    ask_on,
    decline,
    lapse_requests,
    take_back,
)
from coaching.mentors.actions.wishes import take_wish_away, wish, wish_sooner
from coaching.models import MentorConflict, MentorProfile, MentorWish, Pairing
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.coaching.mentors.scenes import asked, new_leader, new_mentor
from tests.times import NOW


@pytest.fixture
def opened(acme):
    with within(acme):
        yield acme


def state_of(request):
    return Pairing.objects.get(pk=request.pairing_id).state


def test_a_request_is_a_pairing_that_takes_a_place(cast, opened):
    profile, leader = new_mentor(), new_leader()

    request = asked(profile, leader, opened, " May I? ").request

    pairing = request.pairing
    assert (pairing.kind, pairing.leader, pairing.partner, pairing.state) == (
        "mentor",
        leader,
        profile.member,
        "requested",
    )
    assert request.words == "May I?"
    assert asked(profile, new_leader("Other Leader"), opened).queue_place == 1


def test_an_answer_is_due_five_working_days_later(cast, opened):
    request = asked(new_mentor(), new_leader(), opened).request

    # NOW is Wednesday 11 March 2026, 09:30 in Oslo
    assert request.answer_by == NOW + timedelta(days=7)


def test_accepting_begins_the_pairing_and_clears_wishes_of_its_kind(cast, opened):
    profile, leader = new_mentor(), new_leader()
    coach = new_mentor("Cora Coach", kind="coach")
    wish(profile=profile, by=leader)
    wish(profile=coach, by=leader)
    request = asked(profile, leader, opened).request

    accept(request=request, answer="Gladly", by=profile.member, organisation=opened, now=NOW)

    assert state_of(request) == "active"
    assert request.answer == "Gladly"
    assert Pairing.objects.get(pk=request.pairing_id).due_on is not None
    assert [each.profile for each in MentorWish.objects.filter(leader=leader)] == [coach]


@pytest.mark.parametrize("who", ["leader", "other"])
def test_only_the_one_who_was_asked_answers(cast, opened, who):
    profile, leader = new_mentor(), new_leader()
    request = asked(profile, leader, opened).request
    by = leader if who == "leader" else cast.cleo

    with pytest.raises(NotYours):
        accept(request=request, answer="", by=by, organisation=opened, now=NOW)
    with pytest.raises(NotYours):
        decline(request=request, answer="", by=by, organisation=opened, now=NOW)
    with pytest.raises(NotYours):
        take_back(request=request, by=cast.cleo, now=NOW)


def test_a_declined_request_frees_the_place_and_can_be_taken_back(cast, opened):
    profile, leader = new_mentor(), new_leader()
    request = asked(profile, leader, opened).request

    decline(request=request, answer="Not this spring", by=profile.member, organisation=opened, now=NOW)
    assert state_of(request) == "declined"

    answer_again(request=request, by=profile.member, now=NOW)
    assert state_of(request) == "requested"
    assert (request.answer, request.answered_at) == ("", None)


def test_declining_cannot_be_undone_once_the_place_is_taken(cast, opened):
    profile = new_mentor()
    request = asked(profile, new_leader(), opened).request
    decline(request=request, answer="", by=profile.member, organisation=opened, now=NOW)
    asked(profile, new_leader("Other Leader"), opened)

    with pytest.raises(NotNow, match="gone to someone else"):
        answer_again(request=request, by=profile.member, now=NOW)


def test_a_free_place_goes_to_the_first_in_the_queue(cast, opened):
    profile, first, second = new_mentor(), new_leader("First Leader"), new_leader("Second Leader")
    request = asked(profile, new_leader(), opened).request
    asked(profile, first, opened, "I can wait")
    asked(profile, second, opened)
    take_back(request=request, by=request.pairing.leader, now=NOW)

    assert ask_on(organisation=opened, now=NOW) == 1
    assert ask_on(organisation=opened, now=NOW) == 0

    (pairing,) = Pairing.objects.filter(partner=profile.member, state="requested")
    assert pairing.leader == first
    assert pairing.requests.get().words == "I can wait"


def test_nobody_overtakes_the_queue_while_a_place_is_free(cast, opened):
    profile, waiting = new_mentor(), new_leader("Waiting Leader")
    request = asked(profile, new_leader(), opened).request
    asked(profile, waiting, opened)
    take_back(request=request, by=request.pairing.leader, now=NOW)

    assert asked(profile, new_leader("Late Leader"), opened).queue_place == 2


def test_somebody_in_the_queue_who_asked_another_is_passed_over(cast, opened):
    profile, first, second = new_mentor(), new_leader("First Leader"), new_leader("Second Leader")
    request = asked(profile, new_leader(), opened).request
    asked(profile, first, opened)
    asked(profile, second, opened)
    asked(new_mentor("Other Mentor"), first, opened)
    take_back(request=request, by=request.pairing.leader, now=NOW)

    ask_on(organisation=opened, now=NOW)

    assert Pairing.objects.get(partner=profile.member, state="requested").leader == second
    assert MentorWish.objects.get(leader=first, profile=profile).waiting_since is not None


def test_the_queue_asks_nobody_for_a_leader_who_came_into_their_line(cast, opened):
    profile, leader = new_mentor(), new_leader("Waiting Leader")
    request = asked(profile, new_leader(), opened).request
    asked(profile, leader, opened)
    Membership.objects.filter(pk=leader.pk).update(manager=profile.member)
    take_back(request=request, by=request.pairing.leader, now=NOW)

    assert ask_on(organisation=opened, now=NOW) == 0


def test_an_unanswered_request_lapses_after_its_time_and_once(cast, opened):
    request = asked(new_mentor(places=2), new_leader(), opened).request

    assert lapse_requests(now=request.answer_by - timedelta(minutes=1)) == 0
    assert lapse_requests(now=request.answer_by) == 1
    assert lapse_requests(now=request.answer_by) == 0
    assert state_of(request) == "lapsed"
    assert MentorProfile.objects.get(pk=request.profile_id).is_accepting


def test_two_lapses_close_a_profile_until_the_mentor_opens_it(cast, opened):
    profile = new_mentor(places=3)
    for number in range(2):
        asked(profile, new_leader(f"Leader {number}"), opened)
    later = NOW + timedelta(days=8)

    lapse_requests(now=later)

    profile.refresh_from_db()
    assert not profile.is_accepting
    with pytest.raises(NotNow, match="not taking new people"):
        asked(profile, new_leader("Late Leader"), opened)

    set_accepting(profile=profile, is_on=True, by=profile.member, now=later)
    request = asked(profile, new_leader("Latest Leader"), opened).request
    lapse_requests(now=request.answer_by)
    profile.refresh_from_db()
    assert profile.is_accepting  # the count begins anew


@pytest.mark.parametrize("barrier", ["line", "conflict", "language"])
def test_hard_rules_hold_in_the_action_whatever_the_page_showed(cast, opened, barrier):
    profile, leader = new_mentor(), new_leader()
    if barrier == "line":
        Membership.objects.filter(pk=profile.member_id).update(manager=leader)
    if barrier == "conflict":
        MentorConflict.objects.create(profile=profile, member=leader)
    if barrier == "language":
        MentorProfile.objects.filter(pk=profile.pk).update(languages=["fi"])

    with pytest.raises(NotNow):
        asked(profile, leader, opened)
    with pytest.raises(NotNow):
        wish(profile=profile, by=leader)
    assert not Pairing.objects.filter(leader=leader).exists()


def test_a_conflict_reads_like_a_reporting_line(cast, opened):
    """Nobody learns from a refusal that a mentor has named them."""
    above, named = new_mentor("Above Mentor"), new_mentor("Named Mentor")
    leader = new_leader(manager=above.member)
    MentorConflict.objects.create(profile=named, member=leader)
    sentences = set()
    for profile in (above, named):
        with pytest.raises(NotNow) as refusal:
            asked(profile, leader, opened)
        sentences.add(str(refusal.value))

    assert len(sentences) == 1


def test_a_sponsor_above_in_an_enrolment_cannot_be_asked(cast, opened):
    Membership.objects.filter(pk=cast.mia.pk).update(roles=["sponsor", "coach"])
    profile = make.MentorProfileFactory(member=cast.mia, kind="mentor")  # the manager of Ada's sponsor

    with pytest.raises(NotNow, match="reporting line"):
        asked(profile, cast.ada, opened)


def test_a_leader_has_three_wishes_in_their_order(cast, opened):
    leader = new_leader()
    wishes = [wish(profile=new_mentor(f"Mentor {number}"), by=leader) for number in range(3)]

    def names():
        rows = MentorWish.objects.filter(leader=leader).order_by("rank")
        return [(each.rank, each.profile.member.name) for each in rows]

    with pytest.raises(NotNow, match="three wishes"):
        wish(profile=new_mentor("Mentor 4"), by=leader)
    wish_sooner(wish=wishes[2], by=leader)
    assert names() == [(1, "Mentor 0"), (2, "Mentor 2"), (3, "Mentor 1")]
    wish_sooner(wish=wishes[0], by=leader)
    take_wish_away(wish=wishes[0], by=leader)
    assert names() == [(1, "Mentor 2"), (2, "Mentor 1")]
    with pytest.raises(NotYours):
        take_wish_away(wish=wishes[1], by=cast.ada)


def test_a_sentence_that_is_too_long_is_refused_in_the_action(cast, opened):
    with pytest.raises(Invalid):
        asked(new_mentor(), new_leader(), opened, "x" * 301)
