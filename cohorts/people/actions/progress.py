"""How far a long act is, told while it goes on."""

from typing import Protocol


class Progress(Protocol):
    """Called with the number done.

    An import makes `people` members first and then enrols; an undo begins with the enrolments. `total` is both.
    """

    def __call__(self, done: int, /, *, people: int, total: int) -> None: ...


def say_nothing(_done: int, *, people: int, total: int) -> None:
    """For an act whose progress nobody watches."""
