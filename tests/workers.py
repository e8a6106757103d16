"""Real Celery workers in processes of their own, on the database and mail server of the test that starts them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection

from programme.local.processes import wait_for

ROOT = Path(__file__).parent.parent
SECONDS_TO_END = 60


def worker_environment(smtp_port: int, **more: str) -> dict[str, str]:
    """What a worker needs to see what we see."""
    address = os.environ["DATABASE_OWNER_URL"].rpartition("/")[0]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_PREPARED": "false",
        "DATABASE_OWNER_URL": f"{address}/{connection.settings_dict['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "TEST_QUEUE": settings.CELERY_TASK_DEFAULT_QUEUE,
        "TEST_FOLDER": settings.DATA_DIR.name,
        "BASE_URL": settings.BASE_URL,
        "LOG_LEVEL": "ERROR",
        **more,
    }


@contextmanager
def celery_worker(
    environment: Mapping[str, str],
    *,
    queue: str,
    application: str = "programme.celery",
    processes: int = 2,
    log: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with its pool, in a process group of its own; it is gone afterwards, however it ended.

    What it says goes into `log`.
    """
    command = ["-A", application, "worker", "-c", str(processes), "-Q", queue]
    with _celery([*command, "--without-gossip", "--without-mingle", "-l", "ERROR"], environment, log) as process:
        yield process


@contextmanager
def celery_beat(environment: Mapping[str, str], *, application: str) -> Iterator[subprocess.Popen[bytes]]:
    with _celery(["-A", application, "beat", "--pidfile=", "-l", "ERROR"], environment, None) as process:
        yield process


@contextmanager
def _celery(
    arguments: list[str], environment: Mapping[str, str], log: Path | None
) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "celery", *arguments]
    with ExitStack() as stack:
        output = None if log is None else stack.enter_context(log.open("ab"))
        process = stack.enter_context(
            subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, stdout=output, stderr=output)
        )
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)
            end_group(process.pid)


def end_group(leader: int) -> None:
    """Kill every process of this group, and wait until none is left: a child may outlive the one that started it."""

    def members() -> list[psutil.Process]:
        return [each for each in psutil.process_iter(["status"]) if _group(each.pid) == leader and not _is_dead(each)]

    for each in members():
        with suppress(psutil.NoSuchProcess):
            each.kill()
    assert wait_for(lambda: not members(), SECONDS_TO_END), f"{members()} cannot be killed"


def _group(process: int) -> int | None:
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return None


def _is_dead(process: psutil.Process) -> bool:
    return process.info["status"] == psutil.STATUS_ZOMBIE  # waits for its parent to ask how it ended
