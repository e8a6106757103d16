"""The path page: the ninety days, what is ahead by theme, what is behind to be read again."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from cohorts.charts.geometry import DayState
from cohorts.models import Clock, Cohort, Enrolment, MilestoneDate, Nudge
from cohorts.nudges.planner import plan_again
from cohorts.tenancy.wall import within
from programme.leader.upcoming import Ahead
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import DAY_1, TODAY

Clients = Callable[..., OrganisationClient]


@pytest.fixture
def ada(cast: Cast) -> Enrolment:
    """Ada with a cursor that stands behind yesterday's step."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        yesterday = TODAY - timedelta(days=1)
        Clock.objects.filter(enrolment=enrolment).update(last_core_day=9, last_extra_day=3, last_on=yesterday)
    return enrolment


def test_future_steps_show_day_and_theme_only(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    client = client_for(cast.ada)

    response = client.get(client.url("path"))

    ahead = [(step.on, step.theme) for step in response.context["ahead"] if isinstance(step, Ahead)]
    assert ahead == [(TODAY + timedelta(days=days), "Presence") for days in (0, 1, 2, 5)]
    assert "Day 11 core" not in response.content.decode()


def test_live_events_are_listed_and_the_next_one_always(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    client = client_for(cast.ada)

    def told(on: date | None) -> list[str]:
        with within(cast.acme):
            MilestoneDate.objects.update(on=on)
        ahead = client.get(client.url("path")).context["ahead"]
        return ["step" if isinstance(item, Ahead) else item.text.title for item in ahead]

    circle = "Milestone circle-1: title (en)"
    assert told(TODAY + timedelta(days=1)) == ["step", circle, "step", "step", "step"]
    assert told(TODAY + timedelta(days=60)) == ["step", "step", "step", "step", circle]
    assert told(TODAY - timedelta(days=1)) == ["step"] * 4
    assert told(None) == ["step"] * 4


def test_the_path_leads_to_all_ninety_days(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    client = client_for(cast.ada)

    page = client.get(client.url("path")).content.decode()

    assert client.url("cohort_ninety_days", ada.cohort_id) in page
    assert client.url("circle_agenda", ada.cohort_id, 1) in page


def test_past_steps_show_what_was_logged(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        make.PracticeFactory(enrolment=ada, on=TODAY - timedelta(days=1), is_back_filled=True)
    client = client_for(cast.ada)

    response = client.get(client.url("path"))

    assert [(step.step_day, step.title) for step in response.context["reached"]] == [(9, "Day 9 core: title (en)")]
    assert "Practised, logged later" in response.content.decode()


def test_the_strip_shows_all_days_and_marks_late_logs(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        make.PracticeFactory(enrolment=ada, on=TODAY - timedelta(days=1), is_back_filled=True)
    client = client_for(cast.ada)

    response = client.get(client.url("path"))

    states = {day.on: day.state for day in response.context["progress"].days}
    paused = sum(state == DayState.PAUSED for state in states.values())
    assert len(states) == 90 + paused
    assert paused == 10
    assert states[TODAY - timedelta(days=1)] == DayState.FILLED_IN
    assert states[TODAY] == DayState.TODAY
    assert "practised, logged later" in response.content.decode()


def test_only_steps_already_reached_open(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    client = client_for(cast.ada)
    with within(cast.acme):
        Nudge.objects.filter(enrolment__leader=cast.bo).update(step=ada.cohort.version.steps.get(day=8, kind="core"))

    statuses = {day: client.get(client.url("step", day)).status_code for day in (8, 9, 10, 11, 89)}

    assert statuses == {8: 404, 9: 200, 10: 404, 11: 404, 89: 404}


def test_todays_step_opens_before_its_hour(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        plan_again([ada.pk], now=timezone.now().replace(year=2026, month=3, day=11, hour=6))
    client = client_for(cast.ada)

    assert client.get(client.url("step", 10)).status_code == 200


def test_a_finished_path_says_so(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Clock.objects.filter(enrolment=ada).update(is_finished=True)
        Nudge.objects.all().delete()
    client = client_for(cast.ada)

    page = client.get(client.url("path")).content.decode()

    assert "No more steps are planned" in page
    assert "The first step comes at your hour" in page


def test_the_page_needs_at_most_twelve_queries(
    client_for: Clients, cast: Cast, ada: Enrolment, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    client = client_for(cast.ada)

    def make_row(number: int) -> None:
        with within(cast.acme):
            step = make.StepFactory(version=ada.cohort.version, day=30 + number)
            make.NudgeFactory(enrolment=ada, step=step, on=TODAY + timedelta(days=number))
            make.PracticeFactory(enrolment=ada, on=DAY_1 - timedelta(days=number))
            make.PauseFactory(enrolment=ada, starts_on=TODAY + timedelta(days=10 * number))

    assert same_queries_at_1_and_30(lambda: client.get(client.url("path")), make_row) <= 12


def test_one_cohort_is_one_path(cast: Cast) -> None:
    """The bait: two leaders of the same cohort walk the same version, so what opens is decided by nudges alone."""
    with within(cast.acme):
        assert Cohort.objects.count() == 1
