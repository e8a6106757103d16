from datetime import time, timedelta

import pytest

from cohorts.enrolment.forms.cohort import monday_after
from cohorts.models import Cohort, Enrolment, Nudge, Pause
from cohorts.tenancy.wall import within
from feedback360.models import Round
from tests import factories as make
from tests.database import as_owner
from tests.times import DAY_1, TODAY


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def house(cast, acme):
    return cast.house_of(acme)


def said(house, **changes):
    return {
        "name": "Autumn",
        "version": house.version.pk,
        "classroom_ends_on": "2026-03-13",
        "day1_on": "",
        "zone": "Europe/Oslo",
        "nudge_hour": "08:30",
        "working_days": ["1", "2", "3", "4"],
        "holidays": "NO",
    } | changes


def test_the_list_shows_only_this_organisations_cohorts(hana):
    page = hana.get(hana.url("cohort_list")).content.decode()

    assert "Acme spring" in page
    assert "Zenith" not in page


def test_the_list_says_each_cohorts_day_and_who_practised_since_monday(hana, house):
    monday = TODAY - timedelta(days=TODAY.weekday())
    with within(house.organisation):
        cohort = make.CohortFactory(version=house.version, day1_on=TODAY + timedelta(days=30))
        for on in (monday, TODAY, monday - timedelta(days=1), None):
            make.EnrolmentFactory(cohort=cohort, last_practice_on=on)
        make.EnrolmentFactory(cohort=cohort, last_practice_on=TODAY, left_on=TODAY)

    rows = hana.get(hana.url("cohort_list")).context["rows"]

    ((found, day),) = [row for row in rows if row[0].pk == cohort.pk]
    assert (found.practised, found.leaders, day) == (2, 4, "Day 1: 10 April 2026")


def test_an_empty_list_teaches(hana, acme, cast):
    with within(acme):
        for model in (Pause, Nudge):
            model.objects.all().delete()
        make.floor.Clock.objects.all().delete()
        make.floor.Intake.objects.all().delete()
        make.roof.Report.objects.all().delete()
        supports = (
            make.coaching.SponsorAct,
            make.coaching.Ask,
            make.coaching.SupportAnswer,
            make.coaching.ProtectedTime,
        )
        for support in supports:
            support.objects.all().delete()
        for room in (make.goals.Practice, make.goals.Reflection, make.goals.Focus):
            room.objects.all().delete()
        with as_owner():  # what a round holds, and the story of a goal, can only be added to
            Round.objects.all().delete()
            make.goals.Goal.objects.all().delete()
        Enrolment.objects.all().delete()
        Cohort.objects.all().delete()

    assert b"Open the first cohort" in hana.get(hana.url("cohort_list")).content


def test_a_cohort_is_opened_and_day_1_is_the_next_monday(hana, house):
    answer = hana.post(hana.url("cohort_new"), said(house))

    with within(house.organisation):
        cohort = Cohort.objects.get(name="Autumn")
    assert answer["Location"] == hana.url("intake_new", cohort.pk)
    assert (cohort.day1_on.isoformat(), cohort.nudge_hour, cohort.working_days, cohort.holidays) == (
        "2026-03-16",
        time(8, 30),
        [1, 2, 3, 4],
        "NO",
    )


@pytest.mark.parametrize("weekday", range(7))
def test_monday_after_any_day(weekday):
    on = DAY_1 + timedelta(days=weekday)

    assert monday_after(on) == DAY_1 + timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": "Acme spring"}, "name", "Another cohort already has this name."),
        ({"day1_on": "2026-03-13"}, "day1_on", "Day 1 must be after the last day in the classroom."),
        ({"day1_on": "9999-12-20"}, "day1_on", "Enter a valid date."),
        ({"classroom_ends_on": "9999-12-31"}, "classroom_ends_on", "Enter a valid date."),
        ({"working_days": []}, "working_days", "Choose at least one working day."),
        (
            {"nudge_hour": "21:30"},
            "nudge_hour",
            "No nudges are sent during quiet hours, 21:00–06:00. Choose another hour.",
        ),
        ({"zone": "Mars/Base"}, "zone", "“Mars/Base” is not a time zone. Write a city, such as Oslo."),
        ({"holidays": "XX"}, "holidays", "Select a valid choice. XX is not one of the available choices."),
    ],
)
def test_errors_are_shown_beside_their_fields(hana, house, changes, field, sentence):
    answer = hana.post(hana.url("cohort_new"), said(house, **changes))

    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [sentence]}


def test_another_organisations_curriculum_cannot_be_chosen(hana, house, cast, zenith):
    answer = hana.post(hana.url("cohort_new"), said(house, version=cast.house_of(zenith).version.pk))

    assert list(answer.context["form"].errors) == ["version"]


def test_after_the_first_nudge_day_1_is_shown_and_stays(hana, house):
    url = hana.url("cohort_change", house.cohort.pk)
    assert "Cannot change after the first nudge." in hana.get(url).content.decode()

    hana.post(url, said(house, name="Renamed", day1_on="2027-01-04", classroom_ends_on="2026-02-27"))

    with within(house.organisation):
        cohort = Cohort.objects.get()
    assert (cohort.name, cohort.day1_on, cohort.nudge_hour) == ("Renamed", DAY_1, time(8, 30))


