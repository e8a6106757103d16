"""A round opens: groups are decided, everybody is asked once, and from then on nothing of it moves."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from cohorts.web.refusals import NotNow
from feedback360.models import MemberMail, Rater, RaterMail, Relation, Request, RequestState, Round, State, Subject
from feedback360.rounds.actions.opening import begin_choosing, open_round
from feedback360.staging.keys import key_of
from tests import factories as make
from tests.feedback360.rounds.conftest import EARLY, Stage


def groups_asked(subject: Subject) -> Counter[tuple[str, str]]:
    asked = Request.objects.filter(subject=subject, state=RequestState.ASKED)
    return Counter(asked.values_list("relation", "group"))


def test_leaders_are_asked_for_raters_when_choosing_begins(stage: Stage) -> None:
    other = stage.enrol()

    round_ = stage.choosing()

    mails = MemberMail.objects.filter(round=round_, kind=MemberMail.Kind.NOMINATE)
    assert {mail.recipient_id for mail in mails} == {stage.enrolment.leader_id, other.leader_id}
    assert round_.state == State.NOMINATING


def test_leaders_without_approved_raters_are_asked_again_once(stage: Stage) -> None:
    ready = stage.enrol()
    round_ = stage.choosing()
    Subject.objects.filter(enrolment=ready).update(approved_at=EARLY)

    for hours in (0, 1):
        stage.turn(round_.opens_at - timedelta(days=5) + timedelta(hours=hours))

    again = MemberMail.objects.filter(round=round_, kind=MemberMail.Kind.NOMINATE, number=2)
    assert [mail.recipient_id for mail in again] == [stage.enrolment.leader_id]


def test_everybody_approved_is_asked_in_their_group(stage: Stage) -> None:
    stage.opened(team=8, peers=9)

    assert groups_asked(stage.subject()) == {
        ("team", "team"): 8,
        ("peer", "peers"): 9,
        ("manager", "manager"): 1,
        ("self", "self"): 1,
    }
    assert stage.subject().groups == {"team": "team", "peer": "peers", "manager": "manager", "self": "self"}


def test_groups_too_small_alone_are_asked_as_colleagues(stage: Stage) -> None:
    stage.opened(team=8, peers=3)

    asked = groups_asked(stage.subject())
    assert (asked["team", "colleagues"], asked["peer", "colleagues"]) == (8, 3)


def test_nobody_answers_for_nothing(stage: Stage) -> None:
    round_ = stage.opened(team=4, peers=3)

    assert groups_asked(stage.subject()) == {("manager", "manager"): 1, ("self", "self"): 1}
    assert Request.objects.filter(subject=stage.subject(), state=RequestState.APPROVED).count() == 7
    assert RaterMail.objects.filter(rater__round=round_).count() == 2


def test_who_is_not_approved_is_not_asked(stage: Stage) -> None:
    stage.choosing()
    stage.approve("team", 8)
    proposed = stage.approve("team", 1)[0]
    Request.objects.filter(pk=proposed.pk).update(state=RequestState.PROPOSED)

    stage.turn(stage.round().opens_at)

    assert groups_asked(stage.subject())["team", "team"] == 8
    assert not RaterMail.objects.filter(rater=proposed.rater_id).exists()


def test_one_mail_for_all_leaders_a_rater_is_asked_about(stage: Stage) -> None:
    """The manager of three leaders, who is a peer of nobody, gets one."""
    for _n in range(2):
        stage.enrol(sponsor=stage.sponsor)

    round_ = stage.opened()

    manager = Rater.objects.get(round=round_, membership=stage.sponsor)
    assert manager.requests.count() == 3
    assert RaterMail.objects.filter(rater=manager).count() == 1


def test_the_manager_is_the_sponsor_of_the_day_it_opens(stage: Stage) -> None:
    round_ = stage.choosing()
    stage.enrolment.sponsor = make.MembershipFactory(roles=["sponsor"])
    stage.enrolment.save()
    stage.turn(round_.opens_at)
    at_opening = stage.enrolment.sponsor

    stage.enrolment.sponsor = stage.sponsor
    stage.enrolment.save()
    stage.turn(round_.opens_at + timedelta(days=1))

    assert stage.subject().manager == at_opening
    assert Request.objects.get(subject=stage.subject(), relation="manager").rater.membership == at_opening


@pytest.mark.parametrize("email", ["boss@embed90.test", "Boss@Embed90.test"])
def test_a_peer_who_became_the_manager_answers_as_the_manager(stage: Stage, email: str) -> None:
    round_ = stage.choosing()
    stage.approve("peer", 8)
    boss = make.MembershipFactory(person__email="boss@embed90.test", roles=["sponsor"])
    peer = stage.approve("peer", 1)[0]
    Rater.objects.filter(pk=peer.rater_id).update(email=email)
    stage.enrolment.sponsor = boss
    stage.enrolment.save()

    stage.turn(round_.opens_at)

    asked = Request.objects.filter(rater=peer.rater_id)
    assert [(each.relation, each.group, each.state) for each in asked] == [("manager", "manager", "asked")]
    assert groups_asked(stage.subject())["peer", "peers"] == 8


def test_a_leader_without_sponsor_has_no_manager(stage: Stage) -> None:
    stage.enrolment.sponsor = None
    stage.enrolment.save()

    stage.opened()

    assert stage.subject().groups["manager"] == ""
    assert not Request.objects.filter(subject=stage.subject(), relation=Relation.MANAGER).exists()


def test_a_leader_who_left_is_not_asked_about(stage: Stage) -> None:
    stage.choosing()
    stage.approve("team", 8)
    stage.enrolment.left_on = EARLY.date()
    stage.enrolment.save()

    stage.turn(stage.round().opens_at)

    assert not groups_asked(stage.subject())
    assert stage.subject().withdrawn_at is not None


def test_an_open_round_has_a_key(stage: Stage) -> None:
    assert key_of(stage.opened().pk)


def test_opening_twice_asks_once(stage: Stage) -> None:
    round_ = stage.opened()
    before = Request.objects.filter(subject__round=round_).count(), RaterMail.objects.count(), key_of(round_.pk)

    stage.turn(round_.opens_at)
    with pytest.raises(NotNow):
        open_round(round_, now=round_.opens_at)

    after = Request.objects.filter(subject__round=round_).count(), RaterMail.objects.count(), key_of(round_.pk)
    assert after == before


def test_groups_and_manager_stay_in_an_open_round(stage: Stage) -> None:
    round_ = stage.opened(team=8, peers=3)
    before = stage.subject().groups
    stage.approve("peer", 9)

    stage.turn(round_.opens_at + timedelta(days=1))

    assert stage.subject().groups == before


def test_a_round_opened_days_late_is_open_as_long_as_any(stage: Stage) -> None:
    now = stage.choosing().opens_at + timedelta(days=3)

    stage.turn(now)

    late = stage.round()
    assert (late.state, late.opens_at) == (State.COLLECTING, now)
    assert late.closes_at - now >= timedelta(days=10)


def test_mails_of_a_round_opened_at_night_wait_for_the_morning(stage: Stage) -> None:
    round_ = stage.choosing()
    open_round(round_, now=round_.opens_at - timedelta(hours=10))

    goes_at = {mail.not_before for mail in RaterMail.objects.filter(rater__round=round_)}
    assert goes_at == {round_.opens_at}


def test_a_thousand_raters_cost_no_more_statements(
    stage: Stage, count_queries: Callable[[Callable[[], object]], list[str]]
) -> None:
    stage.choosing()
    stage.approve("team", 8)
    subjects = Subject.objects.filter(round=stage.round())
    few = len(count_queries(lambda: _try_out(stage)))
    for _n in range(40):
        stage.enrol(sponsor=make.MembershipFactory(roles=["sponsor"]))
    stage.turn(stage.round().nominates_at + timedelta(hours=1))
    raters = Rater.objects.bulk_create(make.RaterFactory.build(round=stage.round()) for _n in range(1000))
    crowd = list(subjects.order_by("pk"))
    Request.objects.bulk_create(
        make.RequestFactory.build(subject=crowd[n % 40], rater=rater, group="", state="approved")
        for n, rater in enumerate(raters)
    )

    assert len(count_queries(lambda: _try_out(stage))) <= few


def _try_out(stage: Stage) -> None:
    """Open and take it back, so that the same round can be opened again with more raters."""
    before = transaction.savepoint()
    open_round(stage.round(), now=stage.round().opens_at)
    assert stage.round().state == State.COLLECTING
    transaction.savepoint_rollback(before)


@pytest.mark.parametrize("state", [each for each in State if each != State.DRAFT])
def test_choosing_begins_from_a_planned_round_alone(stage: Stage, state: str) -> None:
    round_ = make.RoundFactory(cohort=stage.cohort, state=state)

    with pytest.raises(NotNow):
        begin_choosing(round_, now=EARLY)


@pytest.mark.parametrize("state", [each for each in State if each != State.NOMINATING])
def test_a_round_opens_after_choosing_alone(stage: Stage, state: str) -> None:
    round_ = make.RoundFactory(cohort=stage.cohort, state=state)

    with pytest.raises(NotNow):
        open_round(round_, now=EARLY)
    assert Round.objects.get(pk=round_.pk).state == state


def test_the_scale_looked_at_first_is_what_the_leader_chose_last_time(stage: Stage) -> None:
    other = stage.enrol()
    before = make.RoundFactory(cohort=stage.enrolment.cohort, key="before", state="released")
    make.SubjectFactory(round=before, enrolment=stage.enrolment, strength="initiative", growth="clear")
    make.SubjectFactory(round=before, enrolment=other)

    stage.opened(team=8)

    assert stage.subject().primary_scale == "clear+initiative"
    assert stage.subject(other).primary_scale == "all"
