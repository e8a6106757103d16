"""The dates on which a cohort sends nothing: the public holidays of its place, and dates of its own. Pure.

A date of its own wins over a public holiday: it is closed, with a name, or kept open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Protocol

import holidays

from cohorts.schedule.holiday_names import in_norwegian, in_sentence

ENGLISH = ("en_GB", "en_US")
NORWEGIAN = "no"


class PlacedCohort(Protocol):
    """What a cohort says about its closed days."""

    @property
    def holidays(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def holiday_kinds(self) -> list[str]: ...
    @property
    def own_days(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A country (two letters, empty for none), a region of it and kinds of holidays beside the public ones."""

    country: str = ""
    region: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A date that a cohort closes, with a name, or keeps open although it is a public holiday."""

    on: date
    name: str
    is_closed: bool

    def as_stored(self) -> dict[str, Any]:
        return {"on": self.on.isoformat(), "name": self.name, "is_closed": self.is_closed}


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """A container of dates, as `Calendar.holidays` takes it."""

    place: Place = Place()
    own: tuple[OwnDay, ...] = ()

    def __contains__(self, on: object) -> bool:
        own = self.own_day(on)
        if own is not None:
            return own.is_closed
        return isinstance(on, date) and on in names_in(self.place, on.year)

    def own_day(self, on: object) -> OwnDay | None:
        return next((day for day in self.own if day.on == on), None)

    def public_name(self, on: date, language: str = "en") -> str:
        """The name of a public holiday; empty on other dates."""
        return names_in(self.place, on.year, language).get(on, "")

    def name(self, on: date, language: str = "en") -> str:
        """The cohort's own name of a date, else the public holiday's."""
        own = self.own_day(on)
        return (own.name if own else "") or self.public_name(on, language)

    def between(self, first: date, last: date) -> Iterator[date]:
        """The closed dates of a span, both ends included."""
        days = (first + timedelta(days=passed) for passed in range((last - first).days + 1))
        return (on for on in days if on in self)

    def with_day(self, day: OwnDay) -> "ClosedDays":
        return ClosedDays(self.place, _in_order([*self.without(day.on).own, day]))

    def without(self, on: date) -> "ClosedDays":
        return ClosedDays(self.place, tuple(day for day in self.own if day.on != on))


def closed_days(cohort: PlacedCohort) -> ClosedDays:
    """A cohort's closed days."""
    return ClosedDays(
        Place(cohort.holidays, cohort.region, tuple(cohort.holiday_kinds)),
        tuple(OwnDay(date.fromisoformat(day["on"]), day["name"], day["is_closed"]) for day in cohort.own_days),
    )


@lru_cache(maxsize=512)
def names_in(place: Place, year: int, language: str = "en") -> Mapping[date, str]:
    """The public holidays of a place in a year with their names, in this language where there is a word for it."""
    if not place.country:
        return {}
    spoken = holidays.country_holidays(place.country).supported_languages
    wanted = (NORWEGIAN, *ENGLISH) if language == "nb" else ENGLISH
    chosen = next((each for each in wanted if each in spoken), None)
    found = holidays.country_holidays(
        place.country,
        subdiv=place.region or None,
        categories=("public", *place.kinds),
        years=year,
        language=chosen,
    )
    if language != "nb":
        return dict(found)
    spell = in_sentence if chosen == NORWEGIAN else in_norwegian
    return {on: spell(name) for on, name in found.items()}


def _in_order(days: Sequence[OwnDay]) -> tuple[OwnDay, ...]:
    return tuple(sorted(days, key=lambda day: day.on))