def test_sending_is_switched_off_and_undo_switches_it_on(hana, house):
    answer = hana.post(hana.url("cohort_hold", house.cohort.pk), follow=True)
    page = answer.content.decode()
    assert "Sending is off. Nothing is sent, and nothing is lost." in page
    undo = hana.url("cohort_release", house.cohort.pk)
    assert page.count(f'action="{undo}"') == 2

    hana.post(undo)

    with within(house.organisation):
        assert Cohort.objects.get().is_sending


@pytest.mark.parametrize("name", ["cohort_hold", "cohort_release", "intake_confirmation", "enrolment_leaving"])
def test_looking_changes_nothing(hana, house, name):
    assert hana.get(hana.url(name, house.cohort.pk)).status_code == 405


def test_the_cohort_page_shows_each_leader_and_nothing_they_wrote(hana, house):
    page = hana.get(hana.url("cohort", house.cohort.pk)).content.decode()

    assert "Ada Acme" in page
    assert "Åse-Kristin Bjørnstjerne-Ødegård" in page
    assert "bait" not in page


def test_filters_stand_in_the_address(hana, house, cast):
    with within(house.organisation):
        Enrolment.objects.filter(leader=cast.ada).update(last_practice_on=None)

    page = hana.get(hana.url("cohort", house.cohort.pk), {"status": "quiet", "q": "ada"}).content.decode()

    assert "Ada Acme" in page
    assert "Max Acme</a>" not in page
    assert 'value="ada"' in page
    assert "leaders.csv?status=quiet&amp;q=ada" in page


def test_no_match_is_shown_as_a_message(hana, house):
    page = hana.get(hana.url("cohort", house.cohort.pk), {"q": "nobody"}).content.decode()

    assert "Nobody matches" in page


def test_the_download_has_the_lines_of_the_filter_escaped(hana, house, cast):
    with within(house.organisation):
        cast.ada.name = "=Ada Acme"
        cast.ada.save(update_fields=["name"])

    answer = hana.get(hana.url("cohort_export", house.cohort.pk), {"q": "ada"})

    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Name,E-mail,Sponsor,Day,Last practice,Today,Nudge today",
        "'=Ada Acme,ada@acme.test,Sol Acme,10,2026-03-09,No step today,",
    ]


def test_cohort_page_queries_do_not_grow_with_leaders(hana, house, cast, same_queries_at_1_and_30):
    def enrol(number):
        with within(house.organisation):
            enrolment = make.EnrolmentFactory(cohort=house.cohort, sponsor=cast.sol)
            make.InvitationFactory(membership=enrolment.leader)
            make.NudgeFactory(enrolment=enrolment, step=house.version.steps.first())

    url = hana.url("cohort", house.cohort.pk)

    assert same_queries_at_1_and_30(lambda: hana.get(url), enrol) <= 12


def test_cohort_list_queries_do_not_grow(hana, house, same_queries_at_1_and_30):
    def open_one(number):
        with within(house.organisation):
            make.EnrolmentFactory(cohort=make.CohortFactory(version=house.version))

    assert same_queries_at_1_and_30(lambda: hana.get(hana.url("cohort_list")), open_one) <= 12


def test_a_pause_of_the_cohort_is_added_and_taken_back(hana, house):
    url = hana.url("cohort_pauses", house.cohort.pk)
    hana.post(url, {"starts_on": "2026-04-01", "ends_on": "2026-04-06"})
    with within(house.organisation):
        added = Pause.objects.get(enrolment=None, starts_on="2026-04-01")

    answer = hana.post(hana.url("pause_ending", added.pk))

    assert answer["Location"] == url
    with within(house.organisation):
        assert not Pause.objects.filter(pk=added.pk).exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "sentence"),
    [
        ("2026-04-06", "2026-04-01", "The last day is before the first."),
        ("2026-03-01", str(TODAY - timedelta(days=1)), "Those days are already over."),
        ("2026-04-01", "2028-04-01", "That is longer than a year."),
        ("2026-04-01", "", "This field is required."),
    ],
)
def test_a_pause_that_cannot_be_is_refused(hana, house, starts_on, ends_on, sentence):
    answer = hana.post(hana.url("cohort_pauses", house.cohort.pk), {"starts_on": starts_on, "ends_on": ends_on})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"ends_on": [sentence]}


@pytest.mark.parametrize(
    "name", ["cohort", "cohort_change", "cohort_export", "cohort_pauses", "intake_new", "person_new", "cohort_mails"]
)
def test_another_organisations_cohort_is_as_missing_as_none(hana, cast, zenith, name):
    foreign = hana.get(hana.url(name, cast.house_of(zenith).cohort.pk))
    missing = hana.get(hana.url(name, 999_999))

    assert (foreign.status_code, missing.status_code) == (404, 404)
