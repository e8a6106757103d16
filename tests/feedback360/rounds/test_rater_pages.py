"""The pages on which raters are chosen and approved."""

import re
from uuid import uuid4

import pytest
from django.utils import translation

from cohorts.tenancy.wall import within
from feedback360.models import Request, Round, State, Subject
from feedback360.rounds.actions.nominations import decline
from feedback360.rounds.answer_links import answer_url
from feedback360.rounds.policies import names_for_admin, names_for_leader, names_for_sponsor
from tests import factories as make
from tests.feedback360.rounds.scenes import listed, new_round, subject_of
from tests.times import NOW

RANDOM = r'"[A-Za-z0-9]{64}"|"[0-9a-f-]{36}"'  # tokens against forgery, and the key of a form


def subject_in(cast, acme, state=State.NOMINATING, leader="ada", **more):
    with within(acme):
        return subject_of(cast, getattr(cast, leader), new_round(cast, state), **more)


def form(**more):
    return {"key": str(uuid4()), "relation": "team", "name": "Kari Nordmann", "email": "kari@firm.test", **more}


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def states(acme, subject):
    with within(acme):
        return dict(Request.objects.filter(subject=subject).values_list("name", "state"))


def test_a_leader_puts_a_rater_on_the_list(cast, acme, client_for):
    subject = subject_in(cast, acme)
    ada = client_for(cast.ada)

    response = ada.post(ada.url("raters", subject.pk), form(), follow=True)

    assert "Kari Nordmann is on your list." in words(response)
    assert states(acme, subject) == {"Kari Nordmann": "proposed"}


def test_the_form_sent_twice_adds_one(cast, acme, client_for):
    subject = subject_in(cast, acme)
    ada, data = client_for(cast.ada), form()

    for _ in range(2):
        assert ada.post(ada.url("raters", subject.pk), data).status_code == 302

    assert len(states(acme, subject)) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "kari"}, "“kari” is not an e-mail address."),
        ({"email": "ADA@acme.test"}, "This is your own address."),
        ({"email": "sol@acme.test"}, "The manager is asked anyway"),
        ({"email": "bjørn@firm.test"}, "An address cannot have the letter ø."),
        ({"name": ""}, "This field is required."),
        ({"relation": ""}, "This field is required."),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_lost(cast, acme, client_for, wrong, sentence):
    subject = subject_in(cast, acme)
    ada, data = client_for(cast.ada), form(**wrong)

    response = ada.post(ada.url("raters", subject.pk), data)

    assert response.status_code == 422
    assert sentence in words(response)
    assert all(f'value="{data[name]}"' in response.content.decode() for name in ("name", "email") if data[name])
    assert states(acme, subject) == {}


def test_a_colleague_of_the_cohort_is_one_tap_away_and_their_address_hidden(cast, acme, client_for):
    subject = subject_in(cast, acme)
    ada = client_for(cast.ada)
    page = ada.get(ada.url("raters", subject.pk)).content.decode()
    offered = re.findall(r'name="member" value="(\d+)"', page)
    assert set(map(int, offered)) == {cast.bo.pk, cast.max.pk, cast.pat.pk}

    page = ada.post(ada.url("rater_suggestion", subject.pk), {"member": cast.bo.pk}, follow=True).content.decode()

    assert f'value="{cast.bo.pk}"' not in page
    assert states(acme, subject) == {cast.bo.name: "proposed"}
    assert "bo@acme.test" not in page


@pytest.mark.parametrize("who", ["hana", "sol", "zoe", "ada", "nobody"])
def test_only_colleagues_of_the_cohort_can_be_tapped(cast, acme, client_for, who):
    subject = subject_in(cast, acme)
    ada = client_for(cast.ada)
    key = getattr(cast, who).pk if who != "nobody" else "x"

    assert ada.post(ada.url("rater_suggestion", subject.pk), {"member": key}).status_code == 404
    assert states(acme, subject) == {}


def test_the_list_says_what_a_few_more_names_would_change(cast, acme, client_for):
    subject = subject_in(cast, acme)
    with within(acme):
        listed(subject, 9)
        listed(subject, 6, "peer")
    ada = client_for(cast.ada)

    page = words(ada.get(ada.url("raters", subject.pk)))

    assert "Your team and your peers can be shown together." in page
    assert "2 more peers, and your peers can be shown by themselves." in page
    with translation.override("nb"):
        ada.post("/language/", {"language": "nb", "next": "/"})
        assert "2 kolleger til, så kan kollegene dine vises for seg." in words(ada.get(ada.url("raters", subject.pk)))


def test_taking_a_name_off_can_be_undone(cast, acme, client_for):
    subject = subject_in(cast, acme)
    with within(acme):
        (request,) = listed(subject, 1)
    ada = client_for(cast.ada)

    page = ada.post(ada.url("rater_removal", subject.pk, request.pk), follow=True)
    assert "Team 0 is off the list." in words(page)
    assert states(acme, subject) == {"Team 0": "withdrawn"}
    assert ada.url("rater_return", subject.pk, request.pk) in page.content.decode()

    ada.post(ada.url("rater_return", subject.pk, request.pk))
    assert states(acme, subject) == {"Team 0": "proposed"}


