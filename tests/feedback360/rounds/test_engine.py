"""Turns of the engine: everything by itself, in order, once."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow
from feedback360 import engine
from feedback360.models import MemberMail, Rater, RaterMail, Request, RequestState, Round, State, Subject
from feedback360.models.answers import StagedAnswers
from feedback360.rounds.actions.planning import plan_rounds
from feedback360.rounds.actions.reminding import settle_enough
from feedback360.rounds.actions.rounds import bring_forward, cancel_round, change_dates
from feedback360.staging.keys import has_key
from tests import factories as make
from tests.feedback360.rounds.conftest import EARLY, Stage

HOUR = timedelta(hours=1)


def reminded(round_: Round) -> dict[int, int]:
    """How many mails each reminder has."""
    mails = RaterMail.objects.filter(rater__round=round_, kind=RaterMail.Kind.REMINDER)
    return {number: mails.filter(number=number).count() for number in (1, 2, 3) if mails.filter(number=number)}


def test_nothing_is_due_between_the_instants(stage: Stage) -> None:
    stage.turn(EARLY)
    Round.objects.exclude(cohort=stage.cohort).update(next_at=None)
    nominates_at = stage.round().nominates_at

    assert stage.organisation.pk not in engine.due_organisations(now=nominates_at - HOUR)
    assert stage.organisation.pk in engine.due_organisations(now=nominates_at)


def test_asking_what_is_due_is_one_statement_on_the_index(stage: Stage, count_queries) -> None:
    asked = count_queries(lambda: engine.due_organisations(now=EARLY))

    assert len(asked) == 1
    assert "next_at" in asked[0]


def test_every_turn_plans_when_the_next_one_is(stage: Stage) -> None:
    stage.choosing()
    stage.approve("team", 8)
    seen = []
    while (next_at := stage.round().next_at) is not None and stage.round().state != State.COLLECTING:
        stage.turn(next_at)
        seen.append(stage.round().state)
        assert stage.round().next_at is None or stage.round().next_at > next_at

    assert seen == [State.NOMINATING, State.COLLECTING]  # the last call, then the opening


def test_an_open_round_is_reminded_at_most_three_times(stage: Stage) -> None:
    round_ = stage.opened(team=8, peers=0)
    now = round_.opens_at
    while now < round_.closes_at - HOUR:
        stage.turn(now)
        now += HOUR

    assert reminded(round_) == {1: 10, 2: 10, 3: 10}


def test_only_raters_with_something_left_are_reminded(stage: Stage) -> None:
    round_ = stage.opened(team=8, peers=0)
    requests = list(Request.objects.filter(subject=stage.subject(), relation="team").order_by("pk"))
    for request, state in zip(requests, ("answered", "declined", "withdrawn"), strict=False):
        Request.objects.filter(pk=request.pk).update(state=state)
    RaterMail.objects.filter(rater=requests[3].rater_id).update(state="failed")
    Rater.objects.filter(pk=requests[4].rater_id).update(erased_at=EARLY, email="")

    stage.turn(round_.opens_at + timedelta(days=3))

    told = set(RaterMail.objects.filter(kind=RaterMail.Kind.REMINDER).values_list("rater", flat=True))
    assert told & {each.rater_id for each in requests} == {each.rater_id for each in requests[5:]}


def test_a_leader_who_left_stops_reminders_about_them(stage: Stage) -> None:
    round_ = stage.opened(team=8, peers=0)
    stage.enrolment.left_on = EARLY.date()
    stage.enrolment.save()

    stage.turn(round_.opens_at + timedelta(days=3))

    assert reminded(round_) == {}
    assert stage.subject().withdrawn_at is not None


def test_what_was_said_about_a_leader_who_left_is_destroyed(stage: Stage) -> None:
    other = stage.enrol()
    round_ = stage.opened()
    for enrolment in (stage.enrolment, other):
        make.StagedAnswersFactory(subject=stage.subject(enrolment))
    stage.enrolment.left_on = round_.opens_at.date()
    stage.enrolment.save()

    stage.turn(round_.opens_at + HOUR)
    assert StagedAnswers.objects.filter(subject__round=round_).count() == 2, "They may be brought back on that day."

    stage.turn(round_.opens_at + timedelta(days=1))
    assert [each.subject_id for each in StagedAnswers.objects.filter(subject__round=round_)] == [
        stage.subject(other).pk
    ]


def test_a_leader_who_came_just_before_the_opening_takes_part(stage: Stage) -> None:
    round_ = stage.choosing()
    late = stage.enrol()

    stage.turn(round_.opens_at)

    assert stage.subject(late).groups["self"] == "self"


def test_a_reminder_whose_day_has_passed_is_not_made_up(stage: Stage) -> None:
    round_ = stage.opened(team=8, peers=0)

    stage.turn(round_.opens_at + timedelta(days=4))

    assert reminded(round_) == {}


def test_whether_there_is_enough_is_settled_once(stage: Stage) -> None:
    round_ = stage.opened(team=8, peers=8)
    Request.objects.filter(subject=stage.subject(), relation="team").update(state=RequestState.ANSWERED)
    peers = Request.objects.filter(subject=stage.subject(), relation="peer")
    for request in peers[:4]:
        Request.objects.filter(pk=request.pk).update(state=RequestState.ANSWERED)
    assert stage.subject().has_enough is None

    stage.turn(round_.reminds_at)
    assert stage.subject().has_enough is False

    peers.update(state=RequestState.ANSWERED)
    settle_enough(round_, now=round_.reminds_at + HOUR)
    assert stage.subject().has_enough is False


def test_five_answers_in_every_group_are_enough(stage: Stage) -> None:
    round_ = stage.opened(team=8, peers=8)
    for relation in ("team", "peer"):
        for request in Request.objects.filter(subject=stage.subject(), relation=relation)[:5]:
            Request.objects.filter(pk=request.pk).update(state=RequestState.ANSWERED)

    stage.turn(round_.reminds_at)

    assert stage.subject().has_enough is True


def test_before_the_day_to_answer_by_nothing_is_settled(stage: Stage) -> None:
    round_ = stage.opened()
    Request.objects.filter(subject=stage.subject()).update(state=RequestState.ANSWERED)

    stage.turn(round_.reminds_at - HOUR)

    assert stage.subject().has_enough is None


def test_leaders_are_asked_for_replacements_at_a_humane_hour(stage: Stage) -> None:
    round_ = stage.opened()
    Request.objects.filter(subject=stage.subject(), relation="peer").update(state=RequestState.DECLINED)
    now = round_.opens_at
    while now < round_.reminds_at:
        stage.turn(now)
        now += HOUR

    mails = MemberMail.objects.filter(round=round_, kind=MemberMail.Kind.REPLACE)
    assert {mail.recipient_id for mail in mails} == {stage.enrolment.leader_id}
    assert all(8 <= mail.not_before.astimezone(stage.cohort.zone).hour < 18 for mail in mails)


def test_open_now_opens_at_the_next_turn(stage: Stage) -> None:
    round_ = stage.choosing()
    now = round_.nominates_at + timedelta(days=2)

    bring_forward(round_=round_, to=State.COLLECTING, by=stage.admin, now=now)
    stage.turn(now)

    assert stage.round().state == State.COLLECTING
    assert stage.round().opens_at == now


def test_two_admins_at_once_open_once(stage: Stage) -> None:
    round_ = stage.choosing()
    now = round_.nominates_at + timedelta(days=2)
    bring_forward(round_=round_, to=State.COLLECTING, by=stage.admin, now=now)
    bring_forward(round_=Round.objects.get(pk=round_.pk), to=State.COLLECTING, by=stage.admin, now=now)

    stage.turn(now)
    stage.turn(now)

    assert stage.round().state == State.COLLECTING
    assert RaterMail.objects.filter(rater__round=round_).count() == 2


def test_a_round_that_fails_does_not_stop_the_others(stage: Stage) -> None:
    plan_rounds(stage.organisation, now=EARLY)
    other = make.RoundFactory(cohort=stage.cohort, key="other", state="draft", next_at=EARLY)
    broken = stage.round()
    Round.objects.filter(pk=broken.pk).update(next_at=EARLY)
    real = engine.hold

    def hold(round_id: int) -> Round:
        if round_id == broken.pk:
            raise RuntimeError("broken on purpose")
        return real(round_id)

    with patch.object(engine, "hold", hold):
        stage.turn(EARLY)

    assert Round.objects.get(pk=broken.pk).state == State.DRAFT
    assert Round.objects.get(pk=other.pk).state != State.DRAFT


def test_a_worker_that_dies_while_opening_leaves_nothing_half(stage: Stage) -> None:
    """The last step of opening fails; the next turn opens the round as if nothing had happened."""
    round_ = stage.choosing()
    stage.approve("team", 8)

    with patch("feedback360.rounds.actions.opening.invite", side_effect=RuntimeError):
        stage.turn(round_.opens_at)
    assert stage.round().state == State.NOMINATING
    assert not Request.objects.filter(subject=stage.subject(), state=RequestState.ASKED).exists()

    stage.turn(round_.opens_at + timedelta(minutes=1))
    assert stage.round().state == State.COLLECTING
    assert RaterMail.objects.filter(rater__round=round_).count() == 10


def test_a_turn_of_one_organisation_touches_no_other(stage: Stage) -> None:
    with within(stage.organisation.pk):
        mine = Subject.objects.count()
    zenith = type(stage.organisation).objects.get(slug="zenith")
    with within(zenith):
        before = list(Round.objects.values())

    stage.turn(EARLY)

    with within(zenith):
        assert list(Round.objects.values()) == before
    assert Subject.objects.count() == mine


def test_an_open_round_can_close_later_and_not_in_the_past(stage: Stage) -> None:
    before = stage.opened()
    now = before.opens_at + timedelta(days=9)

    def end(answer_by: int, closes: int) -> None:
        days = [now.date() + timedelta(days=each) for each in (answer_by, closes)]
        change_dates(
            round_=stage.round(),
            opens_on=now.date(),
            answer_by=days[0],
            closes_on=days[1],
            by=stage.admin,
            now=now,
        )

    with pytest.raises(Invalid):
        end(-3, -1)
    end(3, 7)

    assert stage.round().opens_at == before.opens_at
    assert stage.round().closes_at > before.closes_at


@pytest.mark.parametrize("state", ["closed", "released", "cancelled"])
def test_dates_of_a_round_that_is_over_stay(stage: Stage, state: str) -> None:
    round_ = make.RoundFactory(cohort=stage.cohort, state=state, key="over")

    with pytest.raises(NotNow):
        change_dates(
            round_=round_,
            opens_on=EARLY.date(),
            answer_by=EARLY.date() + timedelta(days=7),
            closes_on=EARLY.date() + timedelta(days=10),
            by=stage.admin,
            now=EARLY,
        )


def test_a_key_left_by_a_dying_cancellation_is_destroyed(stage: Stage, django_capture_on_commit_callbacks) -> None:
    """The process died between its commit and the end of the key."""
    round_ = stage.opened(team=8, peers=0)
    with django_capture_on_commit_callbacks(execute=False):
        cancel_round(round_=round_, by=stage.admin, now=round_.opens_at + HOUR)
    assert has_key(round_.pk)

    stage.turn(round_.opens_at + 2 * HOUR)

    assert not has_key(round_.pk)


def test_an_open_round_keeps_its_key(stage: Stage) -> None:
    round_ = stage.opened(team=8, peers=0)
    stage.turn(round_.reminds_at)

    assert has_key(round_.pk)
