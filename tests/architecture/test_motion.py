"""Nothing moves for those whose system asks for less motion."""

import re
from pathlib import Path

SHEETS = sorted((Path(__file__).resolve().parents[2] / "static" / "css").glob("*.css"))
MOVES = re.compile(r"\b(?:animation|transition|scroll-behavior)\s*:(?!\s*none)")
ALLOWED = re.compile(r"@media \(prefers-reduced-motion: no-preference\)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")


def moves(css: str) -> list[str]:
    """What moves outside the blocks for those who have nothing against it."""
    return MOVES.findall(ALLOWED.sub("", css))


def test_movement_is_only_where_nobody_asked_for_less() -> None:
    assert {sheet.name: found for sheet in SHEETS if (found := moves(sheet.read_text()))} == {}


def test_the_search_tells_guarded_movement_from_the_rest() -> None:
    spin, still = "a { animation: turn 1s; }", "a { transition: none; }"

    assert moves(spin)
    assert moves(f"@media (min-width: 1px) {{ {spin} }}")
    assert not moves(f"@media (prefers-reduced-motion: no-preference) {{ {spin} }} {still}")
