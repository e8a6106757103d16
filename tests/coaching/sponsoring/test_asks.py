"""One sentence to the sponsor, and the answer."""

from datetime import timedelta
from uuid import uuid4

import pytest

from coaching.models import Ask, ProtectedTime, SponsorAct
from coaching.sponsoring.actions.asks import answer_ask, ask_sponsor
from coaching.sponsoring.policies import may_see_act, may_see_ask, may_see_protected_time
from cohorts.models import AuditEntry, Enrolment
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow, NotYours
from goals.habits.actions.sharing import thank
from tests.plain_dates import with_plain_dates
from tests.times import NOW, TODAY

QUESTION = "Can I move the Thursday huddle?"


@pytest.fixture
def ada(cast):
    return cast.enrolment(cast.ada)


@pytest.fixture
def sol(cast, client_for):
    return client_for(cast.sol)


@pytest.fixture
def leader(cast, client_for):
    return client_for(cast.ada)


@pytest.fixture
def ask(cast, ada):
    with within(cast.acme):
        Ask.objects.all().delete()
        return ask_sponsor(enrolment=ada, text=f"  {QUESTION} ", key=uuid4(), by=cast.ada, now=NOW)


def words(answer):
    return with_plain_dates(answer)


def test_ask_answer_read(cast, sol, leader, ask):
    assert f"Asked you: “{QUESTION}”" in words(sol.get(sol.url("sponsor_home")))

    sol.post(sol.url("ask_answer", ask.pk), {"answer": "Yes, do that."})
    assert "Asked you" not in words(sol.get(sol.url("sponsor_home")))
    assert "Sol answered you" in words(leader.get(leader.url("today")))
    assert "Yes, do that." in words(leader.get(leader.url("own_ask", ask.pk)))
    assert "Sol answered you" in words(leader.get(leader.url("today")))

    leader.post(leader.url("own_ask_reading", ask.pk))

    assert "Sol answered you" not in words(leader.get(leader.url("today")))


def test_the_same_form_twice_is_one_question(cast, ada, leader):
    with within(cast.acme):
        Ask.objects.all().delete()
    key = uuid4()
    for text in (QUESTION, QUESTION, "Can I move it to Friday?"):
        leader.post(leader.url("own_sponsor"), {"text": text, "key": key, "sponsor_id": cast.sol.pk})

    with within(cast.acme):
        assert [each.text for each in Ask.objects.all()] == ["Can I move it to Friday?"]


def test_a_question_written_for_an_earlier_sponsor_is_not_asked(cast, ada, leader):
    with within(cast.acme):
        Enrolment.objects.filter(pk=ada.pk).update(sponsor=cast.max)
        before = Ask.objects.count()

    answer = leader.post(leader.url("own_sponsor"), {"text": QUESTION, "key": uuid4(), "sponsor_id": cast.sol.pk})

    assert answer.status_code == 409
    with within(cast.acme):
        assert Ask.objects.count() == before


def test_undo_takes_back_the_question_until_it_is_answered(cast, leader, sol, ask):
    sol.post(sol.url("ask_answer", ask.pk), {"answer": "Yes."})
    assert leader.post(leader.url("own_ask_undoing", ask.pk)).status_code == 409

    sol.post(sol.url("ask_answer_undoing", ask.pk))
    leader.post(leader.url("own_ask_undoing", ask.pk))

    with within(cast.acme):
        assert not Ask.objects.filter(pk=ask.pk).exists()


def test_an_answer_that_was_read_is_reworded_and_not_undone(cast, leader, sol, ask):
    sol.post(sol.url("ask_answer", ask.pk), {"answer": "Yes."})
    leader.post(leader.url("own_ask_reading", ask.pk))
    assert sol.post(sol.url("ask_answer_undoing", ask.pk)).status_code == 409

    sol.post(sol.url("ask_answer", ask.pk), {"answer": "Yes, on Friday."})

    with within(cast.acme):
        again = Ask.objects.get(pk=ask.pk)
    assert (again.answer, again.read_at) == ("Yes, on Friday.", None)


def test_a_later_sponsor_neither_sees_nor_answers_it(cast, ada, client_for, ask):
    with within(cast.acme):
        Enrolment.objects.filter(pk=ada.pk).update(sponsor=cast.max)
        now_max = Ask.objects.select_related("enrolment").get(pk=ask.pk)
        for by in (cast.max, cast.sol):
            with pytest.raises(NotYours):
                answer_ask(ask=now_max, answer="Yes.", by=by, now=NOW)
    max_ = client_for(cast.max)

    assert max_.get(max_.url("ask_answer", ask.pk)).status_code == 404
    assert QUESTION not in words(max_.get(max_.url("sponsor_home")))


