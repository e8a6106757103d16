"""Two owners who shut each other out at the same moment, each on a connection of their own: one of them stays."""

from collections.abc import Callable

import pytest

from cohorts.models import Membership
from cohorts.people.actions.access import end_membership, suspend
from cohorts.people.actions.members import take_role
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from tests import factories as make
from tests.cast import Cast
from tests.cohorts.test_clocks_at_once import meet
from tests.times import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def remove(member: Membership, by: Membership) -> None:
    end_membership(member=member, by=by, now=NOW)


def put_out(member: Membership, by: Membership) -> None:
    suspend(member=member, by=by, now=NOW)


def unmake(member: Membership, by: Membership) -> None:
    take_role(member=member, role="owner", by=by, now=NOW)


@pytest.mark.parametrize("first", [remove, put_out, unmake])
@pytest.mark.parametrize("second", [remove, unmake])
def test_two_owners_who_remove_each_other_leave_one(first: Callable, second: Callable, cast: Cast) -> None:
    with within(cast.acme):
        other = make.MembershipFactory(roles=["owner"])

    with pytest.raises(NotNow, match="This is the only owner"):
        meet(
            cast.acme,
            lambda: first(other, Membership.objects.get(pk=cast.olav.pk)),
            lambda: second(Membership.objects.get(pk=cast.olav.pk), Membership.objects.get(pk=other.pk)),
        )

    with within(cast.acme):
        assert list(Membership.objects.active().with_role("owner").values_list("pk", flat=True)) == [cast.olav.pk]
