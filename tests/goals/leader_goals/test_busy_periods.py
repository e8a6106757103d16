"""Busy periods: offered to a cohort, answered by each leader, begun once, taken back; the leader's later hand wins."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cohorts.enrolment.actions.enrolments import leave
from cohorts.models import AuditEntry, Enrolment, Pause
from cohorts.models.cohort import Cadence
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from goals import engine
from goals.habits.actions.focus import pick_focus, set_dial
from goals.leader_goals.actions.busy import (
    answer_busy_period,
    begin_if_due,
    offer_again,
    offer_busy_period,
    take_back_busy_answer,
    withdraw_busy_period,
)
from goals.leader_goals.actions.dial import turn_goal_dial
from goals.leader_goals.busy import offered_to, open_offers
from goals.models import BusyAnswer, BusyPeriod, Dial, Focus, Goal, GoalDial
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

FIRST, LAST = date(2026, 3, 16), date(2026, 3, 22)  # the Monday to Sunday after TODAY
ON_FIRST = datetime(2026, 3, 16, 6, tzinfo=UTC)  # 7.00 in Oslo
NEXT_DAY = timedelta(days=1)


@pytest.fixture
def ada(cast: Cast) -> Enrolment:
    """Ada with two focuses and a goal that nobody turned yet, and no offers of the cast's."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        BusyPeriod.objects.all().delete()
        Dial.objects.filter(focus__enrolment=enrolment).delete()
        GoalDial.objects.filter(goal__enrolment=enrolment).delete()
    return enrolment


def offer(cast: Cast, **changes: Any) -> BusyPeriod:
    plan = {"title": "Autumn campaign", "level": 1, "starts_on": FIRST, "ends_on": LAST, **changes}
    return offer_busy_period(cohort=cast.enrolment(cast.ada).cohort, today=TODAY, by=cast.hana, now=NOW, **plan)


def accept(period: BusyPeriod, enrolment: Enrolment, now: datetime = NOW, accepts: bool = True) -> BusyAnswer:
    return answer_busy_period(period=period, enrolment=enrolment, accepts=accepts, by=enrolment.leader, now=now)


def levels(enrolment: Enrolment, on: date = FIRST) -> list[int]:
    """The dials of the focuses and the goal of an enrolment on a date."""
    focuses = Focus.objects.current().filter(enrolment=enrolment).order_by("pk")
    goals = Goal.objects.current().filter(enrolment=enrolment).order_by("pk")
    return [each.level_on(on) for each in focuses] + [each.level_on(on) for each in goals]


def turn(enrolment: Enrolment, now: datetime = ON_FIRST) -> None:
    engine.turn(enrolment.organisation, now=now)


