"""One outbox: what every kind of mail promises, whatever happens to the server, the worker or the row."""

from datetime import timedelta
from itertools import chain, repeat
from time import monotonic
from unittest.mock import patch

import pytest
from django.db.models.functions import Now

from cohorts.mail import outbox
from cohorts.mail.outbox import BACKOFF_MINUTES, MAX_ATTEMPTS, delivery
from cohorts.mail.outbox.lease import Lease
from cohorts.mail.outbox.rows import write_outcomes
from cohorts.mail.outbox.rules import MOVES, SECONDS_OF_SENDING, Settled, settle
from cohorts.mail.smtp import Kind
from cohorts.models.mail import MailState
from cohorts.tenancy.wall import within
from programme import mails
from programme.digests.mail import ClaimedDigest
from tests.cast import Cast
from tests.outbox import CASES, MORNING, Case
from tests.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, cast: Cast, smtp_server: SmtpServer, settings: pytest.FixtureRequest) -> Case:
    """One mail of this kind is due in Zenith, and a real mail server listens."""
    settings.SMTP_TIMEOUT = 1
    found = CASES[request.param]
    found.make_due(cast)
    return found


def test_every_kind_is_tried_here() -> None:
    assert {kind.name for kind in mails.WRITTEN_KINDS} | {"nudge"} == CASES.keys()


def test_it_goes_once(case: Case, cast: Cast, smtp_server: SmtpServer) -> None:
    assert case.send(cast, after=-timedelta(seconds=1)) == {}
    assert case.send(cast) == {MailState.SENT: 1}
    assert case.send(cast) == {}

    (mail,) = smtp_server.accepted
    assert (mail.recipients, mail.message_id) == ((case.recipient,), case.message_id(cast))
    row = case.row(cast)
    assert (row.state, row.attempts, row.sent_at, row.lease_until) == ("sent", 1, case.at, None)


def test_the_outbox_knows_who_waits(case: Case, cast: Cast) -> None:
    before = outbox.organisations_waiting(case.kind, now=case.at - timedelta(seconds=1))
    assert cast.zenith.pk not in before
    assert cast.zenith.pk in outbox.organisations_waiting(case.kind, now=case.at)

    case.send(cast)

    assert cast.zenith.pk not in outbox.organisations_waiting(case.kind, now=case.at)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "DOT"])
def test_not_now_is_tried_again_later_with_the_same_id(
    case: Case, cast: Cast, smtp_server: SmtpServer, step: str
) -> None:
    smtp_server.script.answer(step, "450 4.2.0 Try later", times=1)
    again = timedelta(minutes=BACKOFF_MINUTES[0])

    assert case.send(cast) == {MailState.DUE: 1}
    assert case.send(cast, after=again - timedelta(seconds=1)) == {}
    row = case.row(cast)
    assert (row.state, row.attempts, row.smtp_code, row.not_before) == ("due", 1, 450, case.at + again)

    assert case.send(cast, after=again) == {MailState.SENT: 1}
    assert [mail.message_id for mail in smtp_server.accepted] == [case.message_id(cast)]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DOT"])
def test_refused_for_good_stops_and_shows(case: Case, cast: Cast, smtp_server: SmtpServer, step: str) -> None:
    smtp_server.script.answer(step, "550 5.1.1 No such person", times=1)

    assert case.send(cast) == {MailState.FAILED: 1}
    assert case.send(cast, after=timedelta(hours=1)) == {}
    row = case.row(cast)
    assert (row.state, row.reason, row.smtp_code, row.sent_at) == ("failed", "refused", 550, None)


def test_a_server_that_is_never_ready_ends_in_a_reason(case: Case, cast: Cast, smtp_server: SmtpServer) -> None:
    smtp_server.script.answer("MAIL", "451 4.3.0 Not now")
    for _ in range(MAX_ATTEMPTS + 2):
        case.send(cast, after=case.row(cast).not_before - case.at)

    row = case.row(cast)
    assert (row.state, row.reason) in {("failed", "unreachable"), ("skipped", "too_late")}
    assert row.attempts <= MAX_ATTEMPTS


def test_silence_after_the_whole_mail_is_tried_once_more(case: Case, cast: Cast, smtp_server: SmtpServer) -> None:
    smtp_server.script.drop("ACCEPTED", times=2)
    again = timedelta(minutes=BACKOFF_MINUTES[0])

    assert case.send(cast) == {MailState.DUE: 1}
    assert case.send(cast, after=again) == {MailState.AMBIGUOUS: 1}
    assert case.send(cast, after=timedelta(hours=1)) == {}

    assert case.row(cast).reason == "silent"
    first, second = smtp_server.accepted
    assert first.message_id == second.message_id == case.message_id(cast)


