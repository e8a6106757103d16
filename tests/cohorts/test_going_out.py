"""The page that says who gets which step tomorrow, and who gets none and why."""

import re
from datetime import timedelta

import pytest

from cohorts.models import Clock, Cohort, Enrolment, Membership, MilestoneDate, Pause
from cohorts.nudges.planner import plan_again
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.times import NOW, TODAY

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def cohort(acme) -> Cohort:
    with within(acme):
        version = make.CurriculumVersionFactory()
        for day in range(1, 15):
            make.StepFactory(version=version, day=day)
        return make.CohortFactory(version=version)


def enrol(cohort: Cohort, name: str, **fields: object) -> Enrolment:
    with within(cohort.organisation_id):
        leader = make.MembershipFactory(name=name)
        enrolment = make.EnrolmentFactory(cohort=cohort, leader=leader, **fields)
        yesterday = TODAY - timedelta(days=1)
        Clock.objects.create(enrolment=enrolment, channels=enrolment.channels, last_core_day=9, last_on=yesterday)
        plan_again([enrolment.pk], now=NOW - timedelta(hours=3))
    return enrolment


def rows(page: str) -> dict[str, list[str]]:
    """The words of each row by the leader's name."""
    found = re.findall(r'<th scope="row">(.+?)</th>(.+?)</tr>', page, re.DOTALL)
    return {words(name): [words(cell) for cell in re.findall(r"<td.*?</td>", rest, re.DOTALL)] for name, rest in found}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.django_db
def test_tomorrow_has_each_leaders_hour_step_or_reason(hana, cohort, acme):
    enrol(cohort, "Ada")
    enrol(cohort, "Bo", zone="Asia/Kathmandu", channels=["app"])
    enrol(cohort, "Cy", working_days=[1, 2, 3])
    away = enrol(cohort, "Di")
    gone = enrol(cohort, "Ed")
    enrol(cohort, "Fay", cadence=0)
    with within(acme):
        Pause.objects.create(cohort=cohort, enrolment=away, starts_on=TOMORROW, ends_on=TOMORROW + timedelta(days=4))
        plan_again([away.pk], now=NOW)
        Membership.objects.filter(pk=gone.leader_id).update(suspended_at=NOW)
        Clock.objects.filter(enrolment=gone).update(is_held=True)
        circle = make.MilestoneFactory(version=cohort.version)
        MilestoneDate.objects.create(cohort=cohort, key=circle.key, on=TOMORROW)

    page = hana.get(hana.url("cohort_going_out", cohort.pk)).content.decode()

    assert rows(page) == {
        "Bo": ["09:00 Kathmandu", "Day 11 core: title (en) day 11", "In app only"],
        "Ada": ["09:00", "Day 11 core: title (en) day 11", "By mail"],
        "Cy": ["–", "–", "Day off · back Monday"],
        "Di": ["–", "–", "Paused · to 16 March"],
        "Ed": ["–", "–", "Suspended"],
        "Fay": ["–", "–", "No step · next Tuesday"],
    }
    assert list(rows(page)) == ["Bo", "Ada", "Cy", "Di", "Ed", "Fay"]
    assert f"Milestone {circle.key}: title (en)" in page
    assert "2 of 6 leaders get a step, 1 by mail." in page


@pytest.mark.django_db
def test_chips_and_words_narrow_what_goes_out_and_stay_in_the_address(hana, cohort):
    for name in ("Ada", "Adam", "Bo"):
        enrol(cohort, name)
    enrol(cohort, "Adele", working_days=[1])

    page = hana.get(hana.url("cohort_going_out", cohort.pk), {"q": "ad", "show": "mail", "day": "today"})

    assert list(rows(page.content.decode())) == ["Ada", "Adam"]
    chips = {str(chip.label): (chip.count, chip.url) for chip in page.context["chips"]}
    assert chips == {
        "All": (3, "?day=today&q=ad"),
        "By mail": (2, "?day=today&show=mail&q=ad"),
        "Off": (1, "?day=today&show=off&q=ad"),
    }


@pytest.mark.django_db
def test_sixty_leaders_of_tomorrow_take_as_many_queries_as_two(hana, cohort, count_queries):
    def read() -> None:
        assert hana.get(hana.url("cohort_going_out", cohort.pk), {"page": "2"}).status_code == 200

    for number in range(2):
        enrol(cohort, f"Leader {number}")
    read()
    few = len(count_queries(read))
    for number in range(58):
        enrol(cohort, f"Other {number}", zone="Asia/Kathmandu" if number % 2 else "Europe/Oslo")

    assert len(count_queries(read)) == few <= 12
