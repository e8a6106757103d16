"""Those who have to sign get one mail for each version; it names the leader and holds no word of the agreement."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from coaching.agreements.actions.agreements import sign, stop_agreement
from coaching.models import Agreement, CoachingMail, Pairing
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from programme.mails import send_written
from tests import factories as make
from tests.cast import Cast
from tests.coaching.agreements.test_agreements import begin, change
from tests.smtp_server import SmtpServer
from tests.times import NOW

SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def begun(cast: Cast) -> Iterator[Agreement]:
    with within(cast.acme):
        CoachingMail.objects.all().delete()
        pairing: Pairing = make.PairingFactory(kind="mentor", leader=cast.ada, partner=cast.cleo)
        yield begin(pairing, cast.cleo)


@pytest.fixture
def post(cast: Cast, smtp_server: SmtpServer) -> Callable[[], dict[str, list[str]]]:
    """Send what is due; by address, the subjects and words that came."""

    def post() -> dict[str, list[str]]:
        before = len(smtp_server.accepted)
        with within(cast.acme):
            send_written(cast.acme, now=lambda: SOON)
        came: dict[str, list[str]] = {}
        for mail in smtp_server.accepted[before:]:
            message = message_from_bytes(mail.content, policy=policy.default)
            body = message.get_body(("plain",))
            text = f"{message['Subject']}\n{body.get_content() if body else ''}"
            if "agreement" in text:
                came.setdefault(mail.recipients[0], []).append(text)
        return came

    return post


def test_a_new_agreement_asks_the_other_two_to_sign(begun: Agreement, post: Callable[[], dict[str, list[str]]]) -> None:
    came = post()

    assert set(came) == {"ada@acme.test", "sol@acme.test"}
    [text] = came["sol@acme.test"]
    assert text.startswith("An agreement waits for your signature")
    assert "about the talks of Ada Acme" in text
    assert f"/agreements/{begun.pk}/" in text
    assert "huddle" not in text
    assert "Between the two" not in text


def test_a_change_asks_again_and_the_old_mail_is_not_sent(
    begun: Agreement, cast: Cast, post: Callable[[], dict[str, list[str]]]
) -> None:
    change(begun, cast.ada, purpose="Other words")

    came = post()

    assert set(came) == {"cleo@acme.test", "sol@acme.test"}
    assert [text.splitlines()[0] for text in came["sol@acme.test"]] == [
        "An agreement was changed and waits for your signature"
    ]


@pytest.mark.parametrize("stops", ["signed", "stopped", "ended"])
def test_nobody_is_asked_to_sign_what_needs_no_signature(
    begun: Agreement, cast: Cast, post: Callable[[], dict[str, list[str]]], stops: str
) -> None:
    signers: list[Membership] = [cast.ada, cast.sol]
    if stops == "signed":
        for each in signers:
            sign(agreement=begun, number=1, by=each, now=NOW)
    elif stops == "stopped":
        stop_agreement(agreement=begun, by=cast.ada, now=NOW)
    else:
        Pairing.objects.filter(pk=begun.pairing_id).update(state="ended", ends_on=NOW.date())

    assert post() == {}
