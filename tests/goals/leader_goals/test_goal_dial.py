"""The dial of a goal: dated rows, the dials of its focuses, the cadence of nudges, and nothing that was agreed."""

from datetime import date, timedelta
from typing import Any

import pytest

from cohorts.models import Clock, Enrolment
from cohorts.models.cohort import Cadence
from cohorts.nudges.planner import plan_again
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from goals.habits.actions.focus import archive_focus, set_dial
from goals.leader_goals.actions.dial import take_back_goal_dial, turn_goal_dial
from goals.models import Dial, Focus, Goal, GoalDial, GoalFocus
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

SUNDAY, MONDAY = date(2026, 3, 15), date(2026, 3, 16)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def ada(cast: Cast) -> Enrolment:
    """Ada, whose goal leans on both of her focuses; nothing was ever turned."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        Dial.objects.filter(focus__enrolment=enrolment).delete()
        GoalDial.objects.filter(goal__enrolment=enrolment).delete()
        GoalFocus.objects.all().delete()
        for focus in Focus.objects.current().filter(enrolment=enrolment):
            make.GoalFocusFactory(goal=goal_of(enrolment), focus=focus)
        Clock.objects.filter(enrolment=enrolment).update(last_on=TODAY - timedelta(days=1))
        plan_again([enrolment.pk], now=NOW)
    return enrolment


def goal_of(enrolment: Enrolment) -> Goal:
    return Goal.objects.current().select_related("enrolment__leader").get(enrolment=enrolment)


def turn(goal: Goal, level: int, ends_on: date | None = None, today: date = TODAY, **more: Any) -> GoalDial:
    by = more.pop("by", goal.enrolment.leader)
    return turn_goal_dial(goal=goal, level=level, ends_on=ends_on, today=today, by=by, now=NOW)


def test_a_goals_dial_turns_its_focuses_and_the_nudges(ada: Enrolment) -> None:
    with within(ada.organisation_id):
        before = Clock.objects.get(enrolment=ada)
        dial = turn(goal_of(ada), Cadence.RESTING, MONDAY)
        ada.refresh_from_db()
        after = Clock.objects.get(enrolment=ada)
        focuses = list(Dial.objects.filter(focus__enrolment=ada).values_list("level", "ends_on", "is_reserve"))

    assert (dial.level, dial.starts_on, dial.ends_on, dial.set_at) == (Cadence.RESTING, TODAY, MONDAY, NOW)
    assert focuses == [(Cadence.RESTING, MONDAY, False), (Cadence.RESTING, MONDAY, True)]
    assert (ada.cadence, ada.cadence_until) == (Cadence.RESTING, MONDAY)
    assert (before.next_on, after.next_on) == (TODAY, MONDAY + timedelta(days=1))


def test_a_goals_dial_turned_down_ends_with_the_week(ada: Enrolment) -> None:
    with within(ada.organisation_id):
        assert turn(goal_of(ada), Cadence.LIGHT).ends_on == SUNDAY
        assert turn(goal_of(ada), Cadence.STRETCH).ends_on is None


def test_a_goals_dial_spends_a_reserve_week_once(ada: Enrolment) -> None:
    with within(ada.organisation_id):
        goal = goal_of(ada)

        assert turn(goal, Cadence.LIGHT).is_reserve
        assert not turn(goal, Cadence.RESTING).is_reserve


def test_a_goals_dial_leaves_other_focuses_alone(ada: Enrolment) -> None:
    with within(ada.organisation_id):
        other = Focus.objects.current().filter(enrolment=ada).latest("pk")
        GoalFocus.objects.filter(focus=other).delete()
        dial = turn(goal_of(ada), Cadence.LIGHT)
        ada.refresh_from_db()

        assert not other.dials.exists()
        assert ada.cadence == Cadence.STEADY
        assert not dial.is_reserve


def test_a_goals_dial_leaves_archived_focuses_alone(ada: Enrolment, cast: Cast) -> None:
    with within(ada.organisation_id):
        archived = Focus.objects.current().filter(enrolment=ada).latest("pk")
        archive_focus(focus=archived, today=TODAY, by=cast.ada, now=NOW)
        turn(goal_of(ada), Cadence.LIGHT)

        assert not archived.dials.exists()


def test_turning_a_goals_dial_rewrites_no_row_and_nothing_agreed(ada: Enrolment) -> None:
    with within(ada.organisation_id):
        goal = goal_of(ada)
        turn(goal, Cadence.LIGHT, today=TODAY - timedelta(days=7))
        rows = list(GoalDial.objects.filter(goal=goal).order_by("pk").values())
        agreed = Goal.objects.filter(pk=goal.pk).values().get()
        turn(goal, Cadence.STRETCH)

        assert list(GoalDial.objects.filter(goal=goal).order_by("pk").values())[:-1] == rows
        assert Goal.objects.filter(pk=goal.pk).values().get() == agreed


def test_only_its_leader_turns_a_goals_dial(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        GoalFocus.objects.all().delete()  # the dials of focuses have a guard of their own
        for other in (cast.sol, cast.hana, cast.bo):
            with pytest.raises(NotYours):
                turn(goal_of(ada), Cadence.LIGHT, by=other)


def test_undo_sets_a_goal_and_the_focuses_it_turned_back(ada: Enrolment) -> None:
    with within(ada.organisation_id):
        goal = goal_of(ada)
        alone = Focus.objects.current().filter(enrolment=ada).latest("pk")
        dial = turn(goal, Cadence.LIGHT)
        set_dial(focus=alone, level=Cadence.RESTING, ends_on=None, today=TODAY, by=ada.leader, now=LATER)
        take_back_goal_dial(dial=dial, today=TODAY, by=ada.leader, now=LATER)
        ada.refresh_from_db()
        levels = [focus.level_on(TODAY) for focus in Focus.objects.current().filter(enrolment=ada).order_by("pk")]

        assert (goal_of(ada).level_on(TODAY), levels) == (Cadence.STEADY, [Cadence.STEADY, Cadence.RESTING])
        assert ada.cadence == Cadence.STEADY
        with pytest.raises(NotNow):
            take_back_goal_dial(dial=dial, today=TODAY, by=ada.leader, now=LATER)


@pytest.mark.parametrize("state", ["draft", "proposed", "done", "let_go"])
def test_only_an_agreed_goal_has_a_dial_to_turn(ada: Enrolment, state: str) -> None:
    with within(ada.organisation_id):
        goal = make.GoalFactory(enrolment=ada, state=state)
        with pytest.raises(NotNow):
            turn(goal, Cadence.LIGHT)

        assert not GoalDial.objects.filter(goal=goal).exists()


@pytest.mark.parametrize(("level", "days"), [(4, 3), (1, -1), (1, 367)])
def test_a_goals_dial_refuses_what_a_focus_dial_refuses(ada: Enrolment, level: int, days: int) -> None:
    with within(ada.organisation_id), pytest.raises(Invalid):
        turn(goal_of(ada), level, TODAY + timedelta(days=days))
