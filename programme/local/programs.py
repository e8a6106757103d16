"""The long-running programs of `make run`, and how each is started."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from socket import socket
from typing import IO

from programme.local.data_directory import PROJECT
from programme.local.processes import end, launch

GRACE = [(signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0)]  # a worker finishes the range it sends
ROOT_WARNING = "You're running the worker with superuser privileges"  # both accept JSON only, no pickles
_one_line_at_a_time = threading.Lock()


@dataclass
class Program:
    """A long-running command whose output lines are prefixed with its name."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_when: str = ""  # what it prints when ready; empty if readiness is checked another way
    inherits: list[int] = field(default_factory=list)  # open files it goes on with
    has_said_so: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start it in its own session, so that Ctrl-C reaches only `make run`, which stops all in order."""
        self.process: subprocess.Popen[str] = launch(
            self.command,
            death_signal=signal.SIGKILL,  # the servers end with us, and a worker stopped gently would wait for them
            cwd=PROJECT,
            env=self.environment,
            pass_fds=self.inherits,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        assert self.process.stdout
        threading.Thread(target=self._print, args=[self.process.stdout], daemon=True).start()

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self) -> None:
        end(self.process, GRACE)

    def _print(self, output: IO[str]) -> None:
        for line in output:
            if self.ready_when and self.ready_when in line:
                self.has_said_so.set()
            with _one_line_at_a_time:
                print(f"{self.name:>6} | {line}", end="", flush=True)


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def celery(application: str, program: str, *arguments: str) -> list[str]:
    return python("-m", "celery", f"--app={application}", "--quiet", program, "--loglevel=WARNING", *arguments)


def gunicorn(*, workers: int) -> list[str]:
    """The web server, as compose starts it, too; where it listens is still to be said."""
    command = python("-m", "gunicorn", "programme.wsgi:application", "--log-level=warning", "--worker-class=gthread")
    command += [f"--workers={workers}", "--threads=8", "--graceful-timeout=5", "--no-control-socket"]
    return [*command, "--forwarder-headers="]  # no header of a visitor moves the site to another path


def programs(environment: Mapping[str, str], *, listener: socket) -> list[Program]:
    """The programs in starting order; they stop in reverse. `listener` is where the web server answers."""
    cores = os.cpu_count() or 1
    calm = {**environment, "PYTHONWARNINGS": f"ignore:{ROOT_WARNING}"}
    worker = celery("programme.celery", "worker", f"--concurrency={cores}", "--without-gossip", "--without-mingle")
    beat = celery("programme.beat", "beat", "--pidfile=")
    web = [*gunicorn(workers=cores), f"--bind=fd://{listener.fileno()}"]
    return [
        Program("worker", worker, calm, ready_when="ready."),
        Program("beat", beat, calm, ready_when="beat: Starting"),
        Program("web", web, {**environment, "DATABASE_POOL": "true"}, inherits=[listener.fileno()]),
    ]
