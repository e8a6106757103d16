"""A15: how 1:1s go in a cohort, in counts of at least five people."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coaching.branches import health
from coaching.branches.health import Acceptance, Count, health_of
from coaching.models import Session
from cohorts.models import Cohort, Enrolment
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.coaching.branches.teams import sponsor_below, talk, team

NOW = datetime(2026, 4, 15, 10, tzinfo=ZoneInfo("Europe/Oslo"))  # the Wednesday after Easter
OSLO = ZoneInfo("Europe/Oslo")


def at(day, month=4, hour=12):
    return datetime(2026, month, day, hour, tzinfo=OSLO)


@pytest.fixture
def cohort(acme):
    """Six leaders of one sponsor, in a cohort of their own with Norwegian holidays."""
    with within(acme):
        cohort = make.CohortFactory(day1_on=date(2026, 3, 2), holidays="NO")
        pairings = team(sponsor_below(None), 6)
        Enrolment.objects.filter(leader__in=[pairing.leader_id for pairing in pairings]).update(cohort=cohort)
        cohort.pairings = pairings
        yield cohort


def held(pairing, when):
    talk(pairing, "held", when)
    return pairing.sessions.latest("pk")


def test_talks_held_of_those_planned(cohort):
    for pairing in cohort.pairings:
        talk(pairing, "held", at(7))
    talk(cohort.pairings[0], "missed", at(8))
    talk(cohort.pairings[0], "planned", at(9))
    talk(cohort.pairings[0], "planned", at(20))  # still to come
    talk(cohort.pairings[0], "cancelled", at(8))
    talk(cohort.pairings[0], "held", at(1, month=2))  # before the classroom ended

    assert health_of(cohort, NOW).talks == Count(6, 8)


def test_a_figure_of_four_leaders_is_left_out(cohort):
    for pairing in cohort.pairings[:4]:
        talk(pairing, "held", at(7))
        talk(pairing, "held", at(8))
    assert health_of(cohort, NOW).talks is None

    talk(cohort.pairings[4], "held", at(7))
    assert health_of(cohort, NOW).talks == Count(9, 9)


def test_actions_done_by_their_date(cohort):
    for pairing in cohort.pairings:
        session = held(pairing, at(7))
        make.ActionFactory(session=session, due_on=date(2026, 4, 10), state="done", closed_at=at(10, hour=23))
    make.ActionFactory(session=session, due_on=date(2026, 4, 10), state="done", closed_at=at(11, hour=0))
    make.ActionFactory(session=session, due_on=date(2026, 4, 10))
    let_go = {"state": "let_go", "reason": "no longer needed", "closed_at": at(9)}
    make.ActionFactory(session=session, due_on=date(2026, 4, 10), **let_go)
    make.ActionFactory(session=session, due_on=date(2026, 4, 15))  # today is not over

    assert health_of(cohort, NOW).actions == Count(6, 8)


def test_acknowledged_in_time_is_three_working_days_without_easter(cohort):
    """Held on Wednesday 1 April; Thursday, Friday, Monday are holidays. The third working day is Thursday the 9th."""
    for pairing in cohort.pairings[:5]:
        make.AcknowledgementFactory(session=held(pairing, at(1)), at=at(9, hour=23))
    make.AcknowledgementFactory(session=held(cohort.pairings[5], at(1)), at=at(10, hour=0))
    assert health_of(cohort, NOW).acknowledged == Count(5, 6)

    Cohort.objects.filter(pk=cohort.pk).update(holidays="")
    assert health_of(Cohort.objects.get(pk=cohort.pk), NOW).acknowledged == Count(0, 6)


def test_nothing_after_the_last_possible_day_is_counted_or_walked(cohort, monkeypatch):
    """Six leaders talk on: in their ninety days, and four years later, when only the first talks count."""
    for pairing in cohort.pairings:
        talk(pairing, "held", at(7))
        session = held(pairing, at(7) + timedelta(days=4 * 365))
        make.AcknowledgementFactory(session=session, at=session.held_at)
    walked = []
    closed = health.closed_days
    monkeypatch.setattr(health, "closed_days", lambda cohort: Noted(closed(cohort), walked))
    later = health_of(cohort, NOW + timedelta(days=10 * 365))

    assert later.talks == Count(6, 6)
    assert later.acknowledged == Count(0, 6)
    assert len(walked) < 90 + 366 + 31 + 60


class Noted:
    """Closed days that note how many they are asked about."""

    def __init__(self, closed, walked):
        self.closed, self.walked = closed, walked

    def between(self, first, last):
        self.walked.extend(range((last - first).days))
        return self.closed.between(first, last)


def test_a_talk_that_may_still_be_acknowledged_is_not_counted(cohort):
    for pairing in cohort.pairings:
        make.AcknowledgementFactory(session=held(pairing, at(7)), at=at(8))
    held(cohort.pairings[0], at(10))  # a Friday: until Wednesday
    assert health_of(cohort, NOW).acknowledged == Count(6, 6)
    assert health_of(cohort, NOW + timedelta(days=1)).acknowledged == Count(6, 7)


def test_days_until_a_mentor_accepts_need_five_mentors(cohort):
    mentors = [make.MembershipFactory(roles=["coach"]) for _ in range(5)]

    def ask(number, days, state="active"):
        pairing = make.PairingFactory(
            kind="mentor", leader=cohort.pairings[number].leader, partner=mentors[number % 5], state=state
        )
        asked = at(1)
        make.MentorRequestFactory(
            pairing=pairing,
            profile=make.MentorProfileFactory(member=make.MembershipFactory(roles=["coach"])),
            asked_at=asked,
            answer_by=asked + timedelta(days=7),
            answered_at=asked + timedelta(days=days),
        )

    for number, days in enumerate([1, 2, 3, 9]):
        ask(number, days)
    ask(5, 4, state="declined")
    assert health_of(cohort, NOW).accepted is None

    ask(4, 4)
    assert health_of(cohort, NOW).accepted == Acceptance(days=3.0, requests=5)


def test_who_left_the_cohort_stays_in_its_figures(cohort):
    for pairing in cohort.pairings:
        talk(pairing, "held", at(7))
    Enrolment.objects.filter(leader=cohort.pairings[0].leader).update(left_on=date(2026, 4, 8))

    assert health_of(cohort, NOW).talks == Count(6, 6)


def test_another_cohort_and_another_organisation_are_not_in_it(cohort, zenith, acme):
    with within(acme):
        for pairing in team(sponsor_below(None), 6):
            talk(pairing, "held", at(7))
        assert health_of(cohort, NOW).talks is None
        assert Session.objects.filter(starts_at=at(7)).count() == 6
    with within(zenith):
        assert health_of(cohort, NOW).talks is None