def test_an_accepted_period_turns_all_dials_on_its_first_day(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        accept(offer(cast), ada)

        assert levels(ada, TODAY) == [2, 2, 2]
    turn(ada, ON_FIRST - NEXT_DAY)
    with within(cast.acme):
        assert levels(ada) == [2, 2, 2]
    turn(ada)
    with within(cast.acme):
        ada.refresh_from_db()

        assert levels(ada) == [1, 1, 1]
        assert levels(ada, LAST) == [1, 1, 1]
        assert levels(ada, LAST + NEXT_DAY) == [2, 2, 2]
        assert (ada.cadence, ada.cadence_until) == (Cadence.LIGHT, LAST)
        assert list(GoalDial.objects.filter(goal__enrolment=ada).values_list("is_reserve", "set_by")) == [
            (True, cast.ada.pk)
        ]


def test_a_second_turn_begins_no_busy_period_again(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        accept(offer(cast), ada)
    turn(ada)
    turn(ada)
    with within(cast.acme):
        assert Dial.objects.filter(focus__enrolment=ada).count() == 2
        assert GoalDial.objects.filter(goal__enrolment=ada).count() == 1


def test_a_period_that_has_begun_turns_the_dials_at_once(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        answer = accept(offer(cast, starts_on=TODAY - NEXT_DAY), ada)

        assert answer.begun_on == TODAY
        assert levels(ada, TODAY) == [1, 1, 1]


def test_a_period_begins_on_the_first_day_where_the_leader_is(ada: Enrolment, cast: Cast) -> None:
    """It is Monday in Auckland while it is still Sunday in Oslo."""
    sunday_evening = datetime(2026, 3, 15, 18, tzinfo=UTC)
    with within(cast.acme):
        bo = cast.enrolment(cast.bo)
        bo.zone = ZoneInfo("Pacific/Auckland")
        bo.save(update_fields=["zone"])
        period = offer(cast)
        accept(period, ada)
        accept(period, bo)
    turn(ada, sunday_evening)
    with within(cast.acme):
        assert list(BusyAnswer.objects.exclude(begun_on=None).values_list("enrolment", "begun_on")) == [(bo.pk, FIRST)]


def test_a_hand_after_accepting_wins_over_the_period(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        accept(offer(cast), ada)
        focus = Focus.objects.current().filter(enrolment=ada).earliest("pk")
        set_dial(focus=focus, level=3, ends_on=None, today=TODAY, by=cast.ada, now=NOW + timedelta(minutes=1))
        goal = Goal.objects.current().select_related("enrolment").get(enrolment=ada)
        goal.by_focus.all().delete()
        later = NOW + timedelta(minutes=2)
        turn_goal_dial(goal=goal, level=3, ends_on=None, today=TODAY, by=cast.ada, now=later)
    turn(ada)
    with within(cast.acme):
        assert levels(ada) == [3, 1, 3]


def test_a_hand_before_accepting_gives_way_to_the_period(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        focus = Focus.objects.current().filter(enrolment=ada).earliest("pk")
        set_dial(focus=focus, level=3, ends_on=None, today=TODAY, by=cast.ada, now=NOW - timedelta(minutes=1))
        accept(offer(cast), ada)
    turn(ada)
    with within(cast.acme):
        assert levels(ada) == [1, 1, 1]


def test_a_hand_during_a_busy_period_wins(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        accept(offer(cast), ada)
    turn(ada)
    with within(cast.acme):
        focus = Focus.objects.current().filter(enrolment=ada).earliest("pk")
        set_dial(focus=focus, level=2, ends_on=None, today=FIRST, by=cast.ada, now=ON_FIRST)
    turn(ada, ON_FIRST + NEXT_DAY)
    with within(cast.acme):
        assert levels(ada, FIRST + NEXT_DAY) == [2, 1, 1]


def test_a_leader_who_is_away_begins_when_they_are_back(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        make.PauseFactory(cohort=ada.cohort, enrolment=ada, starts_on=FIRST, ends_on=FIRST + NEXT_DAY)
        accept(offer(cast), ada)
    turn(ada)
    turn(ada, ON_FIRST + NEXT_DAY)
    with within(cast.acme):
        assert not Dial.objects.filter(focus__enrolment=ada).exists()
    turn(ada, ON_FIRST + 2 * NEXT_DAY)
    with within(cast.acme):
        assert BusyAnswer.objects.get().begun_on == FIRST + 2 * NEXT_DAY
        assert levels(ada, LAST) == [1, 1, 1]


def test_a_period_spent_away_turns_nothing(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        Pause.objects.create(cohort=ada.cohort, enrolment=None, starts_on=FIRST, ends_on=LAST)
        accept(offer(cast), ada)
    for days in range(9):
        turn(ada, ON_FIRST + timedelta(days=days))
    with within(cast.acme):
        assert BusyAnswer.objects.get().begun_on is None
        assert not Dial.objects.filter(focus__enrolment=ada).exists()


def test_a_leader_who_left_begins_no_busy_period(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        answer = accept(offer(cast), ada)
        leave(enrolment=ada, on=TODAY, by=cast.hana, now=NOW)
    turn(ada)
    with within(cast.acme):
        begin_if_due(answer=answer, now=ON_FIRST)

        assert not Dial.objects.filter(focus__enrolment=ada).exists()


def test_a_declined_offer_turns_nothing(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        accept(offer(cast), ada, accepts=False)
    turn(ada)
    with within(cast.acme):
        assert levels(ada) == [2, 2, 2]


def test_undo_of_an_accepted_offer_puts_the_dials_back(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        focus = Focus.objects.current().filter(enrolment=ada).earliest("pk")
        set_dial(focus=focus, level=3, ends_on=LAST, today=TODAY, by=cast.ada, now=NOW - timedelta(minutes=1))
        period = offer(cast, starts_on=TODAY)
        accept(period, ada)
        by_hand = Focus.objects.current().filter(enrolment=ada).latest("pk")
        set_dial(focus=by_hand, level=0, ends_on=None, today=TODAY, by=cast.ada, now=NOW)
        take_back_busy_answer(period=period, enrolment=ada, by=cast.ada, now=NOW)
        ada.refresh_from_db()

        assert levels(ada, TODAY) == [3, 0, 2]
        assert ada.cadence == Cadence.STRETCH
        assert list(open_offers(ada.cohort, ada, TODAY)) == [period]
        take_back_busy_answer(period=period, enrolment=ada, by=cast.ada, now=NOW)
        assert levels(ada, TODAY) == [3, 0, 2]


def test_the_newest_answer_to_an_offer_holds(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        period = offer(cast, starts_on=TODAY)
        first = accept(period, ada)

        assert accept(period, ada).pk == first.pk
        assert Dial.objects.filter(focus__enrolment=ada).count() == 2
        accept(period, ada, accepts=False)
        assert levels(ada, TODAY) == [2, 2, 2]
        assert BusyAnswer.objects.get().accepts is False


def test_a_withdrawn_offer_is_neither_accepted_nor_begun(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        period = offer(cast)
        accept(period, ada)
        withdraw_busy_period(period=period, by=cast.hana, now=NOW)

        assert not open_offers(ada.cohort, cast.enrolment(cast.bo), TODAY).exists()
        with pytest.raises(NotNow, match="withdrawn"):
            accept(period, cast.enrolment(cast.bo))
    turn(ada)
    with within(cast.acme):
        begin_if_due(answer=BusyAnswer.objects.select_related("period", "enrolment").get(), now=ON_FIRST)

        assert levels(ada) == [2, 2, 2]
        offer_again(period=period, by=cast.hana, now=NOW)
    turn(ada)
    with within(cast.acme):
        assert levels(ada) == [1, 1, 1]


def test_withdrawing_leaves_dials_that_were_turned(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        period = offer(cast, starts_on=TODAY)
        accept(period, ada)
        withdraw_busy_period(period=period, by=cast.hana, now=NOW)

        assert levels(ada, TODAY) == [1, 1, 1]


def test_an_offer_that_is_over_or_of_another_cohort_is_refused(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        period = offer(cast)
        with pytest.raises(NotNow, match="over"):
            accept(period, ada, now=NOW + timedelta(days=20))
        elsewhere = make.BusyPeriodFactory(cohort=make.CohortFactory(name="Elsewhere"))
        with pytest.raises(NotNow, match="another cohort"):
            accept(elsewhere, ada)


def test_only_the_leader_answers_a_busy_offer(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        period = offer(cast)
        for other in (cast.sol, cast.hana, cast.bo):
            with pytest.raises(NotYours):
                answer_busy_period(period=period, enrolment=ada, accepts=True, by=other, now=NOW)
            with pytest.raises(NotYours):
                take_back_busy_answer(period=period, enrolment=ada, by=other, now=NOW)


def test_two_offers_to_a_cohort_never_overlap(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        first = offer(cast)

        assert offer(cast).pk == first.pk  # the same form, sent twice
        with pytest.raises(Invalid, match="Autumn campaign"):
            offer(cast, title="Outage", starts_on=LAST, ends_on=LAST + NEXT_DAY)
        withdraw_busy_period(period=first, by=cast.hana, now=NOW)
        offer(cast, title="Outage", starts_on=LAST, ends_on=LAST + NEXT_DAY)
        with pytest.raises(Invalid, match="Outage"):
            offer_again(period=first, by=cast.hana, now=NOW)


@pytest.mark.parametrize("changes", [{"level": 2}, {"title": " "}, {"title": "x" * 81}, {"ends_on": FIRST - NEXT_DAY}])
def test_a_busy_offer_refuses_what_its_form_refuses(ada: Enrolment, cast: Cast, changes: dict[str, Any]) -> None:
    with within(cast.acme), pytest.raises(Invalid):
        offer(cast, **changes)


def test_an_admin_sees_how_many_accepted_and_never_who(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        period = offer(cast)
        accept(period, ada)
        accept(period, cast.enrolment(cast.bo), accepts=False)
        (offered,) = offered_to(ada.cohort, TODAY)
        verbs = list(AuditEntry.objects.filter(thing="goals.busyperiod").values_list("verb", flat=True))

    assert (offered.accepted, offered.declined, offered.leaders) == (1, 1, offered.unanswered + 2)
    assert verbs == ["offered a busy period"]


def test_a_focus_begun_in_a_busy_period_stays_steady(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        Focus.objects.filter(pk=Focus.objects.filter(enrolment=ada).latest("pk").pk).update(archived_on=TODAY)
        accept(offer(cast), ada)
    turn(ada)
    with within(cast.acme):
        plan = {"behaviour": "encouraging", "cue": "it rings", "response": "smile", "language": "en"}
        focus = pick_focus(enrolment=ada, today=FIRST, by=cast.ada, now=ON_FIRST, **plan)
        begin_if_due(answer=BusyAnswer.objects.select_related("period", "enrolment").get(), now=ON_FIRST + NEXT_DAY)

        assert focus.level_on(FIRST + NEXT_DAY) == Cadence.STEADY
