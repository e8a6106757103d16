"""`make drill`: point-in-time recovery with the real tables, from a backup made under load to a checked restore.

In a folder of its own: demo organisations live their days while the base backup is made; then every reflection is
deleted, mails go out, the power fails and the disk is gone. Only backup and archive are left.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import psycopg

from programme.local import backup as dumps
from programme.local import recovery, servers
from programme.local.data_directory import PROJECT, DataDirectory
from programme.local.errors import LocalError
from programme.local.postgres import Postgres
from programme.local.processes import server_account, wait_for
from programme.local.valkey import Valkey
from programme.private_files import keep_to_ourselves

Server = TypeVar("Server", Postgres, Valkey)
ARCHIVE_SECONDS = 20  # production: 60 (docker-compose.yml); the RPO is bounded by it
DAYS_PLAYED = 34  # of each demo organisation: a month of preparing, and the first days with nudges
SECONDS_BEFORE = 1  # restore to this long before the mistake
MISTAKE = "TRUNCATE goals_reflection CASCADE"
STAMPS = """
    CREATE TABLE IF NOT EXISTS drill_stamp (id bigint PRIMARY KEY, at timestamptz DEFAULT clock_timestamp());
    GRANT SELECT ON drill_stamp TO embed90_backup
"""


@dataclass
class Stamps:
    """One small commit after the other, each remembered here once the server has acknowledged it."""

    url: str
    acknowledged: list[float] = field(default_factory=list)
    may_write: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        with suppress(psycopg.OperationalError), psycopg.connect(self.url, autocommit=True) as connection:
            while True:  # until the server is killed
                self.may_write.wait()
                connection.execute("INSERT INTO drill_stamp (id) VALUES (%s)", [len(self.acknowledged)])
                self.acknowledged.append(time.time())
                time.sleep(0.05)


@dataclass(frozen=True)
class Loss:
    """What is left of a server, and what was true when all was well."""

    data: DataDirectory  # the disk that is lost; only its passwords are used again
    environment: dict[str, str]
    copy: Path
    archive: Path
    good: recovery.Fingerprint
    walls: set[str]
    trails: list[str]
    mistake: datetime
    backup_seconds: float
    lost_at: float
    acknowledged: list[float]


def main() -> int:
    keep_to_ourselves()
    folder = Path(tempfile.mkdtemp(prefix="embed90-drill-"))
    folder.chmod(0o711)  # the server's own account archives, and has to reach the archive
    try:
        drill(folder)
    except LocalError as error:
        print(f"NOT RECOVERED: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def drill(folder: Path) -> None:
    loss = _live_and_lose(folder)
    figures = _recover(loss, folder)
    _controls(loss, folder)
    figures["Controls found"] = "flipped byte, missing segment, dump by a role behind policies"
    print()
    for name, figure in figures.items():
        print(f"{name:<30} {figure}")


def _live_and_lose(folder: Path) -> Loss:
    """A busy server, its base backup, a mistake, a day that goes on, and a power cut that takes the disk along."""
    archive, copy = folder / "archive", folder / "backup"
    archive.mkdir()
    server_account().owns(archive)
    data = DataDirectory.at(folder / "live")
    settings = recovery.archiving(archive, seconds=ARCHIVE_SECONDS)
    with _running(Postgres(data, settings=settings)) as live, _running(Valkey(data)):
        environment = servers.environment(data) | {"DEMO": "1", "LOG_LEVEL": "ERROR", "PATH": os.environ["PATH"]}
        environment["EMAIL_URL"] = "smtp://127.0.0.1:9"  # demo days hand their mails to nobody
        stamps = _people_it(live, environment)
        _say("Base backup, while Nordlys lives three more days")
        days = threading.Thread(target=_manage, args=["fast_forward", "--days=3"], kwargs={"environment": environment})
        days.start()
        took = _seconds(lambda: recovery.base_backup(live.url("postgres", "postgres"), copy))
        days.join()

        stamps.may_write.clear()
        time.sleep(0.5)
        good, walls = recovery.fingerprint(live.url("embed90_backup")), recovery.walls(live.url("embed90_backup"))
        trails = _trails(environment, live.url("embed90_app"))
        time.sleep(SECONDS_BEFORE + 1)
        with psycopg.connect(live.url("postgres"), autocommit=True) as admin:
            mistake = _instant(admin)
            admin.execute(MISTAKE)
        stamps.may_write.set()
        _say(f"{mistake:%H:%M:%S} UTC: {MISTAKE}. Then one more day with its mails")
        _manage("fast_forward", "--days=1", environment=environment)
        _wait_until_archived(live, archive)
        time.sleep(ARCHIVE_SECONDS / 2)
        live.kill()
        return Loss(
            data, environment, copy, archive, good, walls, trails, mistake, took, time.time(), stamps.acknowledged[:]
        )


def _people_it(live: Postgres, environment: dict[str, str]) -> Stamps:
    _say("Making two demo organisations (some minutes)")
    _manage("migrate", "--verbosity=0", environment=environment, DATABASE_URL=environment["DATABASE_OWNER_URL"])
    _manage("seed_demo", f"--days={DAYS_PLAYED}", environment=environment)
    with psycopg.connect(live.url("embed90_owner"), autocommit=True) as owner:
        owner.execute(STAMPS)
    keys = Path(environment["DATA_DIR"]) / "feedback-keys"
    keys.mkdir(exist_ok=True)
    (keys / "drill.key").write_bytes(secrets.token_bytes(32))  # there is one to look for, also while no round is open
    stamps = Stamps(live.url("postgres"))
    threading.Thread(target=stamps.write, daemon=True).start()
    stamps.may_write.set()
    return stamps


def _recover(loss: Loss, folder: Path) -> dict[str, str]:
    """Restore from what is left, check everything that a restore must keep, and say what was measured."""
    target = loss.mistake - timedelta(seconds=SECONDS_BEFORE)
    began = time.monotonic()
    _say(f"The disk is gone. Restoring to {target:%H:%M:%S.%f} UTC")
    recovery.verify(loss.copy, loss.archive)
    with _running(_restored(loss, folder / "restored", until=target)) as restored:
        reader = restored.url("embed90_backup")
        found = recovery.fingerprint(reader)
        _require(found == loss.good, f"rows differ: {sorted(set(found.items()) ^ set(loss.good.items()))[:5]}")
        _require(recovery.walls(reader) == loss.walls, "walls differ")
        trails = _trails(loss.environment, restored.url("embed90_app"))
        _require(trails == loss.trails, f"audit trails differ: {trails} instead of {loss.trails}")
        _require(all(each.endswith("whole") for each in trails), f"an audit trail is not whole: {trails}")
        seconds = time.monotonic() - began
        keys = list((loss.data.path / "feedback-keys").iterdir())
        _require(not _holding([loss.copy, loss.archive], keys), "the backup holds a key of an open 360 round")
        tables = len({table for table, _ in loss.good})
        return {
            "Base backup under load": f"{loss.backup_seconds:.1f} s, {len(loss.acknowledged):,} small commits in all",
            "Restored and equal": f"{sum(rows for rows, _ in loss.good.values()):,} rows of {tables} tables, "
            "counts and content by organisation",
            "Walls, roles and grants": f"{len(loss.walls):,}, as before",
            "Audit trails": "; ".join(trails),
            "Keys of 360 rounds": f"{len(keys)} on the server, none in backup or archive",
            "RTO, restore to checked": f"{seconds:.1f} s",
            "RPO, a mistake": f"{SECONDS_BEFORE} s, as chosen: any moment can be restored",
            **_compare_with_the_latest(loss, folder, restored),
        }


def _compare_with_the_latest(loss: Loss, folder: Path, restored: Postgres) -> dict[str, str]:
    """A second restore, to the end of the archive, shows what the lost disk took, and which mails went out."""
    with _running(_restored(loss, folder / "latest")) as latest:
        newer, older = latest.url("postgres"), restored.url("postgres")
        with psycopg.connect(newer) as connection:
            row = connection.execute("SELECT max(id) FROM drill_stamp").fetchone()
        assert row
        twice = recovery.would_go_twice(newer, older)
        told, strangers = recovery.reconcile(newer, older)
        left = recovery.would_go_twice(newer, older)
    _require(left == strangers, f"{left - strangers} mails would go twice")
    lost = len(loss.acknowledged) - 1 - row[0]
    return {
        "RPO, the disk lost": f"{loss.lost_at - loss.acknowledged[row[0]]:.1f} s, {lost} small commits "
        f"(at most archive_timeout, here {ARCHIVE_SECONDS} s, and a copy)",
        "Mails sent after that moment": f"{twice}, {told.total()} of them settled by reconciling, "
        f"{strangers} about what is not there",
    }


def _trails(environment: dict[str, str], url: str) -> list[str]:
    """What `check_audit` says of each organisation's trail: its length, and whether it is whole."""
    command = [sys.executable, "manage.py", "check_audit"]
    asked = environment | {"DATABASE_URL": url}
    done = subprocess.run(command, cwd=PROJECT, env=asked, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def _restored(loss: Loss, folder: Path, until: datetime | None = None) -> Postgres:
    into = DataDirectory.at(folder)
    shutil.copy(loss.data.path / "secrets.json", into.path)
    return recovery.restore(loss.copy, loss.archive, into, until=until)


def _controls(loss: Loss, folder: Path) -> None:
    """What must be found before a restore is trusted: each of these once, on copies."""
    _say("Controls: a flipped byte, a missing segment, a dump by the wrong role")
    flipped = shutil.copytree(loss.copy, folder / "flipped")
    files = [path for path in (flipped / "base").rglob("*") if path.is_file()]
    largest = max(files, key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)
    _require_refusal("a flipped byte", lambda: recovery.verify(flipped, loss.archive))
    shutil.rmtree(flipped)

    gap = shutil.copytree(loss.archive, folder / "gap")
    segments = sorted(path for path in gap.iterdir() if len(path.name) == 24)
    segments[-2].unlink()
    _require_refusal("a missing segment", lambda: recovery.verify(loss.copy, gap))
    shutil.rmtree(gap)

    with _running(Postgres(DataDirectory.at(folder / "restored"))) as server:
        _require_refusal("a dump by the owner", lambda: dumps.backup(folder / "dump", server.url("embed90_owner")))


def _holding(folders: list[Path], keys: list[Path]) -> list[Path]:
    """The files in which one of these keys stands."""
    contents = [key.read_bytes() for key in keys]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(content in path.read_bytes() for content in contents)]


def _wait_until_archived(live: Postgres, archive: Path) -> None:
    with psycopg.connect(live.url("postgres"), autocommit=True) as admin:
        row = admin.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row
    if not wait_for((archive / row[0]).exists, ARCHIVE_SECONDS * 3):
        raise LocalError(f"{row[0]} was not archived in {ARCHIVE_SECONDS * 3} s")


def _instant(connection: psycopg.Connection) -> datetime:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row
    return row[0].astimezone(UTC)


def _manage(*command: str, environment: dict[str, str], **different: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=PROJECT,
        env=environment | different,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LocalError(f"manage.py {command[0]} failed: {(done.stderr or done.stdout)[-2000:]}")


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _seconds(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def _require_refusal(what: str, act: Callable[[], object]) -> None:
    try:
        act()
    except LocalError:
        return
    raise LocalError(f"the control did not work: nobody noticed {what}")


def _require(is_true: bool, sentence: str) -> None:
    if not is_true:
        raise LocalError(sentence)


def _say(sentence: str) -> None:
    print(f"{sentence} …", flush=True)


if __name__ == "__main__":
    sys.exit(main())
