"""Programs to begin with, as the page shows them. The tests run them."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
FILES = {"curl": "leaders.sh", "Python": "leaders.py"}


class Example(NamedTuple):
    name: str
    text: str

    @property
    def id(self) -> str:
        return f"example-{self.name.lower()}"


def examples_for(base: str) -> list[Example]:
    """With the address of this organisation; the key stays out of them."""
    ways = {
        "curl": f"export API={base} KEY=e90_…\n\n",
        "Python": f"# API={base} KEY=e90_… python3 leaders.py\n",
    }
    return [Example(name, ways[name] + _text(file)) for name, file in FILES.items()]


@cache
def _text(file: str) -> str:
    return (HERE / file).read_text().removeprefix("#!/bin/sh\n")
