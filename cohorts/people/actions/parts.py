"""The file and the rows of an upload, piece by piece and part by part: as much in memory as one of them takes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from tempfile import TemporaryFile
from typing import Any, BinaryIO, NamedTuple, TypeVar, overload

from cohorts.models import Intake, IntakePart, IntakePiece
from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.stored_plan import read_rows

Thing = TypeVar("Thing")
ROWS_A_PART = 2_000
PIECE_BYTES = 1 << 18


class PartSize(NamedTuple):
    """The number of a part, and how many rows, problems or sponsors it has."""

    number: int
    length: int


class StoredSequence(Sequence[Thing]):
    """What the parts of an upload hold, as one sequence: a part is read when something of it is asked for.

    `read` returns everything a part holds by its number, as many things as its size says.
    """

    def __init__(self, sizes: Iterable[PartSize], read: Callable[[int], list[Thing]]) -> None:
        self.sizes, self.read = [size for size in sizes if size.length], read

    def __len__(self) -> int:
        return sum(size.length for size in self.sizes)

    def __iter__(self) -> Iterator[Thing]:
        for size in self.sizes:
            yield from self.read(size.number)

    @overload
    def __getitem__(self, at: int) -> Thing: ...
    @overload
    def __getitem__(self, at: slice) -> list[Thing]: ...
    def __getitem__(self, at: int | slice) -> Thing | list[Thing]:
        if isinstance(at, int):
            place = range(len(self))[at]
            return self[place : place + 1][0]
        start, stop, step = at.indices(len(self))
        found: list[Thing] = []
        passed = 0
        for number, length in self.sizes:
            if passed < stop and passed + length > start:
                found += self.read(number)[max(0, start - passed) : stop - passed]
            passed += length
        return found[::step]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def store_file(intake: Intake, file: BinaryIO) -> None:
    file.seek(0)
    for number, data in enumerate(iter(lambda: file.read(PIECE_BYTES), b"")):
        IntakePiece.objects.create(intake=intake, number=number, data=data)


@contextmanager
def stored_file(intake: Intake) -> Iterator[BinaryIO]:
    """The file of an upload, copied to a temporary file that is gone afterwards."""
    with TemporaryFile() as file:
        for number in list(intake.pieces.values_list("number", flat=True)):
            file.write(intake.pieces.values_list("data", flat=True).get(number=number))
        file.seek(0)
        yield file


def storing_rows(intake: Intake, rows: Iterable[PersonRow]) -> Iterator[PersonRow]:
    """These rows again, each part stored before its rows come. They replace what the upload had."""
    intake.parts.all().delete()
    for number, some in enumerate(in_batches(rows, ROWS_A_PART)):
        IntakePart.objects.create(intake=intake, number=number, rows=some, row_count=len(some))
        yield from some


def rows_of(intake: Intake) -> Iterator[PersonRow]:
    for number, _length in part_sizes(intake):
        yield from read_rows(read_part(intake, number, "rows")[0])


def row_count(intake: Intake) -> int:
    return sum(size.length for size in part_sizes(intake))


def part_sizes(intake: Intake) -> list[PartSize]:
    """In order, with the rows of each part."""
    return [PartSize(*values) for values in intake.parts.values_list("number", "row_count")]


def read_part(intake: Intake, number: int, *columns: str) -> tuple[Any, ...]:
    """These columns of one part, in one query."""
    values: tuple[Any, ...] = intake.parts.values_list(*columns).get(number=number)
    return values


def in_batches(things: Iterable[Thing], most: int) -> Iterator[list[Thing]]:
    left = iter(things)
    while batch := list(islice(left, most)):
        yield batch
