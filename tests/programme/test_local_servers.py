"""The embedded servers survive whatever happened before and leave nothing behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from programme.local import servers
from programme.local.cluster import shelter_of
from programme.local.data_directory import PROJECT, DataDirectory
from programme.local.errors import LocalError
from programme.local.mail_catcher import MailCatcher
from programme.local.postgres import Postgres
from programme.local.processes import Account, wait_for

NOTHING_GIVEN = {"PATH": os.environ["PATH"]}
WATCHDOG = 180  # seconds; no promise of how long anything takes
pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Reachable by the servers' account, as pytest's own folders are not; nothing of it runs afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="embed90-"))
    folder.chmod(0o755)
    yield folder
    nothing_is_left = all_gone(folder)
    for process in processes_of(folder):
        process.kill()
    shutil.rmtree(folder)
    assert nothing_is_left, "the test left servers behind"


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every process that was started for the folder, and PostgreSQL's own children, whose titles do not name it."""
    found = []
    for process in psutil.process_iter():
        try:
            is_ours = str(folder) in " ".join(process.cmdline()) or process.cwd().startswith(str(folder))
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
        if is_ours:
            found.append(process)
    return found


def all_gone(folder: Path) -> bool:
    return wait_for(lambda: not processes_of(folder), WATCHDOG)


def running(data_dir: Path) -> AbstractContextManager[dict[str, str]]:
    return servers.local_servers(data_dir, given=NOTHING_GIVEN, durable=False)


def command(data_dir: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "programme.local", f"--data-dir={data_dir}", "--forgetful", *arguments]


def execute(data_dir: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(data_dir, "exec", "--", *arguments),
        cwd=PROJECT,
        env=NOTHING_GIVEN,
        stdout=subprocess.PIPE,
        text=True,
    )


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()


def test_a_second_start_keeps_data_ports_and_passwords(data_dir: Path) -> None:
    with running(data_dir) as first, psycopg.connect(first["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 90 AS days")

    with running(data_dir) as second:
        kept = query(second["DATABASE_OWNER_URL"], "SELECT days FROM kept")

    assert kept == [(90,)]
    assert second == first


def test_the_app_role_owns_nothing_and_bypasses_nothing(data_dir: Path) -> None:
    with running(data_dir) as environment:
        app, owner = environment["DATABASE_URL"], environment["DATABASE_OWNER_URL"]

        roles = query(owner, "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolcanlogin")
        members = query(owner, "SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members")
        refused = [
            refusal(app, "CREATE TABLE mine ()"),
            refusal(app, "CREATE TEMPORARY TABLE mine ()"),
            refusal(app, "SET ROLE embed90_owner"),
            refusal(environment["DATABASE_BACKUP_URL"], "CREATE TABLE public.mine ()"),
        ]
        with psycopg.connect(owner) as connection:
            connection.execute("SET ROLE embed90_app")
            played = connection.execute("SELECT current_user").fetchall()
        timeout = query(app, "SHOW statement_timeout")

    assert sorted(roles) == [
        ("embed90_app", False, False, False),
        ("embed90_backup", False, True, False),
        ("embed90_owner", False, False, True),
        ("postgres", True, True, True),
    ]
    assert sorted(member for member in members if str(member[0]).startswith("embed90")) == [
        ("embed90_backup", "pg_read_all_data"),
        ("embed90_owner", "embed90_app"),
    ]
    assert all(refused)
    assert played == [("embed90_app",)]
    assert timeout == [("30s",)]


def refusal(url: str, statement: str) -> str:
    try:
        with psycopg.connect(url) as connection:
            connection.execute(statement)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction) as error:
        return str(error)
    return ""


def test_a_login_without_password_is_refused(data_dir: Path) -> None:
    with running(data_dir) as environment:
        without = re.sub(r":[^:@/]+@", "@", environment["DATABASE_URL"])

        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(without)
        with pytest.raises(redis.exceptions.AuthenticationError):
            redis.Redis.from_url(re.sub(r"//:.*@", "//", environment["REDIS_URL"])).ping()


def test_passwords_are_for_our_eyes_only(data_dir: Path) -> None:
    data = DataDirectory.at(data_dir)

    first, second = data.secret("SECRET_KEY"), DataDirectory.at(data_dir).secret("SECRET_KEY")

    assert first == second
    assert len(first) > 40
    assert (data_dir / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_lost_passwords_are_regenerated(data_dir: Path) -> None:
    with running(data_dir):
        pass
    (data_dir / "secrets.json").unlink()

    with running(data_dir) as environment:
        answer = query(environment["DATABASE_URL"], "SELECT 1")

    assert answer == [(1,)]


def test_a_stale_pid_file_with_a_strangers_number_is_overcome(data_dir: Path) -> None:
    with running(data_dir):
        pass
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data_dir}/postgres\n0\n1\n\n\n\nready   \n")

    with running(data_dir) as environment:
        answer = query(environment["DATABASE_URL"], "SELECT 1")

    assert answer == [(1,)]


