"""The table of interface conventions is whole, and what it names as evidence exists."""

import re

from tests.architecture.test_asvs import PROJECT, exists

TEXT = (PROJECT / "programme" / "conventions.md").read_text()
TABLE = TEXT.partition("\n## ")[0]
ROWS = [line for line in TABLE.splitlines() if line.startswith("| ")][1:]  # without the head
CONVENTIONS = 39


def test_each_convention_has_evidence_and_none_is_left_open() -> None:
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in ROWS]

    assert len({row[0] for row in cells}) == len(cells) == CONVENTIONS
    assert [row[0] for row in cells if len(row) != 3 or "::test_" not in row[2] or "open:" in row[2]] == []


def test_every_test_named_by_a_convention_exists() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("| ")]
    named = re.findall(r"`(tests/[^`]*)`", "\n".join(lines))

    assert len(named) > CONVENTIONS
    assert [each for each in named if "::test_" not in each or not exists(each)] == []
