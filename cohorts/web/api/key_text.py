"""The text of a key: `e90_<prefix>_<secret>`. Pure.

The prefix is no secret: lists, logs and the audit trail show it.
"""

import re
import secrets
import string
from hashlib import sha256
from typing import NamedTuple

LETTERS = string.ascii_letters + string.digits
FORM = re.compile(r"e90_([0-9A-Za-z]{8})_([0-9A-Za-z]{43})")  # 43 of 62 letters: 256 bits


class KeyText(NamedTuple):
    prefix: str
    secret: str

    def __str__(self) -> str:
        return f"e90_{self.prefix}_{self.secret}"

    @property
    def hash(self) -> str:
        """Unsalted and fast: nobody guesses 256 random bits, and no two keys have the same."""
        return sha256(self.secret.encode()).hexdigest()


def new_key() -> KeyText:
    return KeyText(*("".join(secrets.choice(LETTERS) for _each in range(length)) for length in (8, 43)))


def read_key(text: str) -> KeyText | None:
    """None for what cannot be a key."""
    found = FORM.fullmatch(text)
    return KeyText(*found.groups()) if found else None