def hold(case: Case, cast: Cast, *, attempts: int = 1, seconds: int = 30) -> None:
    """As a worker leaves it that died in the middle; its lease runs out in so many seconds, by the database's clock."""
    with within(cast.zenith):
        case.kind.model.objects.update(
            state="sending", attempts=attempts, lease_until=Now() + timedelta(seconds=seconds)
        )


def test_what_a_dead_worker_held_goes_when_its_lease_is_out(case: Case, cast: Cast, smtp_server: SmtpServer) -> None:
    hold(case, cast, seconds=-1)
    assert case.send(cast) == {}
    assert cast.zenith.pk in outbox.organisations_waiting(case.kind, now=case.at)

    with within(cast.zenith):
        assert outbox.release_expired(case.kind, now=case.at) == 1
    assert case.send(cast) == {MailState.SENT: 1}
    assert (case.row(cast).attempts, len(smtp_server.accepted)) == (2, 1)


def test_a_running_lease_is_not_released(case: Case, cast: Cast) -> None:
    hold(case, cast)

    with within(cast.zenith):
        assert outbox.release_expired(case.kind, now=case.at + timedelta(days=1)) == 0
    assert case.row(cast).state == "sending"


def test_what_kills_every_worker_is_given_up(case: Case, cast: Cast) -> None:
    hold(case, cast, attempts=MAX_ATTEMPTS, seconds=-1)

    with within(cast.zenith):
        outbox.release_expired(case.kind, now=case.at)

    row = case.row(cast)
    assert (row.state, row.reason, row.lease_until) == ("failed", "unreachable", None)


def test_what_there_was_no_time_for_keeps_its_attempt(case: Case, cast: Cast, smtp_server: SmtpServer) -> None:
    before, start = case.row(cast), monotonic()
    times = chain([start], repeat(start + SECONDS_OF_SENDING + 1))  # claimed in time, and then it was late

    with patch.object(delivery, "monotonic", lambda: next(times)):
        went = outbox.deliver(case.kind, cast.zenith, now=lambda: case.at, limit=10, until=start + SECONDS_OF_SENDING)

    after = case.row(cast)
    assert (went, smtp_server.accepted) == ({MailState.DUE: 1}, [])
    assert (after.state, after.attempts, after.not_before) == ("due", before.attempts, before.not_before)
    assert after.lease_until is None
    assert case.send(cast) == {MailState.SENT: 1}


def test_whoever_lost_the_lease_sends_and_settles_nothing(case: Case, cast: Cast, smtp_server: SmtpServer) -> None:
    with patch.object(Lease, "is_held", False):
        assert case.send(cast) == {}

    assert smtp_server.accepted == []
    assert case.row(cast).state == "sending"


def test_an_outcome_of_an_older_attempt_changes_nothing(case: Case, cast: Cast) -> None:
    hold(case, cast, attempts=2)

    with within(cast.zenith):
        write_outcomes(case.kind, [Settled(case.row(cast).pk, 1, MailState.SENT, code=250)], case.at)

    assert case.row(cast).state == "sending"


def test_stop_conditions_are_checked_before_sending(case: Case, cast: Cast, smtp_server: SmtpServer) -> None:
    case.stop(cast)

    assert case.send(cast) == {MailState.SKIPPED: 1}
    assert (case.row(cast).reason, smtp_server.accepted) == (case.reason, [])


def test_what_cannot_be_written_fails_and_says_so(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_words(writer: object, mail: object) -> bytes:
        raise ValueError

    monkeypatch.setattr(case.kind.writer, "content", no_words)

    assert case.send(cast) == {MailState.FAILED: 1}
    assert case.row(cast).reason == "refused"


def test_other_organisations_are_not_touched(case: Case, cast: Cast, smtp_server: SmtpServer) -> None:
    with within(cast.acme):
        before = list(case.kind.model.objects.order_by("pk").values())

    case.send(cast)

    with within(cast.acme):
        assert list(case.kind.model.objects.order_by("pk").values()) == before


def test_every_answer_leads_to_an_allowed_move() -> None:
    assert set(MOVES) == set(MailState)
    digest = ClaimedDigest(1, 1, MORNING, "a@b.test", 1, MORNING.date())
    for attempts in range(1, MAX_ATTEMPTS + 2):
        for kind in Kind:
            settled = settle(digest._replace(attempts=attempts), kind, 250, MORNING, too_late=timedelta(hours=6))
            assert settled.state in MOVES[MailState.SENDING]