def test_a_sponsor_approves_the_whole_list(cast, acme, client_for):
    subject = subject_in(cast, acme)
    with within(acme):
        listed(subject, 8)
    sol = client_for(cast.sol)
    assert "See 8 names" in words(sol.get(sol.url("approvals")))

    page = sol.post(sol.url("rater_approval", subject.pk), follow=True)

    assert "8 names approved." in words(page)
    assert set(states(acme, subject).values()) == {"approved"}
    assert "List approved" in words(sol.get(sol.url("approvals")))


def test_a_sponsor_approves_one_and_takes_another_off(cast, acme, client_for):
    subject = subject_in(cast, acme)
    with within(acme):
        first, second = listed(subject, 2)
    sol = client_for(cast.sol)

    sol.post(sol.url("rater_approval_of_one", subject.pk, first.pk))
    sol.post(sol.url("rater_removal", subject.pk, second.pk))

    assert states(acme, subject) == {"Team 0": "approved", "Team 1": "withdrawn"}
    ada = client_for(cast.ada)
    page = words(ada.get(ada.url("raters", subject.pk)))
    assert "Team 0" in page
    assert "Team 1" not in page


def test_an_admin_adds_an_approved_rater(cast, acme, client_for):
    subject = subject_in(cast, acme)
    hana = client_for(cast.hana)

    page = hana.post(hana.url("rater_new", subject.pk), form(), follow=True)

    assert "Kari Nordmann is on the list." in words(page)
    assert states(acme, subject) == {"Kari Nordmann": "approved"}


@pytest.mark.parametrize("state", [State.COLLECTING, State.CLOSED, State.RELEASED])
def test_no_page_tells_a_state_of_a_rater(cast, acme, client_for, state):
    """Whatever the raters did, leader, sponsor and admin get the same bytes."""
    subject = subject_in(cast, acme, state)
    with within(acme):
        requests = listed(subject, 8, state="asked")
    readers = [(cast.ada, "feedback"), (cast.ada, "raters"), (cast.sol, "approvals"), (cast.sol, "rater_approval")]
    readers += [(cast.hana, "rater_approval")]

    def pages():
        found = []
        for member, name in readers:
            client = client_for(member)
            args = [subject.pk] if name in {"raters", "rater_approval"} else []
            response = client.get(client.url(name, *args))
            assert response.status_code == 200
            found.append(re.sub(RANDOM, "", response.content.decode()))
        return found

    before = pages()
    with within(acme):
        Request.objects.filter(pk__in=[each.pk for each in requests[:3]]).update(state="answered")
        Request.objects.filter(pk=requests[3].pk).update(state="declined")

    assert pages() == before


def asked(subject, relation, member):
    rater = make.RaterFactory(round=subject.round, membership=member, email=member.person.email, name=member.name)
    return make.RequestFactory(subject=subject, rater=rater, relation=relation, group=relation, state="asked")


def test_the_leader_reaches_their_self_assessment_until_it_is_sent(cast, acme, client_for):
    subject = subject_in(cast, acme, State.COLLECTING)
    with within(acme):
        own = asked(subject, "self", cast.ada)
    ada, url = client_for(cast.ada), answer_url(own.rater)
    assert f'href="{url}"' in ada.get(ada.url("feedback")).content.decode()

    with within(acme):
        Request.objects.filter(pk=own.pk).update(state="answered")
    page = ada.get(ada.url("feedback")).content.decode()
    assert url not in page
    assert "Sent. Your report compares it" in page


def test_a_manager_reads_that_answers_bear_their_name_before_the_link(cast, acme, client_for):
    subject = subject_in(cast, acme, State.COLLECTING, manager=cast.sol)
    with within(acme):
        url = answer_url(asked(subject, "manager", cast.sol).rater)
    sol, max_ = client_for(cast.sol), client_for(cast.max)
    page = sol.get(sol.url("approvals")).content.decode()

    assert 0 < page.index("shown to the leader with your name") < page.index(f'href="{url}"')
    assert url not in max_.get(max_.url("approvals")).content.decode()


# Who may see the list of raters


def test_the_leader_sees_their_own_names_without_states(cast, acme):
    subject = subject_in(cast, acme)
    with within(acme):
        for state in ("proposed", "approved", "asked", "answered", "declined", "withdrawn"):
            (request,) = listed(subject, 1, state=state)
            Request.objects.filter(pk=request.pk).update(name=state)
            request.rater.email = f"{state}@acme.test"
            request.rater.save()
        listed(subject_of(cast, cast.bo, subject.round), 1)

        names = names_for_leader(subject)

        assert {each.name for each in names} == {"proposed", "approved", "asked", "answered", "declined"}
        assert {(each.is_new, each.has_mail_trouble) for each in names} == {(False, False)}


