"""The days of the two in a pairing: when either is away, and when the leader works."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from coaching.meetings.cadence import Span
from coaching.models import Pairing
from cohorts.enrolment.current import current_enrolments
from cohorts.models import Enrolment
from cohorts.schedule.calendars import pauses_by_enrolment, rota_of
from cohorts.schedule.closed_days import closed_days

WEEKDAYS = range(1, 6)


@dataclass(frozen=True)
class Days:
    """One pair's days: spans in which either is away, and the enrolment that says when the leader works."""

    enrolment: Enrolment | None
    away: tuple[Span, ...]
    own_away: tuple[Span, ...]

    def works_on(self, on: date) -> bool:
        """Whether the leader works on this date; without an enrolment, Monday to Friday."""
        if any(first <= on <= last for first, last in self.own_away):
            return False
        if self.enrolment is None:
            return on.isoweekday() in WEEKDAYS
        if on in closed_days(self.enrolment.cohort):
            return False
        rota = rota_of(self.enrolment)
        return rota.works(on) if rota else on.isoweekday() in self.enrolment.working_days


def days_of(pairing: Pairing) -> Days:
    return days_by_pairing([pairing])[pairing.pk]


def days_by_pairing(pairings: Collection[Pairing]) -> dict[int, Days]:
    """The days of each pair, in two queries."""
    newest = current_enrolments({key for each in pairings for key in (each.leader_id, each.partner_id)})
    pauses = pauses_by_enrolment(list(newest.values()))

    def spans(member_id: int) -> tuple[Span, ...]:
        enrolment = newest.get(member_id)
        return pauses.get(enrolment.pk, ()) if enrolment else ()

    return {
        each.pk: Days(
            newest.get(each.leader_id), (*spans(each.leader_id), *spans(each.partner_id)), spans(each.leader_id)
        )
        for each in pairings
    }
