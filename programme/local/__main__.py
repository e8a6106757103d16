"""`python -m programme.local`: the embedded servers from the command line."""

import argparse
import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from dotenv import load_dotenv

from programme.local import backup as copies
from programme.local import servers
from programme.local.cluster import client
from programme.local.data_directory import PROJECT, DataDirectory
from programme.local.errors import LocalError
from programme.local.mail_catcher import MailCatcher
from programme.local.processes import end_with_us, launch
from programme.private_files import keep_to_ourselves


def main() -> int:
    keep_to_ourselves()
    load_dotenv(PROJECT / ".env")
    options = _arguments()
    try:
        return int(options.run(options))
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m programme.local", description=__doc__)
    parser.add_argument("--data-dir", default=servers.default_data_directory(), help="default: DATA_DIR or .data")
    parser.add_argument("--forgetful", action="store_true", help="faster, lost at a power cut: for tests")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=(run.__doc__ or "").split("\n")[0])
        added.set_defaults(run=run)
        return added

    command("start", start)
    command("stop", stop).add_argument("--now", action="store_true", help="even while another command uses them")
    command("status", status)
    command("env", env)
    command("exec", execute).add_argument("command", nargs=argparse.REMAINDER)
    added = command("psql", psql)
    added.add_argument("question", nargs="?", help="one statement of SQL; without it you are asked")
    added.add_argument("--database", default="embed90")
    command("backup", backup).add_argument("file", type=Path)
    added = command("restore", restore)
    added.add_argument("file", type=Path)
    added.add_argument("--into", default="embed90_restored", help="the new database; default: embed90_restored")
    added.add_argument("--take-its-place", action="store_true", help="then put it where the app looks, keeping the old")
    return parser.parse_args()


def start(options: argparse.Namespace) -> int:
    """Start PostgreSQL, Valkey and the mail catcher and leave them running."""
    data = DataDirectory.at(options.data_dir)
    servers.start(data)
    print(_sentence(data))
    return 0


def stop(options: argparse.Namespace) -> int:
    """Stop them."""
    data = DataDirectory.at(options.data_dir)
    if options.now:
        servers.stop_now(data)
    elif not servers.stop(data):
        print("Another command still uses the servers; they stop when it ends (or now, with --now).")
        return 1
    print("The servers are stopped.")
    return 0


def status(options: argparse.Namespace) -> int:
    """Print whether the servers run; exits with 3 if they do not."""
    data = DataDirectory.at(options.data_dir)
    running = servers.is_running(data)
    print(_sentence(data) if running else "The servers are stopped.")
    return 0 if running else 3


def env(options: argparse.Namespace) -> int:
    """Print the variables as lines for a shell: eval "$(python -m programme.local env)"."""
    for name, value in servers.environment(DataDirectory.at(options.data_dir)).items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def execute(options: argparse.Namespace) -> int:
    """Run a command with the servers, starting and stopping them if needed: exec -- CMD …"""
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise LocalError("Say what to run: exec -- COMMAND.")
    with servers.local_servers(options.data_dir, durable=not options.forgetful) as environment:
        try:
            child = launch(command, env=environment)
        except OSError as error:
            raise LocalError(f"{command[0]} cannot be run: {error.strerror}.") from error
        return end_with_us(child)


def psql(options: argparse.Namespace) -> int:
    """Open psql as the backup role, which reads all organisations and writes nothing."""
    with servers.local_servers(options.data_dir) as environment:
        url = copies.in_database(options.database, _needed(environment, "DATABASE_BACKUP_URL"))
        question = [f"--command={options.question}"] if options.question else []
        return end_with_us(launch([client("psql"), "--no-psqlrc", f"--dbname={url}", *question]))


def backup(options: argparse.Namespace) -> int:
    """Dump the whole database to a file and verify its row counts."""
    with servers.local_servers(options.data_dir) as environment:
        counts = copies.backup(options.file, _needed(environment, "DATABASE_BACKUP_URL"))
    print(f"{options.file} holds {sum(counts.values()):,} rows of {len(counts)} tables, as the database does.")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Restore a dump into a new database and verify its row counts."""
    with servers.local_servers(options.data_dir) as environment:
        owner = _needed(environment, "DATABASE_OWNER_URL")
        reader = _needed(environment, "DATABASE_BACKUP_URL")
        new = copies.create_database(options.into, owner)
        counts = copies.restore(options.file, owner_url=new, backup_url=copies.in_database(options.into, reader))
        for table, rows in counts.items():
            print(f"{rows:>12,}  {table}")
        if options.take_its_place:
            kept_as = f"embed90_until_{datetime.now(UTC):%Y%m%d_%H%M%S}"
            copies.take_the_place(options.into, owner, kept_as=kept_as)
            print(f"It is in place now; what was there before is kept as {kept_as}.")
        else:
            print(f"All of it is in the database {options.into}; row security is enforced.")
    return 0


def _needed(environment: Mapping[str, str], name: str) -> str:
    if not environment.get(name):
        raise LocalError(f"{name} must be set for this.")
    return environment[name]


def _sentence(data: DataDirectory) -> str:
    return (
        f"PostgreSQL runs on port {data.port('postgres')}, Valkey on {data.port('valkey')}, "
        f"SMTP on {data.port('smtp')}, the mailbox at {MailCatcher(data).page_url()} (data in {data.path})."
    )


if __name__ == "__main__":
    sys.exit(main())
