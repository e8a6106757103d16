"""Called on the servers of `make run`: an organisation with a leader in a cohort, a key, and its owner signed in."""

import json
import sys

from django.core.management import call_command

from cohorts.models import Membership, Organisation
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.api.client import key_of
from tests.website import signed_in

SLUG, LEADER = "way-in", "Åse Ødegård"


def enter() -> None:
    """Print key and session as JSON. An organisation that an earlier test entered is used again."""
    organisation = Organisation.objects.filter(slug=SLUG).first() or _open()
    with within(organisation):
        owner = Membership.objects.with_role("owner").select_related("person").get()
    sys.stdout.write(json.dumps({"key": key_of(owner), "session": signed_in(owner.person)}) + "\n")


def _open() -> Organisation:
    call_command("create_organisation", SLUG, "Way in", "olav@way-in.test", "Olav", verbosity=0)
    organisation = Organisation.objects.get(slug=SLUG)
    with within(organisation):
        make.EnrolmentFactory(
            cohort=make.CohortFactory(name="Spring"), leader=make.MembershipFactory(name=LEADER, roles=["leader"])
        )
    return organisation
