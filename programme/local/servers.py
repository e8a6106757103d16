"""Embedded PostgreSQL, Valkey and mail catcher: `with local_servers() as environment: …`.

Commands share them: the first one starts them, the last one stops them.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from programme.local.data_directory import PROJECT, DataDirectory
from programme.local.errors import LocalError
from programme.local.keeper import READY, STAY
from programme.local.mail_catcher import MailCatcher
from programme.local.postgres import Postgres
from programme.local.processes import wait_for
from programme.local.valkey import Valkey

NEEDED = (
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
)  # required with DATABASE_URL
SECONDS_TO_STOP = 60
SECONDS_TO_LOOK = 0.2


def default_data_directory() -> str:
    return os.environ.get("DATA_DIR", ".data")


@contextmanager
def local_servers(
    data_dir: str | Path | None = None,
    *,
    given: Mapping[str, str] | None = None,
    durable: bool = True,
) -> Iterator[dict[str, str]]:
    """Yield the environment variables that settings read. Starts nothing if `given` has DATABASE_URL."""
    given = os.environ if given is None else given
    if given.get("DATABASE_URL"):
        if missing := [name for name in NEEDED if not given.get(name)]:
            raise LocalError(f"DATABASE_URL is set, so nothing is started here; set {', '.join(missing)}, too.")
        yield dict(given)
        return
    data = DataDirectory.at(data_dir or default_data_directory())
    data.close()
    with using_servers(data, durable=durable):
        yield environment(data) | _without_catcher(given) | dict(given) | {"DATA_DIR": str(data.path)}


def environment(data: DataDirectory) -> dict[str, str]:
    postgres, catcher = Postgres(data), MailCatcher(data)
    return {
        "DATABASE_URL": postgres.url("embed90_app"),
        "DATABASE_OWNER_URL": postgres.url("embed90_owner"),
        "DATABASE_BACKUP_URL": postgres.url("embed90_backup"),
        "REDIS_URL": Valkey(data).url(),
        "EMAIL_URL": catcher.smtp_url(),
        "MAILBOX_URL": catcher.page_url(),
        "CATCH_MAIL": "1",
        "SECRET_KEY": data.secret("SECRET_KEY"),
        "DATA_DIR": str(data.path),
    }


def _without_catcher(given: Mapping[str, str]) -> dict[str, str]:
    """With a mail server of its own, an installation has no mailbox to show."""
    return {"MAILBOX_URL": "", "CATCH_MAIL": "0"} if given.get("EMAIL_URL") else {}


@contextmanager
def using_servers(data: DataDirectory, *, durable: bool = True) -> Iterator[None]:
    """Keep the servers running for this block; waits on `users` while an earlier keeper is still stopping."""
    with _afterwards(data), ExitStack() as use:
        with data.lock("start"):
            use.enter_context(data.lock("users", shared=True))
            if not is_running(data):
                _start_keeper(data, durable=durable)
        yield


@contextmanager
def _afterwards(data: DataDirectory) -> Iterator[None]:
    """The last user waits until the servers have stopped. If a user is killed, the keeper notices."""
    try:
        yield
    finally:
        if not (data.path / STAY).exists():
            _stop_unless_used(data)


def start(data: DataDirectory) -> None:
    """Start the servers and leave them running."""
    data.close()
    with using_servers(data):
        (data.path / STAY).touch()


def stop(data: DataDirectory) -> bool:
    """Stop the servers; false if another command still uses them and will stop them when it ends."""
    (data.path / STAY).unlink(missing_ok=True)
    return _stop_unless_used(data)


def stop_now(data: DataDirectory) -> None:
    """Stop the servers even if they are in use."""
    (data.path / STAY).unlink(missing_ok=True)
    if data.is_held("keeper"):
        with suppress(ProcessLookupError):
            os.kill(int((data.path / "keeper.pid").read_text()), signal.SIGTERM)
    if not wait_for(lambda: not data.is_held("keeper"), SECONDS_TO_STOP):
        raise LocalError(f"The servers of {data.path} did not stop; their logs are in {data.path / 'log'}.")


def is_running(data: DataDirectory) -> bool:
    return data.is_held("serving")


def _stop_unless_used(data: DataDirectory) -> bool:
    """Stop unless in use. Holding the lock `start` keeps new users out meanwhile."""
    with data.lock("start"):
        in_use = not wait_for(lambda: not _is_used(data), SECONDS_TO_LOOK)
        if in_use and not data.is_held("users"):
            return False
        stop_now(data)
        return True


def _is_used(data: DataDirectory) -> bool:
    """Also true while the keeper itself holds `users`: briefly now and then, and once it is stopping."""
    with data.try_lock("users") as nobody:
        return not nobody


def _start_keeper(data: DataDirectory, *, durable: bool) -> None:
    readable, writable = os.pipe()
    command = [sys.executable, "-m", "programme.local.keeper", str(data.path), str(writable)]
    with data.log("keeper").open("ab") as output, os.fdopen(readable) as ready:
        subprocess.Popen(
            command if durable else [*command, "--forgetful"],
            cwd=PROJECT,
            pass_fds=[writable],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        os.close(writable)
        said = ready.read()
    if said != READY:
        raise LocalError(said or f"The servers did not start; see {data.path / 'log' / 'keeper.log'}.")
