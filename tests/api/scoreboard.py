"""The table at the end of `make test-api`: how each role's requests were answered. `pytest -p tests.api.scoreboard`."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import pytest

COLUMNS = ("role", "operations", "requests", "2xx", "3xx", "4xx", "5xx", "undocumented", "processor s")
PLACE = "contract"


class Call(NamedTuple):
    """One request that was answered."""

    operation: str
    status: int
    is_undocumented: bool


def read_calls(lines: Iterable[str]) -> list[Call]:
    return [Call(name, int(status), flag == "1") for name, status, flag in map(str.split, lines)]


def row_of(role: str, calls: list[Call], seconds: float) -> list[str | int]:
    classes = Counter(call.status // 100 for call in calls)
    counts = [classes[number] for number in (2, 3, 4, 5)]
    undocumented = sum(call.is_undocumented for call in calls)
    return [role, len({call.operation for call in calls}), len(calls), *counts, undocumented, round(seconds)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    rows = [row for report in reports for name, row in report.user_properties if name == PLACE]
    if not rows:
        return
    total = ["all", max(row[1] for row in rows), *(sum(row[place] for row in rows) for place in range(2, len(COLUMNS)))]
    table = [[str(cell) for cell in row] for row in (COLUMNS, *rows, total)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    terminalreporter.section("the API as each role")
    for first, *others in table:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        terminalreporter.write_line("  ".join(cells))
