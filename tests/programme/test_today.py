"""Today: what day it is, one thing to do, and what waits."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cohorts.models import Clock, Enrolment, MilestoneDate, Nudge, Pause, Person, Step
from cohorts.tenancy.wall import within
from goals.models import Focus, Practice
from programme.leader.today import Today, TodayState
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.plain_dates import with_plain_dates
from tests.times import DAY_1, TODAY

Clients = Callable[..., OrganisationClient]


@pytest.fixture
def ada(cast: Cast) -> Enrolment:
    return cast.enrolment(cast.ada)


def day_of(client: OrganisationClient, **asked: str) -> Today:
    response = client.get(client.url("today"), asked)
    assert response.status_code == 200
    return response.context["day"]


def step(enrolment: Enrolment, day: int) -> Step:
    return Step.objects.get(version=enrolment.cohort.version_id, day=day, kind="core")


def test_a_nudged_day_shows_its_step(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        make.NudgeFactory(enrolment=ada, step=step(ada, 10))
    client = client_for(cast.ada)

    page = client.get(client.url("today")).content.decode()

    assert day_of(client).state == TodayState.STEP
    assert [words in page for words in ("Day 10 core: title (en)", "Day 10 core: why (en)")] == [True, True]
    assert [words in page for words in ("Day 10 core: practice (en)", "Day 10 core: question (en)")] == [True, True]
    assert 'aria-label="Day 10 of 90"' in page


@pytest.mark.parametrize(("language", "tags"), [("en", 0), ("nb", 1)])
def test_a_step_in_another_language_is_marked(
    client_for: Clients, cast: Cast, ada: Enrolment, language: str, tags: int
) -> None:
    with within(cast.acme):
        said = make.texts("title", "why", "practice", "question", about="Day 10")["en"]
        english = make.StepFactory(version=make.CurriculumVersionFactory(), day=10, text={"en": said})
        make.NudgeFactory(enrolment=ada, step=english)
    Person.objects.filter(pk=cast.ada.person_id).update(language=language)
    client = client_for(cast.ada)

    page = client.get(client.url("today")).content.decode()

    assert '<h2 lang="en">Day 10: title (en)</h2>' in page
    assert page.count(f'<span class="tag" lang="{language}">') == tags


def test_before_its_hour_the_days_step_is_there_already(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Clock.objects.filter(enrolment=ada).update(next_on=TODAY, next_step=step(ada, 10))
    day = day_of(client_for(cast.ada))

    assert (day.state, day.text.title if day.text else "") == (TodayState.STEP, "Day 10 core: title (en)")


def test_a_day_without_a_step_shows_plan_and_last_step(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Clock.objects.filter(enrolment=ada).update(next_on=TODAY + timedelta(days=1), next_step=step(ada, 11))
    client = client_for(cast.ada)
    day = day_of(client)

    assert (day.state, day.step.day if day.step else 0) == (TodayState.AGAIN, 9)
    assert "Next step: Thursday 12 March" in with_plain_dates(client.get(client.url("today")))


def test_a_future_step_is_not_shown_before_its_day(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Clock.objects.filter(enrolment=ada).update(next_on=TODAY + timedelta(days=1), next_step=step(ada, 11))
    client = client_for(cast.ada)

    assert "Day 11 core" not in client.get(client.url("today"), {"on": TODAY + timedelta(days=1)}).content.decode()


def test_before_day_1_nothing_is_asked(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Enrolment.objects.filter(pk=ada.pk).update(day1_on=TODAY + timedelta(days=5))
    client = client_for(cast.ada)
    day = day_of(client)

    assert (day.state, day.day, day.log) == (TodayState.BEFORE, 0, None)
    assert "Your ninety days begin on Monday 16 March" in with_plain_dates(client.get(client.url("today")))


def test_while_away_today_offers_only_the_return(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        pause = make.PauseFactory(enrolment=ada, starts_on=TODAY, ends_on=TODAY + timedelta(days=9))
    client = client_for(cast.ada)
    day = day_of(client)
    page = with_plain_dates(client.get(client.url("today")))

    assert (day.state, day.log) == (TodayState.AWAY, None)
    assert "Away until Friday 20 March" in page
    client.post(client.url("own_pause_ending", pause.pk) + "?from=today")
    assert day_of(client).state != TodayState.AWAY


def test_past_day_90_with_nothing_left_the_plans_are_the_practice(
    client_for: Clients, cast: Cast, ada: Enrolment
) -> None:
    with within(cast.acme):
        Pause.objects.all().delete()
        Enrolment.objects.filter(pk=ada.pk).update(day1_on=TODAY - timedelta(days=100))
        Clock.objects.filter(enrolment=ada).update(is_finished=True)
    day = day_of(client_for(cast.ada))

    assert (day.state, day.day) == (TodayState.WALKED, 90)
    assert day.log is not None


@pytest.mark.parametrize(
    ("did_it", "is_reflected", "words", "primary"),
    [
        (None, False, "Did you try it today?", "I did it"),
        (True, False, "How did it go?", ""),
        (True, True, "that is all for today", ""),
        (False, False, "That is an answer, too.", ""),
    ],
)
def test_there_is_one_primary_action_at_most(
    client_for: Clients,
    cast: Cast,
    ada: Enrolment,
    *,
    did_it: bool | None,
    is_reflected: bool,
    words: str,
    primary: str,
) -> None:
    with within(cast.acme):
        if did_it is not None:
            make.PracticeFactory(enrolment=ada, did_it=did_it, went=4 if did_it else None)
        if is_reflected:
            make.ReflectionFactory(enrolment=ada)
    client = client_for(cast.ada)

    page = client.get(client.url("today")).content.decode()
    main = page[page.index("<main") : page.index("</main")]

    assert words in main
    assert main.count("btn-primary") == (1 if primary else 0)
    assert primary in main


def test_waiting_items_are_open_days_and_first_steps(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Enrolment.objects.filter(pk=ada.pk).update(confirmed_at=None)
        Focus.objects.filter(enrolment=ada).update(archived_on=TODAY)
        Practice.objects.filter(enrolment=ada).delete()
    client = client_for(cast.ada)
    client.get(client.url("welcome"))

    assert [item.text for item in day_of(client).waiting] == [
        "Check your hour and working days",
        "Pick a focus: one plan for one moment",
        "Tuesday 10 March can still be logged",
        "Monday 9 March can still be logged",
    ]


@pytest.mark.parametrize(
    ("on", "shown", "is_open"),
    [
        (str(TODAY - timedelta(days=1)), TODAY - timedelta(days=1), True),
        (str(TODAY - timedelta(days=4)), TODAY - timedelta(days=4), False),
        (str(TODAY + timedelta(days=30)), TODAY, True),
        ("yesterday", TODAY, True),
    ],
)
def test_a_deep_link_opens_its_date_and_nonsense_opens_today(
    client_for: Clients, cast: Cast, ada: Enrolment, on: str, shown: date, *, is_open: bool
) -> None:
    day = day_of(client_for(cast.ada), on=on)

    assert day.on == shown
    assert (day.log is not None) is is_open


def test_the_saved_moment_shows_the_week_of_the_deed(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    """Monday the ninth was practised, Tuesday was not, today is Wednesday the eleventh."""
    with within(cast.acme):
        make.PracticeFactory(enrolment=ada, on=TODAY, step=step(ada, 10), went=None)
    client = client_for(cast.ada)

    log = day_of(client).log
    page = with_plain_dates(client.get(client.url("today")))

    assert log is not None
    assert [day.is_done for day in log.week] == [True, False, True, False, False, False, False]
    assert [day.is_ahead for day in log.week] == [False, False, False, True, True, True, True]
    assert "You tried “Day 10 core: title (en)”." in page
    assert "That is 2 days this week." in " ".join(page.split())
    assert (page.count('class="now"'), "Saved 09:30" in page) == (1, True)


CIRCLE = "Milestone circle-1: title (en)"


@pytest.mark.parametrize(
    ("ahead", "when"),
    [(-1, None), (0, "Today"), (1, "Tomorrow"), (2, "Friday"), (3, "Saturday"), (4, None)],
)
def test_a_live_event_is_shown_from_three_days_before(
    client_for: Clients, cast: Cast, ada: Enrolment, ahead: int, when: str | None
) -> None:
    with within(cast.acme):
        MilestoneDate.objects.update(on=TODAY + timedelta(days=ahead))
    client = client_for(cast.ada)
    page = client.get(client.url("today")).content.decode()

    saved_entry = [(item.when, item.event.text.title) for item in day_of(client).coming]
    assert saved_entry == ([(when, CIRCLE)] if when else [])
    assert ("45 min" in page, "Milestone circle-1: prepare (en)" in page) == (bool(when), bool(when))
    assert (client.url("circle_agenda", ada.cohort_id, 1) in page) is bool(when)


def test_a_live_event_makes_no_nudge(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        MilestoneDate.objects.update(on=TODAY)
        before = Nudge.objects.count()
    assert day_of(client_for(cast.ada)).coming
    with within(cast.acme):
        assert Nudge.objects.count() == before


def test_cancelled_or_moved_events_and_absences_show_no_event(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    client = client_for(cast.ada)
    with within(cast.acme):
        MilestoneDate.objects.update(on=TODAY)
    assert day_of(client, on=str(TODAY - timedelta(days=1))).coming == []

    with within(cast.acme):
        pause = make.PauseFactory(enrolment=ada, starts_on=TODAY, ends_on=TODAY)
    assert day_of(client).coming == []

    with within(cast.acme):
        pause.delete()
        MilestoneDate.objects.update(on=None)
    assert day_of(client).coming == []


def test_the_kick_off_is_shown_before_day_1(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    """A personal event follows the leader's own day 1, whatever the cohort's."""
    with within(cast.acme):
        Enrolment.objects.filter(pk=ada.pk).update(day1_on=TODAY + timedelta(days=2))
    day = day_of(client_for(cast.ada))

    assert (day.state, [item.when for item in day.coming]) == (TodayState.BEFORE, ["Friday"])


def test_opening_today_as_often_as_one_likes_changes_nothing(
    client_for: Clients, cast: Cast, count_queries: Callable[..., list[str]]
) -> None:
    client = client_for(cast.ada)
    client.get(client.url("today"))

    statements = count_queries(lambda: (client.get(client.url("today")), client.head(client.url("today"))))

    assert [statement for statement in statements if not statement.lstrip("(").startswith("SELECT")] == []


def test_today_needs_at_most_twelve_queries(
    client_for: Clients, cast: Cast, ada: Enrolment, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    client = client_for(cast.ada)

    def make_row(number: int) -> None:
        with within(cast.acme):
            focus = make.FocusFactory(enrolment=ada)
            make.DialFactory(focus=focus)
            make.PracticeFactory(enrolment=ada, on=DAY_1 - timedelta(days=number))
            make.ReflectionFactory(enrolment=ada)
            make.NudgeFactory(enrolment=ada, step=step(ada, 9), on=TODAY + timedelta(days=number))
            make.PauseFactory(enrolment=ada, starts_on=TODAY + timedelta(days=10 * number))

    assert same_queries_at_1_and_30(lambda: client.get(client.url("today")), make_row) <= 12


def test_without_a_cohort_today_explains_itself(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Enrolment.objects.filter(pk=ada.pk).update(left_on=TODAY)
    client = client_for(cast.ada)

    pages = [client.get(client.url(name)).content.decode() for name in ("today", "path")]

    assert ["You are not in a cohort at the moment" in page for page in pages] == [True, True]
    assert client.get(client.url("practice_new")).status_code == 409
    assert client.get(client.url("practices")).status_code == 200


@pytest.mark.parametrize("name", ["sol", "hana", "olav"])
def test_only_leaders_have_a_today(client_for: Clients, cast: Cast, name: str) -> None:
    client = client_for(getattr(cast, name))

    assert client.get(client.url("today")).status_code == 403


def test_nothing_of_another_organisation_or_leader_is_on_the_page(client_for: Clients, cast: Cast) -> None:
    with within(cast.acme):
        Focus.objects.filter(enrolment__leader=cast.bo).update(cue="somebody else's cue")
        assert Nudge.objects.filter(enrolment__leader=cast.bo).exists()
    client = client_for(cast.ada)

    page = client.get(client.url("today")).content.decode()

    assert "acme bait" in page
    assert "zenith" not in page.lower()
    assert "somebody else" not in page
