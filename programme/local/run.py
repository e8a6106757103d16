"""`make run`: servers, web, worker, beat and mailbox on this machine, until Ctrl-C."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from dotenv import load_dotenv

from programme.local.data_directory import LOOPBACK, PROJECT, DataDirectory
from programme.local.errors import LocalError
from programme.local.processes import ORDERLY_STOP, end, launch, wait_for
from programme.local.programs import Program, programs, python
from programme.local.servers import default_data_directory, is_running, local_servers
from programme.private_files import keep_to_ourselves

USUAL_PORT = 8090
SECONDS_TO_START = 60
PATIENCE = 10  # seconds
GLANCE = 0.3  # seconds between checks of the programs


class Asked(Exception):
    """Raised by Ctrl-C and SIGTERM."""


def main() -> int:
    keep_to_ourselves()
    load_dotenv(PROJECT / ".env")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ask)
    try:
        data = DataDirectory.at(default_data_directory())
        with data.try_lock("run") as nobody_else_runs:
            if not nobody_else_runs:
                return _point_to_the_other(data)
            run(data)
    except Asked:
        print("Everything is stopped.")
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def run(data: DataDirectory) -> None:
    """Run until a program ends, which is an error, or a signal raises `Asked`."""
    (data.path / "run.json").unlink(missing_ok=True)
    _say("Starting PostgreSQL, Valkey and the mail catcher")
    with local_servers(data.path) as given:
        wanted = data.port("web") or USUAL_PORT
        listener = data.listener("web", USUAL_PORT)
        port = listener.getsockname()[1]
        if port != wanted:
            print(f"Port {wanted} is taken by another program; this one uses {port}.", flush=True)
        environment = _environment(given, port)
        _prepare(data, environment)
        running = programs(environment, listener=listener)
        with listener, _running(running):
            people = _demo_people(environment)  # while the others start
            _wait_for_web(f"http://{LOOPBACK}:{port}/health/", running)
            _wait_for_words(running)
            _introduce(data, environment, people)
            _watch(running, data, embedded="DATABASE_URL" not in os.environ)


def _environment(given: Mapping[str, str], port: int) -> dict[str, str]:
    """Environment variables for this machine; those already set win."""
    address = f"http://{LOOPBACK}:{port}"
    return {"DEMO": "1", "BASE_URL": address, "PYTHONUNBUFFERED": "1", **given}


def _prepare(data: DataDirectory, environment: Mapping[str, str]) -> None:
    """Run each preparation step, which takes seconds, only if its inputs changed. Check the demo every time."""
    owner = {**environment, "DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    migrations = ["uv.lock", "*/migrations/*.py", "cohorts/tenancy/grants.py"]
    with _when_changed(data, "migrations", migrations, always="DATABASE_URL" in os.environ) as changed:
        if changed:
            _manage("Bringing the database up to date", ["migrate", "--verbosity=0"], owner)
    with _when_changed(data, "translations", ["*/locale/*/LC_MESSAGES/*"]) as changed:
        if changed:
            _manage("Compiling translations", ["compile_translations"], environment)
    with _when_changed(data, "static", ["uv.lock", "static/**/*"]) as changed:
        if changed:
            _manage("Collecting static files", ["collectstatic", "--noinput", "--clear", "--verbosity=0"], environment)
    if _is_demo(environment):
        quiet = {"LOG_LEVEL": "WARNING", **environment}  # three months write a thousand lines to the log
        _manage("Preparing the demo organisations", ["seed_demo"], quiet, shown=True)


@contextmanager
def _when_changed(data: DataDirectory, name: str, patterns: list[str], *, always: bool = False) -> Iterator[bool]:
    """Yield whether these files changed since the block last succeeded; an edit during the block counts next time."""
    marker, found = data.path / f"{name}.fingerprint", _fingerprint(patterns)
    changed = always or not marker.exists() or marker.read_text() != found
    yield changed
    if changed:
        marker.write_text(found)


def _fingerprint(patterns: list[str]) -> str:
    seen = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in PROJECT.glob(pattern)}):
        status = path.stat()
        seen.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _is_demo(environment: Mapping[str, str]) -> bool:
    return environment["DEMO"].lower() not in {"0", "false", "no", "off", ""}


def _manage(sentence: str, command: list[str], environment: Mapping[str, str], *, shown: bool = False) -> None:
    """Run one manage.py command; the output of a quiet one is shown only if it fails."""
    _say(sentence)
    output = None if shown else subprocess.PIPE
    child = launch(
        python("manage.py", *command),
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = child.communicate()
    except Asked:
        end(child, ORDERLY_STOP)
        raise
    if child.returncode:
        raise LocalError(f"{said or ''}manage.py {command[0]} failed, so nothing was started.")


@contextmanager
def _running(started: list[Program]) -> Iterator[None]:
    try:
        for program in started:
            program.start()
        yield
    finally:
        print("\nStopping…", flush=True)
        for program in reversed(started):
            if hasattr(program, "process"):
                program.stop()


def _wait_for_web(address: str, running: list[Program]) -> None:
    def answers() -> bool:
        try:
            urllib.request.urlopen(address, timeout=10).close()
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            return False
        return True

    answered = wait_for(lambda: _ended(running) is not None or answers(), SECONDS_TO_START)
    _require_all(running)
    if not answered:
        raise LocalError(f"The web server does not answer at {address}; its lines above say why.")


def _wait_for_words(running: list[Program]) -> None:
    """Wait for the ready messages so that the address is printed last; not for long, since LOG_LEVEL may hide them."""
    waiting = [program for program in running if program.ready_when]
    wait_for(lambda: all(program.has_said_so.is_set() for program in waiting) or _ended(running) is not None, PATIENCE)
    _require_all(running)


def _demo_people(environment: Mapping[str, str]) -> str:
    if not _is_demo(environment):
        return ""
    command = python("manage.py", "demo_people")
    return subprocess.run(
        command, cwd=PROJECT, env=environment, check=False, text=True, stdout=subprocess.PIPE, start_new_session=True
    ).stdout


def _introduce(data: DataDirectory, environment: Mapping[str, str], people: str) -> None:
    (data.path / "run.json").write_text(json.dumps({"address": environment["BASE_URL"]}))
    lines = [f"\nEmbed90 runs at {environment['BASE_URL']}"]
    if mailbox := environment.get("MAILBOX_URL"):
        lines.append(f"Its mail, with the sign-in codes, is at {mailbox}")
    print("\n".join([*lines, people, "Ctrl-C stops everything."]), flush=True)


def _watch(running: list[Program], data: DataDirectory, *, embedded: bool) -> None:
    """Return when any program ends: nothing is restarted silently."""
    while True:
        _require_all(running)
        if embedded and not is_running(data):
            raise LocalError(f"A server ended by itself; see {data.path / 'log'}. Everything was stopped.")
        time.sleep(GLANCE)


def _require_all(running: list[Program]) -> None:
    if program := _ended(running):
        status = program.process.returncode
        raise LocalError(f"{program.name} ended by itself (status {status}), so everything was stopped.")


def _ended(running: list[Program]) -> Program | None:
    return next((program for program in running if program.has_ended()), None)


def _point_to_the_other(data: DataDirectory) -> int:
    try:
        address = json.loads((data.path / "run.json").read_text())["address"]
    except FileNotFoundError:
        print("Embed90 is already starting in another terminal.")
    else:
        print(f"Embed90 already runs at {address}")
    return 0


def _say(sentence: str) -> None:
    print(f"{sentence} …", flush=True)


def _ask(number: int, frame: object) -> None:
    """Handle the signal once: a second Ctrl-C during the stop is ignored."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Asked


if __name__ == "__main__":
    sys.exit(main())
