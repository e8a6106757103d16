"""Python's collector of reference cycles, out of the way of long lists."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_waits() -> Iterator[None]:
    """Let no cycles be looked for while hundreds of thousands of objects are made, none of which is garbage yet.

    It would look through every object of the process each time their number has grown by a quarter: a fifth of the
    time of an import. Other threads only collect later. Blocks may lie within each other; the first to end lets it
    collect again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
