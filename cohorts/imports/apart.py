"""Read an upload in a process of its own, so that no file can hurt the one that answers requests.

`read_apart` is the one way in: tests list every place of the product that takes a file. What a reader may cost is in
`Limits`; what it may do besides is in `child.py`. It starts with a bare interpreter, never as a fork of a process that
has threads, and has no environment, hence no secrets.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO

import structlog

from cohorts.imports.growing_file import GrowingFile
from cohorts.imports.records import Garbled, Refused, decoded

ROOT = Path(__file__).resolve().parent.parent.parent
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from cohorts.imports.child import main; main()"
AT_ONCE = 2  # in one process of ours: however many arrive, they take the memory of two
WAIT_SECONDS = 10
PIECE_BYTES = 1 << 16
POLL_SECONDS = 0.2  # how soon the reader is ended whose lines nobody takes any more
VERDICT_BYTES = 1 << 13

logger = structlog.get_logger(__name__)
places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What reading one file may cost. Memory counts from what the reader has before it looks at the file.

    Processor time is what a file can be blamed for. The clock only ends a process that waits for something: a busy
    machine may take five times as long for the same work, and must not refuse a good file for it.
    """

    memory_bytes: int = 64 * 1024 * 1024
    cpu_seconds: int = 40  # the largest honest workbook takes half of it
    wall_seconds: float = 300
    answer_bytes: int = 32 * 1024 * 1024


LIMITS = Limits()


def read_apart(
    reader: str, file: BinaryIO, asked: Mapping[str, Any], *, limits: Limits = LIMITS
) -> Iterator[list[str]]:
    """What the reader finds in the file, line by line, as it finds it. It starts when the first line is taken.

    `reader` is a module with a function `read(file, asked)` that yields lines of cells; it must not import Django.
    Raises Refused and Garbled, also after some lines: only who takes the last one knows that all could be read.
    """
    with TemporaryFile() as copy, GrowingFile() as answer, ThreadPoolExecutor(1) as aside:
        file.seek(0)
        copyfileobj(file, copy)  # a process that was given `file` would share our offset in it
        copy.seek(0)
        run = _ReaderRun(_command(reader, asked, limits), copy, answer, limits)
        ended = aside.submit(run.run)
        lines = BufferedReader(answer, PIECE_BYTES)
        verdict: list[str] = []
        try:
            line = lines.readline()
            while following := lines.readline():
                yield decoded(line)
                line = following
            verdict = _verdict(line)
        finally:
            run.is_wanted = False
            if ended.exception() is None:
                _log(reader, verdict, *ended.result())
        ended.result()  # raises what kept it from running
        _ensure_read(verdict)


def _command(reader: str, asked: Mapping[str, Any], limits: Limits) -> list[str]:
    bounds = map(str, (limits.memory_bytes, limits.cpu_seconds, limits.answer_bytes))
    return [sys.executable, "-I", "-X", "utf8", "-c", START, str(ROOT), reader, json.dumps(asked), *bounds]


class _ReaderRun:
    """The process that reads one file. `run` is for a thread, so that reading never waits for who takes the lines."""

    def __init__(self, command: list[str], upload: IO[bytes], answer: GrowingFile, limits: Limits) -> None:
        self.command, self.upload, self.answer, self.limits = command, upload, answer, limits
        self.is_wanted = True

    def run(self) -> tuple[float, int]:
        """Until it is done, costs too much or is not wanted. Returns its processor time, and how it ended."""
        try:
            if not places.acquire(timeout=WAIT_SECONDS):
                raise Refused("busy")
            try:
                return self._read()
            finally:
                places.release()
        finally:
            self.answer.end()

    def _read(self) -> tuple[float, int]:
        process = subprocess.Popen(
            self.command,
            stdin=self.upload,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            with process.stdout as pipe:
                self._collect(pipe.fileno())
        finally:
            # It has nothing more to say, whether it knows that or not. `process.kill` would take its usage from us.
            os.killpg(process.pid, signal.SIGKILL)
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime, process.returncode

    def _collect(self, pipe: int) -> None:
        """Copy what it writes to the answer."""
        until, most = time.monotonic() + self.limits.wall_seconds, self.limits.answer_bytes
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while self.is_wanted and (left := until - time.monotonic()) > 0:
                if not selector.select(min(left, POLL_SECONDS)):
                    continue
                piece = os.read(pipe, PIECE_BYTES)
                most -= len(piece)
                if not piece or most < -VERDICT_BYTES:
                    return
                self.answer.append(piece)


def _verdict(line: bytes) -> list[str]:
    """The last line: how much memory the reader took, and how it went. Empty if it never came so far."""
    try:
        return decoded(line)
    except Garbled:
        return []


def _log(reader: str, verdict: list[str], seconds: float, status: int) -> None:
    """No verdict: it was ended, or what it wrote was not taken to its end."""
    grown = verdict[1] if len(verdict) > 1 else ""
    cost = {"seconds": round(seconds, 3), "kilobytes": int(grown) if grown.isdigit() else None}
    logger.info("upload read", reader=reader, status=status, outcome=" ".join(verdict[2:4]), **cost)


def _ensure_read(verdict: list[str]) -> None:
    match verdict:
        case ["end", _grown, "read"]:
            return
        case ["end", _grown, "refused", key, *values]:
            raise Refused(key, *values)
        case ["end", _grown, "crashed", *_kind]:
            raise Refused("unreadable")
    raise Refused("too_much")  # killed before it could say why
