"""What a line is understood to say: who, what, by when."""

from datetime import date

import pytest

from coaching.meetings.one_line import Understood, names_of, understand

INGRID, BJORN = 1, 2
NAMES = names_of([(INGRID, "Ingrid Solheim"), (BJORN, "Bjørn Aas")])
MONDAY = date(2026, 11, 30)


def read(line: str) -> Understood:
    """As Bjørn, who talks with Ingrid on a Monday."""
    return understand(line, NAMES, me=BJORN, you=INGRID, today=MONDAY)


@pytest.mark.parametrize(
    ("line", "owner", "text", "due"),
    [
        ("Ingrid: try the three-line handover by Fri", INGRID, "Try the three-line handover", date(2026, 12, 4)),
        ("I will ask Planning by 2 Dec", BJORN, "Ask Planning", date(2026, 12, 2)),
        ("jeg: ring Planlegging innen fredag", BJORN, "Ring Planlegging", date(2026, 12, 4)),
        ("Bjørn skal spørre til onsdag 2. desember", BJORN, "Spørre", date(2026, 12, 2)),
        ("Du skal prøve om to uker", INGRID, "Prøve", date(2026, 12, 14)),
        ("Ingrid Solheim – try it before next week", INGRID, "Try it", date(2026, 12, 11)),
        ("Ask Planning, 2.12.", None, "Ask Planning", date(2026, 12, 2)),
        ("Ask Planning (by 5 January)", None, "Ask Planning", date(2027, 1, 5)),
        ("Send it in two weeks", None, "Send it", date(2026, 12, 14)),
        ("try it today", None, "Try it", MONDAY),
        ("prøv i morgen", None, "Prøv", date(2026, 12, 1)),
        ("Bjørn, øv 2026-12-24", BJORN, "Øv", date(2026, 12, 24)),
        ("call on Monday", None, "Call", date(2026, 12, 7)),
        ("  sit in   on two calls ", None, "Sit in on two calls", None),
    ],
)
def test_a_line_says_who_what_and_when(line: str, owner: int | None, text: str, due: date | None) -> None:
    assert read(line) == Understood(owner, text, due)


@pytest.mark.parametrize(
    "line",
    [
        "Ingrid",
        "By Friday",
        "Ask May about it",
        "Ingrid asks Planning about the 3/4 rule",
        "Finish 30 Feb",
        "Finish by 31.2.",
        "Read in March",
        "Take the 2 Dec",
        "",
    ],
)
def test_what_is_not_understood_stays_in_the_text(line: str) -> None:
    assert read(line) == Understood(None, line, None)


def test_a_first_name_that_both_have_says_nothing() -> None:
    names = names_of([(1, "Kari Lie"), (2, "Kari Dahl")])

    assert understand("Kari: try it", names, me=1, you=2, today=MONDAY).owner is None
    assert understand("Kari Dahl: try it", names, me=1, you=2, today=MONDAY).owner == 2


def test_a_long_line_of_nonsense_is_read_quickly() -> None:
    line = " -,;(" * 2000 + "by " * 500
    assert read(line).due_on is None
