"""The process that owns the embedded servers: `python -m programme.local.keeper`.

Started by `servers.py`, never by hand. It keeps the servers for as long as somebody holds the lock `users`, or until
`stop` when the file `stay` asks it to remain. The kernel lets go of a killed user's lock and tells the servers of a
killed keeper, so nothing is left behind whoever dies, and however.
"""

import os
import signal
import sys
import time
from pathlib import Path

from programme.local.data_directory import DataDirectory
from programme.local.errors import LocalError
from programme.local.mail_catcher import MailCatcher
from programme.local.postgres import Postgres
from programme.local.valkey import Valkey

Server = Postgres | Valkey | MailCatcher
READY = "ready"
STAY = "stay"
GLANCE = 0.2  # seconds between two looks at users and servers


class Asked(Exception):
    """A signal asked the keeper to end."""


def main() -> None:
    data, ready = DataDirectory(Path(sys.argv[1])), os.fdopen(int(sys.argv[2]), "w")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _end)
    with data.lock("keeper"):
        (data.path / "keeper.pid").write_text(str(os.getpid()))
        catcher = MailCatcher(data)
        servers: list[Server] = [Postgres(data, durable="--forgetful" not in sys.argv), Valkey(data), catcher]
        try:
            for server in reversed(servers):  # the catcher first: it gets ready while the others start
                server.start()
            catcher.wait_until_ready()
            with ready:
                ready.write(READY)
            _keep(data, servers)
        except LocalError as error:
            with ready:
                ready.write(str(error))
        except Asked:
            pass
        finally:
            for server in reversed(servers):
                server.stop()


def _keep(data: DataDirectory, servers: list[Server]) -> None:
    """Returns, still holding `users`, when nobody needs the servers; a newcomer then waits for us to end."""
    while True:
        for server in servers:
            if not server.is_running():
                print(f"{type(server).__name__} ended by itself; stopping.", flush=True)
                return
        with data.try_lock("users") as nobody_needs_us:
            if nobody_needs_us and not (data.path / STAY).exists():
                for server in reversed(servers):
                    server.stop()
                return
        time.sleep(GLANCE)


def _end(number: int, frame: object) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise Asked


if __name__ == "__main__":
    main()
