"""A mentor's last place, wanted by many at the same moment, each on a connection of their own."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier

import pytest
from django.db import connection, transaction

from coaching.mentors.actions.requests import accept, answer_again, decline
from coaching.mentors.actions.wishes import take_turns
from coaching.mentors.finding import place_in_queue
from coaching.models import MentorProfile, MentorRequest, MentorWish, Pairing
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from tests.coaching.mentors.scenes import asked, new_leader, new_mentor
from tests.times import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(organisation, calls):
    """Begin every call at the same moment; their answers, or what they raised."""
    together = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            together.wait(60)
            with within(organisation):
                return call()
        except NotNow as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result(120) for each in [pool.submit(run, call) for call in calls]]


def test_of_fifty_requests_for_the_last_place_one_wins(cast, acme):
    with within(acme):
        profile = new_mentor()
        leaders = [new_leader(f"Leader {number}") for number in range(50)]

    def ask_as(leader):
        return lambda: asked(MentorProfile.objects.get(pk=profile.pk), leader, acme)

    answers = all_at_once(acme, [ask_as(leader) for leader in leaders])

    assert sum(answer.request is not None for answer in answers) == 1
    assert sorted(answer.queue_place for answer in answers) == list(range(50))
    with within(acme):
        assert Pairing.objects.filter(partner=profile.member_id).count() == 1
        waiting = MentorWish.objects.filter(profile=profile, waiting_since__isnull=False)
        assert sorted(place_in_queue(wish) for wish in waiting) == list(range(1, 50))


def test_of_two_acceptances_of_the_last_place_one_wins(cast, acme):
    """Two asked while there were two places; then the mentor closed one of them."""
    with within(acme):
        profile = new_mentor(places=2)
        for number in range(2):
            asked(profile, new_leader(f"Leader {number}"), acme)
        MentorProfile.objects.filter(pk=profile.pk).update(places=1)
        keys = list(MentorRequest.objects.filter(profile=profile).values_list("pk", flat=True))

    def accept_one(key):
        def call():
            request = MentorRequest.objects.select_related("pairing", "profile").get(pk=key)
            return accept(request=request, answer="", by=profile.member, organisation=acme, now=NOW)

        return call

    answers = all_at_once(acme, [accept_one(key) for key in keys])

    assert sorted(type(answer).__name__ for answer in answers) == ["NotNow", "Pairing"]
    with within(acme):
        assert Pairing.objects.active().filter(partner=profile.member_id).count() == 1


def test_a_leader_who_asks_two_at_once_asks_one(cast, acme):
    with within(acme):
        leader = new_leader()
        profiles = [new_mentor("First Mentor"), new_mentor("Second Mentor")]

    def ask_one(key):
        return lambda: asked(MentorProfile.objects.select_related("member").get(pk=key), leader, acme)

    answers = all_at_once(acme, [ask_one(profile.pk) for profile in profiles])

    assert sorted(type(answer).__name__ for answer in answers) == ["AskOutcome", "NotNow"]
    with within(acme):
        assert Pairing.objects.filter(leader=leader, state="requested").count() == 1


def test_an_answer_taken_back_while_the_leader_asks_on_is_refused(cast, acme):
    with within(acme):
        leader = new_leader()
        first, second = new_mentor("First Mentor"), new_mentor("Second Mentor")
        declined = asked(first, leader, acme).request
        decline(request=declined, answer="", by=first.member, organisation=acme, now=NOW)

    def take_the_answer_back():
        try:
            with within(acme):
                request = MentorRequest.objects.select_related("pairing__leader", "profile__member").get(pk=declined.pk)
                answer_again(request=request, by=first.member, now=NOW)
        except NotNow as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with within(acme), transaction.atomic():
            take_turns(leader)
            answer = pool.submit(take_the_answer_back)
            wait([answer], timeout=2)
            asked(second, leader, acme)
        refusal = answer.result(60)

    assert isinstance(refusal, NotNow)
    with within(acme):
        assert Pairing.objects.get(leader=leader, state="requested").partner_id == second.member_id
