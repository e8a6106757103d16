"""Postfix's own SMTP load programs, the yardstick for ours. Unpacked under `.data/tools`, never installed.

with smtp_sink() as port:
    messages_per_second = smtp_source(port, messages=20_000, content=content, connections=2)
"""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".data" / "tools" / "postfix"
LIBRARY_PACKAGES = ("libdb5.3", "libicu72", "libnsl2", "libtirpc3")
READY_WITHIN = 10.0


class Unavailable(RuntimeError):
    """Postfix's programs could not be had on this machine."""


@contextmanager
def smtp_sink(*options: str) -> Iterator[int]:
    """A server in C that takes and forgets every message; its port. Options as in smtp-sink(1)."""
    port = _free_port()
    # As root it insists on becoming somebody harmless.
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [_program("smtp-sink"), "-4", *user, *options, f"127.0.0.1:{port}", "512"]
    with subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL) as process:
        try:
            _await(port, process)
            yield port
        finally:
            process.kill()


def smtp_source(
    port: int, *, messages: int, content: bytes, connections: int = 1, recipient: str = "leader@acme.test"
) -> float:
    """Sends this content so many times over kept connections; messages per second."""
    with tempfile.NamedTemporaryFile(suffix=".eml") as file:
        file.write(content.replace(b"\r\n", b"\n"))
        file.flush()
        command = [_program("smtp-source"), "-4", "-d", "-M", "client.test", "-s", str(connections)]
        command += ["-m", str(messages), "-f", "nudge@acme.test", "-t", recipient, "-F", file.name, f"127.0.0.1:{port}"]
        started = time.perf_counter()
        subprocess.run(command, env=_environment(), check=True)
        return messages / (time.perf_counter() - started)


def _program(name: str) -> str:
    _fetch()
    return str(TOOLS / "usr/sbin" / name)


@cache
def _fetch() -> None:
    """Asks Debian's archive once; afterwards the files are there."""
    if not (TOOLS / "usr/sbin/smtp-sink").exists():
        _unpack("postfix")
    if "not found" in _run("ldd", str(TOOLS / "usr/sbin/smtp-sink")):
        _unpack(*LIBRARY_PACKAGES)


def _unpack(*packages: str) -> None:
    TOOLS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _run("apt-get", "download", *packages, folder=folder)
        for archive in Path(folder).glob("*.deb"):
            _run("dpkg", "-x", str(archive), str(TOOLS))


def _run(*command: str, folder: str | None = None) -> str:
    try:
        done = subprocess.run(command, env=_environment(), cwd=folder, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable(f"{command[0]}: {getattr(error, 'stderr', error)}") from error
    return done.stdout


def _environment() -> dict[str, str]:
    folders = [TOOLS / "usr/lib/postfix", *(TOOLS / "usr/lib").glob("*-linux-gnu")]
    return {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(map(str, folders))}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _await(port: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise Unavailable(f"smtp-sink ended with {process.poll()}")