def test_without_a_sponsor_nothing_can_be_asked(cast, ada):
    ada.sponsor = None
    with within(cast.acme), pytest.raises(NotNow):
        ask_sponsor(enrolment=ada, text=QUESTION, key=uuid4(), by=cast.ada, now=NOW)


def test_the_trail_never_holds_what_was_asked_or_answered(cast, sol, ask):
    sol.post(sol.url("ask_answer", ask.pk), {"answer": "A very secret answer"})

    with within(cast.acme):
        said = [str((entry.verb, entry.details)) for entry in AuditEntry.objects.filter(thing="coaching.ask")]
    assert len(said) == 2
    assert [text for text in said if "huddle" in text or "secret" in text] == []


RULES = [(SponsorAct, may_see_act), (Ask, may_see_ask), (ProtectedTime, may_see_protected_time)]


@pytest.mark.parametrize(("model", "may"), RULES, ids=lambda each: getattr(each, "__name__", ""))
@pytest.mark.parametrize("slug", ["acme", "zenith"])
def test_what_is_visible_is_what_the_rule_allows(cast, slug, model, may):
    house = cast.houses[slug]
    with within(house.organisation):
        rows = list(model.objects.select_related("enrolment"))
        assert rows
        for name, member in house.members.items():
            visible = set(model.objects.visible_to(member).values_list("pk", flat=True))
            assert visible == {row.pk for row in rows if may(member, row)}, name
            assert not visible or name in {"ada", "sol", "bo", "max", "zoe", "zac"}


def test_time_is_offered_taken_and_stands_in_the_plan(cast, ada, sol, leader):
    with within(cast.acme):
        ProtectedTime.objects.all().delete()
    on = TODAY + timedelta(days=1)
    sol.post(sol.url("time_new", ada.pk), {"on": on.isoformat(), "minutes": 30, "key": uuid4()})
    with within(cast.acme):
        time = ProtectedTime.objects.get()
    assert "Sol offers you 30 minutes for your own practice tomorrow." in words(leader.get(leader.url("today")))

    leader.post(leader.url("offer_answer", time.pk), {"answer": "yes"})

    assert "Tomorrow: 30 minutes kept free for you by Sol." in words(leader.get(leader.url("today")))
    assert "Kept free for you" in words(leader.get(leader.url("path")))
    assert sol.post(sol.url("time_undoing", time.pk)).status_code == 409


def test_an_offer_can_be_taken_back_and_declined(cast, ada, sol, leader):
    with within(cast.acme):
        time = ProtectedTime.objects.get(enrolment=ada)
    leader.post(leader.url("offer_answer", time.pk), {"answer": "no"})
    assert "offers you" not in words(leader.get(leader.url("today")))
    leader.post(leader.url("offer_answer_undoing", time.pk))
    assert "offers you" in words(leader.get(leader.url("today")))

    sol.post(sol.url("time_undoing", time.pk))

    with within(cast.acme):
        assert not ProtectedTime.objects.filter(pk=time.pk).exists()


def test_thanks_are_seen_by_the_leader_and_undone(cast, ada, sol, leader):
    with within(cast.acme):
        shared = ada.reflections.get(audience="sponsor")
        private = ada.reflections.get(audience="private")
    assert sol.post(sol.url("thanks", private.pk)).status_code == 404

    sol.post(sol.url("thanks", shared.pk))
    assert "Sol Acme read it and says thank you" in words(leader.get(leader.url("reflection", shared.pk)))
    assert "You thanked Ada" in words(sol.get(sol.url("sponsor_home")))

    sol.post(sol.url("thanks_undoing", shared.pk))
    assert "says thank you" not in words(leader.get(leader.url("reflection", shared.pk)))


@pytest.mark.parametrize("name", ["ada", "max", "hana", "mia"])
def test_only_the_reader_it_was_shared_with_says_thank_you(cast, ada, name):
    with within(cast.acme):
        shared = ada.reflections.select_related("enrolment").get(audience="sponsor")
        with pytest.raises(NotYours):
            thank(reflection=shared, by=getattr(cast, name), now=NOW)
