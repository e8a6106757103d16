"""What goals ask on Today and of a sponsor: one line a goal, one tap for an offer, and at most twelve queries."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from coaching.models import Ask
from cohorts.models import Clock, Digest, DigestClock, Enrolment
from cohorts.nudges.planner import plan_again
from cohorts.tenancy.wall import within
from goals.habits.focus_queries import focuses_with_turns
from goals.leader_goals.dial_card import dial_card
from goals.models import BusyAnswer, BusyPeriod, Dial, Focus, Goal, GoalDial, GoalFocus, GoalReview
from programme.digests.mail import DIGESTS
from programme.digests.planner import plan_digests
from programme.sponsor.overview import overview_of
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.outbox import send as deliver
from tests.plain_dates import with_plain_dates
from tests.smtp_server import SmtpServer
from tests.times import DAY_1, NOW, TODAY

Clients = Callable[..., OrganisationClient]
SUNDAY = date(2026, 3, 15)


@pytest.fixture
def ada(cast: Cast) -> Enrolment:
    """Ada, with one agreed goal that nothing asks about, and no dial turned."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        BusyPeriod.objects.all().delete()
        Goal.objects.filter(enrolment=enrolment, state__in=("draft", "proposed")).update(state="let_go")
        Dial.objects.filter(focus__enrolment=enrolment).delete()
        GoalDial.objects.filter(goal__enrolment=enrolment).delete()
        Goal.objects.filter(enrolment=enrolment).update(next_review_on=TODAY + timedelta(days=4))
        Clock.objects.filter(enrolment=enrolment).update(last_on=TODAY - timedelta(days=1))
        plan_again([enrolment.pk], now=NOW)
    return enrolment


def waiting(client: OrganisationClient) -> list[str]:
    """The lines of Today about goals."""
    return [item.text for item in client.get(client.url("today")).context["day"].waiting if item.icon == "flag"]


def change(enrolment: Enrolment, **columns: Any) -> None:
    Goal.objects.current().filter(enrolment=enrolment).update(outcome="Fewer calls twice", **columns)


@pytest.mark.parametrize(("days", "is_asked"), [(3, True), (0, True), (-20, True), (4, False)])
def test_today_asks_for_a_review_from_three_days_before_its_date(
    client_for: Clients, cast: Cast, ada: Enrolment, days: int, is_asked: bool
) -> None:
    with within(cast.acme):
        change(ada, next_review_on=TODAY + timedelta(days=days))

    assert waiting(client_for(cast.ada)) == ["Two-week review, two minutes: “Fewer calls twice”"] * is_asked


