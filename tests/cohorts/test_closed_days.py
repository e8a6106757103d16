"""Closed days of a place and of a cohort: what the `holidays` package says, and what an admin adds."""

from dataclasses import replace
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.schedule.closed_days import ClosedDays, OwnDay, Place
from cohorts.schedule.countries import COUNTRIES
from cohorts.schedule.day1 import doubt_about, first_open
from cohorts.schedule.moves import dates_of, moved_by, moves
from cohorts.schedule.path import Calendar, Cursor, Dialled, Plan, StepSlot, walk
from cohorts.schedule.regions import KINDS, kinds_of, regions_of
from tests.cohorts.test_path import NINE, OSLO, START, calendars, plans
from tests.times import DAY_1

NORWAY = Place("NO")
WEEK = frozenset({1, 2, 3, 4, 5})


@pytest.mark.parametrize(
    ("place", "on", "english", "norwegian"),
    [
        (Place("GB", "ENG"), date(2027, 3, 29), "Easter Monday", "2. påskedag"),
        (Place("CH", "ZH"), date(2027, 3, 26), "Good Friday", "langfredag"),
        (Place("CA", "ON"), date(2027, 10, 11), "Thanksgiving Day", "høsttakkefesten"),
        (Place("DE", "BY"), date(2027, 5, 27), "Corpus Christi", "Kristi legemsfest"),
        (Place("AU", "NSW"), date(2027, 6, 14), "King's Birthday", "kongens fødselsdag"),
        (Place("SE", "", ("de_facto",)), date(2026, 12, 24), "Christmas Eve", "julaften"),
        (Place("SE", "", ("de_facto",)), date(2027, 6, 25), "Midsummer Eve", "midtsommeraften"),
        (Place("GB", "SCT"), date(2026, 11, 30), "Saint Andrew's Day", "Sankt Andreas’ dag"),
        (Place("ES", "CT"), date(2026, 9, 11), "National Day of Catalonia", "Catalonias nasjonaldag"),
    ],
)
def test_a_region_or_kind_closes_what_the_country_alone_does_not(place, on, english, norwegian):
    closed = ClosedDays(place)

    assert on in closed
    assert on not in ClosedDays(Place(place.country))
    assert (closed.public_name(on), closed.public_name(on, "nb")) == (english, norwegian)


def test_a_country_alone_is_what_the_package_says():
    for code, _name in COUNTRIES:
        expected = holidays.country_holidays(code, years=range(2026, 2029))
        found = set(ClosedDays(Place(code)).between(date(2026, 1, 1), date(2028, 12, 31)))

        assert found == set(expected), code


def test_every_region_that_differs_can_be_chosen_and_no_other():
    """The list of regions.json against the package, in the years that cohorts of these years see."""
    years = range(2026, 2030)
    for code, _name in COUNTRIES:
        kinds = ("public", *kinds_of(code))
        whole = set(holidays.country_holidays(code, years=years, categories=kinds))
        known = holidays.country_holidays(code).subdivisions
        differs = {
            each
            for each in known
            if set(holidays.country_holidays(code, subdiv=each, years=years, categories=kinds)) != whole
        }
        assert differs <= set(regions_of(code, "en")) <= set(known), code
        assert set(kinds_of(code)) <= set(KINDS)
        assert all(regions_of(code, language)[each] for each in differs for language in ("en", "nb"))


def test_regions_have_their_names_in_both_languages():
    assert regions_of("DE", "en")["BY"] == "Bavaria"
    assert regions_of("DE", "nb")["BY"] == "Bayern"
    assert regions_of("GB", "nb")["SCT"] == "Skottland"
    assert list(regions_of("GB", "en")) == ["ENG", "NIR", "SCT", "WLS"]
    assert regions_of("NO", "en") == {}


def test_a_day_of_its_own_wins_over_the_public_holiday():
    labour_day, eve = date(2026, 5, 1), date(2026, 12, 24)
    days = ClosedDays(NORWAY).with_day(OwnDay(labour_day, "", is_closed=False))
    days = days.with_day(OwnDay(eve, "Christmas Eve", is_closed=True))

    assert labour_day not in days
    assert eve in days
    assert (days.name(eve), days.name(labour_day, "nb")) == ("Christmas Eve", "arbeidernes dag")
    assert days.without(labour_day).without(eve) == ClosedDays(NORWAY)


