from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import models

from cohorts.models.cohort import Cadence as Level
from goals.dial_rules import Setting, setting_on

MAX_DIAL_DAYS = 366  # from the day it was turned


class Dialled:
    """What focuses and goals have in common: `dials`, in settings that are dated and never rewritten."""

    dials: Any

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Its dial settings, in the order they were made."""
        return tuple(dial.setting for dial in sorted(self.dials.all(), key=lambda dial: dial.pk))

    def level_on(self, on: date) -> Level:
        """The dial in force on a date: the newest setting that began by then and has not expired."""
        return Level(setting_on(self.settings, on).level)


def within_a_year(name: str) -> models.CheckConstraint:
    """A dial ends by itself within a year, so that counting its days comes to an end."""
    latest = models.F("starts_on") + timedelta(days=MAX_DIAL_DAYS)
    return models.CheckConstraint(name=name, condition=models.Q(ends_on__lte=latest))


class Turned:
    """One row of such a dial."""

    level: Any
    starts_on: Any
    ends_on: Any

    @property
    def setting(self) -> Setting:
        return Setting(self.level, self.starts_on, self.ends_on)


Row = TypeVar("Row", bound=Turned)


def row_in_force(rows: Sequence[Row], on: date) -> Row | None:
    """The row whose setting holds on a date; None where the dial stands on steady by itself."""
    setting = setting_on([row.setting for row in rows], on)
    return next((row for row in reversed(rows) if row.setting == setting), None)
