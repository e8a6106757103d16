"""The process in which an upload is read: it gets one open file, writes lines, and can do nothing else.

`apart.py` starts it with a bare interpreter and without environment. It imports the reader, then gives up what it does
not need and cannot take back: opening anything (files, sockets), writing files, starting processes, and more memory and
processor time than it was told. Only then it looks at the file.
"""

import codecs
import importlib
import json
import os
import resource
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from cohorts.imports.encodings import OFFERED
from cohorts.imports.records import Refused, encoded

ENCODINGS = (*OFFERED, "cp437", "ascii", "latin-1")


class Memory:
    """How much memory this process has, as Linux counts it; elsewhere nothing is known and nothing limited."""

    def __init__(self) -> None:
        is_known = Path("/proc/self/status").exists()
        self.status = os.open("/proc/self/status", os.O_RDONLY) if is_known else None
        self.before = self.kilobytes("VmHWM")

    def kilobytes(self, name: str) -> int:
        if self.status is None:
            return 0
        lines = os.pread(self.status, 1 << 14, 0).decode("ascii", "replace").splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)

    def grown(self) -> int:
        return self.kilobytes("VmHWM") - self.before


def main() -> None:
    reader, asked, memory_bytes, cpu_seconds, answer_bytes = sys.argv[1:]
    read = importlib.import_module(reader).read
    for encoding in ENCODINGS:
        codecs.lookup(encoding)  # a file of the standard library, which nobody can open later
    memory, answer = Memory(), sys.stdout.buffer
    confine(memory, memory_bytes=int(memory_bytes), cpu_seconds=int(cpu_seconds))
    try:
        for line in within(int(answer_bytes), map(encoded, read(sys.stdin.buffer, json.loads(asked)))):
            answer.write(line)
        verdict = ["read"]
    except Refused as refusal:
        verdict = ["refused", refusal.key, *refusal.values]
    except MemoryError:
        verdict = ["refused", "too_much"]
    except Exception as error:
        verdict = ["crashed", type(error).__name__]
    answer.write(encoded(["end", str(memory.grown()), *verdict]))
    answer.flush()
    os._exit(0)  # nothing to tidy up


def within(most: int, lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        most -= len(line)
        if most < 0:
            raise Refused("too_much")
        yield line


def confine(memory: Memory, *, memory_bytes: int, cpu_seconds: int) -> None:
    """Hard limits: no process can lift its own."""
    limits = {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 0,  # what is open stays open
    }
    if size := memory.kilobytes("VmSize"):
        limits[resource.RLIMIT_AS] = size * 1024 + memory_bytes
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))
