"""The process that owns the embedded servers: `python -m programme.local.keeper`.

Started by `servers.py` only. It keeps the servers running while a process holds the lock `users`, or until `stop` if
the file `stay` exists. The kernel releases a killed user's lock and signals the servers of a killed keeper, so no
server outlives the processes that need it.
"""

import os
import signal
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from programme.local.data_directory import DataDirectory
from programme.local.errors import LocalError
from programme.local.mail_catcher import MailCatcher
from programme.local.postgres import Postgres
from programme.local.valkey import Valkey
from programme.private_files import keep_to_ourselves

Server = Postgres | Valkey | MailCatcher
READY = "ready"
STAY = "stay"
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
GLANCE = 0.2  # seconds between checks of users and servers


class Asked(Exception):
    """Raised by the signal that ends the keeper."""


def main() -> None:
    keep_to_ourselves()
    data, answer = DataDirectory(Path(sys.argv[1])), os.fdopen(int(sys.argv[2]), "w")
    for number in SIGNALS:
        signal.signal(number, _end)
    catcher = MailCatcher(data)
    servers: list[Server] = [Postgres(data, durable="--forgetful" not in sys.argv), Valkey(data), catcher]
    with data.lock("keeper"):  # waits for an earlier keeper that is still stopping
        (data.path / "keeper.pid").write_text(str(os.getpid()))
        try:
            for server in reversed(servers):  # first, so that it gets ready while the others start
                server.start()
            catcher.wait_until_ready()
            _serve(data, servers, answer)
        except LocalError as error:
            _tell(answer, str(error))
        except Asked:
            pass
        finally:
            _let_nobody_interrupt()
            _stop(servers)


def _serve(data: DataDirectory, servers: list[Server], answer: IO[str]) -> None:
    with ExitStack() as serving:
        serving.enter_context(data.lock("serving"))
        _tell(answer, READY)
        _keep(data, servers, serving)


def _tell(starter: IO[str], words: str) -> None:
    """Report to the process that started this one, which may have ended meanwhile."""
    with suppress(BrokenPipeError), starter:
        starter.write(words)


def _keep(data: DataDirectory, servers: list[Server], serving: ExitStack) -> None:
    """Return when no process needs the servers, or one of them has ended."""
    while all(server.is_running() for server in servers):
        with data.try_lock("users") as nobody_needs_us:
            if nobody_needs_us and not (data.path / STAY).exists():
                _let_nobody_interrupt()
                serving.close()  # while holding `users`: a new process waits, finds no keeper and starts one
                _stop(servers)
                return
        time.sleep(GLANCE)
    ended = [type(server).__name__ for server in servers if not server.is_running()]
    print(f"{' and '.join(ended)} ended by itself, so all are stopped.", flush=True)


def _stop(servers: list[Server]) -> None:
    for server in servers:
        server.stop()


def _end(number: int, frame: object) -> None:
    _let_nobody_interrupt()
    raise Asked


def _let_nobody_interrupt() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    main()
