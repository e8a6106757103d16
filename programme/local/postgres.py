"""An embedded PostgreSQL on the loopback address. Starting is safe after any crash."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from programme.local.cluster import Cluster, client
from programme.local.data_directory import LOOPBACK, DataDirectory
from programme.local.errors import LocalError
from programme.local.processes import end, launch, wait_for

ROLES = Path(__file__).with_name("roles.sql")
SECONDS_TO_START = 120  # seconds; crash recovery may take long
SECONDS_FOR_OLD_SESSIONS = 60  # seconds; sessions of a killed server end with their statement
PORT_TAKEN = "could not create any TCP/IP sockets"
OLD_SESSIONS = "pre-existing shared memory block"
FAST_SHUTDOWN = [(signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)]
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "jit": "off",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """The database server of one data directory.

    `durable=False` trades surviving a power cut for speed: for test databases. `settings` are added to ours.
    """

    def __init__(self, data: DataDirectory, *, durable: bool = True, settings: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.settings = (SETTINGS if durable else SETTINGS | FORGETFUL) | dict(settings or {})
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers.

        Tried again when another process took the port between the check and PostgreSQL's start, and while sessions of
        a server that was killed still work: PostgreSQL refuses to share its memory with them.
        """
        cluster = Cluster(self.data)
        ports_left, deadline = 2, time.monotonic() + SECONDS_FOR_OLD_SESSIONS
        while (refusal := self._launch(cluster, self.data.free_port("postgres"))) is not None:
            if PORT_TAKEN in refusal and ports_left:
                ports_left -= 1
            elif OLD_SESSIONS in refusal and time.monotonic() < deadline:
                time.sleep(0.2)
            else:
                raise LocalError(
                    f"PostgreSQL did not start. The end of {self.data.log('postgres')}:\n{refusal[-2000:]}"
                )
        self._ensure_roles()

    def stop(self) -> None:
        if self.process:
            end(self.process, FAST_SHUTDOWN)

    def kill(self) -> None:
        """Kill it like a power cut, for tests of what survives."""
        if self.process:
            end(self.process, [(signal.SIGKILL, 10.0)])

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def url(self, role: str, database: str = "embed90") -> str:
        password = self.data.secret(role)
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self.data.port('postgres')}/{database}"

    def _launch(self, cluster: Cluster, port: int) -> str | None:
        """None when the server is ready; otherwise what it wrote before it ended or was given up."""
        options = [f"-c{name}={value}" for name, value in (self.settings | {"port": str(port)}).items()]
        log = self.data.log("postgres")
        name, place = cluster.at(cluster.directory)
        with log.open("ab") as output:
            start_of_log = output.tell()
            self.process = launch(
                [cluster.program("postgres"), "-D", name, *options],
                death_signal=signal.SIGINT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **place,
            )
        wait_for(lambda: self._is_ready(cluster) or not self.is_running(), SECONDS_TO_START)
        if self._is_ready(cluster):
            return None
        self.stop()
        return log.read_bytes()[start_of_log:].decode(errors="replace")

    def _is_ready(self, cluster: Cluster) -> bool:
        """The eighth line of postmaster.pid says whether the server is ready."""
        lines = cluster.status()
        return self.process is not None and lines[:1] == [str(self.process.pid)] and lines[7:8] == ["ready   "]

    def _ensure_roles(self) -> None:
        roles = ("owner", "app", "backup")
        passwords = {f"{role.upper()}_PASSWORD": self.data.secret(f"embed90_{role}") for role in roles}
        done = subprocess.run(
            [client("psql"), "--no-psqlrc", f"--file={ROLES}", self.url("postgres", "postgres")],
            env=passwords | {"PATH": os.environ.get("PATH", "")},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            self.stop()
            raise LocalError(f"The roles of the database could not be made: {done.stderr.strip()}")
