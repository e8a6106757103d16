"""Closing days of a cohort: the action's rules, and the pages over it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cohorts.enrolment.actions.closed_days import MAX_OWN_DAYS, close_day, keep_day_open, take_back_day
from cohorts.enrolment.actions.cohorts import change_cohort
from cohorts.models import AuditEntry, Clock, Cohort, Enrolment, Nudge
from cohorts.nudges.planner import plan_again
from cohorts.schedule.closed_days import OwnDay, closed_days
from cohorts.schedule.milestone_dates import LATEST
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid
from cohorts.web.revisions import Stale
from tests.api.client import Program, key_of
from tests.cohorts.test_cohort_pages import said
from tests.cohorts.test_cohorts import as_plan
from tests.plain_dates import with_plain_dates
from tests.times import DAY_1, NOW, TODAY

TOMORROW = TODAY + timedelta(days=1)
GOOD_FRIDAY = date(2026, 4, 3)


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def house(cast, acme):
    return cast.house_of(acme)


@pytest.fixture
def cohort(house, acme):
    """Acme's cohort, whose first nudge is out, with Norwegian holidays."""
    with within(acme):
        Cohort.objects.filter(pk=house.cohort.pk).update(holidays="NO")
        plan_again(list(Enrolment.objects.values_list("pk", flat=True)), now=NOW)
    house.cohort.holidays = "NO"
    return house.cohort


def test_a_closed_day_moves_what_is_unsent_and_taking_it_back_moves_it_again(cohort, cast, acme):
    with within(acme):
        Clock.objects.filter(enrolment__leader=cast.ada).update(last_on=TODAY)
        plan_again(list(Enrolment.objects.values_list("pk", flat=True)), now=NOW)
        clock = Clock.objects.get(enrolment__leader=cast.ada)
        before, sent = clock.next_on, Nudge.objects.count()

        close_day(cohort=cohort, on=before, name="  Inventory   day ", by=cast.hana, now=NOW)

        clock.refresh_from_db()
        assert clock.next_on > before
        assert Nudge.objects.count() == sent
        assert closed_days(Cohort.objects.get()).own == (OwnDay(before, "Inventory day", is_closed=True),)
        entry = AuditEntry.objects.first()
        assert (entry.verb, entry.details) == ("closed a day", {"on": str(before)})

        take_back_day(cohort=cohort, on=before, by=cast.hana, now=NOW)
        clock.refresh_from_db()
        assert clock.next_on == before


def test_a_public_holiday_is_kept_open(cohort, cast, acme):
    with within(acme):
        keep_day_open(cohort=cohort, on=GOOD_FRIDAY, by=cast.hana, now=NOW)

        assert GOOD_FRIDAY not in closed_days(Cohort.objects.get())


@pytest.mark.parametrize("on", [TODAY, TODAY - timedelta(days=2)])
def test_after_the_first_nudge_what_was_lived_stays(cohort, cast, acme, on):
    with within(acme):
        with pytest.raises(Invalid, match="Only days after today can change"):
            close_day(cohort=cohort, on=on, name="Late", by=cast.hana, now=NOW)
        close_day(cohort=cohort, on=TOMORROW, name="Ahead", by=cast.hana, now=NOW)
        with pytest.raises(Invalid, match="Only days after today can change"):
            take_back_day(cohort=cohort, on=TOMORROW, by=cast.hana, now=NOW + timedelta(days=2))

        Nudge.objects.all().delete()
        close_day(cohort=cohort, on=on, name="Before anything was sent", by=cast.hana, now=NOW)


def test_a_day_that_has_begun_for_one_leader_has_begun(cohort, cast, acme):
    """At 12 in Oslo it is tomorrow in Auckland."""
    with within(acme):
        Enrolment.objects.filter(leader=cast.ada).update(zone="Pacific/Auckland")
        late = NOW.replace(hour=12)
        with pytest.raises(Invalid, match="Only days after today can change"):
            close_day(cohort=cohort, on=TOMORROW, name="Too late there", by=cast.hana, now=late)


