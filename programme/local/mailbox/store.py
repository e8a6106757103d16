"""The mails on disk, one numbered file each in order of arrival. The oldest are deleted when there are too many."""

import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from programme.local.mailbox.letter import Letter, Summary, open_letter, summarise

MAX_MAILS = 5_000


class MailStore:
    """Written by the SMTP side, read by the page."""

    def __init__(self, folder: Path, limit: int = MAX_MAILS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.limit = limit
        self._lock = threading.Lock()
        self._numbers = sorted(int(path.stem) for path in folder.glob("*.eml"))
        self._next = self._numbers[-1] + 1 if self._numbers else 1
        self._summaries: dict[int, Summary] = {}

    def add(self, content: bytes, *, sender: str, recipients: Sequence[str]) -> int:
        """Store the mail, with its envelope in the headers a mailbox would add."""
        envelope = [f"Return-Path: <{sender}>", *(f"Delivered-To: {recipient}" for recipient in recipients)]
        with self._lock:
            number, self._next = self._next, self._next + 1
            self._path(number).write_bytes("\r\n".join([*envelope, ""]).encode() + content)
            self._numbers.append(number)
            while len(self._numbers) > self.limit:
                oldest = self._numbers.pop(0)
                self._summaries.pop(oldest, None)
                self._path(oldest).unlink(missing_ok=True)
        return number

    def find(self, *, recipient: str = "", words: str = "", skip: int = 0, count: int = 50) -> list[Summary]:
        """The newest first."""
        found = (mail for mail in self._newest() if mail.matches(recipient=recipient, words=words))
        return list(islice(found, skip, skip + count))

    def letter(self, number: int) -> Letter | None:
        try:
            return open_letter(number, self._path(number).read_bytes())
        except FileNotFoundError:
            return None

    def __len__(self) -> int:
        return len(self._numbers)

    def _newest(self) -> Iterator[Summary]:
        with self._lock:
            numbers = self._numbers[::-1]
        for number in numbers:
            if summary := self._summary(number):
                yield summary

    def _summary(self, number: int) -> Summary | None:
        """None if the mail was deleted while the list was read."""
        if number not in self._summaries:
            try:
                self._summaries[number] = summarise(number, self._path(number).read_bytes())
            except FileNotFoundError:
                return None
        return self._summaries[number]

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:09}.eml"