def test_a_killed_server_starts_again_beside_its_last_sessions(data_dir: Path) -> None:
    server = Postgres(DataDirectory.at(data_dir))
    server.start()
    try:
        with closing(psycopg.connect(server.url("postgres", "postgres"), autocommit=True)) as session:
            session.pgconn.send_query(
                b"DO $$ BEGIN WHILE clock_timestamp() < now() + interval '2 seconds' LOOP END LOOP; END $$"
            )
            server.kill()
            server.start()
        with psycopg.connect(server.url("postgres", "postgres")) as session:
            assert session.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()


def test_an_abandoned_server_is_ended_first(data_dir: Path) -> None:
    abandoned, data = Postgres(DataDirectory.at(data_dir), durable=False), DataDirectory.at(data_dir)
    abandoned.start()

    with running(data_dir) as environment:
        answer = query(environment["DATABASE_URL"], "SELECT 1")

    assert answer == [(1,)]
    assert not abandoned.is_running()
    assert not servers.is_running(data)


def test_an_interrupted_first_start_is_repeated(data_dir: Path) -> None:
    half = data_dir / "postgres.new-4711"
    half.mkdir(mode=0o700)
    (half / "PG_VERSION").write_text("18\n")

    with running(data_dir) as environment:
        answer = query(environment["DATABASE_URL"], "SELECT 1")

    assert answer == [(1,)]
    assert not half.exists()


def test_a_first_start_that_is_killed_can_be_repeated(data_dir: Path) -> None:
    first = execute(data_dir, "true")
    assert wait_for(lambda: any(data_dir.glob("postgres.new-*")), WATCHDOG)
    for process in [*psutil.Process(first.pid).children(recursive=True), *processes_of(data_dir)]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    first.communicate()
    assert all_gone(data_dir)

    with running(data_dir) as environment:
        answer = query(environment["DATABASE_URL"], "SELECT 1")

    assert answer == [(1,)]


def test_occupied_ports_are_replaced(data_dir: Path) -> None:
    with running(data_dir):
        data = DataDirectory.at(data_dir)
        before = {name: data.port(name) for name in ("postgres", "valkey", "smtp", "mailbox")}
    takers = [socket.create_server(("127.0.0.1", port)) for port in before.values()]

    with running(data_dir) as environment:
        after = {name: data.port(name) for name in before}
        answer = query(environment["DATABASE_URL"], "SELECT 1")
        redis.Redis.from_url(environment["REDIS_URL"]).ping()

    assert answer == [(1,)]
    assert not set(before.values()) & set(after.values())
    for taker in takers:
        taker.close()


def test_two_first_starts_at_once_share_the_servers(data_dir: Path) -> None:
    both = [execute(data_dir, "sh", "-c", "echo $DATABASE_URL; sleep 1") for _ in range(2)]

    said = [process.communicate(timeout=WATCHDOG)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1] != ""
    assert all_gone(data_dir)


def test_the_last_to_leave_stops_the_servers(data_dir: Path) -> None:
    with running(data_dir) as environment:
        with running(data_dir):
            pass
        answer = query(environment["DATABASE_URL"], "SELECT 1")

    assert answer == [(1,)]
    assert all_gone(data_dir)


def test_a_killed_command_leaves_nothing_behind(data_dir: Path) -> None:
    process = execute(data_dir, "sh", "-c", "echo started; exec sleep 300")
    assert process.stdout
    process.stdout.readline()

    def sleepers() -> list[psutil.Process]:
        return [child for child in psutil.Process(process.pid).children() if child.name() == "sleep"]

    assert wait_for(lambda: len(sleepers()) == 1, WATCHDOG)  # the shell has said so, and is about to become it
    (sleeping,) = sleepers()

    process.kill()
    process.communicate()

    assert wait_for(lambda: not sleeping.is_running() or sleeping.status() == psutil.STATUS_ZOMBIE, WATCHDOG)
    assert all_gone(data_dir)


def test_a_killed_keeper_takes_its_servers_along(data_dir: Path) -> None:
    data = DataDirectory.at(data_dir)
    with running(data_dir):
        os.kill(int((data_dir / "keeper.pid").read_text()), signal.SIGKILL)
        gone = all_gone(data_dir)

    assert gone
    assert not servers.is_running(data)


def test_when_one_server_dies_the_others_are_stopped(data_dir: Path) -> None:
    with running(data_dir) as environment:
        redis.Redis.from_url(environment["REDIS_URL"]).shutdown(nosave=True)
        gone = all_gone(data_dir)

    assert gone


def test_start_leaves_them_running_until_stop(data_dir: Path) -> None:
    def local(*arguments: str) -> int:
        return subprocess.run(command(data_dir, *arguments), cwd=PROJECT, env=NOTHING_GIVEN, check=False).returncode

    statuses = [local("status"), local("start"), local("start"), local("exec", "--", "true"), local("status")]
    statuses += [local("stop"), local("status"), local("stop")]

    assert statuses == [3, 0, 0, 0, 0, 0, 3, 0]
    assert all_gone(data_dir)


