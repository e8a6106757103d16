"""From due to settled: stop conditions, answers of a real mail server, leases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from cohorts.enrolment.actions.enrolments import note_logs, pause, set_mail
from cohorts.mail.outbox.rows import claim_statement
from cohorts.models import Clock, Cohort, Nudge
from cohorts.nudges.engine import deliver, left_behind, repair
from cohorts.nudges.mail import NUDGES
from cohorts.nudges.planner import claim_due, plan_again
from cohorts.tenancy.wall import within
from tests.cast import Cast
from tests.crowd import crowd, wind_clocks
from tests.database import as_owner
from tests.smtp_server import SmtpServer
from tests.times import TODAY

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)


def morning() -> datetime:
    return MORNING


@pytest.fixture
def due(cast: Cast, smtp_server: SmtpServer, settings: pytest.FixtureRequest) -> Cast:
    """Everybody's mail of the morning is due, and a real mail server listens."""
    settings.SMTP_TIMEOUT = 1
    for organisation in (cast.acme, cast.zenith):
        with within(organisation):
            plan_again(list(Clock.objects.values_list("enrolment_id", flat=True)), now=MORNING - timedelta(hours=3))
    claim_due(now=MORNING)
    return cast


def mail_of(cast: Cast, name: str) -> Nudge:
    leader = getattr(cast, name)
    with within(leader.organisation_id):
        return Nudge.objects.get(enrolment=cast.enrolment(leader), on=TODAY, channel="mail")


def recipients(server: SmtpServer) -> list[str]:
    return sorted(address for mail in server.accepted for address in mail.recipients)


def test_every_due_mail_goes_once_and_only_to_its_own_house(due: Cast, smtp_server: SmtpServer) -> None:
    assert deliver(due.acme.pk, now=morning) == 4

    assert recipients(smtp_server) == ["ada@acme.test", "bo@acme.test", "max@acme.test", "pat@acme.test"]
    assert mail_of(due, "ada").state == "sent"
    assert mail_of(due, "zoe").state == "due"
    assert deliver(due.acme.pk, now=morning) == 0


def test_the_message_id_is_the_nudge_and_the_text_is_the_step(due: Cast, smtp_server: SmtpServer) -> None:
    deliver(due.zenith.pk, now=morning)

    nudge = mail_of(due, "zoe")
    (mail,) = smtp_server.accepted
    assert mail.message_id == f"<nudge-{nudge.pk}@embed90.example>"
    assert b"acme" not in mail.content.lower()


def test_delivering_moves_the_clocks_on(due: Cast) -> None:
    deliver(due.acme.pk, now=morning)
    deliver(due.zenith.pk, now=morning)

    with within(due.acme):
        assert set(Clock.objects.values_list("next_on", flat=True)) == {TODAY + timedelta(days=1)}


def test_no_mail_follows_a_practice_logged_that_day(due: Cast, smtp_server: SmtpServer) -> None:
    with within(due.acme):
        note_logs(enrolment=due.enrolment(due.ada), last_log_on=TODAY, last_practice_on=None)

    deliver(due.acme.pk, now=morning)

    assert (mail_of(due, "ada").state, mail_of(due, "ada").reason) == ("skipped", "practised")
    assert "ada@acme.test" not in recipients(smtp_server)


def test_no_mail_follows_an_opt_out(due: Cast, smtp_server: SmtpServer) -> None:
    with within(due.acme):
        set_mail(enrolment=due.enrolment(due.ada), is_on=False, by=None, now=MORNING)

    deliver(due.acme.pk, now=morning)

    assert mail_of(due, "ada").reason == "unsubscribed"
    assert "ada@acme.test" not in recipients(smtp_server)


def test_no_mail_goes_into_a_pause(due: Cast, smtp_server: SmtpServer) -> None:
    enrolment = due.enrolment(due.ada)
    with within(due.acme):
        pause(
            cohort=enrolment.cohort,
            enrolment=enrolment,
            starts_on=TODAY,
            ends_on=TODAY,
            today=TODAY,
            by=due.ada,
            now=MORNING,
        )

    deliver(due.acme.pk, now=morning)

    assert mail_of(due, "ada").reason == "paused"
    assert "ada@acme.test" not in recipients(smtp_server)


