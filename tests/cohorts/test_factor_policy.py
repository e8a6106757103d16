"""A second factor asked of owners and admins: one door for every route, from the next request on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP
from django.utils import timezone

from cohorts.access.factor_rules import Owed, must_have_factor, owed
from cohorts.models import AuditEntry, Membership, Organisation
from cohorts.people.actions.factor_policy import ask_for_factors
from cohorts.people.actions.members import give_role
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotYours
from tests import factories as make
from tests.architecture.routes import address, inside, keys
from tests.cast import Cast
from tests.cohorts.test_proof import app_code
from tests.cohorts.test_sign_in_notices import sign_in
from tests.proofs import prove
from tests.times import NOW

ADDING = "/account/factor/"
PROOF = "/accounts/proof/"
BOTH = ["admin", "owner"]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def asked(cast: Cast) -> None:
    """Acme asks owners and admins. Olav, who decided it, has an app."""
    TOTP.activate(cast.olav.person, "A" * 32)
    with within(cast.acme):
        ask_for_factors(roles=BOTH, by=cast.olav, now=NOW)


def leads_to(answer: object) -> str:
    return answer.headers.get("HX-Redirect") or answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("roles", "asked_of", "must"),
    [
        (["owner"], [], False),
        (["owner"], ["owner"], True),
        (["admin", "leader"], ["admin"], True),
        (["owner"], ["admin"], False),
        (["leader", "sponsor"], BOTH, False),
        ([], BOTH, False),
    ],
)
def test_only_the_roles_asked_must_have_a_factor(roles: list[str], asked_of: list[str], must: bool) -> None:
    assert must_have_factor(roles=roles, asked_of=asked_of) == must


@pytest.mark.parametrize(
    ("must_have", "has_factor", "has_shown", "left"),
    [
        (False, False, False, Owed.NOTHING),
        (False, True, False, Owed.NOTHING),
        (True, False, False, Owed.FACTOR),
        (True, False, True, Owed.FACTOR),
        (True, True, False, Owed.PROOF),
        (True, True, True, Owed.NOTHING),
    ],
)
def test_what_is_owed(must_have: bool, has_factor: bool, has_shown: bool, left: Owed) -> None:
    assert owed(must_have=must_have, has_factor=has_factor, has_shown=has_shown) == left


def test_no_route_of_the_organisation_opens_without_a_factor(cast: Cast, asked: None, client_for: Callable) -> None:
    """Page, file or fragment, in a session that was open before."""
    client = client_for(cast.hana)
    where = {route.name: address(route, keys(cast.houses["acme"])) for route in inside()}
    opened = [name for name, path in where.items() if not leads_to(client.get(path)).startswith(ADDING)]

    assert opened == []
    assert leads_to(client.post(where["member_new"], {"name": "Nina Ny"})) == ADDING
    fragment = client.get(where["members"], headers={"HX-Request": "true", "HX-Current-URL": "/o/acme/cohorts/"})
    assert (fragment.status_code, leads_to(fragment)) == (204, f"{ADDING}?next=%2Fo%2Facme%2Fcohorts%2F")


def test_account_sign_out_and_help_stay_open(cast: Cast, asked: None, client_for: Callable) -> None:
    client = client_for(cast.hana)

    for where in ("/account/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/help/", ADDING):
        assert client.get(where).status_code == 200
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_adding_one_opens_the_organisation_in_this_session_alone(cast: Cast, asked: None, client_for: Callable) -> None:
    """The other one may be a thief's, who had the mailbox: it must show the factor first."""
    client, elsewhere = client_for(cast.hana), sign_in("hana@acme.test")
    page = client.get(client.url("cohort_list"))
    assert page.headers["Location"] == f"{ADDING}?next=%2Fo%2Facme%2Fcohorts%2F"

    client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/2fa/totp/activate/", {"code": app_code(client.session[SECRET_SESSION_KEY])})

    assert client.get(page.headers["Location"]).headers["Location"] == "/o/acme/cohorts/"
    assert client.get(client.url("cohort_list")).status_code == 200
    assert leads_to(elsewhere.get(client.url("cohort_list"))).startswith(PROOF)
    kept = elsewhere.post(client.url("member_new"), {"name": "Nina Ny"})
    assert kept.status_code == 403
    assert b"Nina Ny" in kept.content


def test_a_session_that_showed_the_factor_is_not_asked_again(cast: Cast, asked: None, client_for: Callable) -> None:
    client = client_for(cast.olav)
    prove(client, cast.olav.person, timezone.now() - timedelta(days=3), method="mfa")

    assert client.get(client.url("cohort_list")).status_code == 200


def test_recovery_codes_alone_are_no_factor(cast: Cast, asked: None, client_for: Callable) -> None:
    RecoveryCodes.activate(cast.hana.person)
    client = client_for(cast.hana)

    assert leads_to(client.get(client.url("cohort_list"))).startswith(ADDING)


