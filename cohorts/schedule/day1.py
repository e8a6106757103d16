"""Whether day 1 is a day people work, and the next one that is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cohorts.schedule.closed_days import ClosedDays
from cohorts.schedule.date_words import date_words, fill, join
from cohorts.schedule.path import LENGTH

LATE_DAYS = 7  # up to a week back, the cohort was just entered late; more is pointed out
SEARCHED_DAYS = 400


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a day 1 is doubtful, in a sentence, and the working day to offer instead."""

    on: date
    sentence: str
    instead: date


def is_open(on: date, working_days: Collection[int], closed: ClosedDays) -> bool:
    return on.isoweekday() in working_days and on not in closed


def first_open(on: date, working_days: Collection[int], closed: ClosedDays) -> date:
    """This date, or the next one on which the cohort works; the date itself where none follows within a year."""
    ahead = (on + timedelta(days=passed) for passed in range(SEARCHED_DAYS))
    return next((each for each in ahead if is_open(each, working_days, closed)), on)


def doubt_about(
    on: date, *, working_days: Collection[int], closed: ClosedDays, today: date, language: str
) -> Doubt | None:
    """What is doubtful about a day 1 long ago, on a closed day or on a day off; None if nothing is. Refuses nothing."""
    if on < today - timedelta(days=LATE_DAYS):
        return Doubt(on, _late(on, today), first_open(today + timedelta(days=1), working_days, closed))
    if is_open(on, working_days, closed):
        return None
    facts = {"date": date_words(on, "WEEKDAY_FORMAT", is_first=True), "name": closed.name(on, language)}
    why = _("%(date)s is %(name)s, and nothing goes out that day.") if on in closed else _("%(date)s is a day off.")
    sentence = join(" ", [fill(why, facts), _("The first step would come on the next working day.")])
    return Doubt(on, sentence, first_open(on, working_days, closed))


def _late(on: date, today: date) -> str:
    if (today - on).days >= LENGTH:
        return _("That is more than ninety days ago: the ninety days would be over before anything is sent.")
    sentence = _("That is %(days)d days ago. The steps so far would come late, one a working day.")
    return sentence % {"days": (today - on).days}