def test_after_the_first_nudge_another_country_may_only_change_days_ahead(cohort, cast, acme):
    """Swedish and Norwegian days are the same so far; the Swiss of Neuchâtel had 1 March off."""
    with within(acme):
        close_day(cohort=cohort, on=TOMORROW, name="Ahead", by=cast.hana, now=NOW)
        change_cohort(cohort=cohort, plan=replace(as_plan(cohort), holidays="SE"), by=cast.hana, now=NOW)
        saved = Cohort.objects.get()
        assert (saved.holidays, len(saved.own_days)) == ("SE", 1)

        swiss = replace(as_plan(saved), holidays="CH", region="NE")
        with pytest.raises(Invalid, match=r"this would change 1 March 2026\.") as refused:
            change_cohort(cohort=cohort, plan=swiss, by=cast.hana, now=NOW)
        assert refused.value.field == "holidays"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"holidays": "DE", "region": "SCT"}, "region"),
        ({"holidays": "NO", "region": "BY"}, "region"),
        ({"holidays": "NO", "holiday_kinds": ["bank"]}, "holiday_kinds"),
    ],
)
def test_a_place_is_one_the_package_knows(cohort, cast, acme, changed, field):
    with within(acme):
        with pytest.raises(Invalid) as refused:
            change_cohort(cohort=cohort, plan=replace(as_plan(cohort), **changed), by=cast.hana, now=NOW)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"on": DAY_1 + LATEST + timedelta(days=1), "name": "Far"}, "on"),
        ({"on": DAY_1 - timedelta(days=4), "name": "Early"}, "on"),
        ({"on": GOOD_FRIDAY, "name": "Good Friday"}, "on"),
        ({"on": TOMORROW, "name": "x" * 81}, "name"),
        ({"on": TOMORROW, "name": "  "}, "name"),
        ({"on": TOMORROW, "name": "two\nlines"}, "name"),
    ],
)
def test_a_day_has_its_bounds(cohort, cast, acme, about, field):
    with within(acme):
        with pytest.raises(Invalid) as refused:
            close_day(cohort=cohort, by=cast.hana, now=NOW, **about)
        assert refused.value.field == field


def test_days_have_a_number_and_an_open_day_is_a_holiday(cohort, cast, acme):
    with within(acme):
        with pytest.raises(Invalid, match="already open"):
            keep_day_open(cohort=cohort, on=TOMORROW, by=cast.hana, now=NOW)
        many = [OwnDay(TOMORROW + timedelta(days=n), "Full", is_closed=True) for n in range(MAX_OWN_DAYS)]
        Cohort.objects.update(own_days=[day.as_stored() for day in many])
        with pytest.raises(Invalid, match="at most 60 days"):
            close_day(cohort=cohort, on=TOMORROW + timedelta(days=90), name="One more", by=cast.hana, now=NOW)


def test_saying_it_again_leaves_no_trace_and_an_old_page_is_refused(cohort, cast, acme):
    with within(acme):
        shown = Cohort.objects.get().revision
        close_day(cohort=cohort, on=TOMORROW, name="Once", by=cast.hana, now=NOW, expected_revision=shown)
        entries, revision = AuditEntry.objects.count(), Cohort.objects.get().revision
        close_day(cohort=cohort, on=TOMORROW, name="Once", by=cast.hana, now=NOW)
        assert (AuditEntry.objects.count(), Cohort.objects.get().revision) == (entries, revision)

        with pytest.raises(Stale):
            keep_day_open(cohort=cohort, on=GOOD_FRIDAY, by=cast.hana, now=NOW, expected_revision=shown)


def test_what_it_moves_is_shown_then_done_then_undone(cohort, hana, acme):
    url = hana.url("closed_day", cohort.pk)
    asked = {"act": "close", "on": TOMORROW.isoformat(), "name": "Inventory"}

    page = hana.get(url, asked)
    assert page.context["effect"].working == page.context["effect"].leaders == 4
    with within(acme):
        assert Cohort.objects.get().own_days == []

    done = hana.post(url, dict(page.context["fields"]), follow=True)
    (message,) = done.context["messages"]
    assert with_plain_dates(str(message)) == "Thursday 12 March is closed. Nothing goes out that day."
    assert "Inventory" in done.content.decode()

    hana.post(message.extra_tags)
    with within(acme):
        assert Cohort.objects.get().own_days == []


def test_undo_gives_way_to_what_was_changed_since(cohort, hana, cast, acme):
    url = hana.url("closed_day", cohort.pk)
    page = hana.get(url, {"act": "close", "on": TOMORROW.isoformat(), "name": "Inventory"})
    (message,) = hana.post(url, dict(page.context["fields"]), follow=True).context["messages"]
    with within(acme):
        close_day(cohort=cohort, on=TOMORROW, name="Stocktaking", by=cast.hana, now=NOW)

    answer = hana.post(message.extra_tags)

    assert answer.status_code == 409
    assert "This cohort was changed in the meantime." in answer.content.decode()
    with within(acme):
        assert closed_days(Cohort.objects.get()).name(TOMORROW) == "Stocktaking"


def test_a_refused_day_keeps_what_was_typed(cohort, hana):
    asked = {"act": "close", "on": TODAY.isoformat(), "name": "Inventory"}

    page = hana.get(hana.url("closed_day", cohort.pk), asked)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["on"]
    assert 'value="Inventory"' in page.content.decode()


