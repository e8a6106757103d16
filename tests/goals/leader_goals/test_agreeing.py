"""A goal from a draft to an agreement: who may do what, what has to be there, what is frozen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from cohorts.models import Enrolment
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from cohorts.web.revisions import Stale
from goals.leader_goals.actions.agreeing import agree_goal, propose_goal, send_back_goal, withdraw_goal
from goals.leader_goals.actions.writing import delete_draft, rewrite_goal, write_goal
from goals.leader_goals.rules import GoalPlan
from goals.models import Goal, GoalState
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import NOW, TODAY

Clients = Callable[..., OrganisationClient]
PLAN = GoalPlan(
    outcome="Customers get it solved in the first contact",
    measure="First-contact resolution, my team",
    unit="%",
    baseline=Decimal(68),
    target=Decimal(74),
    due_on=TODAY + timedelta(days=70),
)


@pytest.fixture
def ada(cast: Cast) -> Enrolment:
    return cast.enrolment(cast.ada)


def write(enrolment: Enrolment, plan: GoalPlan = PLAN, **more: object) -> Goal:
    return write_goal(enrolment=enrolment, plan=plan, today=TODAY, by=enrolment.leader, now=NOW, **more)


def propose(goal: Goal) -> Goal:
    return propose_goal(goal=goal, today=TODAY, by=goal.enrolment.leader, now=NOW)


def test_a_written_goal_is_a_draft_with_a_suggested_scale(ada: Enrolment) -> None:
    with within(ada.organisation_id):
        goal = write(ada)

    assert goal.state == GoalState.DRAFT
    assert [step["bound"] for step in goal.scale] == [None, "71", "74", "76", "78"]


def test_the_sponsor_agrees_and_the_first_review_is_dated(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        goal = propose(write(ada))
        agree_goal(goal=goal, today=TODAY, by=cast.sol, now=NOW)

        assert (goal.state, goal.agreed_on, goal.agreed_by) == (GoalState.AGREED, TODAY, cast.sol)
        assert goal.next_review_on == TODAY + timedelta(days=14)
        assert list(goal.events.values_list("kind", flat=True)) == ["proposed", "agreed"]


def test_agreeing_freezes_what_is_measured(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        goal = agree_goal(goal=propose(write(ada)), today=TODAY, by=cast.sol, now=NOW)

        with pytest.raises(NotNow, match="This goal is agreed"):
            rewrite_goal(goal=goal, plan=replace(PLAN, target=Decimal(70)), today=TODAY, by=cast.ada)
        with pytest.raises(ProgrammingError, match="never changes"), transaction.atomic():
            Goal.objects.filter(pk=goal.pk).update(target=70)


@pytest.mark.parametrize("name", ["ada", "max", "hana", "bo"])
def test_nobody_but_the_sponsor_of_now_agrees(ada: Enrolment, cast: Cast, name: str) -> None:
    with within(cast.acme):
        goal = propose(write(ada))

        with pytest.raises(NotYours):
            agree_goal(goal=goal, today=TODAY, by=getattr(cast, name), now=NOW)
        with pytest.raises(NotYours):
            send_back_goal(goal=goal, words="No", today=TODAY, by=getattr(cast, name), now=NOW)


def test_a_sponsor_cannot_agree_to_a_draft(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme), pytest.raises(NotYours):
        agree_goal(goal=write(ada), today=TODAY, by=cast.sol, now=NOW)


def test_a_leader_without_a_sponsor_agrees_alone(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        ada.sponsor = None
        ada.save(update_fields=["sponsor"])
        goal = write(ada)
        with pytest.raises(NotNow, match="you agree to this goal yourself"):
            propose(goal)
        agree_goal(goal=goal, today=TODAY, by=cast.ada, now=NOW)

        assert (goal.state, goal.agreed_by) == (GoalState.AGREED, cast.ada)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"measure": ""}, "Still missing: how you will know"),
        ({"target": None}, "Still missing: how you will know"),
        ({"due_on": None}, "Still missing: by when"),
    ],
)
def test_only_a_missing_measure_or_date_stops_it(
    ada: Enrolment, cast: Cast, changes: dict[str, object], sentence: str
) -> None:
    with within(cast.acme):
        goal = write(ada, replace(PLAN, **changes))
        with pytest.raises(NotNow, match=sentence):
            propose(goal)

        vague = write(ada, replace(PLAN, outcome="Improve customer service"))
        assert propose(vague).state == GoalState.PROPOSED


def test_a_date_that_passed_while_waiting_is_not_agreed_to(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        goal = propose(write(ada, replace(PLAN, due_on=TODAY + timedelta(days=1))))

        with pytest.raises(NotNow, match="after today"):
            agree_goal(goal=goal, today=TODAY + timedelta(days=1), by=cast.sol, now=NOW)


def test_sent_back_with_words_it_is_a_draft_the_sponsor_cannot_see(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        goal = propose(write(ada))
        send_back_goal(goal=goal, words="The whole team, please", today=TODAY, by=cast.sol, now=NOW)

        assert goal.state == GoalState.DRAFT
        assert goal.events.last().words == "The whole team, please"
        assert not Goal.objects.visible_to(cast.sol).filter(pk=goal.pk).exists()


def test_a_sponsor_agrees_only_to_what_they_read(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        goal = propose(write(ada))
        read = goal.revision
        withdraw_goal(goal=goal, today=TODAY, by=cast.ada, now=NOW)
        rewrite_goal(goal=goal, plan=replace(PLAN, target=Decimal(70)), today=TODAY, by=cast.ada)
        propose(goal)

        with pytest.raises(Stale):
            agree_goal(goal=goal, today=TODAY, by=cast.sol, now=NOW, expected_revision=read)


def test_agreeing_twice_is_agreeing_once(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        goal = propose(write(ada))
        read = goal.revision
        for _time in range(2):
            agree_goal(goal=goal, today=TODAY, by=cast.sol, now=NOW, expected_revision=read)

        assert goal.events.filter(kind="agreed").count() == 1


def test_a_proposed_goal_is_taken_back_before_it_changes(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        goal = propose(write(ada))
        with pytest.raises(NotNow, match="Take it back first"):
            rewrite_goal(goal=goal, plan=PLAN, today=TODAY, by=cast.ada)
        withdraw_goal(goal=goal, today=TODAY, by=cast.ada, now=NOW)
        rewrite_goal(goal=goal, plan=replace(PLAN, target=Decimal(70)), today=TODAY, by=cast.ada)

        assert goal.target == 70


def test_a_fourth_goal_under_way_is_refused_kindly(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        propose(write(ada))  # beside the two of the cast

        with pytest.raises(NotNow, match="Three goals are under way"):
            propose(write(ada))


def test_the_same_key_with_newer_words_is_one_goal(ada: Enrolment, cast: Cast) -> None:
    key = UUID(int=7)
    with within(cast.acme):
        first = write(ada, key=key, edition=1)
        again = write(ada, replace(PLAN, why="They call twice"), key=key, edition=3)
        late = write(ada, replace(PLAN, why="Older words"), key=key, edition=2)

        assert first.pk == again.pk == late.pk
        assert Goal.objects.get(pk=first.pk).why == "They call twice"


def test_the_same_key_after_the_agreement_changes_nothing(ada: Enrolment, cast: Cast) -> None:
    key = UUID(int=8)
    with within(cast.acme):
        goal = propose(write(ada, key=key, edition=1))
        write(ada, replace(PLAN, target=Decimal(69)), key=key, edition=2)

        goal.refresh_from_db()
        assert goal.target == 74


def test_only_a_draft_nobody_saw_can_be_deleted(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        seen = withdraw_goal(goal=propose(write(ada)), today=TODAY, by=cast.ada, now=NOW)
        with pytest.raises(NotNow, match="let it go"):
            delete_draft(goal=seen, by=cast.ada)
        own = write(ada)
        delete_draft(goal=own, by=cast.ada)

        assert not Goal.objects.filter(pk=own.pk).exists()


def test_a_goal_names_only_the_leaders_own_focuses(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        theirs = make.FocusFactory(enrolment=cast.enrolment(cast.bo))
        with pytest.raises(Invalid, match="your own plans"):
            write(ada, replace(PLAN, focuses=(theirs,)))


def test_the_page_of_a_proposal_leads_the_sponsor_to_an_agreement(
    ada: Enrolment, cast: Cast, client_for: Clients
) -> None:
    with within(cast.acme):
        goal = propose(write(ada))
    client = client_for(cast.sol)

    page = client.get(client.url("goal_answer", goal.pk))
    answer = client.post(client.url("goal_agreement", goal.pk), {"seen": page.context["form"]["seen"].value()})

    assert answer.status_code == 302
    with within(cast.acme):
        goal.refresh_from_db()
        assert goal.state == GoalState.AGREED


def test_sending_back_without_a_word_is_refused(ada: Enrolment, cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        goal = propose(write(ada))
    client = client_for(cast.sol)

    answer = client.post(client.url("goal_answer", goal.pk), {"seen": goal.revision, "words": " "})

    assert answer.status_code == 422


def test_a_leader_writes_proposes_and_reads_a_goal(ada: Enrolment, cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.ada)
    fields = {
        "outcome": PLAN.outcome,
        "measure": PLAN.measure,
        "unit": "%",
        "direction": "up",
        "baseline": "68",
        "target": "74,5",
        "due_on": PLAN.due_on.isoformat() if PLAN.due_on else "",
        "weight": "2",
    }

    sent = client.post(client.url("goal_new"), fields)
    assert sent.status_code == 302, sent.context["form"].errors
    pk = int(sent["Location"].rstrip("/").split("/")[-1])
    client.post(client.url("goal_proposal", pk))
    page = client.get(client.url("goal", pk)).content.decode()

    assert "Waits for" in page
    assert "74.5" in page
