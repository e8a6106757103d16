"""The table at the end of `make test-faults`: what each fault cost. A plugin: `pytest -p tests.faults.scoreboard`.

A test of a fault asks for `score` and calls it with what it counted. Numbers of a control are marked: there the defence
is removed, and the loss is what proves the test beside it.
"""

import re
from collections.abc import Callable
from typing import Protocol

import pytest

COLUMNS = ("fault", "nudges", "lost", "doubled", "ambiguous", "recovered in (s)")
PLACE = "scoreboard"


class Score(Protocol):
    def __call__(
        self,
        fault: str,
        *,
        nudges: int,
        lost: int = 0,
        doubled: int = 0,
        ambiguous: int = 0,
        seconds: float | None = None,
        is_control: bool = False,
    ) -> None: ...


@pytest.fixture
def score(record_property: Callable[[str, object], None]) -> Score:
    """`score("F1 worker killed", nudges=600, doubled=3, seconds=41)`: one row of the table."""

    def score(
        fault: str,
        *,
        nudges: int,
        lost: int = 0,
        doubled: int = 0,
        ambiguous: int = 0,
        seconds: float | None = None,
        is_control: bool = False,
    ) -> None:
        name = f"{fault} (control)" if is_control else fault
        took = "" if seconds is None else f"{seconds:.1f}"
        record_property(PLACE, [name, nudges, lost, doubled, ambiguous, took])

    return score


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    rows = [[str(cell) for cell in row] for report in reports for name, row in report.user_properties if name == PLACE]
    if not rows:
        return
    table = [list(COLUMNS), *sorted(rows, key=_in_order)]
    widths = [max(len(row[column]) for row in table) for column in range(len(COLUMNS))]
    terminalreporter.section("faults")
    for first, *others in table:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        terminalreporter.write_line("  ".join(cells))


def _in_order(row: list[str]) -> tuple[int, str]:
    number = re.match(r"F(\d+)", row[0])
    return (int(number[1]) if number else 99, row[0])