def test_signing_in_leads_to_the_page_that_adds_one(cast: Cast, asked: None) -> None:
    answer = sign_in("hana@acme.test").get("/", follow=True)

    assert answer.redirect_chain[-1][0].startswith(ADDING)
    assert b"Acme requires one" in answer.content


def test_leaders_and_sponsors_notice_nothing(cast: Cast, asked: None, client_for: Callable) -> None:
    for member, page in ((cast.ada, "today"), (cast.sol, "sponsor_home")):
        client = client_for(member)
        assert client.get(client.url(page)).status_code == 200


def test_who_gets_the_role_later_is_asked_at_once(cast: Cast, asked: None, client_for: Callable) -> None:
    client = client_for(cast.sol)
    assert client.get(client.url("sponsor_home")).status_code == 200

    with within(cast.acme):
        give_role(member=cast.sol, role="admin", by=cast.olav, organisation=cast.acme, now=NOW)

    assert leads_to(client.get(client.url("sponsor_home"))).startswith(ADDING)


def test_only_the_organisation_that_asks_is_closed(cast: Cast, asked: None, client_for: Callable) -> None:
    with within(cast.zenith):
        make.MembershipFactory(person=cast.hana.person, roles=["admin"])
    client = client_for(cast.hana)

    assert leads_to(client.get("/o/acme/cohorts/")).startswith(ADDING)
    assert client.get("/o/zenith/cohorts/").status_code == 200
    assert b"/o/zenith/" in client.get(ADDING).content


@pytest.mark.parametrize("sort", ["totp", "webauthn"])
def test_the_last_factor_stays_while_it_is_required(sort: str, cast: Cast, asked: None, client_for: Callable) -> None:
    data = {"name": "Key", "credential": {}}
    only = Authenticator.objects.create(user=cast.hana.person, type=sort, data=data if sort == "webauthn" else {})
    client = client_for(cast.hana)
    prove(client, cast.hana.person, timezone.now(), method="mfa")
    away = "/accounts/2fa/totp/deactivate/" if sort == "totp" else f"/accounts/2fa/webauthn/keys/{only.pk}/remove/"

    for answer in (client.get(away), client.post(away)):
        assert answer.status_code == 409
        assert b"Acme requires a passkey" in answer.content
    assert Authenticator.objects.filter(pk=only.pk).exists()

    Authenticator.objects.create(user=cast.hana.person, type="totp" if sort == "webauthn" else "webauthn", data=data)
    assert client.post(away).status_code == 302
    assert not Authenticator.objects.filter(pk=only.pk).exists()


def test_a_factor_that_nobody_requires_may_go(cast: Cast, client_for: Callable) -> None:
    TOTP.activate(cast.hana.person, "A" * 32)
    client = client_for(cast.hana)
    prove(client, cast.hana.person, timezone.now(), method="mfa")

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()


def roles_asked(cast: Cast) -> list[str]:
    return Organisation.objects.get(pk=cast.acme.pk).factor_roles


def test_an_owner_without_a_factor_shuts_nobody_out(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.olav)
    page = client.url("factor_policy")
    assert b"You have no second step yourself" in client.get(page).content

    answer = client.post(page, {"roles": BOTH})

    assert answer.status_code == 422
    assert b"for yourself first" in answer.content
    assert roles_asked(cast) == []


def test_an_owner_asks_and_takes_it_back_on_the_page(cast: Cast, client_for: Callable) -> None:
    TOTP.activate(cast.olav.person, "A" * 32)
    client = client_for(cast.olav)
    prove(client, cast.olav.person, timezone.now(), method="mfa")
    page = client.url("factor_policy")
    assert cast.hana.name.encode() in client.get(page).content

    client.post(page, {"roles": BOTH})
    client.post(page, {"roles": BOTH})
    assert roles_asked(cast) == BOTH
    client.post(page, {})

    assert roles_asked(cast) == []
    with within(cast.acme):
        entries = list(AuditEntry.objects.filter(verb="asked for second factors").order_by("number"))
    assert [(each.by_id, each.details) for each in entries] == [
        (cast.olav.pk, {"roles": "admin/owner"}),
        (cast.olav.pk, {"roles": ""}),
    ]


def test_only_an_owner_decides_it(cast: Cast) -> None:
    for member in (cast.hana, cast.olav):
        TOTP.activate(member.person, "A" * 32)

    with within(cast.acme):
        with pytest.raises(NotYours):
            ask_for_factors(roles=BOTH, by=cast.hana, now=NOW)
        with pytest.raises(Invalid, match="leader"):
            ask_for_factors(roles=["leader"], by=cast.olav, now=NOW)


def test_a_former_admin_is_asked_for_nothing(cast: Cast, asked: None, client_for: Callable) -> None:
    TOTP.activate(cast.hana.person, "A" * 32)
    with within(cast.acme):
        Membership.objects.filter(pk=cast.hana.pk).update(left_at=NOW)
    client = client_for(cast.hana)
    prove(client, cast.hana.person, timezone.now(), method="mfa")

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(user=cast.hana.person).exists()
