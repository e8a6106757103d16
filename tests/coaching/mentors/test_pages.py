"""The pages of mentors as leaders, mentors and admins find them."""

import pytest

from coaching.mentors.stop_figures import stop_figures
from coaching.models import MentorProfile, MentorWish, Pairing, StopCount
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.coaching.mentors.scenes import asked, new_leader, new_mentor
from tests.times import TODAY


@pytest.fixture
def opened(acme):
    with within(acme):
        yield acme


@pytest.fixture
def leader(opened):
    return new_leader()


def page(client, path):
    answer = client.get(f"/o/acme/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client, path, **fields):
    return client.post(f"/o/acme/{path}", fields, follow=True)


def test_a_leader_finds_mentors_with_reasons_and_no_percentage(cast, opened, client_for):
    new_mentor("Mats Mentor", behaviours=["clear"], site="Bergen")

    text = page(client_for(cast.ada), "mentors/")

    assert "Mats Mentor" in text
    assert "Helps with what you work on: clear." in text
    assert "8 working hours in common." in text
    assert "%" not in text[text.index('class="rows"') :]


def test_the_list_names_nobody_of_the_own_line_or_in_conflict(cast, opened, client_for):
    Membership.objects.filter(pk=cast.sol.pk).update(roles=["sponsor", "coach"])
    make.MentorProfileFactory(member=cast.sol)
    named = new_mentor("Named Mentor")
    make.MentorConflictFactory(profile=named, member=cast.ada)

    text = page(client_for(cast.ada), "mentors/")

    assert "Named Mentor" not in text
    assert "Sol Acme" not in text


def test_no_match_says_why_and_what_to_do(cast, opened, leader, client_for):
    MentorProfile.objects.all().update(languages=["fi"])

    text = page(client_for(leader), "mentors/")

    assert "1 speaks another language than you." in text
    assert "Change what you look for" in text


def test_without_any_mentor_the_page_teaches(cast, opened, leader, client_for):
    MentorProfile.objects.all().update(is_accepting=False)
    assert "1 is not taking new people now." in page(client_for(leader), "mentors/")
    MentorWish.objects.all().delete()
    for profile in MentorProfile.objects.all():
        profile.member.roles = []
        profile.member.save()
    assert "Nobody offers to be a mentor yet" in page(client_for(leader), "mentors/")


def test_finding_asks_the_same_number_of_queries_at_1_and_30(opened, leader, client_for, same_queries_at_1_and_30):
    client = client_for(leader)
    same_queries_at_1_and_30(lambda: page(client, "mentors/"), lambda number: new_mentor(f"Mentor {number}"))


def test_the_admins_coaches_cost_the_same_at_1_and_30(cast, opened, client_for, same_queries_at_1_and_30):
    client = client_for(cast.hana)

    def pair(number):
        mentor = new_mentor(f"Mentor {number}")
        make.PairingFactory(kind="mentor", leader=new_leader(f"Leader {number}"), partner=mentor.member)

    same_queries_at_1_and_30(lambda: page(client, "coaches/"), pair)


def test_my_wishes_cost_the_same_with_one_and_three(opened, leader, client_for, count_queries):
    client = client_for(leader)

    def wish(rank):
        make.MentorWishFactory(leader=leader, profile=new_mentor(f"Mentor {rank}"), rank=rank)

    wish(1)
    page(client, "mentors/mine/")  # the first visit of the day is noted
    first = len(count_queries(lambda: page(client, "mentors/mine/")))
    wish(2), wish(3)
    assert len(count_queries(lambda: page(client, "mentors/mine/"))) == first


def test_asking_answering_and_what_each_reads(opened, leader, client_for):
    profile = new_mentor("Mats Mentor")
    sent(client_for(leader), f"mentors/{profile.pk}/request/", words="May I learn from you?")
    assert "You have asked Mats Mentor" in page(client_for(leader), "mentors/mine/")
    mentor = client_for(profile.member)
    text = page(mentor, "mentoring/")
    assert "May I learn from you?" in text

    request = profile.requests.get()
    sent(mentor, f"requests/{request.pk}/answer/", act="yes", answer="Gladly")

    assert Pairing.objects.get(leader=leader).state == "active"
    assert "Mats Mentor" in page(client_for(leader), "mentors/mine/")


def test_a_no_comes_back_with_its_sentence_and_can_be_undone(opened, leader, client_for):
    profile = new_mentor("Mats Mentor")
    request = asked(profile, leader, opened).request
    mentor = client_for(profile.member)

    answer = sent(mentor, f"requests/{request.pk}/answer/", act="no", answer="Ask me in May")
    assert "Undo" in answer.content.decode()
    assert "Ask me in May" in page(client_for(leader), "mentors/mine/")

    sent(mentor, f"requests/{request.pk}/answering-again/")
    assert Pairing.objects.get(leader=leader).state == "requested"


def test_the_second_for_the_last_place_reads_that_they_are_first_in_the_queue(opened, leader, client_for):
    profile = new_mentor()
    asked(profile, new_leader("Quick Leader"), opened)

    answer = sent(client_for(leader), f"mentors/{profile.pk}/request/", words="")

    assert "You are first in the queue." in answer.content.decode()


def test_an_answer_that_is_too_long_comes_back(opened, leader, client_for):
    profile = new_mentor()
    request = asked(profile, leader, opened).request

    answer = client_for(profile.member).post(
        f"/o/acme/requests/{request.pk}/answer/", {"act": "no", "answer": "y" * 301}
    )

    assert answer.status_code == 422
    assert "y" * 301 in answer.content.decode()


def test_a_coach_without_a_profile_is_led_to_it(opened, client_for):
    member = make.MembershipFactory(name="Nora New", roles=["coach"])
    client = client_for(member)
    assert "Leaders cannot find you yet" in page(client, "mentoring/")

    fields = {"kind": "mentor", "behaviours": "clear", "languages": "nb", "hours_from": "08:00", "hours_to": "16:00"}
    fields |= {"zone": "Europe/Oslo", "places": "3", "cadence_days": "14", "conflicts": "bo@acme.test"}
    sent(client, "mentoring/profile/", **fields)

    profile = MentorProfile.objects.get(member=member)
    assert (profile.places, [each.member.name.split()[0] for each in profile.conflicts.all()]) == (3, ["Åse-Kristin"])


def test_stopping_is_one_tap_with_undo(cast, opened, client_for):
    pairing = Pairing.objects.get(leader=cast.ada, kind="coach")
    client = client_for(cast.ada)

    answer = sent(client, f"pairings/{pairing.pk}/stopping/")
    pairing.refresh_from_db()
    assert pairing.state == "ended"
    text = answer.content.decode()
    undo = text[text.index(f"/o/acme/pairings/{pairing.pk}/going-on/") :].split('"')[0]

    client.post(undo)
    pairing.refresh_from_db()
    assert pairing.state == "active"


def test_admins_see_pairs_and_places_and_never_a_word(cast, opened, client_for):
    asked(new_mentor(), new_leader(), opened, "A private sentence")

    text = page(client_for(cast.hana), "coaches/")

    assert "Cleo Acme" in text
    assert "A private sentence" not in text
    assert "acme bait" not in text


def test_reasons_show_after_the_quarter_and_from_five_up(opened):
    StopCount.objects.all().delete()
    for day, reason, number in (
        ("2025-10-01", "time", 5),
        ("2025-10-01", "fit", 4),
        ("2026-01-01", "time", 50),  # this quarter is not over
    ):
        StopCount.objects.create(quarter_on=day, reason=reason, number=number)

    ((quarter, figures),) = stop_figures(TODAY)

    assert quarter.isoformat() == "2025-10-01"
    assert [(each.reason, each.number) for each in figures] == [("No time for it now", 5)]


def test_a_double_tap_on_taking_nobody_stays_closed(opened, client_for):
    profile = new_mentor()
    client = client_for(profile.member)

    for _twice in range(2):
        sent(client, "mentoring/opening/", on="0")

    profile.refresh_from_db()
    assert not profile.is_accepting
