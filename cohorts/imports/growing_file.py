"""A file on disk that one thread writes while another reads it."""

import io
import os
from tempfile import TemporaryFile
from threading import Condition
from typing import Any


class GrowingFile(io.RawIOBase):
    """Reading waits until more is written, or until `end` is called. Closing deletes it."""

    def __init__(self) -> None:
        self.file = TemporaryFile(buffering=0)  # noqa: SIM115 - closed with this one
        self.written = self.taken = 0
        self.is_whole = False
        self.changed = Condition()

    def append(self, piece: bytes) -> None:
        while piece:
            count = os.pwrite(self.file.fileno(), piece, self.written)
            with self.changed:
                self.written += count
                self.changed.notify()
            piece = piece[count:]

    def end(self) -> None:
        with self.changed:
            self.is_whole = True
            self.changed.notify()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with self.changed:
            self.changed.wait_for(lambda: self.written > self.taken or self.is_whole)
            most = min(len(buffer), self.written - self.taken)
        piece = os.pread(self.file.fileno(), most, self.taken)
        buffer[: len(piece)] = piece
        self.taken += len(piece)
        return len(piece)

    def close(self) -> None:
        self.file.close()
        super().close()
