import pytest

from tests.faults.anonymity import figures


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One process only (`make attack`): parallel workers keep their lines to themselves."""
    if rows := figures.table():
        terminalreporter.write_sep("=", "what the attackers found")
        for row in rows:
            terminalreporter.write_line(row)
