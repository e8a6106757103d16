"""A round of one's own beside the cast's, in the state a test asks for."""

from datetime import timedelta
from typing import Any

from cohorts.models import Membership
from feedback360.models import Relation, Request, Round, State, Subject
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW

BOTH = {"team": "team", "peer": "peers", "manager": "manager", "self": "self"}
DATES = {
    State.DRAFT: (5, 12, 19, 22, 23),
    State.NOMINATING: (-3, 9, 18, 21, 22),
    State.COLLECTING: (-12, -3, 6, 9, 10),
    State.CLOSED: (-22, -12, -3, -1, 1),
    State.RELEASED: (-25, -15, -6, -3, -2),
    State.CANCELLED: (-3, 9, 18, 21, 22),
}
NAMES = ("nominates_at", "opens_at", "reminds_at", "closes_at", "releases_at")


def new_round(cast: Cast, state: str = State.NOMINATING, key: str = "round-end", **more: Any) -> Round:
    dates = {name: NOW + timedelta(days=day) for name, day in zip(NAMES, DATES[State(state)], strict=True)}
    return make.RoundFactory(**{"cohort": cast.houses["acme"].cohort, "state": state, "key": key, **dates, **more})


def subject_of(cast: Cast, leader: Membership, round_: Round, **more: Any) -> Subject:
    groups = BOTH if round_.state in {State.COLLECTING, State.CLOSED, State.RELEASED} else {}
    enrolment = cast.enrolment(leader)
    return make.SubjectFactory(round=round_, enrolment=enrolment, **{"groups": groups, **more})


def listed(subject: Subject, count: int, relation: str = Relation.TEAM, state: str = "proposed") -> list[Request]:
    """So many raters on the list, by factory."""
    made = []
    for number in range(count):
        name = f"{relation.title()} {number}"
        rater = make.RaterFactory(round=subject.round, name=name, email=f"{relation}{number}-{subject.pk}@acme.test")
        made.append(make.RequestFactory(subject=subject, rater=rater, relation=relation, state=state, name=name))
    return made
