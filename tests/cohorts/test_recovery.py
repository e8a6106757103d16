"""Lost factors: an owner asks, a day passes in which anybody concerned can stop it, then they go."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from cohorts.access.account_mail_sending import send_waiting
from cohorts.models import AccountMail, AuditEntry, FactorRecovery, Membership, Person
from cohorts.people.actions import recovery
from cohorts.people.actions.recovery import ask_recovery, carry_out_recoveries, stop_recovery, stop_token
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from programme import tasks
from tests import factories as make
from tests.cast import Cast
from tests.smtp_server import SmtpServer
from tests.times import NOW

DAY = timedelta(hours=24)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def bo(cast: Cast) -> Membership:
    """Bo has an app, and lost it."""
    TOTP.activate(cast.bo.person, "A" * 32)
    return cast.bo


@pytest.fixture
def asked(cast: Cast, bo: Membership) -> FactorRecovery:
    with within(cast.acme):
        return ask_recovery(member=bo, reason="Phone stolen", by=cast.olav, now=NOW)


def has_factor(member: Membership) -> bool:
    return Authenticator.objects.filter(user=member.person).exists()


def carry_out(cast: Cast, after: timedelta) -> int:
    with within(cast.acme):
        return carry_out_recoveries(now=NOW + after)


def verbs(cast: Cast) -> list[str]:
    with within(cast.acme):
        return list(AuditEntry.objects.order_by("number").values_list("verb", flat=True))


def readers(kind: str) -> set[str]:
    return set(AccountMail.objects.filter(kind=kind).values_list("address", flat=True))


def test_factors_go_after_a_day_and_not_before(cast: Cast, asked: FactorRecovery, client_for: Callable) -> None:
    assert carry_out(cast, DAY - timedelta(seconds=1)) == 0
    assert has_factor(cast.bo)

    assert carry_out(cast, DAY) == 1

    assert not has_factor(cast.bo)
    assert verbs(cast)[-2:] == ["asked for factor recovery", "recovered from lost factors"]
    assert carry_out(cast, DAY) == 0


def test_one_that_fails_holds_back_no_other(cast: Cast, asked: FactorRecovery, monkeypatch: pytest.MonkeyPatch) -> None:
    TOTP.activate(cast.max.person, "A" * 32)
    with within(cast.acme):
        ask_recovery(member=cast.max, reason="Phone stolen, too", by=cast.olav, now=NOW)
    taken: list[Person] = []

    def fail_at_the_first(person: Person) -> None:
        taken.append(person)
        if len(taken) == 1:
            raise ZeroDivisionError

    monkeypatch.setattr(recovery, "_take_factors", fail_at_the_first)

    assert carry_out(cast, DAY) == 1
    assert len(taken) == 2
    with within(cast.acme):
        assert FactorRecovery.objects.waiting().filter(due_at__lte=NOW + DAY).get() == asked


def test_the_person_and_every_owner_are_told(cast: Cast, asked: FactorRecovery) -> None:
    assert readers("recovery_asked") == {"bo@acme.test", "olav@acme.test"}

    carry_out(cast, DAY)

    assert readers("recovery_done") == {"bo@acme.test", "olav@acme.test"}


def test_the_person_stops_it_with_one_tap(cast: Cast, asked: FactorRecovery) -> None:
    link = AccountMail.objects.get(kind="recovery_asked", address="bo@acme.test").facts["link"]
    path = link.removeprefix("http://127.0.0.1:8090")
    scanner = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    assert scanner.get(path).status_code == 200
    with within(cast.acme):
        assert FactorRecovery.objects.get(pk=asked.pk).stopped_at is None

    scanner.post(path)

    assert carry_out(cast, DAY) == 0
    assert has_factor(cast.bo)
    assert verbs(cast)[-1] == "stopped factor recovery"
    assert readers("recovery_stopped") == {"bo@acme.test", "olav@acme.test"}


def test_an_owner_stops_it_on_the_page(cast: Cast, asked: FactorRecovery, client_for: Callable) -> None:
    client = client_for(cast.olav)
    assert b"Phone stolen" in client.get(client.url("member_recovery", cast.bo.pk)).content

    client.post(client.url("member_recovery_stopping", cast.bo.pk))

    assert carry_out(cast, DAY) == 0
    assert has_factor(cast.bo)


def test_an_owner_asks_on_the_page(cast: Cast, bo: Membership, client_for: Callable) -> None:
    client = client_for(cast.olav)

    client.post(client.url("member_recovery", bo.pk), {"reason": "Phone stolen"})

    assert carry_out(cast, DAY + timedelta(minutes=1)) == 1


def test_stopping_twice_is_stopping_once(cast: Cast, asked: FactorRecovery) -> None:
    with within(cast.acme):
        stop_recovery(recovery=asked, by=cast.olav, now=NOW)
        stop_recovery(recovery=asked, by=None, now=NOW)

    assert verbs(cast).count("stopped factor recovery") == 1


def test_only_an_owner_asks_and_stops(cast: Cast, bo: Membership) -> None:
    with within(cast.acme):
        with pytest.raises(NotYours):
            ask_recovery(member=bo, reason="x", by=cast.hana, now=NOW)
        recovery = ask_recovery(member=bo, reason="x", by=cast.olav, now=NOW)
        with pytest.raises(NotYours):
            stop_recovery(recovery=recovery, by=cast.hana, now=NOW)


def test_a_recovery_needs_a_reason_and_a_factor(cast: Cast, bo: Membership) -> None:
    with within(cast.acme):
        with pytest.raises(Invalid):
            ask_recovery(member=bo, reason="  ", by=cast.olav, now=NOW)
        with pytest.raises(NotNow, match="no passkey"):
            ask_recovery(member=cast.sol, reason="x", by=cast.olav, now=NOW)


def test_a_recovery_is_asked_for_once_at_a_time(cast: Cast, asked: FactorRecovery, bo: Membership) -> None:
    with within(cast.acme), pytest.raises(NotNow, match="already"):
        ask_recovery(member=bo, reason="x", by=cast.olav, now=NOW)


def test_nobody_recovers_themselves(cast: Cast) -> None:
    TOTP.activate(cast.olav.person, "A" * 32)

    with within(cast.acme), pytest.raises(NotNow, match="signed in"):
        ask_recovery(member=cast.olav, reason="x", by=cast.olav, now=NOW)


def test_no_organisation_strips_a_member_of_another(cast: Cast, bo: Membership) -> None:
    with within(cast.zenith):
        make.MembershipFactory(person=bo.person)

    with within(cast.acme), pytest.raises(NotNow, match="another organisation"):
        ask_recovery(member=bo, reason="x", by=cast.olav, now=NOW)


def test_who_joined_another_organisation_since_keeps_theirs(cast: Cast, asked: FactorRecovery) -> None:
    with within(cast.zenith):
        make.MembershipFactory(person=cast.bo.person)

    assert carry_out(cast, DAY) == 0
    assert has_factor(cast.bo)
    assert verbs(cast)[-1] == "stopped factor recovery"


@pytest.mark.parametrize("since", [{"roles": ["admin"]}, {"suspended_at": NOW}, {"left_at": NOW}])
def test_a_recovery_stops_with_the_power_of_its_owner(cast: Cast, asked: FactorRecovery, since: dict) -> None:
    """An account that was taken over is found and shut out within the day: what it asked for must not happen."""
    with within(cast.acme):
        Membership.objects.filter(pk=cast.olav.pk).update(**since)

    assert carry_out(cast, DAY) == 0

    assert has_factor(cast.bo)
    with within(cast.acme):
        last = AuditEntry.objects.latest("number")
    assert (last.verb, last.by_id, last.by_label) == ("stopped factor recovery", None, "system")


def test_recovery_ends_the_sessions(cast: Cast, bo: Membership) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    Authenticator.objects.all().delete()
    client.post("/accounts/login/code/", {"email": "bo@acme.test"})
    code = AccountMail.objects.latest("pk").facts["code"]
    client.post("/accounts/login/code/confirm/", {"code": code})
    TOTP.activate(bo.person, "A" * 32)
    with within(cast.acme):
        ask_recovery(member=bo, reason="x", by=cast.olav, now=NOW)
    assert client.get("/o/acme/today/").status_code == 200

    carry_out(cast, DAY)

    assert client.get("/o/acme/today/").status_code == 302


def test_the_job_carries_out_what_is_due_once(cast: Cast, asked: FactorRecovery, clock: object) -> None:
    clock.shift(DAY + timedelta(minutes=1))

    tasks.recoveries()
    tasks.recoveries()

    assert not has_factor(cast.bo)
    assert verbs(cast).count("recovered from lost factors") == 1


def test_a_stop_link_says_when_it_is_too_late(cast: Cast, asked: FactorRecovery) -> None:
    carry_out(cast, DAY)

    answer = Client(HTTP_HOST="127.0.0.1").post(f"/f/{stop_token(asked)}/")

    assert b"It has happened already" in answer.content


def test_an_operator_recovers_the_only_owner_at_once(cast: Cast, smtp_server: SmtpServer) -> None:
    """They belong to two organisations: both are told and record it, and neither could have done it."""
    TOTP.activate(cast.olav.person, "A" * 32)
    with within(cast.zenith):
        make.MembershipFactory(person=cast.olav.person, roles=["coach"])
        Membership.objects.filter(pk=cast.zara.pk).update(roles=["owner"])

    call_command("remove_lost_factors", "Olav@acme.test", "Called on the number in the contract")

    assert not has_factor(cast.olav)
    for house in (cast.acme, cast.zenith):
        with within(house):
            entry = AuditEntry.objects.latest("number")
        assert (entry.verb, entry.by_id) == ("operator removed lost factors", None)
    assert readers("recovery_done") == {"olav@acme.test", "zara@zenith.test"}
    send_waiting(now=timezone.now)
    assert all(b"number in the contract" in mail.content for mail in smtp_server.accepted)


def test_an_operators_recovery_ends_the_one_that_waits(cast: Cast, asked: FactorRecovery) -> None:
    """Or the next factor would go when the day is over."""
    call_command("remove_lost_factors", "bo@acme.test", "Cannot wait a day")
    TOTP.activate(cast.bo.person, "A" * 32)

    assert carry_out(cast, DAY) == 0
    assert has_factor(cast.bo)


@pytest.mark.parametrize(
    ("email", "reason", "refusal"),
    [
        ("nobody@acme.test", "x", "Nobody has the address"),
        ("sol@acme.test", "x", "no passkey"),
        ("bo@acme.test", " ", "required"),
    ],
)
def test_an_operator_is_refused_in_one_line(cast: Cast, bo: Membership, email: str, reason: str, refusal: str) -> None:
    with pytest.raises(CommandError, match=refusal):
        call_command("remove_lost_factors", email, reason)

    assert has_factor(bo)
