"""Sponsors with leaders and what they did, for tests about branches. Use inside `within`."""

from datetime import datetime, timedelta

from coaching.models import Pairing
from cohorts.models import Clock, Cohort, Enrolment, Membership
from tests import factories as make
from tests.times import DAY_1, NOW, TODAY

IN_BRANCH_PERIOD = NOW - timedelta(days=20)  # 19 February; the branch reads 2 February to 1 March
IN_OWN_PERIOD = NOW - timedelta(days=5)  # 6 March; a sponsor reads 9 February to 8 March
BEFORE_BOTH = NOW - timedelta(days=60)


def sponsor_below(manager: Membership | None, **fields: object) -> Membership:
    return make.MembershipFactory(roles=["sponsor"], manager=manager, **fields)


def team(sponsor: Membership, leaders: int = 5, **talks: object) -> list[Pairing]:
    """So many leaders of a sponsor, under way for a long time, who practised yesterday."""
    cohort = Cohort.objects.first()
    return [_leader(sponsor, cohort, **talks) for _ in range(leaders)]


def _leader(sponsor: Membership, cohort: Cohort, held: int = 0, missed: int = 0) -> Pairing:
    enrolment: Enrolment = make.EnrolmentFactory(
        cohort=cohort, sponsor=sponsor, day1_on=DAY_1 - timedelta(days=40), last_practice_on=TODAY - timedelta(days=1)
    )
    Clock.objects.create(enrolment=enrolment)
    pairing = make.PairingFactory(leader=enrolment.leader, partner=sponsor, due_on=TODAY + timedelta(days=3))
    for _ in range(held):
        talk(pairing, "held")
    for _ in range(missed):
        talk(pairing, "missed")
    return pairing


def talk(pairing: Pairing, state: str, at: datetime = IN_BRANCH_PERIOD) -> None:
    make.SessionFactory(pairing=pairing, starts_at=at, state=state, held_at=at if state == "held" else None)


def enrolment_of(pairing: Pairing) -> Enrolment:
    return Enrolment.objects.get(leader=pairing.leader)
