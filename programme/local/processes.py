"""Child processes that end with this one, and system accounts that own only their data."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCOUNT_NAME = "embed90"
ORDERLY_STOP = [(signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0)]  # signal, seconds to wait after it
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Account:
    """The system user a server runs as; none means the current user."""

    uid: int | None = None
    gid: int | None = None

    @property
    def options(self) -> dict[str, Any]:
        """Arguments that make `subprocess` run as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_reach(self, path: Path) -> bool:
        """True if the account may traverse every folder above `path` and use it."""
        if self.uid is None:
            return True
        command = ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.options).returncode == 0


def server_account() -> Account:
    """The account for PostgreSQL, which refuses root: as root, a system user created on first use."""
    if os.geteuid() != 0:
        return Account()
    user = _find_user(ACCOUNT_NAME) or _make_user(ACCOUNT_NAME) or pwd.getpwnam("nobody")
    return Account(user.pw_uid, user.pw_gid)


def _find_user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make_user(name: str) -> pwd.struct_passwd | None:
    """Create the user. Two first starts may race; the loser finds the winner's user."""
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", name]
        subprocess.run(command, check=False, capture_output=True)
    return _find_user(name)


def launch(command: Sequence[str], death_signal: int = signal.SIGTERM, **options: Any) -> subprocess.Popen[Any]:
    """Start a child that the kernel signals when the thread that started it ends, for any reason."""
    parent = os.getpid()

    def prepare() -> None:
        if sys.platform == "linux":
            _libc.prctl(PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:  # the parent died before the line above
                os._exit(1)

    return subprocess.Popen(command, preexec_fn=prepare, **options)  # noqa: PLW1509 -- runs one system call


def run_to_the_end(command: Sequence[str], text: str = "", **options: Any) -> tuple[int, str]:
    """Run a child that ends with this process. Returns its exit status and output."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    child = launch(command, text=True, **pipes, **options)
    said, _ = child.communicate(text)
    return child.returncode, said


def end(process: subprocess.Popen[Any], steps: Sequence[tuple[int, float]]) -> None:
    """Send each signal in turn, waiting its seconds, until the process has ended."""
    for signal_number, seconds in steps:
        if process.poll() is not None:
            return
        process.send_signal(signal_number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def wait_for(happened: Callable[[], bool], seconds: float) -> bool:
    """Poll `happened()`: true as soon as it is true, false after the given seconds."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def end_with_us(child: subprocess.Popen[Any]) -> int:
    """Wait for a foreground child and forward SIGTERM to it; Ctrl-C reaches it directly.

    Returns its exit status as a shell reports it.
    """
    signal.signal(signal.SIGTERM, lambda number, frame: child.send_signal(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    status = child.wait()
    return status if status >= 0 else 128 - status
