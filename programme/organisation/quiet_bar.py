"""The day as a bar: when it is quiet, when mails may go out, and when new cohorts start."""

from dataclasses import dataclass
from datetime import time

from cohorts.models import Organisation

MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one minute of the day, so many long."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class QuietBar:
    quiet: list[Stretch]
    hour: int


def quiet_bar(organisation: Organisation) -> QuietBar:
    starts, ends = minute(organisation.quiet_from), minute(organisation.quiet_until)
    if starts <= ends:
        quiet = [Stretch(starts, ends - starts)]
    else:
        quiet = [Stretch(0, ends), Stretch(starts, MINUTES - starts)]
    return QuietBar([each for each in quiet if each.length], minute(organisation.nudge_hour))


def minute(hour: time) -> int:
    return hour.hour * 60 + hour.minute
