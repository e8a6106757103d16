"""The ninety days as everybody in a cohort reads them: the road, a week, the circle's agenda, the sponsor's part."""

import re
from datetime import timedelta

import pytest

from cohorts.enrolment.policies import readable_cohorts
from cohorts.models import Cohort, Enrolment
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.plain_dates import with_plain_dates
from tests.times import DAY_1, TODAY

PAGES = ("cohort_ninety_days", "cohort_week", "circle_agenda", "your_part")


@pytest.fixture
def cohort(cast):
    return cast.houses["acme"].cohort


def address(client, name, cohort):
    rest = {"cohort_week": [2], "circle_agenda": [1]}.get(name, [])
    return client.url(name, cohort.pk, *rest)


def read(client, name, *args):
    answer = client.get(client.url(name, *args))
    assert answer.status_code == 200
    return answer


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def events(answer):
    """Week, title and date of every live event on the road."""
    return [
        (week.number, event.text.title.split(":")[0], event.on)
        for week in answer.context["weeks"]
        for event in week.events
    ]


@pytest.mark.parametrize(
    ("name", "reads"),
    [("ada", 1), ("bo", 1), ("sol", 1), ("max", 1), ("hana", 1), ("olav", 1), ("zoe", 0), ("pat_at_zenith", 0)],
)
def test_readable_cohorts_by_role(cast, name, reads):
    with within(cast.acme):
        assert readable_cohorts(getattr(cast, name)).count() == reads


@pytest.mark.parametrize("page", PAGES)
def test_other_cohorts_and_former_leaders_get_404(cast, client_for, cohort, page):
    with within(cast.acme):
        elsewhere = make.EnrolmentFactory(sponsor=make.MembershipFactory(roles=["sponsor"]))
        Enrolment.objects.filter(leader=cast.ada).update(left_on=TODAY)
    people = (elsewhere.leader, elsewhere.sponsor, cast.ada, cast.sol)

    found = [client.get(address(client, page, cohort)).status_code for client in map(client_for, people)]

    assert found == [404, 404, 404, 404]


def test_a_leader_goes_straight_to_their_own(cast, client_for, cohort):
    ada = client_for(cast.ada)

    assert ada.get(ada.url("ninety_days"))["Location"] == ada.url("cohort_ninety_days", cohort.pk)


def test_a_sponsor_of_leaders_in_two_cohorts_chooses(cast, client_for, cohort):
    with within(cast.acme):
        later = make.CohortFactory(name="Acme autumn", version=cohort.version, day1_on=DAY_1 + timedelta(days=90))
        make.EnrolmentFactory(cohort=later, sponsor=cast.sol)
        make.CohortFactory(name="Acme winter", version=cohort.version)
    sol = client_for(cast.sol)

    page = read(sol, "ninety_days").content.decode()

    found = [sol.url("cohort_ninety_days", each.pk) in page for each in (later, cohort)]
    assert (found, "Acme winter" in page) == ([True, True], False)


def test_without_a_cohort_the_page_explains_itself(cast, client_for):
    assert "No cohorts yet" in words(read(client_for(cast.pat_at_zenith), "ninety_days"))


def test_the_page_has_thirteen_weeks_and_the_leaders_position(cast, client_for, cohort):
    answer = read(client_for(cast.ada), "cohort_ninety_days", cohort.pk)
    page = words(answer)

    assert [week.number for week in answer.context["weeks"]] == list(range(1, 14))
    assert [week.number for week in answer.context["weeks"] if week.is_now] == [2]
    assert page.count("You are here") == 1
    assert all(f"Day {day} core: title (en)" in page for day in (1, 9, 12))
    assert "Day 10 extra: title (en) · extra" in page


def test_days_away_move_only_this_leaders_position(cast, client_for, cohort):
    with within(cast.acme):
        ada = cast.enrolment(cast.ada)
        make.PauseFactory(enrolment=ada, starts_on=TODAY - timedelta(days=6), ends_on=TODAY - timedelta(days=1))

    now = {}
    for name in ("ada", "bo", "sol"):
        answer = read(client_for(getattr(cast, name)), "cohort_ninety_days", cohort.pk)
        now[name] = [week.number for week in answer.context["weeks"] if week.is_now]

    assert now == {"ada": [1], "bo": [2], "sol": [2]}


