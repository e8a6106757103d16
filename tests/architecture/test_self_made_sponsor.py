"""An attacker: Hana, an admin, makes herself the sponsor of Ada and looks for what Ada shared with Sol.

She reads every page there is, with the keys of Ada's things, and gets the weekly mail and the sponsor's printed copy.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from coaching.meetings.actions.pairings import follow_sponsors
from cohorts.models import Enrolment, Intake, Membership, Organisation
from cohorts.people.actions.members import change_sponsor, give_role
from cohorts.people.actions.plans import plan_upload
from cohorts.tenancy.wall import within
from programme.digests.mail import ClaimedDigest, Writer
from programme.reports.facts import facts_of
from programme.reports.printing import page_of
from tests import factories as make
from tests.architecture.routes import Route, address, inside, keys
from tests.architecture.test_access import ask, text_of
from tests.cast import Cast
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db

SHARED_WITH_SOL = [
    *("acme bait sponsor", "plan 1 of Ada", "plan 2 of Ada", "cue of Ada"),  # reflections, plans, 1:1s and their notes
    *("bait coach", "note of", "bait purpose", "bait-heard", "bait-calibration", "bait agreed", "bait sentence"),
    *("of Ada question", "of Ada old question", "of Ada answer"),  # questions to Sol, and his answers
    *("acme bait private", "acme bait line", "acme bait place", "bait comment"),  # never anybody's but Ada's
    *(
        "ada goal",
        "waiting goal",
        "dropped goal",
        "ada event",
        "draft goal",
        "ada check-in",
        "ada review",
        "ada member",
        "ada part",
        "ada words",
        "before sheet",
        "during sheet",
        "after sheet",
        "bait answer",
    ),
]
VARIANTS = ("", "sponsor", "proposed", "let_go")
ROUTES: list[Route] = [route for route in inside() if "GET" in route.methods]  # the others answer 405 to everybody


@pytest.fixture
def attacker(cast: Cast, acme: Organisation, client_for: Callable[[Membership], Client]) -> Client:
    for variant in VARIANTS:  # kept: with a new pairing beside the old one they would be two
        keys(cast.houses["acme"], variant)
    with within(acme):
        give_role(member=cast.hana, role="sponsor", by=cast.hana, organisation=acme, now=NOW)
        change_sponsor(enrolment=cast.enrolment(cast.ada), sponsor=cast.hana, by=cast.hana, now=NOW)
        follow_sponsors(organisation=acme, now=NOW)
        plan_upload(Intake.objects.get(), organisation=acme)  # as the first page that shows it does
    return client_for(cast.hana)


def found_in(text: str) -> list[str]:
    return [bait for bait in SHARED_WITH_SOL if bait.lower() in text.lower()]


def addresses(cast: Cast, variant: str) -> dict[str, str]:
    """Where each route answers; of another variant, those that name another row than without it."""
    usual, meanings = keys(cast.houses["acme"]), keys(cast.houses["acme"], variant)
    places = {route.name: address(route, meanings) for route in ROUTES}
    return {
        route.name: places[route.name] for route in ROUTES if not variant or places[route.name] != address(route, usual)
    }


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_self_made_sponsor_reads_nothing_shared_before(variant: str, cast: Cast, attacker: Client) -> None:
    places = addresses(cast, variant)
    found = {name: baits for name, where in places.items() if (baits := found_in(text_of(ask(attacker, "GET", where))))}

    assert places
    assert found == {}


def test_the_former_sponsor_did_read_it(cast: Cast, client_for: Callable[[Membership], Client]) -> None:
    """The control: the same walk by Sol finds it."""
    sol, meanings = client_for(cast.sol), keys(cast.houses["acme"], "sponsor")
    wanted = {"acme bait sponsor", "plan 1 of Ada", "bait purpose", "of Ada question"}
    for route in ROUTES:
        wanted -= {*found_in(text_of(ask(sol, "GET", address(route, meanings))))}
        if not wanted:
            break

    assert wanted == set()


def test_a_self_made_sponsors_mail_and_copy_hold_nothing_shared(
    cast: Cast, acme: Organisation, attacker: Client
) -> None:
    with within(acme):
        writer = Writer(acme, NOW)
        digest = ClaimedDigest(1, 1, NOW, "hana@acme.test", cast.hana.pk, TODAY)
        writer.prepare([digest])
        mail = writer.content(digest).decode()
        enrolment = Enrolment.objects.select_related("cohort", "leader", "sponsor").get(leader=cast.ada)
        report = make.ReportFactory.build(
            enrolment=enrolment, asked_by=cast.hana, copy="sponsor", on=TODAY, asked_at=NOW, language="en"
        )
        printed = page_of(facts_of(report, acme), "en")

    assert "Ada Acme" in mail
    assert found_in(mail) == []
    assert "Ada Acme" in printed
    assert found_in(printed) == []
