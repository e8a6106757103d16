"""From a due nudge to a durable outcome: claim, write a personal mail, hand it to a mail server, commit."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from django.db import connection
from django.utils import timezone

from cohorts.mails import Writer, sample
from cohorts.models import Cohort, Nudge, Organisation, Step
from cohorts.tenancy import within
from programme import clockwork
from programme.tasks import deliver
from tests import factories as make
from tests.database import own_database
from tests.performance import celery_peer
from tests.performance.harness import Bench, Contender, Sample, Target
from tests.performance.postfix import smtp_sink, smtp_source

ROOT = Path(__file__).parents[2]
LEADERS = 20_000
ENOUGH_FOR_THE_PEER = 2_000
WORKERS = 2
QUEUE = f"bench-{os.getpid()}"
PATIENCE = timedelta(minutes=3)

ENROL = """
WITH people AS (
    INSERT INTO cohorts_person (email, language, theme, is_active, joined_at, password)
    SELECT 'leader' || n || '@bench.test', 'en', 'auto', true, now(), '!' FROM generate_series(1, %(leaders)s) AS n
    RETURNING id
), members AS (
    INSERT INTO cohorts_membership (organisation_id, person_id, name, roles, zone, digest_hour, digest_weekday,
        digest_on, link_version)
    SELECT %(key)s, id, 'Åse Number ' || id, '{leader}', 'Europe/Oslo', '08:00', 1, true, 1 FROM people RETURNING id
)
INSERT INTO cohorts_enrolment (organisation_id, cohort_id, leader_id, day1_on, zone, nudge_hour, working_days,
    channels, cadence)
SELECT %(key)s, %(cohort)s, id, current_date - 10, 'Europe/Oslo', '09:00', '{1,2,3,4,5,6,7}', '{app,mail}', 2
FROM members
"""
MAKE_DUE = """
INSERT INTO cohorts_nudge (organisation_id, enrolment_id, step_id, "on", day, channel, state, reason, due_at, not_before)
SELECT organisation_id, id, %(step)s, current_date, 11, 'mail', 'due', '', now(), now() - interval '1 minute'
FROM cohorts_enrolment WHERE organisation_id = %(key)s ORDER BY id LIMIT %(count)s
"""


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with own_database() as database, smtp_sink() as port:
        organisation, step = populate()
        content = _one_mail(organisation, step)
        environment = _environment(database, port)
        with (
            _workers("programme.celery", environment) as ours,
            _workers("tests.performance.celery_peer", environment) as theirs,
        ):
            yield {
                "Embed90": _timed(organisation, step, LEADERS, ours, lambda: _ranges(organisation)),
                "a Celery task per recipient": _timed(
                    organisation, step, ENOUGH_FOR_THE_PEER, theirs, lambda: _one_by_one(organisation)
                ),
                "smtp-source": lambda: smtp_source(port, messages=LEADERS, content=content, connections=WORKERS),
            }


def populate() -> tuple[Organisation, Step]:
    """One organisation with twenty thousand leaders, whose clocks all wait for tomorrow."""
    organisation = make.OrganisationFactory(slug="bench", quiet_from="00:00", quiet_until="00:00")
    with within(organisation), connection.cursor() as cursor:
        version = make.CurriculumVersionFactory()
        step = make.StepFactory(version=version, day=11, text=_text())
        cohort = make.CohortFactory(version=version)
        arguments = {"key": organisation.pk, "cohort": cohort.pk, "leaders": LEADERS}
        cursor.execute(ENROL, arguments)
    return organisation, step


def _text() -> dict[str, dict[str, str]]:
    sentence = "Six kilobytes is what a nudge weighs with both of its parts. "
    return {
        "en": {
            "title": "One good question before the shift",
            "why": sentence * 4,
            "practice": sentence * 3,
            "question": sentence,
        }
    }


def _one_mail(organisation: Organisation, step: Step) -> bytes:
    with within(organisation):
        enrolment = Cohort.objects.get().enrolments.select_related("leader__person").first()
        now = timezone.now()
        nudge = sample(step=step, membership=enrolment.leader, language="en", on=now.date(), now=now)
        writer = Writer(organisation, now)
        writer.prepare([nudge])
        return writer.content(nudge)


def _environment(database: str, port: int) -> dict[str, str]:
    address = os.environ["DATABASE_OWNER_URL"].rpartition("/")[0]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_OWNER_URL": f"{address}/{database}",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "LOG_LEVEL": "ERROR",
    }


@contextmanager
def _workers(application: str, environment: Mapping[str, str]) -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "celery", "-A", application, "worker", "-c", str(WORKERS)]
    command += ["-Q", f"{QUEUE}-{application}", "--without-gossip", "--without-mingle", "-l", "ERROR"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


def _ranges(organisation: Organisation) -> None:
    for organisation_ids in clockwork.ranges({organisation.pk: LEADERS}):
        deliver.apply_async([organisation_ids], queue=f"{QUEUE}-programme.celery")


def _one_by_one(organisation: Organisation) -> None:
    with within(organisation):
        keys = list(Nudge.objects.filter(state="due").values_list("pk", flat=True))
    for key in keys:
        celery_peer.send.apply_async([organisation.pk, key], queue=f"{QUEUE}-tests.performance.celery_peer")


def _timed(
    organisation: Organisation, step: Step, count: int, workers: psutil.Process, hand_out: Callable[[], None]
) -> Contender:
    """Mails a second, from the first message to the queue until the last outcome is committed."""

    def measure() -> Sample:
        _make_due(organisation, step, count)
        started = time.perf_counter()
        hand_out()
        _await_outcomes(organisation, count)
        rate = count / (time.perf_counter() - started)
        return Sample(rate, {"MB a worker": max(child.memory_info().rss for child in workers.children()) / 2**20})

    return measure


def _make_due(organisation: Organisation, step: Step, count: int) -> None:
    with within(organisation), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cohorts_nudge WHERE organisation_id = %s", [organisation.pk])
        cursor.execute(MAKE_DUE, {"key": organisation.pk, "step": step.pk, "count": count})
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("VACUUM ANALYZE cohorts_nudge")
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
        "Same database, templates, broker and sink on the same two cores; the peer keeps its SMTP connection open. "
        "smtp-source sends the same mail over two connections and keeps no record.",
    ),
)