@pytest.mark.parametrize(("days", "number", "said"), [(-30, 0, "Before day 1"), (200, 14, "After day 90")])
def test_events_before_and_after_have_their_own_section(cast, client_for, cohort, days, number, said):
    with within(cast.acme):
        version = make.CurriculumVersionFactory()
        make.MilestoneFactory(version=version, key="before", day=-3)
        make.MilestoneFactory(version=version, key="after", day=100)
        day1 = TODAY - timedelta(days=days)
        Cohort.objects.update(version=version, classroom_ends_on=day1 - timedelta(days=3), day1_on=day1)

    answer = read(client_for(cast.hana), "cohort_ninety_days", cohort.pk)

    assert [week.number for week in answer.context["weeks"]] == list(range(15))
    assert [week.number for week in answer.context["weeks"] if week.is_now] == [number]
    assert said in words(answer)


def test_a_personal_event_has_the_leaders_own_date(cast, client_for, cohort):
    with within(cast.acme):
        version = make.CurriculumVersionFactory()
        make.MilestoneFactory(version=version, key="talk", kind="three_way_talk", day=15)
        make.MilestoneFactory(version=version, key="circle", kind="circle", day=15)
        Cohort.objects.update(version=version)
        away = DAY_1 + timedelta(days=14)
        make.PauseFactory(enrolment=cast.enrolment(cast.ada), starts_on=away, ends_on=away + timedelta(days=1))
    own, theirs = (read(client_for(each), "cohort_ninety_days", cohort.pk) for each in (cast.ada, cast.sol))

    assert events(own) == [(2, "Milestone circle", away), (3, "Milestone talk", away + timedelta(days=2))]
    assert events(theirs) == [(3, "Milestone circle", away), (3, "Milestone talk", away)]
    assert ("around Monday 16 March" in words(own), "around Monday 16 March" in words(theirs)) == (False, True)


def test_a_cancelled_event_is_marked(cast, client_for, cohort):
    with within(cast.acme):
        cohort.milestone_dates.update(on=None)

    answer = read(client_for(cast.ada), "cohort_ninety_days", cohort.pk)

    assert "<s>Friday 13 March</s>" in with_plain_dates(answer)
    assert "cancelled" in words(answer)


def test_a_week_is_there_in_full_reached_or_not(cast, client_for, cohort):
    page = words(read(client_for(cast.ada), "cohort_week", cohort.pk, 2))

    for field in ("title", "why", "practice", "question"):
        assert f"Day 12 core: {field} (en)" in page
    for field in ("works_on", "ask", "watch_for", "say"):
        assert f"Week 2: {field} (en)" in page
    assert "Day 12 · 3 min · Clear" in page
    assert "Day 5 core" not in page


def test_a_weeks_event_shows_description_and_preparation(cast, client_for, cohort):
    page = words(read(client_for(cast.ada), "cohort_week", cohort.pk, 3))

    assert "Milestone circle-1: what (en)" in page
    assert "Get ready: Milestone circle-1: prepare (en)" in page
    assert "Wednesday 18 March" in page


def test_every_why_is_shown_with_its_source(cast, client_for, cohort):
    with within(cast.acme):
        version = make.CurriculumVersionFactory(sources={"lally_2010": "Lally et al. (2010), 96 students."})
        make.StepFactory(version=version, day=8, source="lally_2010")
        Cohort.objects.update(version=version)

    assert "Source: Lally et al. (2010), 96 students." in words(read(client_for(cast.sol), "cohort_week", cohort.pk, 2))


@pytest.mark.parametrize("week", [0, 14, 99])
def test_there_are_thirteen_weeks(cast, client_for, cohort, week):
    ada = client_for(cast.ada)

    assert ada.get(ada.url("cohort_week", cohort.pk, week)).status_code == 404


