"""How much a call does, in a measure that a busy machine does not change."""

import sys
from collections.abc import Callable


def work(call: Callable[[], object]) -> int:
    """How many functions are called, those written in C included."""
    called = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        call()
    finally:
        sys.setprofile(None)
    return called
