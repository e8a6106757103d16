"""A cohort of its own, with a leader, a sponsor and the live events that open rounds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from cohorts.models import Cohort, Enrolment, Membership, Organisation
from cohorts.tenancy.wall import within
from feedback360 import engine
from feedback360.models import Request, RequestState, Round, Subject
from feedback360.rounds.timetable import FOLLOW_UP
from tests import factories as make
from tests.cast import Cast

DAY_1 = date(2026, 9, 7)  # a Monday; the first round opens on 31 August
EARLY = datetime(2026, 8, 3, 8, 0, tzinfo=UTC)


@dataclass
class Stage:
    """The open organisation of a test, and what it needs again and again."""

    organisation: Organisation
    admin: Membership
    cohort: Cohort
    enrolment: Enrolment
    sponsor: Membership

    def turn(self, now: datetime) -> None:
        engine.turn(self.organisation, now=now)

    def round(self, key: str = "round-start") -> Round:
        return Round.objects.get(cohort=self.cohort, key=key)

    def rounds(self) -> dict[str, Round]:
        return {each.key: each for each in Round.objects.filter(cohort=self.cohort)}

    def subject(self, enrolment: Enrolment | None = None) -> Subject:
        return Subject.objects.get(round=self.round(), enrolment=enrolment or self.enrolment)

    def enrol(self, **about: object) -> Enrolment:
        return make.EnrolmentFactory(cohort=self.cohort, **about)

    def approve(self, relation: str, count: int, enrolment: Enrolment | None = None) -> list[Request]:
        """Nominated and approved raters of a leader."""
        subject = self.subject(enrolment)
        return [
            make.RequestFactory(
                subject=subject,
                rater=make.RaterFactory(round=subject.round),
                relation=relation,
                group="",
                state=RequestState.APPROVED,
            )
            for _n in range(count)
        ]

    def choosing(self) -> Round:
        """The first round, with raters being chosen."""
        self.turn(EARLY)
        self.turn(self.round().nominates_at)
        return self.round()

    def opened(self, *, team: int = 8, peers: int = 8) -> Round:
        """The first round, open for answers."""
        self.choosing()
        self.approve("team", team)
        self.approve("peer", peers)
        self.turn(self.round().opens_at)
        return self.round()


@pytest.fixture
def stage(cast: Cast, settings: pytest.FixtureRequest, tmp_path: object) -> Iterator[Stage]:
    settings.FEEDBACK_KEYS_DIR = tmp_path
    with within(cast.acme):
        version = make.CurriculumVersionFactory()
        make.MilestoneFactory(version=version, key="round-start", kind="round", day=-7)
        make.MilestoneFactory(version=version, key="round-end", kind="round", day=78)
        cohort = make.CohortFactory(
            version=version, day1_on=DAY_1, classroom_ends_on=DAY_1 - timedelta(days=3), holidays="NO"
        )
        sponsor = make.MembershipFactory(roles=["sponsor"])
        enrolment = make.EnrolmentFactory(cohort=cohort, sponsor=sponsor)
        yield Stage(cast.acme, cast.hana, cohort, enrolment, sponsor)


KEYS = {"round-start", "round-end", FOLLOW_UP}