def test_untranslated_text_is_shown_in_the_first_language(cast, client_for, cohort):
    def only_english(*names, about):
        return {"en": make.texts(*names, about=about)["en"]}

    with within(cast.acme):
        circle = make.circle_meeting("circle")
        del circle["texts"]["nb"]
        version = make.CurriculumVersionFactory(circle=[circle], brief={"en": make.brief()["en"]})
        text = only_english("title", "why", "practice", "question", about="Step")
        make.StepFactory(version=version, day=8, text=text)
        part = only_english("works_on", "ask", "watch_for", "say", about="Part")
        make.SponsorWeekFactory(version=version, week=2, text=part, theme={"en": "A theme"})
        event = only_english("title", "what", "prepare", about="Event")
        make.MilestoneFactory(version=version, key="circle", day=9, text=event)
        Cohort.objects.update(version=version)
        cohort.milestone_dates.all().delete()
    cast.ada.person.language = "nb"
    cast.ada.person.save()
    ada = client_for(cast.ada)

    # The road: theme, event, and each title in its own language. The week: besides, step, event and sponsor's part.
    tags = {"cohort_ninety_days": 2, "cohort_week": 4, "circle_agenda": 1, "your_part": 1}
    for name, count in tags.items():
        page = ada.get(address(ada, name, cohort)).content.decode()
        assert (name, page.count('<span class="tag" lang="nb">')) == (name, count)
        assert 'lang="en"' in page


def test_the_agenda_shows_the_minute_of_each_part(cast, client_for, cohort):
    answer = read(client_for(cast.ada), "circle_agenda", cohort.pk, 1)

    assert [begins for begins, _part in answer.context["parts"]] == ["0:00", "0:05", "0:35"]
    assert "Wednesday 18 March · 45 min" in words(answer)


def test_a_month_without_an_agenda_has_no_page(cast, client_for, cohort):
    ada = client_for(cast.ada)

    assert ada.get(ada.url("circle_agenda", cohort.pk, 2)).status_code == 404


def test_an_agenda_of_a_cancelled_meeting_says_so(cast, client_for, cohort):
    with within(cast.acme):
        cohort.milestone_dates.update(on=None)

    assert "This meeting is cancelled." in words(read(client_for(cast.ada), "circle_agenda", cohort.pk, 1))


def test_the_sponsors_page_is_there_before_and_after_day_1(cast, client_for, cohort):
    sol = client_for(cast.sol)
    page = read(sol, "sponsor_home").content.decode()

    assert sol.url("your_part", cohort.pk) in page
    assert sol.url("ninety_days") in page
    assert "Brief: closing (en)" in words(read(sol, "your_part", cohort.pk))


def test_a_curriculum_without_a_brief_has_no_such_page_and_no_link_to_it(cast, client_for, cohort):
    with within(cast.acme):
        Cohort.objects.update(version=make.CurriculumVersionFactory())
    sol = client_for(cast.sol)

    assert sol.get(sol.url("your_part", cohort.pk)).status_code == 404
    for page in (read(sol, "sponsor_home"), read(sol, "cohort_ninety_days", cohort.pk)):
        assert sol.url("your_part", cohort.pk) not in page.content.decode()


@pytest.mark.parametrize(
    ("name", "place"), [("ada", "path"), ("sol", "ninety_days"), ("max", "path"), ("hana", "cohort_list")]
)
def test_the_navigation_shows_where_one_reads_from(cast, client_for, cohort, name, place):
    client = client_for(getattr(cast, name))

    page = read(client, "cohort_ninety_days", cohort.pk).content.decode()

    navigation = page.partition('class="navigation"')[2].partition("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)"[^>]*aria-current="page"', navigation) == [client.url(place)]


@pytest.mark.parametrize("page", ["cohort_ninety_days", "cohort_week", "ninety_days", "circle_agenda"])
@pytest.mark.parametrize("name", ["ada", "sol", "hana"])
def test_page_queries_do_not_grow_with_leaders(cast, client_for, cohort, same_queries_at_1_and_30, page, name):
    client = client_for(getattr(cast, name))

    def add(number):
        with within(cast.acme):
            enrolment = make.EnrolmentFactory(cohort=cohort, sponsor=cast.sol)
            make.PauseFactory(enrolment=enrolment)
            make.MilestoneDateFactory(cohort=cohort, key=f"event-{number}")

    where = client.url(page) if page == "ninety_days" else address(client, page, cohort)
    assert same_queries_at_1_and_30(lambda: client.get(where), add) <= 12
