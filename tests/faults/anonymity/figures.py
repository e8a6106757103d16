"""The table of `make attack`. Every attack adds its line, from any file of this folder:

    figures.add("AA1", "span of one release", tried=793, found=0, of="subsets below k")

A control is a defence that was taken away; it is red if the attack then succeeds.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    attack: str
    what: str
    tried: int
    found: int
    of: str
    note: str


@dataclass(frozen=True)
class Control:
    defence: str
    is_red: bool


lines: list[Line] = []
controls: list[Control] = []


def add(attack: str, what: str, *, tried: int, found: int, of: str, note: str = "") -> None:
    """`found` of `tried` succeeded for the attacker; `note` says what that means where it is not, and cannot be, 0."""
    lines.append(Line(attack, what, tried, found, of, note))


def add_control(defence: str, *, is_red: bool) -> None:
    controls.append(Control(defence, is_red))


def table() -> list[str]:
    """In order of attack; empty where nothing was attacked."""
    ordered = sorted(lines, key=lambda line: (int(line.attack.strip("A")), line.what))
    wide = max((len(line.what) for line in ordered), default=0)
    rows = [
        f"{line.attack:5} {line.what:{wide}}  {line.found:>9,} of {line.tried:>11,} {line.of}"
        + (f"  ({line.note})" if line.note else "")
        for line in ordered
    ]
    if controls:
        red = sum(control.is_red for control in controls)
        rows.append(f"AA14  controls red {red}/{len(controls)}: " + "; ".join(control.defence for control in controls))
    return rows
