"""The lines of a list of keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from cohorts.models import ApiKey
from cohorts.web.api.door import answers_for
from cohorts.web.api.scopes import NOUNS, READ, WRITE, in_present_words, reads_all


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

    @property
    def reach(self) -> list[str]:
        """What it opens, in a sentence or two."""
        return reach_words(self.key)


def reach_words(key: ApiKey) -> list[str]:
    """A sentence for a key that reads everything; else the nouns it reads, and those it reads and changes."""
    is_personal, scopes = key.kind == ApiKey.Kind.PERSONAL, in_present_words(key.scopes)
    if set(scopes) == set(reads_all(is_personal=is_personal)):
        return [_("Reads everything, changes nothing")]
    nouns = [noun for noun in NOUNS if noun.is_personal == is_personal]
    changed = [str(noun.label) for noun in nouns if f"{noun.key}:{WRITE}" in scopes]
    read = [str(noun.label) for noun in nouns if f"{noun.key}:{READ}" in scopes and str(noun.label) not in changed]
    words = []
    if read:
        words.append(_("Reads: %(nouns)s") % {"nouns": ", ".join(read)})
    if changed:
        words.append(_("Reads and changes: %(nouns)s") % {"nouns": ", ".join(changed)})
    return words


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
