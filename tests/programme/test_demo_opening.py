"""A demo organisation opens as a real one does: HR's export has a typo, and an admin corrects it."""

import pytest

from cohorts.models import AuditEntry, Enrolment, Invitation
from cohorts.tenancy.wall import within
from programme.demo.opening import open_company
from programme.demo.people import NORDLYS

pytestmark = pytest.mark.django_db


def test_a_mistyped_leader_is_corrected_before_anybody_comes_in() -> None:
    [(right, wrong)] = NORDLYS.mistyped.items()

    organisation = open_company(NORDLYS)

    with within(organisation):
        addresses = set(Enrolment.objects.values_list("leader__person__email", flat=True))
        assert addresses == {leader.email for leader in NORDLYS.leaders}
        assert wrong not in addresses
        assert AuditEntry.objects.filter(verb="corrected address").count() == 1
        open_ones = Invitation.objects.filter(membership__person__email=right, revoked_at=None)
        assert open_ones.count() == 1
