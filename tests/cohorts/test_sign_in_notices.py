"""A mail at once for each factor and device, and *this was not me*: signed, for seven days, on POST alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP
from django.test import Client
from django.utils import timezone

from cohorts.access.account_mail_sending import send_waiting
from cohorts.mail.signed_links import BadLink, digest_token, nudge_token, sign_numbers
from cohorts.models import AccountMail, AuditEntry, KnownDevice, Membership, Organisation
from cohorts.people.devices import KNOWN_FOR, forget_devices
from cohorts.people.sign_in_notices import ExpiredLink, What, not_me_token, read_not_me
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.cohorts.test_proof import app_code
from tests.proofs import prove
from tests.smtp_server import SmtpServer

ADD, REMOVE = "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/"
GENERATE = "/accounts/2fa/recovery-codes/generate/"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobi Safari/605.1"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ada(cast: Cast, client_for: Callable) -> Client:
    return client_for(cast.ada)


def add_app(client: Client) -> Authenticator:
    client.get(ADD)
    client.post(ADD, {"code": app_code(client.session[SECRET_SESSION_KEY])}, headers={"User-Agent": IPHONE})
    return Authenticator.objects.get(type="totp")


def told() -> list[tuple[str, str]]:
    return [(mail.kind, mail.facts["sort"]) for mail in AccountMail.objects.exclude(kind="login_code").order_by("pk")]


def link_in(mail: AccountMail) -> str:
    return mail.facts["link"].removeprefix("http://127.0.0.1:8090")


def verbs(organisation: Organisation) -> list[str]:
    with within(organisation):
        return list(AuditEntry.objects.order_by("number").values_list("verb", flat=True))


def sign_in(email: str, client: Client | None = None) -> Client:
    client = client or Client(HTTP_HOST="127.0.0.1", headers={"User-Agent": IPHONE})
    client.post("/accounts/login/code/", {"email": email})
    code = AccountMail.objects.filter(kind="login_code").latest("pk").facts["code"]
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert "_auth_user_id" in client.session
    return client


def test_a_new_factor_is_told_at_once(cast: Cast, ada: Client, smtp_server: SmtpServer) -> None:
    add_app(ada)

    assert told() == [("factor_added", "totp")]
    send_waiting(now=timezone.now)
    (mail,) = smtp_server.accepted
    assert mail.recipients == ("ada@acme.test",)
    assert b"This was not me" in mail.content
    assert b"iPhone" in mail.content
    assert "factor added" in verbs(cast.acme)


def test_a_removed_factor_is_told_at_once(cast: Cast, ada: Client) -> None:
    TOTP.activate(cast.ada.person, "A" * 32)
    prove(ada, cast.ada.person, timezone.now(), method="mfa")

    ada.post(REMOVE)

    assert told() == [("factor_removed", "totp")]
    assert "factor removed" in verbs(cast.acme)


def test_new_recovery_codes_are_told_at_once(cast: Cast, ada: Client) -> None:
    TOTP.activate(cast.ada.person, "A" * 32)
    RecoveryCodes.activate(cast.ada.person)
    prove(ada, cast.ada.person, timezone.now(), method="mfa")

    ada.post(GENERATE)

    assert ("factor_added", "recovery_codes") in told()


def test_a_wrong_code_adds_and_tells_nothing(ada: Client) -> None:
    ada.get(ADD)

    ada.post(ADD, {"code": "000000"})

    assert not Authenticator.objects.exists()
    assert told() == []


def test_adding_a_factor_shows_the_recovery_codes_without_asking_again(ada: Client) -> None:
    add_app(ada)

    assert ada.get("/accounts/2fa/recovery-codes/").status_code == 200


def test_not_me_removes_the_factor_and_ends_all_sessions(cast: Cast, ada: Client) -> None:
    elsewhere = sign_in("ada@acme.test")
    add_app(elsewhere)
    link = link_in(AccountMail.objects.get(kind="factor_added"))
    nobody = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    assert nobody.get(link).status_code == 200
    assert Authenticator.objects.count() == 2

    done = nobody.post(link)

    assert b"signed out everywhere" in done.content
    assert not Authenticator.objects.exists()
    assert elsewhere.get("/o/acme/today/").status_code == 302
    assert "disowned factor added" in verbs(cast.acme)


def test_not_me_leaves_an_older_factor(cast: Cast, ada: Client) -> None:
    """A mailbox alone must not open what was behind a factor before."""
    data = {"name": "Key", "credential": {}}
    with_key = Authenticator.objects.create(user=cast.ada.person, type="webauthn", data=data)
    prove(ada, cast.ada.person, timezone.now(), method="mfa")
    add_app(ada)

    Client(HTTP_HOST="127.0.0.1").post(link_in(AccountMail.objects.get(kind="factor_added")))

    assert set(Authenticator.objects.values_list("type", flat=True)) == {"webauthn", "recovery_codes"}
    assert Authenticator.objects.filter(pk=with_key.pk).exists()


def test_not_me_twice_is_not_me_once(ada: Client) -> None:
    add_app(ada)
    link = link_in(AccountMail.objects.get(kind="factor_added"))

    answers = [Client(HTTP_HOST="127.0.0.1").post(link).status_code for _ in range(2)]

    assert answers == [200, 200]


def test_not_me_works_for_seven_days(cast: Cast, ada: Client, clock: object) -> None:
    add_app(ada)
    link = link_in(AccountMail.objects.get(kind="factor_added"))
    clock.shift(timedelta(days=7, seconds=5))

    late = Client(HTTP_HOST="127.0.0.1").post(link)

    assert late.status_code == 410
    assert Authenticator.objects.filter(type="totp").exists()


def test_not_me_takes_only_links_of_its_own(cast: Cast) -> None:
    now = timezone.now()
    token = not_me_token(cast.ada.person, What.FACTOR_ADDED, 7, now)
    assert read_not_me(token, now).subject_id == 7
    with pytest.raises(BadLink):
        read_not_me(sign_numbers("cohorts.mail.nudge", cast.ada.person_id, 0, 7, int(now.timestamp())), now)
    with pytest.raises(BadLink):
        read_not_me(token[:-1] + ("A" if token[-1] != "A" else "B"), now)
    with pytest.raises(ExpiredLink):
        read_not_me(token, now + timedelta(days=8))


def test_not_me_of_one_person_takes_nothing_from_another(cast: Cast) -> None:
    factor = TOTP.activate(cast.bo.person, "A" * 32).instance
    token = not_me_token(cast.ada.person, What.FACTOR_ADDED, factor.pk, timezone.now())

    Client(HTTP_HOST="127.0.0.1").post(f"/n/{token}/")

    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_the_first_device_of_all_is_not_told(cast: Cast) -> None:
    sign_in("ada@acme.test")

    assert told() == []
    assert KnownDevice.objects.get().person_id == cast.ada.person_id


def test_another_device_is_told_and_the_same_one_is_not(cast: Cast) -> None:
    first = sign_in("ada@acme.test")
    first.post("/accounts/logout/")
    sign_in("ada@acme.test", first)
    assert told() == []

    sign_in("ada@acme.test")

    assert told() == [("new_device", "")]
    assert "new device" in verbs(cast.acme)


def test_a_device_is_forgotten_when_its_cookie_is_gone(cast: Cast) -> None:
    first = sign_in("ada@acme.test")
    long_ago = timezone.now() - KNOWN_FOR - timedelta(days=1)
    KnownDevice.objects.update(first_seen_at=long_ago, last_seen_at=long_ago)
    first.post("/accounts/logout/")
    sign_in("ada@acme.test", first)  # seen again

    forget_devices(now=timezone.now())
    assert KnownDevice.objects.count() == 1
    forget_devices(now=timezone.now() + KNOWN_FOR + timedelta(days=1))
    assert not KnownDevice.objects.exists()


def test_a_made_up_device_cookie_is_a_new_device(cast: Cast) -> None:
    sign_in("ada@acme.test")
    forged = Client(HTTP_HOST="127.0.0.1")
    forged.cookies["device"] = "made-up:signature"

    sign_in("ada@acme.test", forged)

    assert told() == [("new_device", "")]


def test_not_me_forgets_the_device(cast: Cast) -> None:
    sign_in("ada@acme.test")
    thief = sign_in("ada@acme.test")
    Client(HTTP_HOST="127.0.0.1").post(link_in(AccountMail.objects.get(kind="new_device")))
    assert thief.get("/o/acme/today/").status_code == 302

    sign_in("ada@acme.test", thief)

    assert told() == [("new_device", "")] * 2


def test_every_organisation_of_the_person_notes_it(cast: Cast, ada: Client) -> None:
    with within(cast.zenith):
        make.MembershipFactory(person=cast.ada.person, roles=["coach"])

    add_app(ada)

    assert all("factor added" in verbs(house) for house in (cast.acme, cast.zenith))


def test_a_notice_is_in_the_language_of_the_person(cast: Cast, ada: Client, smtp_server: SmtpServer) -> None:
    cast.ada.person.language = "nb"
    cast.ada.person.save()

    add_app(ada)

    send_waiting(now=timezone.now)
    assert b"ikke meg" in smtp_server.accepted[0].content


@pytest.mark.parametrize("where", ["/t/{}/", "/u/{}/", "/d/{}/", "/k/{}/", "/n/{}/"])
def test_no_link_in_a_mail_is_proof_or_signs_in(where: str, cast: Cast) -> None:
    """One tap, unsubscribing and *not me* leave a browser as signed out as before."""
    tokens = {
        "/t/{}/": nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, timezone.now().date(), 1),
        "/u/{}/": nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, timezone.now().date(), 1),
        "/d/{}/": digest_token(cast.acme.pk, cast.sol.pk, timezone.now().date(), 1),
    }
    link = where.format(tokens.get(where, not_me_token(cast.ada.person, What.NEW_DEVICE, 0, timezone.now())))
    client = Client(HTTP_HOST="127.0.0.1")

    client.get(link)
    client.post(link, {"did_it": "yes", "went": "4"})

    assert "_auth_user_id" not in client.session
    assert "account_authentication_methods" not in client.session


def test_a_link_in_a_mail_makes_no_stale_session_fresh(cast: Cast, ada: Client) -> None:
    prove(ada, cast.ada.person, timezone.now() - timedelta(minutes=11))

    ada.post(f"/n/{not_me_token(cast.bo.person, What.NEW_DEVICE, 0, timezone.now())}/")

    assert ada.get("/accounts/sessions/")["Location"].startswith("/accounts/proof/")


def test_a_membership_that_ended_is_told_no_organisation(cast: Cast, ada: Client) -> None:
    with within(cast.zenith):
        member = make.MembershipFactory(person=cast.ada.person, roles=["coach"])
        Membership.objects.filter(pk=member.pk).update(left_at=timezone.now())

    add_app(ada)

    assert "factor added" not in verbs(cast.zenith)
