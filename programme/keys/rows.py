"""The lines of a list of keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cohorts.models import ApiKey
from cohorts.web.api.door import answers_for


class State(StrEnum):
    WORKS = "works"
    ROTATED = "rotated"  # works until its overlap is over
    NOBODY = "nobody"  # its owner is no owner any more
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KeyRow:
    key: ApiKey
    state: State

    @property
    def is_over(self) -> bool:
        return self.state in {State.EXPIRED, State.REVOKED}


def rows_of(keys: Iterable[ApiKey], now: datetime) -> list[KeyRow]:
    """Those that work first, as they come. The keys have their members and persons."""
    rows = [KeyRow(key, _state(key, now)) for key in keys]
    return sorted(rows, key=lambda row: row.is_over)


def _state(key: ApiKey, now: datetime) -> State:
    if key.revoked_at is not None:
        return State.REVOKED
    if key.expires_at <= now:
        return State.EXPIRED
    if not answers_for(key):
        return State.NOBODY
    return State.ROTATED if key.rotated_at is not None else State.WORKS
