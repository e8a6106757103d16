"""Read an upload in a process of its own, so that no file can hurt the one that answers requests.

`read_apart` is the one way in: tests list every place of the product that takes a file. What a reader may cost is in
`Limits`; what it may do besides is in `child.py`. It starts with a bare interpreter, never as a fork of a process that
has threads, and has no environment, hence no secrets.
"""

import io
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Any, BinaryIO

import structlog

from cohorts.imports.records import Garbled, Refused, decoded

ROOT = Path(__file__).resolve().parent.parent.parent
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from cohorts.imports.child import main; main()"
AT_ONCE = 2  # in one process of ours: however many arrive, they take the memory of two
WAIT_SECONDS = 10
PIECE_BYTES = 1 << 16
IN_MEMORY_BYTES = 1 << 20
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
    """What the reader finds in the file, line by line, once it has read all of it.

    `reader` is a module with a function `read(file, asked)` that yields lines of cells; it must not import Django.
    Raises Refused; while lines are taken, Garbled.
    """
    if not places.acquire(timeout=WAIT_SECONDS):
        raise Refused("busy")
    try:
        return _read(reader, file, asked, limits)
    finally:
        places.release()


def _read(reader: str, file: BinaryIO, asked: Mapping[str, Any], limits: Limits) -> Iterator[list[str]]:
    answer = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - read by the caller, line by line
    with _on_disk(file) as upload:
        seconds, status = _run(_command(reader, asked, limits), upload, answer, limits)
    outcome = _verdict(answer)
    grown = outcome[1] if len(outcome) > 1 else ""
    cost = {"seconds": round(seconds, 3), "kilobytes": int(grown) if grown.isdigit() else None}
    logger.info("upload read", reader=reader, status=status, outcome=" ".join(outcome[2:4]), **cost)
    match outcome:
        case ["end", _grown, "read"]:
            return _lines(answer)
        case ["end", _grown, "refused", key, *values]:
            raise Refused(key, *values)
        case ["end", _grown, "crashed", *_kind]:
            raise Refused("unreadable")
    raise Refused("too_much")  # killed before it could say why


def _command(reader: str, asked: Mapping[str, Any], limits: Limits) -> list[str]:
    bounds = map(str, (limits.memory_bytes, limits.cpu_seconds, limits.answer_bytes))
    return [sys.executable, "-I", "-X", "utf8", "-c", START, str(ROOT), reader, json.dumps(asked), *bounds]


@contextmanager
def _on_disk(file: BinaryIO) -> Iterator[IO[bytes]]:
    """The file as something that another process can be given."""
    file.seek(0)
    try:
        file.fileno()
    except (AttributeError, io.UnsupportedOperation):
        with TemporaryFile() as copy:
            copyfileobj(file, copy)
            copy.seek(0)
            yield copy
    else:
        yield file


def _run(command: list[str], upload: IO[bytes], answer: IO[bytes], limits: Limits) -> tuple[float, int]:
    """Let it run until it is done or costs too much. Returns the processor time it took, and how it ended."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=upload, stdout=subprocess.PIPE, stderr=quiet, env={}, cwd="/", start_new_session=True
    )
    assert process.stdout is not None
    try:
        with process.stdout as pipe:
            _copy(pipe.fileno(), answer, until=time.monotonic() + limits.wall_seconds, most=limits.answer_bytes)
    finally:
        # It has nothing more to say, whether it knows that or not. `process.kill` would take its usage from us.
        os.killpg(process.pid, signal.SIGKILL)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, process.returncode


def _copy(pipe: int, answer: IO[bytes], *, until: float, most: int) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while selector.select(max(0, until - time.monotonic())):
            piece = os.read(pipe, PIECE_BYTES)
            if not piece:
                return
            answer.write(piece)
            most -= len(piece)
            if most < -VERDICT_BYTES:
                return


def _verdict(answer: IO[bytes]) -> list[str]:
    """The last line: how much memory the reader took, and how it went. Empty if it never came so far."""
    end = answer.seek(0, io.SEEK_END)
    answer.seek(max(0, end - VERDICT_BYTES))
    tail = answer.read()
    start = tail.rfind(b"\n", 0, -1) + 1
    try:
        verdict = decoded(tail[start:])
    except Garbled:
        return []
    answer.seek(end - len(tail) + start)
    answer.truncate()
    answer.seek(0)
    return verdict


def _lines(answer: IO[bytes]) -> Iterator[list[str]]:
    with answer:
        while line := answer.readline():
            yield decoded(line)
