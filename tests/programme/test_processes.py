"""What the long-running processes load and how they connect. Each is looked at in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from socket import socket

import pytest
from ruamel.yaml import YAML

from cohorts.access import account_mail_sending
from programme.local.programs import gunicorn, programs
from tests.settings import BASE_DIR

MAIL_THREADS = account_mail_sending._background._max_workers


def said_by(script: str, environment: Mapping[str, str] = {}) -> str:
    command = [sys.executable, "-c", script]
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "programme.settings", **environment}
    done = subprocess.run(command, cwd=BASE_DIR, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_beat_has_the_schedule_and_loads_no_app() -> None:
    script = """
import sys
from programme.beat import app
from programme.schedule import SCHEDULE
app.loader.init_worker()  # as beat does before it starts
assert app.conf.beat_schedule == SCHEDULE
assert app.conf.broker_url
print([name for name in sys.modules if re.match(r"(cohorts|goals|allauth|weasyprint|programme\\.tasks)\\b", name)])
"""

    assert said_by(f"import re{script}") == "[]"


def test_beat_is_started_as_the_light_application() -> None:
    with socket() as listener:
        (beat,) = [each for each in programs({}, listener=listener) if each.name == "beat"]

    assert "--app=programme.beat" in beat.command
    assert re.search(r"--app=programme\.beat, beat,", Path(BASE_DIR / "docker-compose.yml").read_text())


PUBLISH = """
from kombu import Connection
from programme.beat import app
app.send_task("tick", connection=Connection("memory://"))
"""


def test_the_file_of_beat_is_touched_with_a_message_and_its_age_is_its_health(tmp_path: Path) -> None:
    file = tmp_path / "beat"
    beat = YAML(typ="safe").load((BASE_DIR / "docker-compose.yml").read_text())["services"]["beat"]
    script = beat["healthcheck"]["test"][-1]

    def is_well() -> bool:
        environment = {**os.environ, "BEAT_FILE": str(file)}
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=False)
        return done.returncode == 0

    assert not is_well()
    said_by(PUBLISH, {"BEAT_FILE": str(file)})
    assert is_well()
    os.utime(file, (0, 0))
    assert not is_well()


def test_the_pool_of_web_has_a_connection_for_each_thread() -> None:
    threads = [int(each.removeprefix("--threads=")) for each in gunicorn(workers=1) if each.startswith("--threads=")]
    script = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['pool']['max_size'])"

    assert int(said_by(script, {"DATABASE_POOL": "true"})) == threads[0] + MAIL_THREADS


PREPARED = """
import django
django.setup()
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    for number in range(5):
        cursor.execute("SELECT %s::int AS repeated", [number])
    cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'AS repeated'")
    print(cursor.fetchone()[0])
"""


@pytest.mark.parametrize(
    ("environment", "prepared"),
    [
        ({"DATABASE_POOL": "true"}, "1"),
        ({"DATABASE_POOL": "true", "DATABASE_PREPARED": "false"}, "0"),
        ({}, "0"),
    ],
    ids=["web", "web behind an old pgbouncer", "worker"],
)
def test_web_prepares_what_it_repeats_unless_told_not_to(environment: Mapping[str, str], prepared: str) -> None:
    assert said_by(PREPARED, environment) == prepared