def test_stop_does_not_pull_the_servers_from_under_another_command(data_dir: Path) -> None:
    data = DataDirectory.at(data_dir)
    with running(data_dir) as environment:
        stopped = servers.stop(data)
        answer = query(environment["DATABASE_URL"], "SELECT 1")
        servers.stop_now(data)

    assert not stopped
    assert answer == [(1,)]
    assert all_gone(data_dir)


def test_exec_ends_with_the_commands_own_status(data_dir: Path) -> None:
    process = execute(data_dir, "sh", "-c", "exit 7")
    process.communicate()

    assert process.returncode == 7


def test_servers_elsewhere_are_used_as_they_are(tmp_path: Path) -> None:
    elsewhere = dict.fromkeys(("DATABASE_URL", *servers.NEEDED), "set")

    with servers.local_servers(tmp_path / "data", given=elsewhere) as environment:
        assert environment == elsewhere
    with pytest.raises(LocalError, match="set REDIS_URL, too"):
        servers.local_servers(tmp_path / "data", given=elsewhere | {"REDIS_URL": ""}).__enter__()
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_the_server_runs_in_a_folder_that_its_account_cannot_reach(data_dir: Path) -> None:
    data_dir.chmod(0o700)
    closed = data_dir / "project" / ".data"
    with running(closed) as first, psycopg.connect(first["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 90 AS days")
    with running(closed) as second:
        kept = query(second["DATABASE_OWNER_URL"], "SELECT days FROM kept")

    assert kept == [(90,)]
    assert not (closed / "postgres").is_symlink()
    assert not shelter_of(DataDirectory.at(closed)).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_data_that_stood_outside_the_folder_stays_there(data_dir: Path) -> None:
    """Where an earlier version put it: behind a link."""
    with running(data_dir / "data") as first, psycopg.connect(first["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 90 AS days")
    (data_dir / "data" / "postgres").rename(data_dir / "elsewhere")
    (data_dir / "data" / "postgres").symlink_to(data_dir / "elsewhere")
    with running(data_dir / "data") as second:
        kept = query(second["DATABASE_OWNER_URL"], "SELECT days FROM kept")
    shutil.rmtree(data_dir / "elsewhere")
    with running(data_dir / "data") as third:
        tables = query(third["DATABASE_OWNER_URL"], "SELECT * FROM pg_tables WHERE tablename = 'kept'")

    assert kept == [(90,)]
    assert tables == []


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_nothing_that_the_servers_write_is_open_to_others(data_dir: Path, umask: int) -> None:
    """Made by hand before, opened again meanwhile: a start closes everything, and says so."""
    folder = data_dir / "data"
    (folder / "log").mkdir(parents=True)
    (folder / "log" / "old.log").touch()
    for path in (folder, folder / "log", folder / "log" / "old.log"):
        path.chmod(0o777)
    shell = ["sh", "-c", f'umask {umask:03o}; exec "$@"', "sh"]
    finding = ["find", str(folder), "!", "-type", "l", "-perm", "/077"]

    done = subprocess.run(
        [*shell, *command(folder, "exec", "--", *finding)],
        cwd=PROJECT,
        env=NOTHING_GIVEN,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert f"Closed to other users of this machine: {folder}" in done.stderr
    assert (folder / "postgres").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_programs_that_the_servers_account_cannot_reach_are_copied(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Account, "can_reach", lambda account, path: False)
    data = DataDirectory.at(data_dir)
    postgres = Postgres(data, durable=False)
    try:
        for _ in range(2):
            postgres.start()
            command_line = psutil.Process(postgres.process.pid).cmdline() if postgres.process else []
            answer = query(postgres.url("embed90_app"), "SELECT 1")
            postgres.stop()
    finally:
        postgres.stop()
        shutil.rmtree(shelter_of(data))

    assert command_line[0].startswith(str(shelter_of(data)))
    assert answer == [(1,)]


def test_a_catcher_that_lost_its_port_to_another_takes_the_next(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two folders look for a port at the same moment, and both find the same one free."""
    first, second = (MailCatcher(DataDirectory.at(data_dir / name)) for name in ("first", "second"))
    try:
        first.start()
        first.wait_until_ready()
        ports = {name: first.data.port(name) for name in ("smtp", "mailbox")}
        with monkeypatch.context() as patch:
            patch.setattr(DataDirectory, "free_port", lambda data, name, usual=0: _taken(data, name, ports))
            second.start()
        second.wait_until_ready()

        assert second.is_running()
        assert second.page_url() != first.page_url()
    finally:
        first.stop()
        second.stop()


def _taken(data: DataDirectory, name: str, ports: dict[str, int | None]) -> int | None:
    data._write("ports.json", data._read("ports.json") | {name: ports[name]})
    return ports[name]
