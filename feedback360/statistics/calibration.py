"""Reads what `make calibrate` measured: how often the report's figures are right when the truth is known. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in one situation, as shares from 0 to 1 by the number of raters (`cohort_*`: of leaders)."""

    figure: str
    case: str
    by_n: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Calibration:
    """`runs` is how many rounds were simulated for each share."""

    seed: int
    runs: int
    rows: tuple[Row, ...]


def measured(file: Path = FILE) -> Calibration:
    """The committed measurement."""
    read = json.loads(file.read_text())
    return Calibration(
        seed=read["seed"],
        runs=read["runs"],
        rows=tuple(
            Row(row["figure"], row["case"], {int(n): value for n, value in row["by_n"].items()}) for row in read["rows"]
        ),
    )
