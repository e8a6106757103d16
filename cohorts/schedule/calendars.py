"""The days one leader works: hour, zone, working days or rota, closed days and pauses."""

from collections.abc import Sequence
from datetime import date, time
from typing import Protocol
from zoneinfo import ZoneInfo

from cohorts.models import Cohort, Enrolment, Organisation, Pause
from cohorts.schedule.closed_days import closed_days
from cohorts.schedule.path import LENGTH, Calendar, Dialled, Rota, Span


class Schedule(Protocol):
    """What an enrolment says about its days, whether it is the whole row or a few columns of it."""

    @property
    def day1_on(self) -> date: ...
    @property
    def zone(self) -> ZoneInfo: ...
    @property
    def nudge_hour(self) -> time: ...
    @property
    def working_days(self) -> Sequence[int]: ...
    @property
    def rota_on(self) -> int | None: ...
    @property
    def rota_off(self) -> int | None: ...
    @property
    def rota_from(self) -> date | None: ...


class Placed(Protocol):
    """An enrolment by its keys."""

    @property
    def pk(self) -> int: ...
    @property
    def cohort_id(self) -> int: ...


def dialled_of(enrolment: Enrolment) -> Dialled:
    """What a leader set, as input for the path."""
    return Dialled(enrolment.cadence, enrolment.cadence_until, frozenset(enrolment.chosen_behaviours))


def calendar_of(enrolment: Enrolment, organisation: Organisation, pauses: tuple[Span, ...]) -> Calendar:
    """One leader's calendar, as input for the path."""
    return calendar_in(enrolment, enrolment.cohort, organisation, pauses)


def calendar_in(schedule: Schedule, cohort: Cohort, organisation: Organisation, pauses: tuple[Span, ...]) -> Calendar:
    """The same for an enrolment of which only the schedule was read."""
    return Calendar(
        day1=schedule.day1_on,
        zone=schedule.zone,
        hour=schedule.nudge_hour,
        working_days=frozenset(schedule.working_days),
        holidays=closed_days(cohort),
        pauses=pauses,
        quiet_from=organisation.quiet_from,
        quiet_until=organisation.quiet_until,
        rota=rota_of(schedule),
    )


def rota_of(enrolment: Schedule) -> Rota | None:
    """One leader's rotating rota; None if they work weekdays."""
    if enrolment.rota_on and enrolment.rota_off and enrolment.rota_from:
        return Rota(enrolment.rota_on, enrolment.rota_off, enrolment.rota_from)
    return None


def pauses_of(enrolment: Enrolment) -> tuple[Span, ...]:
    """One leader's days away: their own and their cohort's."""
    return pauses_by_enrolment([enrolment]).get(enrolment.pk, ())


def pauses_by_enrolment(enrolments: Sequence[Placed]) -> dict[int, tuple[Span, ...]]:
    """The days away of each of these leaders, their own and their cohort's, in one query."""
    cohorts = {enrolment.cohort_id for enrolment in enrolments}
    spans = list(
        Pause.objects.filter(cohort__in=cohorts).values_list("cohort_id", "enrolment_id", "starts_on", "ends_on")
    )
    if not spans:
        return {}
    own: dict[int, list[Span]] = {}
    shared: dict[int, list[Span]] = {}
    for cohort_id, enrolment_id, starts_on, ends_on in spans:
        place = own.setdefault(enrolment_id, []) if enrolment_id else shared.setdefault(cohort_id, [])
        place.append((starts_on, ends_on))
    return {each.pk: tuple(sorted([*own.get(each.pk, ()), *shared.get(each.cohort_id, ())])) for each in enrolments}


def last_day_of(enrolment: Enrolment) -> date:
    """Day 90 of one leader, moved by their days away."""
    days = Calendar(enrolment.day1_on, enrolment.zone, enrolment.nudge_hour, frozenset(), pauses=pauses_of(enrolment))
    return days.date_of(LENGTH)
