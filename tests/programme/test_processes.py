"""What the long-running processes load and how they connect. Each is looked at in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from socket import socket

import pytest

from programme.local.programs import programs
from tests.settings import BASE_DIR


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
        (beat,) = [each for each in programs({}, listener=listener, data_dir="x") if each.name == "beat"]

    assert "--app=programme.beat" in beat.command
    assert re.search(r"--app=programme\.beat, beat,", Path(BASE_DIR / "docker-compose.yml").read_text())


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
