"""The live events of a cohort, as its admin dates them: moved, called off, brought back, and each step undone."""

import re
from datetime import date, timedelta

import pytest

from cohorts.models import AuditEntry, Cohort, MilestoneDate
from cohorts.schedule.milestone_calendar import diary_of, milestones_of
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.plain_dates import with_plain_dates
from tests.times import DAY_1, TODAY

KICK_OFF, CIRCLE = "kick-off", "circle-1"
MOVED = TODAY + timedelta(days=7)  # the cast has moved its circle there, from Friday of the second week
PLANNED = DAY_1 + timedelta(days=11)
FREE = date(2026, 3, 21)  # a Saturday


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def cohort(cast):
    return cast.houses["acme"].cohort


def said(cast):
    """What the cohort has said, by key."""
    with within(cast.acme):
        return dict(MilestoneDate.objects.values_list("key", "on"))


def post(hana, cohort, name, key, **fields):
    return hana.post(hana.url(name, cohort.pk, key), fields, follow=True)


def trail(cast):
    with within(cast.acme):
        entries = AuditEntry.objects.filter(verb__contains="milestone").order_by("number")
        return [(entry.verb, entry.thing_id, entry.details) for entry in entries]


def test_events_stand_by_date_each_with_the_curriculums_own(hana, cohort):
    page = hana.get(hana.url("cohort_milestones", cohort.pk))

    rows = [(row.dated.slot.key, row.dated.on, row.dated.planned_on) for row in page.context["rows"]]
    assert rows == [(KICK_OFF, DAY_1, DAY_1), (CIRCLE, MOVED, PLANNED)]
    assert "by the curriculum on Friday 13 March" in with_plain_dates(page)


def test_the_cohorts_page_leads_there(hana, cohort):
    page = hana.get(hana.url("cohort", cohort.pk)).content.decode()

    assert hana.url("cohort_milestones", cohort.pk) in page
    assert hana.url("cohort_ninety_days", cohort.pk) in page


BEFORE = {"computed": {}, "moved": {CIRCLE: MOVED}, "cancelled": {CIRCLE: None}}
DEEDS = {
    "milestone_date": ({"on": str(FREE)}, {CIRCLE: FREE}),
    "milestone_calling_off": ({}, {CIRCLE: None}),
    "milestone_return": ({}, {}),
}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("deed", DEEDS)
def test_whatever_is_done_undo_brings_back_what_was(hana, cast, cohort, before, deed):
    with within(cast.acme):
        MilestoneDate.objects.all().delete()
        for key, on in BEFORE[before].items():
            make.MilestoneDateFactory(cohort=cohort, key=key, on=on)
    fields, after = DEEDS[deed]

    page = post(hana, cohort, deed, CIRCLE, **fields).content.decode()
    assert said(cast) == after

    undo = re.search(r'<div class="message .*?action="([^"]+)"', page, re.DOTALL)[1]
    hana.post(undo.replace("&amp;", "&"))
    assert said(cast) == BEFORE[before]


def test_each_change_is_in_the_trail_and_saying_it_twice_is_saying_it_once(hana, cast, cohort):
    for _time in range(2):
        post(hana, cohort, "milestone_date", CIRCLE, on=str(FREE))
    for _time in range(2):
        post(hana, cohort, "milestone_calling_off", CIRCLE)
    for _time in range(2):
        post(hana, cohort, "milestone_return", CIRCLE)

    assert trail(cast) == [
        ("moved milestone", cohort.pk, {"key": CIRCLE, "on": str(FREE)}),
        ("called off milestone", cohort.pk, {"key": CIRCLE}),
        ("returned milestone", cohort.pk, {"key": CIRCLE}),
    ]


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("2026-02-26", "The classroom ends on 27 February 2026. It cannot be earlier."),
        ("2026-09-19", "The latest possible date is 18 September 2026."),
        ("", "This field is required."),
        ("soon", "Enter a valid date."),
    ],
)
def test_a_date_that_cannot_be_is_refused_beside_its_field(hana, cast, cohort, on, sentence):
    answer = post(hana, cohort, "milestone_date", KICK_OFF, on=on)

    assert answer.status_code == 422
    assert [row.form.errors for row in answer.context["rows"]] == [{"on": [sentence]}, {}]
    assert f'aria-describedby="{KICK_OFF}-on_error"' in answer.content.decode()
    assert said(cast) == {CIRCLE: MOVED}


@pytest.mark.parametrize("on", ["2026-02-27", "2026-03-03", "2026-09-18"])
def test_past_events_can_be_corrected_within_inclusive_limits(hana, cast, cohort, on):
    assert post(hana, cohort, "milestone_date", KICK_OFF, on=on).status_code == 200
    assert said(cast)[KICK_OFF] == date.fromisoformat(on)


@pytest.mark.parametrize("deed", DEEDS)
def test_an_event_the_curriculum_does_not_have_is_not_there(hana, cohort, deed):
    assert hana.post(hana.url(deed, cohort.pk, "closing"), {"on": str(FREE)}).status_code == 404


def test_a_curriculum_without_events_shows_a_message(hana, cast):
    with within(cast.acme):
        empty = make.CohortFactory()

    assert b"This curriculum has none" in hana.get(hana.url("cohort_milestones", empty.pk)).content


def test_what_is_called_off_is_struck_out_and_can_be_held_after_all(hana, cohort):
    page = with_plain_dates(post(hana, cohort, "milestone_calling_off", CIRCLE))

    assert "<s>Friday 13 March</s>" in page
    assert "Reinstate" in page


def test_page_queries_do_not_grow_with_events(hana, cast, same_queries_at_1_and_30):
    with within(cast.acme):
        cohort = make.CohortFactory()

    def add(number):
        with within(cast.acme):
            make.MilestoneFactory(version=cohort.version, key=f"event-{number}", day=number)
            make.MilestoneDateFactory(cohort=cohort, key=f"event-{number}")
            make.PauseFactory(cohort=cohort, enrolment=None)

    def look():
        milestones_of.cache_clear()  # else the rows that came after the first look are not seen
        assert len(hana.get(hana.url("cohort_milestones", cohort.pk)).context["rows"]) in {1, 30}

    assert same_queries_at_1_and_30(look, add) <= 12


def test_the_diary_of_many_cohorts_is_one_query_and_each_has_its_own_dates(cast, count_queries):
    with within(cast.acme):
        own = cast.houses["acme"].cohort
        other = make.CohortFactory(version=own.version, day1_on=DAY_1 + timedelta(days=7))
        make.PauseFactory(
            cohort=other, enrolment=None, starts_on=other.day1_on, ends_on=other.day1_on + timedelta(days=1)
        )
        make.MilestoneDateFactory(cohort=other, key=CIRCLE, on=None)
        cohorts = list(Cohort.objects.select_related("version"))
        diary_of(cast.acme, cohorts).of_cohort(own)  # the version is read once a process
        found = {}
        statements = count_queries(
            lambda: found.update(
                {each.pk: diary.of_cohort(each) for diary in [diary_of(cast.acme, cohorts)] for each in cohorts}
            )
        )

    assert len(statements) == 1
    assert [(each.slot.key, each.on) for each in found[own.pk]] == [(KICK_OFF, DAY_1), (CIRCLE, MOVED)]
    assert [(each.slot.key, each.on) for each in found[other.pk]] == [
        (KICK_OFF, other.day1_on + timedelta(days=2)),
        (CIRCLE, None),
    ]
