"""The cohort's page: four numbers that agree with the rows, who needs attention, and two weeks of each leader."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from cohorts.enrolment.attention import groups_of, names_of
from cohorts.enrolment.roster import roster_of
from cohorts.enrolment.sponsors import sponsors_of
from cohorts.models import Enrolment, Membership
from cohorts.schedule.path import Calendar
from cohorts.tenancy.wall import within
from programme.progress.two_weeks import strip_of
from tests import factories as make
from tests.times import DAY_1, NOW, TODAY

MONDAY = date(2026, 3, 2)
BASE = {"day1": MONDAY, "zone": ZoneInfo("Europe/Oslo"), "hour": time(9), "working_days": frozenset({1, 2, 3, 4, 5})}


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def house(cast, acme):
    return cast.house_of(acme)


def on(days):
    return MONDAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("changes", "practised", "today", "cells"),
    [
        ({}, {on(0), on(2)}, on(9), "D m D m m . . m m a _ _ . ."),
        ({}, {on(9)}, on(9), "m m m m m . . m m D _ _ . ."),
        ({}, {on(5)}, on(7), "m m m m m D . a _ _ _ _ . ."),
        ({}, set(), on(2), "_ _ _ _ _ _ _ m m a _ _ . ."),
        ({"pauses": ((on(2), on(8)),)}, {on(3)}, on(9), "m m h D h h h h h a _ _ . ."),
        ({"holidays": {on(1)}}, set(), on(9), "m . m m m . . m m a _ _ . ."),
        ({"working_days": frozenset({1, 3})}, set(), on(8), "m . m . . . . m . _ . . . ."),
    ],
)
def test_a_strip_shows_fourteen_days(changes, practised, today, cells):
    letters = {"done": "D", "miss": "m", "off": ".", "hold": "h", "ahead": "a", "later": "_"}

    strip = strip_of(Calendar(**BASE | changes), practised, today)

    assert " ".join(letters[cell] for cell in strip.cells) == cells


def test_a_strip_counts_what_could_have_been():
    strip = strip_of(Calendar(**BASE), {on(0), on(2), on(7)}, on(9))

    assert (strip.last_week, strip.this_week) == ((2, 5), (1, 2))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Ada"], "Ada"),
        (["Ada", "Bo"], "Ada and Bo"),
        (["Ada", "Bo", "Max"], "Ada, Bo and Max"),
        (["Ada", "Bo", "Max", "Pat", "Zoe"], "Ada, Bo and 3 more"),
    ],
)
def test_names_are_joined_and_cut(names, said):
    assert names_of(names) == said


def load(hana, house, **asked):
    return hana.get(hana.url("cohort", house.cohort.pk), asked)


def figures(answer):
    return [(figure.number, figure.of, figure.sentence) for figure in answer.context["figures"]]


def practise(house, cast, dates):
    """Exactly these practices, by leader."""
    with within(house.organisation):
        make.goals.Practice.objects.all().delete()
        for leader, theirs in dates.items():
            for each in theirs:
                make.PracticeFactory(enrolment=cast.enrolment(leader), on=each)
            Enrolment.objects.filter(leader=leader).update(last_practice_on=max(theirs))


def test_practised_this_week_is_beside_as_many_days_of_last_week(hana, house, cast):
    last_wednesday, last_friday = TODAY - timedelta(days=7), TODAY - timedelta(days=5)
    practise(house, cast, {cast.ada: [TODAY], cast.bo: [last_wednesday], cast.max: [last_friday, TODAY]})

    number, of, sentence = figures(load(hana, house))[0]

    assert (number, of, sentence) == ("2", "of 4", "1 more than last Wednesday.")


def test_attention_counts_the_rows_that_ask(hana, house, cast):
    with within(house.organisation):
        make.InvitationFactory(membership=cast.max, expires_at=NOW - timedelta(days=1), sent_at=NOW)
        make.InvitationFactory(membership=cast.pat_at_acme, reason="refused")
        Enrolment.objects.filter(leader=cast.bo).update(last_practice_on=DAY_1)

    answer = load(hana, house)

    number, _of, sentence = figures(answer)[1]
    assert (number, sentence) == ("3", "2 can’t get in, 1 is quiet.")
    groups = {group.key: group for group in answer.context["groups"]}
    assert groups["not-signed-in"].why == "1 invitation expired, 1 mail didn’t arrive: Max Acme and Pat Acme."
    assert groups["not-signed-in"].about == (cast.enrolment(cast.max).pk,)
    counts = {chip.label: chip.count for chip in answer.context["chips"]}
    assert (counts["Not signed in"], counts["Gone quiet"], counts["All"]) == (2, 1, 4)


def seen(member, **fields):
    with within(member.organisation_id):
        Membership.objects.filter(pk=member.pk).update(**fields)


def sponsors(house, now=NOW):
    with within(house.organisation):
        lines = roster_of(house.cohort, house.organisation, now)
    return {sponsor.name.split()[0]: sponsor for sponsor in sponsors_of(lines)}


def test_a_sponsor_is_silent_after_more_than_a_week(house, cast):
    seen(cast.sol, last_seen_on=TODAY - timedelta(days=7))
    seen(cast.max, last_seen_on=TODAY - timedelta(days=8))

    assert {name: each.is_silent for name, each in sponsors(house).items()} == {"Sol": False, "Max": True}


def test_nobody_is_silent_before_there_was_time(house, cast):
    seen(cast.sol, last_seen_on=None)
    assert sponsors(house, NOW - timedelta(days=5))["Sol"].is_silent is False
    assert sponsors(house)["Sol"].is_silent is True


def test_silent_sponsors_are_named_with_their_date(house, cast):
    seen(cast.sol, last_seen_on=date(2026, 3, 2))
    with within(house.organisation):
        lines = roster_of(house.cohort, house.organisation, NOW)
    only_sol = [sponsor for sponsor in sponsors_of(lines) if sponsor.pk == cast.sol.pk]

    group = groups_of(lines, only_sol)[-1]

    assert (group.title, group.why) == (
        "1 sponsor is silent",
        "Sol Acme: nothing opened since 2 March. They support 1 leader.",
    )


def test_a_visit_is_noted_once_a_day(client_for, cast, count_queries):
    seen(cast.sol, last_seen_on=TODAY - timedelta(days=1))
    sol = client_for(cast.sol)
    sol.get(sol.url("sponsor_home"))
    with within(cast.sol.organisation_id):
        assert Membership.objects.get(pk=cast.sol.pk).last_seen_on == TODAY

    again = count_queries(lambda: sol.get(sol.url("sponsor_home")))

    assert [sql for sql in again if sql.startswith("UPDATE") and "last_seen_on" in sql] == []


def test_the_next_live_event_is_named_with_its_day(hana, house):
    number, _of, sentence = figures(load(hana, house))[3]

    assert number != "–"
    assert "title (en)" in sentence


def test_every_page_of_a_cohort_has_the_tabs_with_itself_current(hana, house):
    pages = ["cohort", "cohort_milestones", "cohort_mails", "cohort_rounds", "cohort_support"]
    pages += ["cohort_ninety_days", "cohort_change"]
    for name in pages:
        answer = hana.get(hana.url(name, house.cohort.pk))
        assert [tab.label for tab in answer.context["tabs"]] == [
            "Leaders",
            "Calendar",
            "Mails",
            "360",
            "Support",
            "Curriculum",
            "Settings",
        ]
        assert [tab.url for tab in answer.context["tabs"] if tab.is_current] == [hana.url(name, house.cohort.pk)]


def test_a_leader_reads_the_ninety_days_without_the_admins_tabs(client_for, cast, house):
    ada = client_for(cast.ada)

    assert "tabs" not in ada.get(ada.url("cohort_ninety_days", house.cohort.pk)).context


def test_choosing_is_a_page_of_its_own_and_chips_stay_in_it(hana, house):
    answer = load(hana, house, choose="1")
    page = answer.content.decode()

    assert "Choose leaders" in page
    assert 'id="attention"' not in page
    assert all("choose=1" in chip.url for chip in answer.context["chips"])


def test_the_page_shows_nothing_that_was_written(hana, house, count_queries):
    queries = count_queries(lambda: load(hana, house))

    assert "bait" not in load(hana, house).content.decode()
    assert [sql for sql in queries if "goals_reflection" in sql or ("line" in sql and "goals_practice" in sql)] == []


def test_the_page_speaks_norwegian(client_for, cast, house):
    with within(cast.hana.organisation_id):
        cast.hana.person.language = "nb"
        cast.hana.person.save()
    hana = client_for(cast.hana)

    with translation.override("nb"):
        page = load(hana, house).content.decode()

    assert "Øvd denne uka" in page
    assert "Practised this week" not in page
