"""The folder of the embedded servers: data, ports, passwords, locks and logs."""

import fcntl
import json
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from programme.local.errors import LocalError
from programme.private_files import close_folder, keep_to_ourselves

PROJECT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
MAX_LOG_BYTES = 10_000_000  # the previous log is kept as .1


@dataclass(frozen=True)
class DataDirectory:
    """`.data/`, or the folder named by DATA_DIR, with absolute paths."""

    path: Path

    @classmethod
    def at(cls, path: str | Path) -> "DataDirectory":
        folder = Path(path)
        folder = folder if folder.is_absolute() else PROJECT / folder
        try:
            for each in (folder, folder / "log"):
                each.mkdir(mode=0o700, parents=True, exist_ok=True)
        except PermissionError as error:
            raise LocalError(f"{folder} cannot be written; it may belong to another user.") from error
        return cls(folder.resolve())

    def close(self) -> None:
        """Close what others could read. Every start does, since anybody may have made the folder, in any way."""
        keep_to_ourselves()
        if opened := close_folder(self.path):
            print(f"Closed to other users of this machine: {opened[0]} and {len(opened) - 1} more.", file=sys.stderr)

    def secret(self, name: str) -> str:
        """The password of that name, generated on first use and stored readable by this user only."""
        known = self._read("secrets.json")
        if name not in known:
            known[name] = secrets.token_urlsafe(48)
            self._write("secrets.json", known)
        return str(known[name])

    def knows_secret(self, name: str) -> bool:
        return name in self._read("secrets.json")

    def port(self, name: str) -> int:
        """The port that server last used; zero before its first start."""
        return int(self._read("ports.json").get(name, 0))

    def free_port(self, name: str, usual: int = 0) -> int:
        """A free port, stored for next time: the last one used, else the usual one or one close to it, else any."""
        remembered = self.port(name)
        usual_ones = range(usual, usual + 20) if usual else []
        port = next(port for port in [remembered, *usual_ones, *any_free_ports(1)] if port and is_free(port))
        if port != remembered:
            self._write("ports.json", self._read("ports.json") | {name: port})
        return port

    def listener(self, name: str, usual: int) -> socket.socket:
        """A socket that listens on the port `free_port` would find: nobody can take it any more, until it is closed."""
        remembered = self.port(name)
        candidates = [*([remembered] if remembered else []), *range(usual, usual + 20), 0]
        taken = next(found for port in candidates if (found := _listen(port)))
        port = int(taken.getsockname()[1])
        if port != remembered:
            self._write("ports.json", self._read("ports.json") | {name: port})
        return taken

    def log(self, name: str) -> Path:
        """The log file of that name, rotated when it is large."""
        path = self.path / "log" / f"{name}.log"
        with suppress(FileNotFoundError):
            if path.stat().st_size > MAX_LOG_BYTES:
                path.replace(path.with_suffix(".1.log"))
        return path

    @contextmanager
    def lock(self, name: str, *, shared: bool = False) -> Iterator[None]:
        """Hold the lock of that name, waiting for it. The kernel releases it even if this process is killed."""
        with self._lock_file(name).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
            yield

    @contextmanager
    def try_lock(self, name: str) -> Iterator[bool]:
        """Yield whether the lock was free; if so, hold it until the end of the block."""
        with self._lock_file(name).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def is_held(self, name: str) -> bool:
        """True while a process holds that lock exclusively. Two concurrent checks do not see each other."""
        with self._lock_file(name).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _lock_file(self, name: str) -> Path:
        path = self.path / f"{name}.lock"
        try:
            path.touch(mode=0o600)
        except PermissionError as error:
            raise LocalError(
                f"{path} belongs to another user: run this as that user, or remove {self.path}."
            ) from error
        return path

    def _read(self, name: str) -> dict[str, Any]:
        try:
            content = json.loads((self.path / name).read_text())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise LocalError(f"{self.path / name} is not readable JSON; repair it or remove it.") from error
        return dict(content)

    def _write(self, name: str, content: dict[str, Any]) -> None:
        """Write the file atomically, readable by this user only."""
        unfinished = self.path / f"{name}.{os.getpid()}"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file, indent=2, sort_keys=True)
        unfinished.replace(self.path / name)


def _listen(port: int) -> socket.socket | None:
    """Listen at once: a port that is only bound can be bound again by others."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError:
        return None


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def any_free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on: all are held until all are found."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
