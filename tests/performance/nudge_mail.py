"""From a due nudge to a durable outcome: claim, write a personal mail, hand it to a mail server, commit."""

import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psutil
from django.db import connection
from django.utils import timezone

from cohorts.models import Cohort, Nudge, Organisation, Step
from cohorts.nudges import engine
from cohorts.nudges.mail import Writer, sample
from cohorts.tenancy.wall import within
from programme.tasks import deliver
from tests.crowd import crowd
from tests.database import own_database
from tests.performance import peer_tasks
from tests.performance.harness import Bench, Contender, Sample, Target
from tests.performance.postfix import smtp_sink, smtp_source
from tests.workers import celery_worker, worker_environment

LEADERS = 20_000
ENOUGH_FOR_THE_PEER = 500
WORKERS = 2
QUEUE = f"bench-{os.getpid()}"
PATIENCE = timedelta(minutes=3)
CPU = "µs of CPU a mail"

FILLED = ("cohorts_nudge", "cohorts_enrolment", "cohorts_membership", "cohorts_person", "cohorts_cohort")

MAKE_DUE = """
INSERT INTO cohorts_nudge
    (organisation_id, enrolment_id, step_id, "on", day, channel, state, reason, due_at, not_before)
SELECT organisation_id, id, %(step)s, current_date, 11, 'mail', 'due', '', now(), now() - interval '1 minute'
FROM cohorts_enrolment WHERE organisation_id = %(key)s ORDER BY id LIMIT %(count)s
"""


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with own_database(), smtp_sink() as port:
        organisation, step = crowd(LEADERS)
        content = _one_mail(organisation, step)
        with _workers("programme.celery", port) as ours, _workers("tests.performance.celery_peer", port) as theirs:
            yield {
                "Embed90": _timed(organisation, step, LEADERS, ours, lambda: _ranges(organisation)),
                "a Celery task per recipient": _timed(
                    organisation, step, ENOUGH_FOR_THE_PEER, theirs, lambda: _one_by_one(organisation)
                ),
                "smtp-source": lambda: _by_postfix(port, content),
            }


def _one_mail(organisation: Organisation, step: Step) -> bytes:
    with within(organisation):
        enrolment = Cohort.objects.get().enrolments.select_related("leader__person").first()
        now = timezone.now()
        nudge = sample(step=step, membership=enrolment.leader, language="en", on=now.date(), now=now)
        writer = Writer(organisation, now)
        writer.prepare([nudge])
        return writer.content(nudge)


@contextmanager
def _workers(application: str, port: int) -> Iterator[psutil.Process]:
    environment = worker_environment(port)
    queue = f"{QUEUE}-{application}"
    with celery_worker(environment, queue=queue, application=application, processes=WORKERS) as worker:
        yield psutil.Process(worker.pid)


def _ranges(organisation: Organisation) -> None:
    for organisation_ids in engine.ranges({organisation.pk: LEADERS}):
        deliver.apply_async([organisation_ids], queue=f"{QUEUE}-programme.celery")


def _one_by_one(organisation: Organisation) -> None:
    with within(organisation):
        keys = list(Nudge.objects.filter(state="due").values_list("pk", flat=True))
    for key in keys:
        peer_tasks.send.apply_async([organisation.pk, key], queue=f"{QUEUE}-tests.performance.celery_peer")


def _timed(
    organisation: Organisation, step: Step, count: int, workers: psutil.Process, hand_out: Callable[[], None]
) -> Contender:
    """Mails a second, from the first message to the queue until the last outcome is committed."""

    def measure() -> Sample:
        _make_due(organisation, step, count)
        postgres = _postgres()
        before, before_there = _cpu_seconds(workers), _cpu_seconds(postgres)
        started = time.perf_counter()
        hand_out()
        _await_outcomes(organisation, count)
        rate = count / (time.perf_counter() - started)
        facts = {
            CPU: (_cpu_seconds(workers) - before) / count * 1e6,
            "µs in PostgreSQL": (_cpu_seconds(postgres) - before_there) / count * 1e6,
            "MB a worker": max(child.memory_info().rss for child in workers.children()) / 2**20,
        }
        return Sample(rate, facts)

    return measure


def _by_postfix(port: int, content: bytes) -> Sample:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    rate = smtp_source(port, messages=LEADERS, content=content, connections=WORKERS)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Sample(rate, {CPU: seconds / LEADERS * 1e6})


def _postgres() -> psutil.Process:
    """The server under its sessions; the one this process asks is among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return psutil.Process(cursor.fetchone()[0]).parent()


def _cpu_seconds(process: psutil.Process) -> float:
    """Of this process and those it started, also those that have ended."""
    times = [each.cpu_times() for each in (process, *process.children())]
    return sum(spent.user + spent.system for spent in times) + times[0].children_user + times[0].children_system


def _make_due(organisation: Organisation, step: Step, count: int) -> None:
    with within(organisation), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cohorts_nudge WHERE organisation_id = %s", [organisation.pk])
        cursor.execute(MAKE_DUE, {"key": organisation.pk, "step": step.pk, "count": count})
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"VACUUM ANALYZE {', '.join(FILLED)}")
    connection.close()


def _await_outcomes(organisation: Organisation, count: int) -> None:
    give_up = datetime.now(UTC) + PATIENCE
    while datetime.now(UTC) < give_up:
        with within(organisation):
            open_ones = Nudge.objects.filter(state__in=["due", "sending"]).exists()
            if not open_ones and Nudge.objects.filter(state="sent").count() == count:
                return
        time.sleep(0.05)
    raise AssertionError("Not every nudge was sent.")


BENCH = Bench(
    title="20,000 nudges by mail, from due to a committed outcome, two workers",
    unit="mails/s",
    reference="a Celery task per recipient",
    contenders=contenders,
    rounds=3,
    targets=(
        Target("Embed90", "a Celery task per recipient", 10),
        Target("Embed90", "smtp-source", 0.5),
    ),
    notes=(
        "Same database, templates, broker and sink on the same two cores; the peer keeps its connections to "
        "the mail server and the database open. "
        "smtp-source sends the same mail over two connections and keeps no record.",
    ),
)