@given(plans(), calendars(), st.sets(st.integers(0, 250), max_size=60))
def test_the_path_treats_own_days_as_public_holidays(plan: Plan, calendar: Calendar, numbers: set[int]) -> None:
    """The same dates closed by the cohort, or by a set of holidays: the same path. No step on a closed date."""
    dates = {DAY_1 + timedelta(days=number) for number in numbers}
    own = ClosedDays(Place(), tuple(OwnDay(on, "Closed", is_closed=True) for on in sorted(dates)))

    public = list(walk(plan, _with(calendar, frozenset(dates)), Cursor(), Dialled(), START))
    ours = list(walk(plan, _with(calendar, own), Cursor(), Dialled(), START))

    assert ours == public
    assert not {due.on for due in ours} & dates
    assert len({due.on for due in ours}) == len(ours)


@given(plans(), st.sets(st.sampled_from([date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1)])))
def test_a_holiday_kept_open_is_a_working_day(plan: Plan, opened: set[date]) -> None:
    closed = ClosedDays(NORWAY, tuple(OwnDay(on, "", is_closed=False) for on in sorted(opened)))
    left = frozenset(ClosedDays(NORWAY).between(DAY_1, DAY_1 + timedelta(days=500))) - opened
    calendar = Calendar(DAY_1, OSLO, NINE, WEEK)

    assert list(walk(plan, _with(calendar, closed), Cursor(), Dialled(), START)) == list(
        walk(plan, _with(calendar, left), Cursor(), Dialled(), START)
    )


def test_what_a_closed_day_moves_is_the_step_that_would_go_on_it():
    plan = Plan(tuple(StepSlot(day, day) for day in (1, 2, 3, 8)), ())
    closed = ClosedDays(Place(), (OwnDay(DAY_1 + timedelta(days=1), "Inventory", is_closed=True),))
    calendar = Calendar(DAY_1, OSLO, NINE, WEEK, holidays=closed)
    tuesday, saturday = DAY_1 + timedelta(days=1), DAY_1 + timedelta(days=5)

    found = moved_by(plan, calendar, closed.with_day(OwnDay(saturday, "Fair", is_closed=True)), [tuesday, saturday])

    assert {on: (move.day, move.now_on) for on, move in found.items()} == {tuesday: (2, DAY_1 + timedelta(days=2))}
    before, after = dates_of(plan, _with(calendar, ClosedDays())), dates_of(plan, calendar)
    assert [(move.day, (move.now_on - move.was_on).days) for move in moves(before, after)] == [(2, 1), (3, 1)]


@pytest.mark.parametrize(
    ("on", "says", "instead"),
    [
        (date(2026, 5, 4), "", None),
        (date(2026, 5, 2), "Saturday 2 May is a day off.", date(2026, 5, 4)),
        (date(2026, 5, 1), "Friday 1 May is Labor Day", date(2026, 5, 4)),
        (date(2026, 4, 20), "That is 9 days ago.", date(2026, 4, 30)),
        (date(2025, 12, 1), "more than ninety days ago", date(2026, 4, 30)),
        (date(2026, 4, 24), "", None),
    ],
)
def test_a_day_1_nobody_works_on_is_pointed_out(on, says, instead):
    doubt = doubt_about(on, working_days=WEEK, closed=ClosedDays(NORWAY), today=date(2026, 4, 29), language="en")

    assert (doubt.instead if doubt else None) == instead
    assert says in (doubt.sentence if doubt else "")


def test_a_cohort_that_never_works_gets_its_own_date_back():
    assert first_open(DAY_1, frozenset(), ClosedDays()) == DAY_1


def _with(calendar: Calendar, closed: object) -> Calendar:
    return replace(calendar, holidays=closed)


@given(plans(), calendars(), st.sets(st.integers(-3, 120), max_size=20))
def test_one_walk_finds_what_a_walk_for_each_closed_date_finds(
    plan: Plan, calendar: Calendar, numbers: set[int]
) -> None:
    dates = sorted(calendar.day1 + timedelta(days=number) for number in numbers)
    closed = ClosedDays(Place(), tuple(OwnDay(on, "Closed", is_closed=True) for on in dates))
    as_it_is = dates_of(plan, _with(calendar, closed))
    expected = {}
    for on in dates:
        opened = dates_of(plan, _with(calendar, closed.without(on)))
        for key, due in opened.items():
            if due.on == on and key in as_it_is and as_it_is[key].on != on:
                expected[on] = (key, as_it_is[key].on)

    found = moved_by(plan, calendar, closed, dates)

    assert {on: (move.key, move.now_on) for on, move in found.items()} == expected
