"""Who can come to what is offered: places by site and time of day, and dates by the way leaders work.

Pure, except for `report`. Groups of fewer than five leaders are left out. Working patterns come from enrolments, which
say on which days somebody works and not at which hours: that day visits leave out the night shift follows from dates.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from coaching.disclosure import MIN_PEOPLE
from coaching.models import Booking, Visit
from cohorts.models import Enrolment
from cohorts.schedule.calendars import rota_of
from cohorts.schedule.time_zones import local_date

LOOKS_BACK = timedelta(days=90)
EVENING_FROM, NIGHT_FROM, DAY_FROM = 15, 22, 6  # hours on the host's clock


class Shift(StrEnum):
    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"


class Pattern(StrEnum):
    WEEKDAYS = "weekdays"
    ROTA = "rota"


@dataclass(frozen=True, slots=True)
class OfferedDate:
    """One date that is or was offered; `site` is empty for one by video."""

    starts_at: datetime
    zone: ZoneInfo
    places: int
    site: str
    is_remote: bool


@dataclass(frozen=True, slots=True)
class Worker:
    """One leader: which way they work, where, and whether on a date."""

    pattern: Pattern
    zone: ZoneInfo
    works: Callable[[date], bool]
    has_been: bool


@dataclass(frozen=True, slots=True)
class Places:
    """Dates and places of one site or one time of day."""

    key: str
    dates: int
    places: int


@dataclass(frozen=True, slots=True)
class Reach:
    """On how many of the dates one group works, on average, and how many of them took a place.

    A number of leaders from one to four is not told: None.
    """

    pattern: Pattern
    leaders: int
    average: float
    on_none: int | None
    have_been: int | None


@dataclass(frozen=True, slots=True)
class FairAccess:
    by_site: tuple[Places, ...]
    by_shift: tuple[Places, ...]
    by_pattern: tuple[Reach, ...]
    left_out: tuple[Pattern, ...]
    dates: int

    @property
    def excludes_nights(self) -> bool:
        """Everything is by day: who works nights loses sleep or stays away."""
        return bool(self.dates) and all(each.key == Shift.DAY or not each.dates for each in self.by_shift)


def shift_of(starts_at: datetime, zone: ZoneInfo) -> Shift:
    hour = starts_at.astimezone(zone).hour
    if hour >= NIGHT_FROM or hour < DAY_FROM:
        return Shift.NIGHT
    return Shift.EVENING if hour >= EVENING_FROM else Shift.DAY


def access(offered: Sequence[OfferedDate], workers: Iterable[Worker]) -> FairAccess:
    sites = sorted({each.site for each in offered if not each.is_remote})
    at_sites = [_places(site, (each for each in offered if not each.is_remote and each.site == site)) for site in sites]
    remote = _places("", (each for each in offered if each.is_remote))
    shifts = [
        _places(shift, (each for each in offered if shift_of(each.starts_at, each.zone) == shift)) for shift in Shift
    ]
    reaches, left_out = [], []
    people = list(workers)
    for pattern in Pattern:
        group = [each for each in people if each.pattern == pattern]
        if len(group) >= MIN_PEOPLE:
            reaches.append(_reach(pattern, group, offered))
        elif group:
            left_out.append(pattern)
    by_site = (*at_sites, *((remote,) if remote.dates else ()))
    return FairAccess(by_site, tuple(shifts), tuple(reaches), tuple(left_out), len(offered))


def _places(key: str, offered: Iterable[OfferedDate]) -> Places:
    found = list(offered)
    return Places(key, len(found), sum(each.places for each in found))


def _reach(pattern: Pattern, group: Sequence[Worker], offered: Sequence[OfferedDate]) -> Reach:
    counts = [sum(worker.works(local_date(each.starts_at, worker.zone)) for each in offered) for worker in group]
    return Reach(
        pattern=pattern,
        leaders=len(group),
        average=sum(counts) / len(group),
        on_none=_told(sum(count == 0 for count in counts)),
        have_been=_told(sum(worker.has_been for worker in group)),
    )


def _told(people: int) -> int | None:
    return None if 0 < people < MIN_PEOPLE else people


def report(now: datetime) -> FairAccess:
    """The dates of the last ninety days and those ahead, and the leaders who are in a cohort now."""
    visits = Visit.objects.open().filter(starts_at__gte=now - LOOKS_BACK).select_related("host")
    offered = [
        OfferedDate(visit.starts_at, visit.host.zone, visit.capacity, visit.host.site, visit.is_remote)
        for visit in visits
    ]
    guests = set(Booking.objects.seated().filter(visit__in=visits).values_list("guest_id", flat=True))
    workers = [_worker(enrolment, enrolment.leader_id in guests) for enrolment in Enrolment.objects.active()]
    return access(offered, workers)


def _worker(enrolment: Enrolment, has_been: bool) -> Worker:
    rota = rota_of(enrolment)
    if rota:
        return Worker(Pattern.ROTA, enrolment.zone, rota.works, has_been)
    days = frozenset(enrolment.working_days)
    return Worker(Pattern.WEEKDAYS, enrolment.zone, lambda on: on.isoweekday() in days, has_been)