def test_the_sponsor_sees_the_list_while_approving_only(cast, acme):
    with within(acme):
        round_ = new_round(cast)
        subject = subject_of(cast, cast.ada, round_)
        listed(subject, 2, state="approved")
        listed(subject, 1, "peer")

        def seen():
            found = Subject.objects.select_related("round").get(pk=subject.pk)
            return [(each.name, each.is_new) for each in names_for_sponsor([found]).get(found.pk, [])]

        assert sorted(seen()) == [("Peer 0", True), ("Team 0", False), ("Team 1", False)]
        Request.objects.filter(subject=subject, state="approved").update(state="asked")
        Round.objects.filter(pk=round_.pk).update(state=State.COLLECTING)
        assert seen() == [("Peer 0", True)]
        for state in (State.DRAFT, State.CLOSED, State.RELEASED, State.CANCELLED):
            Round.objects.filter(pk=round_.pk).update(state=state)
            assert seen() == []


def test_the_admin_sees_names_and_mail_trouble_and_no_answers(cast, acme):
    subject = subject_in(cast, acme, State.COLLECTING)
    with within(acme):
        first, second, third = listed(subject, 3, state="asked")
        make.RaterMailFactory(rater=second.rater, state="failed")
        before = names_for_admin(subject.round)
        decline(request=first, now=NOW)
        Request.objects.filter(pk=third.pk).update(state="answered")

        assert names_for_admin(subject.round) == before
        assert [(each.name, each.has_mail_trouble) for each in before] == [
            ("Team 0", False),
            ("Team 1", True),
            ("Team 2", False),
        ]
        assert {each.leader for each in before} == {cast.ada.name}


def test_a_leader_with_too_few_names_reads_that_nobody_was_asked(cast, acme, client_for):
    ada = client_for(cast.ada)
    with within(acme):
        round_ = new_round(cast, State.COLLECTING)
        groups = {"team": "", "peer": "", "manager": "manager", "self": "self"}
        subject = subject_of(cast, cast.ada, round_, groups=groups)
        listed(subject, 3, state="approved")

    assert "Nobody on your list was asked" in ada.get(ada.url("feedback")).content.decode()
    page = ada.get(ada.url("raters", subject.pk)).content.decode()
    assert "nobody on the list was asked" in page
    assert "They have been asked" not in page


@pytest.mark.parametrize("name", ["bo", "max", "pat"])
def test_nobody_else_sees_a_list(cast, acme, client_for, name):
    subject = subject_in(cast, acme)
    other = client_for(getattr(cast, name))

    assert other.get(other.url("raters", subject.pk)).status_code in {403, 404}
    assert other.get(other.url("rater_approval", subject.pk)).status_code in {403, 404}


def test_a_former_sponsor_sees_no_list(cast, acme, client_for):
    subject = subject_in(cast, acme)
    with within(acme):
        subject.enrolment.sponsor = cast.max
        subject.enrolment.save()
    sol = client_for(cast.sol)

    assert sol.get(sol.url("rater_approval", subject.pk)).status_code == 404


# How much a page asks


def test_a_list_asks_as_much_with_thirty_names_as_with_one(cast, acme, client_for, same_queries_at_1_and_30):
    subject = subject_in(cast, acme)

    def make_row(number):
        with within(acme):
            rater = make.RaterFactory(round=subject.round)
            make.RequestFactory(subject=subject, rater=rater, state="proposed", name=f"Rater {number}")

    ada, sol = client_for(cast.ada), client_for(cast.sol)
    for client, name in ((ada, "raters"), (sol, "rater_approval")):
        asked = same_queries_at_1_and_30(lambda: client.get(client.url(name, subject.pk)), make_row)
        assert asked <= 12
        with within(acme):
            Request.objects.filter(subject=subject).delete()


@pytest.mark.parametrize(("member", "name"), [("ada", "feedback"), ("sol", "approvals")])
def test_overviews_ask_as_much_with_thirty_rounds(cast, acme, client_for, same_queries_at_1_and_30, member, name):
    def make_row(number):
        with within(acme):
            listed(subject_of(cast, cast.ada, new_round(cast, key=f"round-{number}")), 1)

    client = client_for(getattr(cast, member))
    assert same_queries_at_1_and_30(lambda: client.get(client.url(name)), make_row) <= 12


def test_an_admin_is_asked_then_deletes_a_rater(cast, acme, client_for):
    subject = subject_in(cast, acme)
    with within(acme):
        (request,) = listed(subject, 1)
        name, address = request.name, request.rater.email
    hana = client_for(cast.hana)
    url = hana.url("rater_erasure", subject.round_id, request.pk)

    assert f"name and address of {name} are deleted" in words(hana.get(url))
    with within(acme):
        assert Request.objects.get(pk=request.pk).name == name

    page = words(hana.post(url, follow=True))
    assert "The name and the address are deleted." in page
    assert address not in page
    assert hana.post(url).status_code == 404
