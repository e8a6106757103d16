"""Taking a defence of the wall away, in a test only."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from feedback360.visibility import figures, rules

CACHES = (rules.printed, rules.item_agreement, rules.spread_class, figures._printed, figures._interval)


@contextmanager
def without(changes: Mapping[str, Any]) -> Iterator[None]:
    """`changes`: "rules.is_enough" or "figures.EIGHT_IN_TEN" -> what stands there meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        for name, instead in changes.items():
            patch.setattr(f"feedback360.visibility.{name}", instead)
        _forget()
        yield
    _forget()


def _forget() -> None:
    for cached in CACHES:
        cached.cache_clear()
