"""`make run` from the outside: one address, one instance, one way down, and nothing left behind."""

import html
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from programme.local.data_directory import LOOPBACK, PROJECT, DataDirectory
from programme.local.processes import wait_for
from programme.local.run import USUAL_PORT
from tests.programme.way_in import LEADER, SLUG

# One process runs all of this file (Makefile, test-local): two would make two first starts at once.
pytestmark = [pytest.mark.local, pytest.mark.timeout(1200)]
# Watchdogs, and no promise: a first start migrates everything, on a machine that may do much else.
SECONDS_TO_START = 900
SECONDS_TO_STOP = 300


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """Shared by this file: the first test makes it, the others start in seconds."""
    folder = Path(tempfile.mkdtemp(prefix="embed90-run-"))
    folder.chmod(0o755)
    yield folder
    for process in ours(folder):
        process.kill()
    shutil.rmtree(folder)


@pytest.fixture
def run(data_dir: Path) -> Iterator["Run"]:
    started = Run(data_dir)
    yield started
    started.process.kill()
    started.process.wait()
    assert started.is_gone()


def ours(data_dir: Path) -> list[psutil.Process]:
    """Whoever carries our data directory in its environment, or is one of its servers."""
    found = []
    for process in psutil.process_iter():
        try:
            told = process.environ().get("DATA_DIR") == str(data_dir) or str(data_dir) in " ".join(process.cmdline())
        except psutil.Error:
            continue
        if told and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


class Run:
    """One `make run` without the demo, and what it says."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.output = data_dir / "output"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command(), cwd=PROJECT, env=environment(data_dir), stdout=output, stderr=output
            )

    def said(self) -> str:
        return self.output.read_text()

    def is_ready(self) -> bool:
        return wait_for(lambda: "Ctrl-C stops" in self.said() or self.process.poll() is not None, SECONDS_TO_START)

    def address(self) -> str:
        return f"http://127.0.0.1:{DataDirectory.at(self.data_dir).port('web')}"

    def health(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", DataDirectory.at(self.data_dir).port("web"), timeout=30)
        with closing(connection):
            connection.request("GET", "/health/")
            return connection.getresponse().status

    def get(self, path: str, **headers: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", DataDirectory.at(self.data_dir).port("web"), timeout=60)
        with closing(connection):
            connection.request("GET", path, headers=headers)
            return connection.getresponse().read().decode()

    def call(self, code: str) -> Any:
        """Run this in Django on the servers of this instance. Returns what it printed last, as JSON."""
        shell = [sys.executable, "manage.py", "shell", "--no-imports", "--command", code]
        exec_ = [sys.executable, "-m", "programme.local", "--data-dir", str(self.data_dir), "exec", "--", *shell]
        done = subprocess.run(exec_, cwd=PROJECT, env=environment(self.data_dir), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout.splitlines()[-1])

    def child(self, word: str) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        (found,) = (child for child in children if word in " ".join(child.cmdline()))
        return found

    def is_gone(self) -> bool:
        return wait_for(lambda: not ours(self.data_dir), SECONDS_TO_STOP)


def command() -> list[str]:
    return [sys.executable, "-m", "programme.local.run"]


def environment(data_dir: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "DEMO": "0", "DATA_DIR": str(data_dir)}


def test_run_prints_its_address_and_a_second_run_points_to_it(run: Run) -> None:
    assert run.is_ready(), run.said()
    second = subprocess.run(
        command(), cwd=PROJECT, env=environment(run.data_dir), check=False, capture_output=True, text=True
    )

    assert f"Embed90 runs at {run.address()}\n" in run.said(), run.said()
    assert run.health() == 200
    assert (second.returncode, second.stdout) == (0, f"Embed90 already runs at {run.address()}\n")


def test_a_taken_port_is_named_and_another_one_is_used(data_dir: Path) -> None:
    taken = DataDirectory.at(data_dir).listener("web", USUAL_PORT)
    with taken:
        port = taken.getsockname()[1]
        started = Run(data_dir)
        try:
            assert started.is_ready(), started.said()
            assert f"Port {port} is taken by another program; this one uses " in started.said()
            assert started.address() != f"http://127.0.0.1:{port}"
            assert started.health() == 200
        finally:
            started.process.send_signal(signal.SIGINT)
            assert started.process.wait(SECONDS_TO_STOP) == 0


def test_the_port_of_the_web_server_is_held_from_the_start(tmp_path: Path) -> None:
    data = DataDirectory.at(tmp_path)
    with data.listener("web", USUAL_PORT) as first, data.listener("web", USUAL_PORT) as second:
        held, other = first.getsockname()[1], second.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            socket.create_server((LOOPBACK, held))

    assert held != other
    assert data.port("web") == other


def test_when_one_program_ends_all_stop_with_the_reason(run: Run) -> None:
    assert run.is_ready(), run.said()

    run.child(" worker ").kill()

    assert run.process.wait(SECONDS_TO_STOP) == 1
    assert "worker ended by itself (status -9), so everything was stopped." in run.said()
    assert run.is_gone()


def test_ctrl_c_stops_everything_in_order(run: Run) -> None:
    assert run.is_ready(), run.said()

    run.process.send_signal(signal.SIGINT)

    assert run.process.wait(SECONDS_TO_STOP) == 0
    assert run.said().endswith("Everything is stopped.\n")
    assert "Traceback" not in run.said()
    assert run.is_gone()


def test_killed_it_leaves_nothing_behind(run: Run) -> None:
    assert run.is_ready(), run.said()

    run.process.kill()

    assert run.is_gone()


def test_ctrl_c_while_it_prepares_is_enough(run: Run) -> None:
    assert wait_for(lambda: "Starting" in run.said(), SECONDS_TO_START)

    run.process.send_signal(signal.SIGINT)

    assert run.process.wait(SECONDS_TO_STOP) == 0
    assert "Traceback" not in run.said()
    assert run.is_gone()


def test_the_examples_of_the_api_page_run_against_it(run: Run, tmp_path: Path) -> None:
    assert run.is_ready(), run.said()
    entered = run.call("from tests.programme.way_in import enter; enter()")
    page = run.get(f"/o/{SLUG}/api/", Cookie=f"session={entered['session']}")
    found = re.findall(r'<code id="example-(\w+)">(.*?)</code>', page, re.DOTALL)
    texts = {name: html.unescape(text).replace("e90_…", entered["key"]) for name, text in found}
    (tmp_path / "leaders.py").write_text(texts["python"])
    commands = {"curl": texts["curl"], "python": texts["python"].splitlines()[0].removeprefix("# ")}
    path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    assert texts.keys() == {"curl", "python"}
    for command_ in commands.values():
        done = subprocess.run(
            ["sh"], input=command_, cwd=tmp_path, env=path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert LEADER in done.stdout
