"""Fifty people at once on the real website, and the same while PostgreSQL is killed and started again.

Two processes of eight threads, PostgreSQL of their own, a minute of Today and saving practices by locust, which takes
its share of the same cores. `LOAD_SECONDS=600 make bench ARGS=load` shows whether memory stays flat.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from cohorts.models import Enrolment
from cohorts.tenancy.wall import within
from goals.models import Practice
from programme.local.postgres import Postgres
from tests.crowd import crowd
from tests.performance.harness import Bench, Contender, Sample
from tests.website import CSRF, Website, own_postgres, point_django_at, signed_in, website

ROOT = Path(__file__).parents[2]
PEOPLE = 50
SECONDS = int(os.environ.get("LOAD_SECONDS", "60"))
SECONDS_AWAY = 2.0
KEYS_REMEMBERED = 20  # by one practice
UV = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".data/tools/uv/bin/uv")
QUIET, KILLED = "50 people", "50 people, PostgreSQL killed in the middle"


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        with own_postgres(folder / "postgres") as server:
            organisation, _step = crowd(PEOPLE)
            with within(organisation):
                leaders = list(Enrolment.objects.select_related("leader__person"))
            people = [{"enrolment": each.pk, "session": signed_in(each.leader.person)} for each in leaders]
            with website(server.url("embed90_app"), folder / "web") as site:
                yield {
                    QUIET: lambda: measure(site, server, people, organisation.pk, folder, is_killed=False),
                    KILLED: lambda: measure(site, server, people, organisation.pk, folder, is_killed=True),
                }


def measure(
    site: Website, server: Postgres, people: list[dict], organisation_id: int, folder: Path, *, is_killed: bool
) -> Sample:
    before, worked = site.megabytes(), site.processor_seconds()
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(_locust, site, people, folder / "results.json")
        if is_killed:
            time.sleep(SECONDS / 2)
            _restart(server)
        found = running.result()
    statuses = {int(status): count for status, count in found["statuses"].items()}
    return Sample(
        found["requests"] / SECONDS,
        {
            "p50 ms": found["p50"],
            "p95 ms": found["p95"],
            "503": statuses.get(503, 0),
            "errors": sum(count for status, count in statuses.items() if status not in {200, 503}),
            "saves missing": _missing(organisation_id, found["saved"]),
            "web ms a request": 1000 * (site.processor_seconds() - worked) / found["requests"],
            "MB before": before,
            "MB after": site.megabytes(),
        },
    )


def _locust(site: Website, people: list[dict], results: Path) -> dict[str, Any]:
    today = timezone.localdate()
    plan = {
        "people": people,
        "base": "/o/crowd",
        "days": [str(today - timedelta(days=back)) for back in range(4)],
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "csrf": CSRF,
        "results": str(results),
    }
    command = [UV, "run", "--quiet", "--locked", "--isolated", "--only-group", "load", "locust"]
    command += ["--locustfile", str(Path(__file__).parent / "people" / "locustfile.py"), "--headless", "--only-summary"]
    command += ["--users", str(PEOPLE), "--spawn-rate", str(PEOPLE), "--run-time", f"{SECONDS}s", "--loglevel", "ERROR"]
    command += ["--host", f"http://127.0.0.1:{site.port}", "--exit-code-on-error", "0"]
    environment = {**os.environ, "LOAD_PLAN": json.dumps(plan)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return json.loads(results.read_text())


def _restart(server: Postgres) -> None:
    """From the main thread: a server ends with the thread that started it."""
    server.kill()
    time.sleep(SECONDS_AWAY)
    server.start()
    point_django_at(server)


def _missing(organisation_id: int, saved: list[tuple[int, str, str]]) -> int:
    """Acknowledged saves that no row remembers; a practice knows the last keys that spoke about its day."""
    acknowledged: dict[tuple[int, str], list[UUID]] = defaultdict(list)
    for enrolment, on, key in saved:
        acknowledged[enrolment, on].append(UUID(key))
    with within(organisation_id):
        rows = {(each.enrolment_id, str(each.on)): each for each in Practice.objects.all()}
    known = {day: {row.key, *map(UUID, row.earlier_keys)} for day, row in rows.items()}
    return sum(len(set(keys[-KEYS_REMEMBERED:]) - known.get(day, set())) for day, keys in acknowledged.items())


BENCH = Bench(
    title="Fifty people on Today, saving practices",
    unit="requests a second",
    reference=QUIET,
    contenders=contenders,
    rounds=1,
    warms_up=False,
    notes=(
        f"{SECONDS} s each; locust runs on the same cores. A 503 says that the text is safe, and it is sent again.",
    ),
)
