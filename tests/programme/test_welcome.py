"""The first minutes, and the leader's own schedule."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from cohorts.models import AuditEntry, Clock, Enrolment, Nudge, Pause
from cohorts.schedule.calendars import rota_of
from cohorts.schedule.path import Rota
from cohorts.tenancy.wall import within
from goals.models import Focus
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.plain_dates import with_plain_dates
from tests.times import TODAY

Clients = Callable[..., OrganisationClient]
SCHEDULE = {"zone": "Europe/Lisbon", "nudge_hour": "07:30", "works": "weekdays", "working_days": ["1", "3", "5"]}
ROTA = {
    "zone": "Europe/Oslo", "nudge_hour": "09:00", "works": "rota",
    "rota_on": "4", "rota_off": "4", "rota_from": str(TODAY + timedelta(days=1)),
}  # fmt: skip


@pytest.fixture
def fresh(cast: Cast) -> Enrolment:
    """Ada on her first day: nothing confirmed, nothing picked."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        Enrolment.objects.filter(pk=enrolment.pk).update(confirmed_at=None)
        Focus.objects.filter(enrolment=enrolment).update(archived_on=TODAY)
    return enrolment


def stored(cast: Cast) -> Enrolment:
    return Enrolment.objects.get(leader=cast.ada)


def test_the_first_sign_in_leads_through_schedule_and_focus_to_today(
    client_for: Clients, cast: Cast, fresh: Enrolment
) -> None:
    client = client_for(cast.ada)

    assert client.get(client.url("today")).headers["Location"] == "/o/acme/welcome/"
    assert "Welcome, Ada" in client.get(client.url("welcome")).content.decode()
    confirmed = client.post(client.url("welcome"), SCHEDULE)
    assert confirmed.headers["Location"] == "/o/acme/welcome/?step=focus"
    client.post(
        client.url("focus_new") + "?from=welcome", {"behaviour": "clear", "cue": "it rings", "response": "breathe"}
    )
    assert client.get(client.url("welcome")).context["step"] == "done"

    with within(cast.acme):
        saved = Enrolment.objects.get(pk=fresh.pk)
        assert (str(saved.zone), saved.nudge_hour, saved.working_days) == ("Europe/Lisbon", time(7, 30), [1, 3, 5])
        assert saved.confirmed_at is not None
        verbs = AuditEntry.objects.filter(thing="cohorts.enrolment", thing_id=fresh.pk).order_by("number")
        assert list(verbs.values_list("verb", flat=True))[-2:] == ["changed schedule", "confirmed enrolment"]


def test_skipped_onboarding_steps_wait_on_today(client_for: Clients, cast: Cast, fresh: Enrolment) -> None:
    client = client_for(cast.ada)
    client.get(client.url("welcome"), {"step": "done"})

    page = client.get(client.url("today"))

    assert page.status_code == 200
    assert "Check your hour and working days" in page.content.decode()
    assert "Pick a focus" in page.content.decode()


def test_a_mails_deep_link_is_not_held_up_by_the_welcome(client_for: Clients, cast: Cast, fresh: Enrolment) -> None:
    client = client_for(cast.ada)

    assert client.get(client.url("today"), {"on": str(TODAY)}).status_code == 200


@pytest.mark.parametrize("name", ["welcome", "schedule"])
@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"nudge_hour": "23:00"}, "No nudges are sent during quiet hours"),
        ({"zone": "Mars/Olympus"}, "“Mars/Olympus” is not a time zone."),
        ({"working_days": []}, "Choose at least one working day."),
    ],
)
def test_an_invalid_schedule_marks_its_field(
    client_for: Clients, cast: Cast, name: str, wrong: dict[str, object], problem: str
) -> None:
    client = client_for(cast.ada)

    response = client.post(client.url(name), {**SCHEDULE, **wrong})

    assert response.status_code == 422
    assert problem in response.content.decode()


@pytest.mark.parametrize("name", ["welcome", "schedule"])
@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"rota_on": "0"}, "Give a number of days from 1 to 28."),
        ({"rota_on": "four"}, "Give a number of days from 1 to 28."),
        ({"rota_off": "29"}, "Give a number of days from 1 to 28."),
        ({"rota_off": ""}, "Give a number of days from 1 to 28."),
        ({"rota_from": ""}, "Give a date on which a stretch at work begins."),
        ({"rota_from": str(TODAY + timedelta(days=367))}, "Give a date within a year from today."),
        ({"rota_from": str(TODAY - timedelta(days=367))}, "Give a date within a year from today."),
    ],
)
def test_an_invalid_rota_marks_its_field(
    client_for: Clients, cast: Cast, name: str, wrong: dict[str, str], problem: str
) -> None:
    client = client_for(cast.ada)

    response = client.post(client.url(name), {**ROTA, **wrong})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == list(wrong)
    assert problem in response.content.decode()
    with within(cast.acme):
        assert rota_of(stored(cast)) is None


