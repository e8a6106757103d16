"""A host with one date, and leaders who come."""

from collections.abc import Iterator

import pytest

from coaching.models import Visit
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast


@pytest.fixture
def inside(cast: Cast) -> Iterator[Cast]:
    with within(cast.acme):
        yield cast


@pytest.fixture
def visit(inside: Cast) -> Visit:
    """Two places on Wednesday 25 March, at Gro's."""
    host = inside.gro.hosts.get()
    return make.VisitFactory(host=host, capacity=2, title="Two places")


def leaders(cast: Cast, count: int) -> list[Membership]:
    """New leaders in the cast's cohort, of the open organisation."""
    cohort = cast.houses["acme"].cohort
    found = [make.MembershipFactory(name=f"Leader {number}", roles=["leader"]) for number in range(count)]
    for leader in found:
        make.EnrolmentFactory(cohort=cohort, leader=leader)
    return found