def test_today_asks_for_the_last_figure_instead_of_a_review(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        change(ada, due_on=TODAY, next_review_on=TODAY)

    (line,) = waiting(client_for(cast.ada))
    assert line == "This goal is due. Enter its last figure: “Fewer calls twice”"


@pytest.mark.parametrize(("days", "is_news"), [(0, True), (2, True), (3, False)])
def test_a_sponsors_agreement_is_news_for_three_days(
    client_for: Clients, cast: Cast, ada: Enrolment, days: int, is_news: bool
) -> None:
    with within(cast.acme):
        Goal.objects.filter(enrolment=ada).update(state="let_go")
        make.GoalFactory(
            enrolment=ada, outcome="Fewer calls twice", agreed_on=TODAY - timedelta(days=days), next_review_on=None
        )

    assert waiting(client_for(cast.ada)) == ["Sol agreed to your goal: “Fewer calls twice”"] * is_news


def test_an_agreement_with_oneself_is_no_news(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Goal.objects.filter(enrolment=ada).update(state="let_go")
        make.GoalFactory(enrolment=ada, agreed_on=TODAY, agreed_by=cast.ada, next_review_on=None)

    assert waiting(client_for(cast.ada)) == []


def test_a_goal_that_was_sent_back_waits_on_today(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Goal.objects.filter(enrolment=ada).update(state="let_go")
        draft = make.GoalFactory(enrolment=ada, outcome="100 % sure", state="draft")
        make.GoalEventFactory(goal=draft, kind="proposed", by=cast.ada)
        make.GoalEventFactory(goal=draft, kind="sent_back", by=cast.sol, at=NOW + timedelta(minutes=1))

    assert waiting(client_for(cast.ada)) == ["Sol sent this goal back with a comment: “100 % sure”"]


@pytest.mark.parametrize(("days", "is_long"), [(6, False), (7, True)])
def test_a_proposal_that_waits_for_a_week_is_on_today(
    client_for: Clients, cast: Cast, ada: Enrolment, days: int, is_long: bool
) -> None:
    with within(cast.acme):
        Goal.objects.filter(enrolment=ada).update(state="let_go")
        goal = make.GoalFactory(enrolment=ada, outcome="Fewer calls twice", state="proposed")
        on = TODAY - timedelta(days=days)
        make.GoalEventFactory(goal=goal, kind="proposed", by=cast.ada, on=on, at=NOW - timedelta(days=days))

    assert len(waiting(client_for(cast.ada))) == is_long


def offer(cast: Cast, ada: Enrolment, **changes: Any) -> BusyPeriod:
    plan = {"starts_on": TODAY, "ends_on": SUNDAY, "title": "Outage", **changes}
    return make.BusyPeriodFactory(cohort=ada.cohort, offered_by=cast.hana, **plan)


def test_an_offer_is_accepted_in_one_tap_with_undo(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        period = offer(cast, ada)
    client = client_for(cast.ada)
    day = client.get(client.url("today")).context["day"]

    assert [each.text for each in day.busy_offers] == ["Outage: turn all your dials to light until 15 March?"]
    assert day.busy_offers[0].cost == "It takes one of the 3 reserve weeks you have left."

    page = client.post(client.url("busy_answer", period.pk), {"answer": "yes"}, follow=True)
    assert "Done: your dials are on light until 15 March." in with_plain_dates(page)
    assert page.context["day"].busy_offers == []
    with within(cast.acme):
        assert BusyAnswer.objects.get().begun_on == TODAY

    undo = re.search(r'action="([^"]*undoing/)"', page.content.decode())
    assert undo is not None
    assert len(client.post(undo[1], follow=True).context["day"].busy_offers) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn_at": NOW},
        {"starts_on": TODAY - timedelta(days=5), "ends_on": TODAY - timedelta(days=1)},
    ],
)
def test_an_offer_that_cannot_be_accepted_is_not_shown(
    client_for: Clients, cast: Cast, ada: Enrolment, changes: dict[str, Any]
) -> None:
    with within(cast.acme):
        offer(cast, ada, **changes)
    client = client_for(cast.ada)

    assert client.get(client.url("today")).context["day"].busy_offers == []


def test_offers_say_when_the_stock_is_used(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        for focus in Focus.objects.filter(enrolment=ada):
            make.DialFactory(focus=focus, level=1, starts_on=DAY_1 - timedelta(days=7), ends_on=TODAY)
            Focus.objects.filter(pk=focus.pk).update(started_on=DAY_1 - timedelta(days=7))
        offer(cast, ada, starts_on=TODAY + timedelta(days=7), ends_on=TODAY + timedelta(days=12))
    client = client_for(cast.ada)

    (shown,) = client.get(client.url("today")).context["day"].busy_offers
    assert shown.cost == "Your three reserve weeks are used, so these weeks would count like any other."


def test_today_with_goals_and_offers_needs_at_most_twelve_queries(
    client_for: Clients, cast: Cast, ada: Enrolment, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    client = client_for(cast.ada)

    def add(number: int) -> None:
        with within(cast.acme):
            goal = make.GoalFactory(enrolment=ada, next_review_on=TODAY)
            make.GoalEventFactory(goal=goal)
            make.FocusFactory(enrolment=ada)
            first = TODAY + timedelta(days=number)
            offer(cast, ada, starts_on=first, ends_on=first)

    assert same_queries_at_1_and_30(lambda: client.get(client.url("today")), add) <= 12


def test_offers_stand_on_the_page_of_goals_too(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        period = offer(cast, ada)
    client = client_for(cast.ada)

    assert [each.pk for each in client.get(client.url("goals")).context["offers"]] == [period.pk]
    client.post(client.url("busy_answer", period.pk), {"answer": "no"})
    assert client.get(client.url("goals")).context["offers"] == []


def sponsors_goals(cast: Cast) -> Any:
    line = next(iter(overview_of(cast.sol, organisation=cast.acme, now=NOW, language="en").lines))
    return line.goals


def test_a_sponsor_sees_which_goals_wait_for_their_word(cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        make.GoalFactory(enrolment=ada, state="proposed", outcome="Proposed one")
        make.GoalFactory(enrolment=ada, state="done", outcome="Closed one", ended_on=TODAY)
        make.GoalFactory(enrolment=ada, state="done", outcome="Scored one", ended_on=TODAY, score=1)
        make.GoalFactory(enrolment=ada, state="draft", outcome="Draft one")
        overview = overview_of(cast.sol, organisation=cast.acme, now=NOW, language="en")
        found = sponsors_goals(cast)

    assert [goal.outcome for goal in found.proposed] == ["Proposed one"]
    assert [goal.outcome for goal in found.unscored] == ["Closed one"]
    assert overview.goals_waiting == 2


def test_a_goal_that_waits_is_a_reason_on_the_sponsors_page(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Ask.objects.all().delete()
        goal = make.GoalFactory(enrolment=ada, state="proposed", outcome="Proposed one")
    sol = client_for(cast.sol)
    (need,) = sol.get(sol.url("sponsor_home")).context["needs"]

    assert (need.why, need.url) == ("Proposes a goal: “Proposed one”", sol.url("goal_answer", goal.pk))


def test_the_weekly_mail_counts_goals_and_names_none(cast: Cast, ada: Enrolment, smtp_server: SmtpServer) -> None:
    at = datetime(2026, 3, 16, 8, tzinfo=UTC)
    with within(cast.acme):
        Digest.objects.all().delete()
        DigestClock.objects.exclude(sponsor=cast.sol).delete()
        DigestClock.objects.update_or_create(sponsor=cast.sol, defaults={"next_at": at})
        GoalReview.objects.all().delete()
        make.GoalFactory(enrolment=ada, state="proposed", outcome="Proposed bait")
        reviewed = make.GoalFactory(enrolment=ada, outcome="Reviewed bait")
        make.GoalReviewFactory(goal=reviewed, on=at.date(), line="Line bait")
        make.GoalFactory(enrolment=ada, outcome="Old bait", agreed_on=TODAY - timedelta(days=90))
    plan_digests(cast.acme, now=at)
    deliver(DIGESTS, cast.acme, now=at)
    mail = message_from_bytes(smtp_server.accepted[-1].content, policy=policy.default)

    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        said = part.get_content()
        assert "1 goal waits for your answer." in said
        assert "1 goal reviewed this week" in said
        assert "1 goal untouched for over four weeks" in said
        assert "bait" not in said.replace("acme bait", "")


@pytest.mark.parametrize(("days", "count"), [(28, 0), (29, 1)])
def test_a_goal_left_alone_for_four_weeks_is_a_reason(cast: Cast, ada: Enrolment, days: int, count: int) -> None:
    with within(cast.acme):
        Goal.objects.filter(enrolment=ada).update(state="let_go")
        make.GoalFactory(enrolment=ada, outcome="Left alone", agreed_on=TODAY - timedelta(days=days))
        found = sponsors_goals(cast)

    assert [line.since for line in found.untouched] == [TODAY - timedelta(days=days)] * count


@pytest.mark.parametrize("touch", ["check_in", "review", "dial", "event"])
def test_any_touch_makes_a_goal_new_again_for_a_sponsor(cast: Cast, ada: Enrolment, touch: str) -> None:
    with within(cast.acme):
        Goal.objects.filter(enrolment=ada).update(state="let_go")
        goal = make.GoalFactory(enrolment=ada, agreed_on=TODAY - timedelta(days=60))
        {
            "check_in": lambda: make.CheckInFactory(goal=goal, on=TODAY - timedelta(days=50), at=NOW),
            "review": lambda: make.GoalReviewFactory(goal=goal, on=TODAY),
            "dial": lambda: make.GoalDialFactory(goal=goal, starts_on=TODAY),
            "event": lambda: make.GoalEventFactory(goal=goal, kind="changed", on=TODAY),
        }[touch]()

        assert sponsors_goals(cast).untouched == ()


@pytest.mark.parametrize(("days", "count"), [(0, 1), (6, 1), (7, 0)])
def test_a_sponsor_sees_reviews_of_the_last_week(cast: Cast, ada: Enrolment, days: int, count: int) -> None:
    with within(cast.acme):
        Goal.objects.filter(enrolment=ada).update(state="let_go")
        goal = make.GoalFactory(enrolment=ada)
        make.GoalReviewFactory(goal=goal, on=TODAY - timedelta(days=days))

        assert sponsors_goals(cast).reviewed == count


def test_sponsor_home_with_goals_needs_at_most_twelve_queries(
    client_for: Clients, cast: Cast, ada: Enrolment, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    sol = client_for(cast.sol)

    def add(number: int) -> None:
        with within(cast.acme):
            goal = make.GoalFactory(enrolment=ada, state="proposed" if number % 2 else "agreed")
            make.GoalReviewFactory(goal=goal, due_on=TODAY, on=TODAY)
            make.CheckInFactory(goal=goal)

    assert same_queries_at_1_and_30(lambda: sol.get(sol.url("sponsor_home")), add) <= 12


def card(cast: Cast, ada: Enrolment, on: date = TODAY) -> Any:
    goal = Goal.objects.current().select_related("enrolment").get(enrolment=ada)
    moved_by = [each.focus for each in goal.by_focus.all()]
    return dial_card(goal, on, plans=focuses_with_turns(goal.enrolment), moved_by=moved_by)


def test_a_goals_dial_says_what_it_does_to_nudges_and_the_week(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        for focus in Focus.objects.current().filter(enrolment=ada).exclude(by_goal__goal__enrolment=ada):
            make.GoalFocusFactory(goal=Goal.objects.current().get(enrolment=ada), focus=focus)
        goal = Goal.objects.current().get(enrolment=ada)
        before = card(cast, ada)
    ada_client = client_for(cast.ada)

    assert with_plain_dates(before.nudges).strip() == "Next nudge: <strong>today 09:00</strong>."
    assert before.week == ""
    assert before.cost == "Light or resting until Sunday? It takes one of the 3 reserve weeks you have left."

    ada_client.post(ada_client.url("goal_dial", goal.pk), {"level": "0", "ends_on": ""})
    with within(cast.acme):
        after = card(cast, ada)

    assert after.until == "Resting until Sunday 15 March."
    assert with_plain_dates(after.nudges).strip() == "Next nudge: <strong>Monday 09:00</strong>."
    assert after.week == "Reserve week 1 of 3. Back to Steady on Monday."
    assert after.cost == ""


def test_the_dial_says_what_another_focus_does_to_nudges(cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        mine, other = Focus.objects.current().filter(enrolment=ada).order_by("pk")
        GoalFocus.objects.all().delete()
        goal = Goal.objects.current().get(enrolment=ada)

        assert "No focus belongs to this goal" in card(cast, ada).nudges
        make.GoalFocusFactory(goal=goal, focus=mine)
        make.GoalDialFactory(goal=goal, level=1, starts_on=TODAY, ends_on=SUNDAY)
        make.DialFactory(focus=mine, level=1, starts_on=TODAY, ends_on=SUNDAY)
        assert "Your other focus is on steady" in card(cast, ada).nudges
        assert other.level_on(TODAY) == 2


def test_a_sponsor_sees_the_level_of_a_dial_and_no_form(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        goal = Goal.objects.current().get(enrolment=ada)
    sol = client_for(cast.sol)
    page = sol.get(sol.url("goal", goal.pk))

    assert page.context["dial"].form is None
    assert "The dial never moves the target." in page.content.decode()
    assert "reserve" not in page.content.decode()