def test_a_rota_moves_unsent_nudges_and_can_be_reverted(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)
    client.post(client.url("schedule"), {**SCHEDULE, "zone": "Europe/Oslo"})

    saved = client.post(client.url("schedule"), {**ROTA, "working_days": ["7"]}, follow=True)

    with within(cast.acme):
        enrolment = stored(cast)
        assert rota_of(enrolment) == Rota(4, 4, TODAY + timedelta(days=1))
        assert enrolment.working_days == [1, 3, 5]
        assert Clock.objects.get(enrolment=enrolment).next_on == TODAY + timedelta(days=1)
        assert Nudge.objects.filter(enrolment=enrolment).count() > 0
        entry = AuditEntry.objects.filter(thing_id=enrolment.pk, verb="changed schedule").latest("number")
        assert entry.details == {"works": "4 on, 4 off from 2026-03-12"}
    assert [day.on.day for day in saved.context["ahead"].days if day.state == "works"] == [
        12,
        13,
        14,
        15,
        20,
        21,
        22,
        23,
    ]

    form = client.get(client.url("schedule")).context["form"]
    client.post(
        client.url("schedule"),
        {**ROTA, "works": "weekdays", "rota_on": "junk", "working_days": form["working_days"].value()},
    )

    with within(cast.acme):
        enrolment = stored(cast)
        assert (rota_of(enrolment), enrolment.working_days) == (None, [1, 3, 5])
        entry = AuditEntry.objects.filter(thing_id=enrolment.pk, verb="changed schedule").latest("number")
        assert entry.details == {"works": "weekdays [1, 3, 5]"}


def test_part_time_leaders_see_the_date_of_the_last_step(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)
    ends = []
    for works in (SCHEDULE | {"working_days": ["1", "2", "3", "4", "5"]}, ROTA | {"rota_on": "1", "rota_off": "28"}):
        client.post(client.url("schedule"), works)
        ends.append(client.get(client.url("schedule")))

    assert [page.context["late_end"] for page in ends] == [None, date(2026, 11, 28)]
    assert "your last step comes on Saturday 28 November" in with_plain_dates(ends[1])
    assert "your last step comes on Saturday 28 November" in with_plain_dates(client.get(client.url("path")))


def test_a_rota_older_than_a_year_can_be_saved(client_for: Clients, cast: Cast) -> None:
    long_ago = TODAY - timedelta(days=800)
    with within(cast.acme):
        Enrolment.objects.filter(leader=cast.ada).update(rota_on=4, rota_off=4, rota_from=long_ago)
    client = client_for(cast.ada)

    client.post(client.url("schedule"), {**ROTA, "rota_from": str(long_ago), "nudge_hour": "10:00"})

    with within(cast.acme):
        enrolment = stored(cast)
        assert (enrolment.nudge_hour, enrolment.rota_from) == (time(10), long_ago)


def test_a_weekday_leader_is_offered_a_rota_from_today(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)

    initial = client.get(client.url("schedule")).context["form"].initial

    assert [initial[name] for name in ("works", "rota_on", "rota_off", "rota_from")] == ["weekdays", 4, 4, TODAY]


def test_days_away_are_added_listed_and_taken_back(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)
    first, last = TODAY + timedelta(days=1), TODAY + timedelta(days=3)

    client.post(client.url("own_pauses"), {"starts_on": str(first), "ends_on": str(last)})
    with within(cast.acme):
        added = Pause.objects.get(enrolment__leader=cast.ada, starts_on=first)
    page = with_plain_dates(client.get(client.url("schedule")))
    client.post(client.url("own_pause_ending", added.pk))

    assert "12 March to 14 March" in page
    assert "For the whole cohort" in page
    with within(cast.acme):
        assert not Pause.objects.filter(pk=added.pk).exists()


@pytest.mark.parametrize(
    ("starts", "ends", "problem"),
    [
        (3, 1, "The last day is before the first."),
        (-9, -5, "Those days are already over."),
        (0, 400, "longer than a year"),
    ],
)
def test_impossible_days_away_are_explained(
    client_for: Clients, cast: Cast, starts: int, ends: int, problem: str
) -> None:
    client = client_for(cast.ada)
    days = {"starts_on": str(TODAY + timedelta(days=starts)), "ends_on": str(TODAY + timedelta(days=ends))}

    response = client.post(client.url("own_pauses"), days)

    assert response.status_code == 422
    assert problem in response.content.decode()


def test_a_leader_ends_only_their_own_days_away(client_for: Clients, cast: Cast) -> None:
    with within(cast.acme):
        whole_cohort = Pause.objects.get(enrolment=None)
        of_bo = Pause.objects.filter(enrolment__leader=cast.bo).first()
    client = client_for(cast.ada)

    for pk in (whole_cohort.pk, of_bo.pk if of_bo else 0, 10**9):
        assert client.post(client.url("own_pause_ending", pk)).status_code == 404


def test_mails_can_be_switched_off_and_on(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)
    seen = []

    for is_on in ("0", "1"):
        client.post(client.url("own_mail"), {"is_on": is_on})
        with within(cast.acme):
            seen.append(Enrolment.objects.get(leader=cast.ada).channels)

    assert seen == [["app"], ["app", "mail"]]


def test_schedule_page_queries_do_not_grow(
    client_for: Clients, cast: Cast, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    client = client_for(cast.ada)
    enrolment = cast.enrolment(cast.ada)

    def make_row(number: int) -> None:
        with within(cast.acme):
            make.PauseFactory(enrolment=enrolment, starts_on=TODAY + timedelta(days=10 * number))

    assert same_queries_at_1_and_30(lambda: client.get(client.url("schedule")), make_row) <= 12