def test_no_mail_goes_in_quiet_hours(due: Cast, smtp_server: SmtpServer) -> None:
    due.acme.quiet_from, due.acme.quiet_until = (
        datetime.min.time().replace(hour=8),
        datetime.min.time().replace(hour=10),
    )
    due.acme.save()

    deliver(due.acme.pk, now=morning)

    assert mail_of(due, "ada").reason == "too_late"
    assert recipients(smtp_server) == []


def test_mails_wait_while_sending_is_off(due: Cast, smtp_server: SmtpServer) -> None:
    with within(due.acme):
        Cohort.objects.update(is_sending=False)
    deliver(due.acme.pk, now=morning)
    assert (mail_of(due, "ada").state, recipients(smtp_server)) == ("due", [])

    with within(due.acme):
        Cohort.objects.update(is_sending=True)
    deliver(due.acme.pk, now=morning)

    assert mail_of(due, "ada").state == "sent"


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of a plan."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def test_a_claim_reads_no_more_of_a_backlog_than_it_takes(smtp_server: SmtpServer, cast: Cast) -> None:
    organisation, step = crowd(3000)
    wind_clocks(organisation, step)
    now = timezone.now()
    claim_due(now=now)
    with as_owner(), within(organisation), connection.cursor() as cursor:
        cursor.execute("ANALYZE cohorts_nudge, cohorts_enrolment, cohorts_cohort")

    with within(organisation), connection.cursor() as cursor:
        arguments = {"organisation": organisation.pk, "now": now, "lease": 45, "limit": 100}
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {claim_statement(NUDGES)}", arguments)
        plan = cursor.fetchone()[0][0]["Plan"]

    picked = next(node for node in nodes(plan) if node.get("Subplan Name") == "CTE picked")
    assert {node["Node Type"] for node in nodes(picked)}.isdisjoint({"Sort", "Incremental Sort"})
    (found,) = [node for node in nodes(picked) if node.get("Index Name") == "nudge_to_send"]
    assert found["Actual Rows"] == 100


def test_a_claim_is_quick_before_the_database_has_counted_its_rows(smtp_server: SmtpServer, cast: Cast) -> None:
    """PostgreSQL takes what it has not counted for one row, and once joined all leaders with all leaders and nudges."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE cohorts_nudge, cohorts_enrolment, cohorts_membership, cohorts_person")
    organisation, step = crowd(300)
    wind_clocks(organisation, step)
    now = timezone.now()
    claim_due(now=now)

    with within(organisation), connection.cursor() as cursor:
        arguments = {"organisation": organisation.pk, "now": now, "lease": 45, "limit": 100}
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {claim_statement(NUDGES)}", arguments)
        plan = cursor.fetchone()[0][0]["Plan"]

    assert plan["Actual Rows"] == 100
    assert max(map(rows_looked_at, nodes(plan))) <= 100 * 300  # each leader once for each mail, at worst


def rows_looked_at(node: dict[str, Any]) -> int:
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    return round((node["Actual Rows"] + removed) * node["Actual Loops"])


def test_a_server_silent_until_the_timeout_is_tried_once_more(due: Cast, smtp_server: SmtpServer) -> None:
    smtp_server.script.hang("DOT")
    deliver(due.zenith.pk, now=morning)
    again = mail_of(due, "zoe")
    assert again.state == "due"

    deliver(due.zenith.pk, now=lambda: again.not_before)

    assert (mail_of(due, "zoe").state, mail_of(due, "zoe").reason) == ("ambiguous", "silent")


def test_the_sweep_finds_what_a_dead_worker_held(due: Cast, smtp_server: SmtpServer) -> None:
    with within(due.zenith):
        Nudge.objects.filter(channel="mail", on=TODAY).update(
            state="sending", attempts=1, lease_until=Now() - timedelta(seconds=1)
        )
    assert due.zenith.pk in left_behind(now=MORNING)

    assert repair(due.zenith.pk, now=morning) == 1
    deliver(due.zenith.pk, now=morning)

    assert (mail_of(due, "zoe").state, mail_of(due, "zoe").attempts) == ("sent", 2)
