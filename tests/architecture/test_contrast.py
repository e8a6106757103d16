"""Every colour that carries words, on every ground it may lie on, in both themes: 4.5 to 1 at least; edges 3 to 1."""

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS.read_text())
}
GROUNDS = ("paper", "surface", "sunken")
MOODS = ("accent", "clay", "honey", "moss", "brick")
WORDS = [
    *product(("ink", "ink-quiet", "accent", "accent-strong", "clay", "moss", "brick"), GROUNDS),
    *((f"on-{mood}-soft", f"{mood}-soft") for mood in MOODS),
    *(("ink", f"{mood}-soft") for mood in MOODS),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-lead", "lead"),
    ("on-lead-quiet", "lead"),
    ("honey", "lead"),
    ("on-honey", "honey"),
]
EDGES = [*product(("line-control", "focus"), GROUNDS), ("focus", "accent-soft")]


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("above", "below", "least"), [(*pair, 4.5) for pair in WORDS] + [(*pair, 3) for pair in EDGES])
def test_what_is_written_can_be_read(above, below, least, theme):
    at = ("light", "dark").index(theme)

    assert contrast(COLOURS[above][at], COLOURS[below][at]) >= least
