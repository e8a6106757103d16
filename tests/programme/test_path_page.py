"""The path page: the ninety days as a road of weeks, what was answered behind, what is ahead by title."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from cohorts.charts.geometry import DayState
from cohorts.models import Clock, Cohort, Enrolment, MilestoneDate, Nudge, Pause
from cohorts.nudges.planner import plan_again
from cohorts.tenancy.wall import within
from programme.leader.road import Entry, RoadWeek
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.plain_dates import with_plain_dates
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


def weeks(client: OrganisationClient) -> dict[int, RoadWeek]:
    road = client.get(client.url("path")).context["road"]
    return {week.number: week for week in [*road.earlier, *road.weeks]}


def lines(client: OrganisationClient) -> list[Entry]:
    return [entry for week in weeks(client).values() for entry in week.entries]


def test_steps_ahead_show_their_titles_and_do_not_open(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    client = client_for(cast.ada)

    ahead = [entry for entry in lines(client) if entry.step and not entry.step.is_reached]
    page = client.get(client.url("path")).content.decode()

    assert [(entry.on - TODAY).days for entry in ahead] == [0, 1, 2, 5]
    assert [entry.step.title for entry in ahead if entry.step] == [
        "Day 10 core: title (en)",
        "Day 11 core: title (en)",
        "Day 12 core: title (en)",
        "Day 10 extra: title (en)",
    ]
    assert "Day 11 core: title (en)" in page
    assert client.url("step", 11) not in page


def test_each_live_event_stands_in_its_week_before_the_step(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    client = client_for(cast.ada)

    def where(on: date | None) -> list[tuple[int, int]]:
        with within(cast.acme):
            MilestoneDate.objects.update(on=on)
        found = weeks(client)
        return [
            (number, place)
            for number, week in found.items()
            for place, entry in enumerate(week.entries)
            if entry.event and entry.event.text.title == "Milestone circle-1: title (en)"
        ]

    assert where(TODAY + timedelta(days=1)) == [(2, 2)]  # after the steps of yesterday and today, before tomorrow's
    assert where(TODAY + timedelta(days=60)) == [(9, 0)]
    assert where(None) == []


def test_this_week_and_the_next_are_open_and_earlier_ones_fold(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    client = client_for(cast.ada)

    def at_week(number: int) -> tuple[list[int], list[int], list[int]]:
        """Weeks folded into one line, weeks that stand open, and the one that is now."""
        with within(cast.acme):
            Pause.objects.all().delete()
            Enrolment.objects.filter(pk=ada.pk).update(day1_on=TODAY - timedelta(weeks=number - 1))
        road = client.get(client.url("path")).context["road"]
        every = [*road.earlier, *road.weeks]
        folded = [week.number for week in road.earlier if week.number]
        open_ones = [week.number for week in every if week.is_open]
        return folded, open_ones, [week.number for week in every if week.is_now]

    assert at_week(1) == ([], [1, 2], [1])
    assert at_week(3) == ([], [3, 4], [3])
    assert at_week(6) == ([1, 2, 3, 4], [6, 7], [6])
    assert at_week(13)[1:] == ([13, 14], [13])
    assert at_week(0) == ([], [0, 1], [0])
    assert at_week(15) == ([], [14], [14])


def test_a_day_without_a_step_says_so_and_a_day_away_says_until_when(
    client_for: Clients, cast: Cast, ada: Enrolment
) -> None:
    with within(cast.acme):
        Clock.objects.filter(enrolment=ada).update(last_core_day=12, last_extra_day=12, last_on=TODAY)
    client = client_for(cast.ada)
    assert "Today has no new step." in client.get(client.url("path")).content.decode()

    with within(cast.acme):
        make.PauseFactory(enrolment=ada, starts_on=TODAY, ends_on=TODAY + timedelta(days=2))

    assert "Today you are away. Back on Saturday 14 March." in with_plain_dates(client.get(client.url("path")))


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

    reached = [entry.step for entry in lines(client) if entry.step and entry.step.is_reached]
    assert [(step.step_day, step.title) for step in reached] == [(9, "Day 9 core: title (en)")]
    assert "Practised, logged later" in response.content.decode()
    assert weeks(client)[2].practised == 2  # one of them without a step


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


def test_a_path_not_begun_shows_what_comes(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Nudge.objects.all().delete()
        Enrolment.objects.filter(pk=ada.pk).update(day1_on=TODAY + timedelta(days=5))
        Clock.objects.filter(enrolment=ada).update(last_core_day=0, last_extra_day=0, last_on=None)
    client = client_for(cast.ada)

    page = client.get(client.url("path")).content.decode()

    assert "The first step comes at your hour" in page
    assert "Day 1 core: title (en)" in page


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
