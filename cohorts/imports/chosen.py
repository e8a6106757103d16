"""What somebody chose for a file instead of what was guessed. Pure: the reader's process knows it, too."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_SHEETS = 250  # of a workbook, that can be chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Place of the sheet, field by number of the column, encoding, and whether hidden rows count."""

    sheet: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    hidden: bool = False


AS_GUESSED = Chosen()