def test_the_list_has_the_holidays_of_the_ninety_days(cohort, hana):
    rows = {row.on: row for row in hana.get(hana.url("closed_day_list", cohort.pk)).context["rows"]}

    assert rows[GOOD_FRIDAY].name == "Good Friday"
    assert rows[GOOD_FRIDAY].can_change
    assert min(rows) >= DAY_1


def test_the_list_takes_the_same_queries_with_many_days(cohort, hana, acme, django_assert_max_num_queries):
    many = [OwnDay(TOMORROW + timedelta(days=n), f"Day {n}", is_closed=True) for n in range(MAX_OWN_DAYS)]
    with within(acme):
        Cohort.objects.update(own_days=[day.as_stored() for day in many])

    with django_assert_max_num_queries(30):
        page = hana.get(hana.url("closed_day_list", cohort.pk))

    assert len(page.context["rows"]) >= MAX_OWN_DAYS


def test_the_regions_follow_the_country(hana):
    german = hana.get(hana.url("cohort_place"), {"holidays": "DE"}).content.decode()
    norwegian = hana.get(hana.url("cohort_place"), {"holidays": "NO"}).content.decode()

    assert "Bavaria" in german
    assert "Catholic holidays" in german
    assert "id_region" not in norwegian


def test_without_scripts_a_button_shows_the_regions_and_keeps_what_is_typed(hana, house, acme):
    page = hana.post(hana.url("cohort_new"), said(house, holidays="GB", name="Autumn", show_regions="1"))

    assert page.status_code == 200
    assert "Scotland" in page.content.decode()
    assert 'value="Autumn"' in page.content.decode()
    hana.post(hana.url("cohort_new"), said(house, holidays="GB", region="SCT"))
    with within(acme):
        saved = Cohort.objects.get(name="Autumn")
    assert (saved.holidays, saved.region) == ("GB", "SCT")


def test_a_region_left_over_from_another_country_does_not_stay(hana, house, acme):
    refused = hana.post(hana.url("cohort_new"), said(house, holidays="DE", region="SCT"))
    assert list(refused.context["form"].errors) == ["region"]

    hana.post(hana.url("cohort_new"), said(house, holidays="NO", region="SCT"))
    with within(acme):
        assert Cohort.objects.get(name="Autumn").region == ""


def test_day_1_on_a_weekend_is_asked_about_once(hana, house, acme):
    url = hana.url("cohort_new")
    saturday = {"classroom_ends_on": "2026-03-13", "day1_on": "2026-03-14", "working_days": ["1", "2", "3", "4", "5"]}

    asked = hana.post(url, said(house, **saturday))
    assert asked.status_code == 422
    assert asked.context["form"].day1_doubt.instead == date(2026, 3, 16)
    assert 'name="day1_instead" value="2026-03-16"' in asked.content.decode()

    hana.post(url, said(house, **saturday, day1_instead="2026-03-16"))
    hana.post(url, said(house, **saturday, day1_kept="2026-03-14", name="Weekend"))
    with within(acme):
        assert Cohort.objects.get(name="Autumn").day1_on == date(2026, 3, 16)
        assert Cohort.objects.get(name="Weekend").day1_on == date(2026, 3, 14)


def test_an_empty_day_1_is_the_first_working_day(hana, house, acme):
    """The Monday after Maundy Thursday's week is Easter Monday."""
    hana.post(hana.url("cohort_new"), said(house, classroom_ends_on="2026-04-01", day1_on=""))

    with within(acme):
        assert Cohort.objects.get(name="Autumn").day1_on == date(2026, 4, 7)


def test_a_program_closes_a_day_and_chooses_a_region(cohort, cast, clock):
    program, days = Program(key_of(cast.olav)), f"cohorts/{cohort.pk}/closed-days/"
    closed = program.post(days, {"act": "close", "on": str(TOMORROW), "name": "Inventory"}).json()
    assert {"on": str(TOMORROW), "name": "Inventory", "is_own": True, "is_closed": True} in closed["days"]
    assert program.post(days, {"act": "close", "on": str(TODAY), "name": "Late"}).status_code == 422

    german = program.patch(f"cohorts/{cohort.pk}/", {"holidays": "DE", "region": "BY"}).json()
    swedish = program.patch(f"cohorts/{cohort.pk}/", {"holidays": "SE"}).json()

    assert (german["holidays"], german["region"]) == ("DE", "BY")
    assert (swedish["holidays"], swedish["region"], swedish["holiday_kinds"]) == ("SE", "", [])
