"""The level of a dial, from its dated settings. Pure.

The newest setting that began by a date holds until its last day; after that, and before any setting, steady. The
cadence of nudges is the highest level among the current focuses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

RESTING, LIGHT, STEADY, STRETCH = range(4)


@dataclass(frozen=True, slots=True)
class Setting:
    """One dial setting. `ends_on` is its last day; None means until the next setting."""

    level: int
    starts_on: date
    ends_on: date | None = None


NEVER_TURNED = Setting(STEADY, date.min)


def setting_on(settings: Sequence[Setting], on: date) -> Setting:
    """The setting in force on a date. `settings` are in the order they were made."""
    begun = [setting for setting in settings if setting.starts_on <= on]
    newest = max(enumerate(begun), key=lambda turn: (turn[1].starts_on, turn[0]), default=(0, NEVER_TURNED))[1]
    return NEVER_TURNED if newest.ends_on is not None and on > newest.ends_on else newest


def cadence(in_force: Iterable[Setting]) -> tuple[int, date | None]:
    """The highest level among the settings in force, and the last date before it reverts to steady."""
    settings = list(in_force)
    level = max((setting.level for setting in settings), default=STEADY)
    if level == STEADY:
        return level, None
    if level < STEADY:
        # The first of them to expire reverts to steady, which is higher.
        return level, min((s.ends_on for s in settings if s.ends_on), default=None)
    ends = [setting.ends_on for setting in settings if setting.level == level]
    return level, None if None in ends else max(end for end in ends if end)
