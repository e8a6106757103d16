"""Which week of a sponsor's part it is, and which weeks a sponsor can be measured by. Pure.

Week 0 is the one before day 1 and holds the talk before it; weeks 1 to 12 hold check-ins, week 13 the end review. A
sponsor who takes over later begins with week 0, too. Weeks are the leader's programme weeks, so a pause lies in none.

A week counts for a sponsor once it is over, if every day of it was theirs. So nobody answers for a week that two
sponsors had, for one before their time, or for one in which the leader left.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from cohorts.schedule.path import LENGTH, Calendar

BEFORE, FIRST, LAST = 0, 1, 13
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tenure:
    """The days on which somebody was a leader's sponsor, both ends included; `until` is None while they are."""

    since: date
    until: date | None = None

    def holds(self, first: date, last: date) -> bool:
        return self.since <= first and (self.until is None or last <= self.until)


def week_of(calendar: Calendar, on: date) -> int:
    """The week of the sponsor's part on a date; 13 is also the week after day 90, for an end review that slipped."""
    day = calendar.day(on)
    if day < 1:
        return BEFORE
    return min(-(-day // 7), LAST)


def open_weeks(calendar: Calendar, since: date, today: date) -> frozenset[int]:
    """The weeks whose part can be done today: this one, the one just over, and the talk with a new sponsor."""
    day = calendar.day(today)
    if day > LENGTH + A_WEEK.days:
        return frozenset()
    week = week_of(calendar, today)
    weeks = {week, week - 1} - {BEFORE, BEFORE - 1}
    if today < _brief_until(calendar, since):
        weeks.add(BEFORE)
    return frozenset(weeks)


def weeks_over(calendar: Calendar, tenure: Tenure, today: date) -> frozenset[int]:
    """The weeks that a sponsor with this tenure can be measured by."""
    over = {week for week in range(FIRST, LAST) if _is_over(calendar, week, tenure, today)}
    brief = _brief_until(calendar, tenure.since)
    if brief <= today and tenure.holds(tenure.since, brief):
        over.add(BEFORE)
    first, last = calendar.date_of(7 * LAST - 6), calendar.date_of(LENGTH)
    if last + A_WEEK < today and tenure.holds(first, last):
        over.add(LAST)
    return frozenset(over)


def _is_over(calendar: Calendar, week: int, tenure: Tenure, today: date) -> bool:
    first, last = calendar.date_of(7 * week - 6), calendar.date_of(7 * week)
    return last < today and tenure.holds(first, last)


def _brief_until(calendar: Calendar, since: date) -> date:
    """The first talk has a week: from day 1, or from the day a new sponsor began."""
    return max(calendar.day1, since) + A_WEEK
