"""The pages of a three-way agreement, as each of the three opens them."""

from collections.abc import Callable

import pytest

from coaching.models import Agreement, AgreementLine, AgreementSignature
from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import TODAY

Clients = Callable[..., OrganisationClient]


@pytest.fixture
def agreement(cast: Cast) -> Agreement:
    """Ada, Cleo and Sol; Ada has signed version 1."""
    with within(cast.acme):
        return Agreement.objects.select_related("pairing").get()


def sign(client: OrganisationClient, agreement: Agreement, number: int = 1) -> str:
    return client.post(client.url("agreement_signing", agreement.pk, number), follow=True).content.decode()


def test_a_coach_writes_the_first_words_for_three(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.cleo)
    with within(cast.acme):
        pairing = make.PairingFactory(kind="mentor", leader=cast.bo, partner=cast.cleo)
    address = client.url("agreement_new", pairing.pk)
    page = client.get(address).content.decode()
    words = {"purpose": "To say less", "limits": "Two", "stopping": "Tap", "review_on": "2026-06-01"}

    answer = client.post(address, words, follow=True).content.decode()

    assert "Max Acme" in page
    assert "The limits: someone is in danger" in page
    assert "To say less" in answer
    assert "Sign version 1" in answer
    assert client.get(address).status_code == 302


def test_the_third_signature_is_said_on_the_page(agreement: Agreement, cast: Cast, client_for: Clients) -> None:
    waits = sign(client_for(cast.cleo), agreement)
    holds = sign(client_for(cast.sol), agreement)

    assert "You have signed version 1." in waits
    assert "Undo" in waits
    assert "Waits for signatures" in waits
    assert "The agreement holds from now on." in holds
    assert "In force." in holds


def test_undo_takes_the_signature_back(agreement: Agreement, cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.cleo)
    sign(client, agreement)

    client.post(client.url("agreement_unsigning", agreement.pk, 1))

    with within(cast.acme):
        assert not AgreementSignature.objects.filter(signer=cast.cleo).exists()


def test_a_sponsor_reads_and_signs_and_cannot_change(agreement: Agreement, cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.sol)
    page = client.get(client.url("agreement", agreement.pk)).content.decode()

    assert "acme bait purpose of ada" in page
    assert "Sign version 1" in page
    assert client.url("agreement_change", agreement.pk) not in page
    assert "Stop the agreement" in page


def test_a_coach_has_no_way_to_the_leaders_plans(agreement: Agreement, cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.cleo)

    assert client.get(client.url("agreement_summary", agreement.pk)).status_code == 404


def test_the_leader_strikes_a_line_and_the_sponsor_never_sees_it(
    agreement: Agreement, cast: Cast, client_for: Clients
) -> None:
    for each in (cast.cleo, cast.sol):
        sign(client_for(each), agreement)
    ada, sol = client_for(cast.ada), client_for(cast.sol)
    address = ada.url("agreement_summary", agreement.pk)
    first = ada.get(address).content.decode()

    answer = ada.post(address, {"seen": ["theme:clear", "theme:initiative"], "line": ["theme:initiative"]}, follow=True)

    read = sol.get(sol.url("agreement_summary", agreement.pk)).content.decode()
    assert "Show these to Sol Acme" in first
    assert "Sol Acme sees 1 line now." in answer.content.decode()
    assert "Taking initiative" in read
    assert "Goal-minded" not in read
    with within(cast.acme):
        assert AgreementLine.objects.get(about="clear").is_struck


def test_lines_that_do_not_exist_change_nothing(agreement: Agreement, cast: Cast, client_for: Clients) -> None:
    for each in (cast.cleo, cast.sol):
        sign(client_for(each), agreement)
    ada = client_for(cast.ada)

    ada.post(ada.url("agreement_summary", agreement.pk), {"seen": ["note:1", "date:9"], "line": ["note:1", "date:9"]})

    with within(cast.acme):
        assert set(AgreementLine.objects.values_list("kind", flat=True)) == {"theme"}


def test_a_stopped_agreement_is_taken_up_again_with_undo(agreement: Agreement, cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.ada)
    answer = client.post(client.url("agreement_stopping", agreement.pk), follow=True).content.decode()
    assert client.url("agreement_resuming", agreement.pk) in answer
    assert "Stopped on" in answer

    client.post(client.url("agreement_resuming", agreement.pk))

    with within(cast.acme):
        assert Agreement.objects.get(pk=agreement.pk).stopped_at is None


def test_a_sponsor_who_stops_is_offered_no_undo(agreement: Agreement, cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.sol)

    answer = client.post(client.url("agreement_stopping", agreement.pk), follow=True).content.decode()

    assert client.url("agreement_resuming", agreement.pk) not in answer


def test_the_list_of_agreements_takes_as_many_queries_at_thirty(
    cast: Cast, client_for: Clients, count_queries: Callable[..., list[str]]
) -> None:
    client = client_for(cast.cleo)
    address = client.url("agreements")
    one = count_queries(lambda: client.get(address))
    with within(cast.acme):
        for _ in range(30):
            leader = make.MembershipFactory(roles=["leader"])
            pairing = make.PairingFactory(kind="coach", leader=leader, partner=cast.cleo)
            version = make.AgreementVersionFactory(agreement=make.AgreementFactory(pairing=pairing), sponsor=cast.sol)
            make.AgreementSignatureFactory(version=version)

    thirty = count_queries(lambda: client.get(address))

    assert client.get(address).content.decode().count("Read and sign") == 31
    assert len(thirty) == len(one)


def test_a_review_that_is_due_is_said(agreement: Agreement, cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        old = make.PairingFactory(kind="mentor", leader=cast.ada, partner=cast.cleo)
        due = make.AgreementFactory(pairing=old, in_force=1)
        version = make.AgreementVersionFactory(agreement=due, sponsor=cast.sol, review_on=TODAY)
        for each in (cast.ada, cast.cleo, cast.sol):
            make.AgreementSignatureFactory(version=version, signer=each)
    client = client_for(cast.ada)

    assert "Time to look at it again" in client.get(client.url("agreements")).content.decode()


def test_an_audit_of_agreements_holds_no_words(agreement: Agreement, cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.ada)
    words = {"purpose": "Very private", "limits": "Two", "stopping": "Tap", "review_on": "2026-06-01"}
    client.post(client.url("agreement_change", agreement.pk), words)
    client.post(client.url("agreement_stopping", agreement.pk))

    with within(cast.acme):
        entries = AuditEntry.objects.filter(thing="coaching.agreement").order_by("number")

        assert list(entries.values_list("verb", "details")) == [
            ("changed agreement", {"version": 2}),
            ("stopped agreement", {}),
        ]
