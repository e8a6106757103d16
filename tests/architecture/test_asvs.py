"""The answers to OWASP ASVS are complete, point to what exists, and are counted truly in SECURITY.md."""

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SHEET = PROJECT / "tests" / "security" / "asvs.tsv"
STATES = ("tested", "configured", "reasoned", "open")
# Requirements of levels 1 and 2 in the sections of ASVS 5.0.0, without V10 (OAuth) and V17 (WebRTC).
REQUIREMENTS = 217

SECTIONS = {  # section: numbers at level 1, numbers at level 2
    "V1.1": ("", "1 2"),
    "V1.2": ("1 2 3 4 5", "6 7 8 9"),
    "V1.3": ("1 2", "3 4 5 6 7 8 9 10 11"),
    "V1.4": ("", "1 2 3"),
    "V1.5": ("1", "2"),
    "V2.1": ("1", "2 3"),
    "V2.2": ("1 2", "3"),
    "V2.3": ("1", "2 3 4"),
    "V2.4": ("", "1"),
    "V3.2": ("1 2", ""),
    "V3.3": ("1", "2 3 4"),
    "V3.4": ("1 2", "3 4 5 6"),
    "V3.5": ("1 2 3", "4 5"),
    "V3.7": ("", "1 2"),
    "V4.1": ("1", "2 3"),
    "V4.2": ("", "1"),
    "V4.3": ("", "1 2"),
    "V4.4": ("1", "2 3 4"),
    "V5.1": ("", "1"),
    "V5.2": ("1 2", "3"),
    "V5.3": ("1 2", ""),
    "V5.4": ("", "1 2 3"),
    "V6.1": ("1", "2 3"),
    "V6.2": ("1 2 3 4 5 6 7 8", "9 10 11 12"),
    "V6.3": ("1 2", "3 4"),
    "V6.4": ("1 2", "3 4"),
    "V6.5": ("", "1 2 3 4 5"),
    "V6.6": ("", "1 2 3"),
    "V6.8": ("", "1 2 3 4"),
    "V7.1": ("", "1 2 3"),
    "V7.2": ("1 2 3 4", ""),
    "V7.3": ("", "1 2"),
    "V7.4": ("1 2", "3 4 5"),
    "V7.5": ("", "1 2"),
    "V7.6": ("", "1 2"),
    "V8.1": ("1", "2"),
    "V8.2": ("1 2", "3"),
    "V8.3": ("1", ""),
    "V8.4": ("", "1"),
    "V9.1": ("1 2 3", ""),
    "V9.2": ("1", "2 3 4"),
    "V11.1": ("", "1 2"),
    "V11.2": ("", "1 2 3"),
    "V11.3": ("1 2", "3"),
    "V11.4": ("1", "2 3 4"),
    "V11.5": ("", "1"),
    "V11.6": ("", "1"),
    "V12.1": ("1", "2 3"),
    "V12.2": ("1 2", ""),
    "V12.3": ("", "1 2 3 4"),
    "V13.1": ("", "1"),
    "V13.2": ("", "1 2 3 4 5"),
    "V13.3": ("", "1 2"),
    "V13.4": ("1", "2 3 4 5"),
    "V14.1": ("", "1 2"),
    "V14.2": ("1", "2 3 4"),
    "V14.3": ("1", "2 3"),
    "V15.1": ("1", "2 3"),
    "V15.2": ("1", "2 3"),
    "V15.3": ("1", "2 3 4 5 6 7"),
    "V16.1": ("", "1"),
    "V16.2": ("", "1 2 3 4 5"),
    "V16.3": ("", "1 2 3 4"),
    "V16.4": ("", "1 2 3"),
    "V16.5": ("", "1 2 3"),
}
IDS = {
    f"{section}.{number}": str(level)
    for section, levels in SECTIONS.items()
    for level, numbers in enumerate(levels, start=1)
    for number in numbers.split()
}


def answers() -> list[dict[str, str]]:
    with SHEET.open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))


@cache
def settings_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(
        each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    )


def exists(evidence: str) -> bool:
    name, _, member = evidence.partition("::")
    path = PROJECT / name
    if not path.is_file():
        return False
    if not member:
        return True
    known = settings_of(path) if name == "programme/settings.py" else functions_of(path)
    return member in known


def test_each_asvs_requirement_is_answered_once() -> None:
    assert {row["id"]: row["level"] for row in answers()} == IDS
    assert len(answers()) == REQUIREMENTS


def test_each_asvs_answer_has_a_known_state_and_its_evidence() -> None:
    bare = [
        row["id"]
        for row in answers()
        if row["state"] not in STATES
        or not (row["evidence"] if row["state"] in {"tested", "configured"} else row["note"])
        or (row["state"] == "tested" and "::test_" not in row["evidence"])
    ]

    assert bare == []


def test_what_the_asvs_answers_name_exists() -> None:
    missing = [(row["id"], each) for row in answers() for each in row["evidence"].split() if not exists(each)]

    assert missing == []


def test_a_made_up_name_in_an_asvs_answer_is_found() -> None:
    assert not exists("tests/architecture/test_asvs.py::test_that_is_not_there")
    assert not exists("programme/settings.py::NO_SUCH_SETTING")
    assert not exists("no/such/file.py")


def test_the_security_policy_counts_and_lists_the_asvs_answers() -> None:
    text = (PROJECT / "SECURITY.md").read_text()
    counts = Counter(row["state"] for row in answers())
    counted = ", ".join(f"{counts[state]} {state}" for state in STATES)
    listed = re.findall(r"V\d+\.\d+\.\d+", text.partition("## OWASP ASVS")[2].partition("\n## ")[0])

    assert f"{REQUIREMENTS} requirements: {counted}." in text
    assert sorted(listed) == sorted(row["id"] for row in answers() if row["state"] == "open")
