"""`make calibrate`: measure the whole table with many runs, print it, and write it for the method page."""

import argparse
import json
import sys
from dataclasses import asdict

from feedback360.statistics.calibration import FILE, Row
from tests.feedback360.calibration.table import table

SEED = 360
RUNS = 6_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    rows = []
    for figure in table(SEED):
        row = figure.row(runs)
        rows.append(row)
        shares = "  ".join(f"{n}: {value:.3f}" for n, value in row.by_n.items())
        sys.stdout.write(f"{row.figure:32} {row.case:48} {shares}\n")
        sys.stdout.flush()
    FILE.write_text(as_text(runs, rows))


def as_text(runs: int, rows: list[Row]) -> str:
    """The file: one row a line, so that a difference shows what moved."""
    body = ",\n    ".join(json.dumps(asdict(row)) for row in rows)
    return f'{{\n  "seed": {SEED},\n  "runs": {runs},\n  "rows": [\n    {body}\n  ]\n}}\n'


if __name__ == "__main__":
    main()
