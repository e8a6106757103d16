"""All leaders of a sponsor in one list: the status that admins see, and two weeks of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cohorts.enrolment.roster import statuses_for_sponsor
from cohorts.enrolment.status import Status
from cohorts.models import Organisation
from cohorts.web.chips import Chip
from programme.progress.two_weeks import Strip, strip_of
from programme.sponsor.overview import LeaderLine, Overview

MIN_FOR_CHIPS = 6  # fewer are seen at a glance


@dataclass(frozen=True)
class LeaderRow:
    line: LeaderLine
    status: Status
    strip: Strip | None


def leader_rows(overview: Overview, organisation: Organisation, now: datetime) -> list[LeaderRow]:
    """Who needs somebody first, then by name."""
    enrolments = [line.enrolment for line in overview.lines]
    calendars = {line.enrolment.pk: line.calendar for line in overview.lines}
    next_dates = {line.enrolment.pk: line.next_on for line in overview.lines}
    statuses = statuses_for_sponsor(enrolments, calendars, next_dates, zone=organisation.zone, now=now)
    rows = [
        LeaderRow(
            line,
            statuses[line.enrolment.pk],
            strip_of(line.calendar, line.practised, line.today) if line.has_begun else None,
        )
        for line in overview.lines
    ]
    return sorted(rows, key=lambda row: (row.status.urgency, row.line.name.casefold()))


def chips_of(rows: Sequence[LeaderRow], chosen: str) -> list[Chip]:
    """A filter for each status that somebody has, with its count; none for a short list."""
    if len(rows) < MIN_FOR_CHIPS:
        return []
    counts = Counter(row.status.key for row in rows)
    words = {row.status.key: row.status.words for row in rows}
    chips = [Chip(f"?status={key}", words[key], count, key == chosen) for key, count in counts.items()]
    return [Chip("?", _("All"), len(rows), chosen not in counts), *chips]
