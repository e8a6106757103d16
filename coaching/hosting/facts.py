"""What a form says of a host and of a date, in one piece. Field names are those of the columns."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What a host says about themselves."""

    name: str
    site: str
    zone: ZoneInfo
    about: str
    behaviours: list[str]
    formats: list[str]
    languages: list[str]
    is_remote: bool
    places: int
    notice_days: int
    monthly_ceiling: int | None
    will_not_show: str
    access_notes: str
    house_rules: str
    is_competitor: bool


@dataclass(frozen=True, slots=True)
class DateFacts:
    """One date without its day and hour."""

    format: str
    title: str
    about: str
    behaviours: list[str]
    language: str
    capacity: int
    minutes: int
    is_remote: bool
    place: str
    link: str
