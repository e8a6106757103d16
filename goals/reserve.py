"""Reserve weeks: a small stock of weeks a leader may knowingly spend on light. Pure.

A week (Monday to Sunday) is light if every current focus was on light or resting on at least one of its days.
The first three light weeks of the ninety days are reserve weeks and stay out of the practice rate. Dialling down is
always allowed; a light week beyond the stock counts as an ordinary week. Settings are dated and never rewritten, so
the same history always gives the same weeks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from goals.dial_rules import LIGHT, Setting, setting_on

STOCK = 3


@dataclass(frozen=True, slots=True)
class Life:
    """One focus over time: its first and last day, and its settings in the order they were made."""

    started_on: date
    archived_on: date | None
    settings: tuple[Setting, ...]

    def is_current(self, on: date) -> bool:
        return self.started_on <= on and (self.archived_on is None or on < self.archived_on)


def light_weeks(focuses: Sequence[Life], today: date) -> list[date]:
    """The Mondays of all light weeks, in order, up to this week or the last day of a dated setting."""
    if not focuses:
        return []
    ahead = [setting.ends_on for focus in focuses for setting in focus.settings if setting.ends_on]
    on, last = min(focus.started_on for focus in focuses), max([today, *ahead])
    mondays: list[date] = []
    while on <= last:
        if _is_light(focuses, on) and monday_of(on) not in mondays[-1:]:
            mondays.append(monday_of(on))
        on += timedelta(days=1)
    return mondays


def reserve_weeks(focuses: Sequence[Life], today: date) -> list[date]:
    """The Mondays of the light weeks that the stock covers."""
    return light_weeks(focuses, today)[:STOCK]


def newly_spent(focuses: Mapping[int, Life], turned: Collection[int], setting: Setting, today: date) -> int:
    """How many more weeks of the stock are spent when these of the focuses, by id, are turned so."""
    before = reserve_weeks([*focuses.values()], today)
    lives = {key: replace(focuses[key], settings=(*focuses[key].settings, setting)) for key in turned}
    after = reserve_weeks([*{**focuses, **lives}.values()], today)
    return len(set(after) - set(before))


def monday_of(on: date) -> date:
    return on - timedelta(days=on.weekday())


def sunday_of(on: date) -> date:
    return monday_of(on) + timedelta(days=6)


def _is_light(focuses: Sequence[Life], on: date) -> bool:
    current = [focus for focus in focuses if focus.is_current(on)]
    return bool(current) and all(setting_on(focus.settings, on).level <= LIGHT for focus in current)
