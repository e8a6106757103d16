"""Which mentors a leader can ask, best first, with the reasons. Pure: the same data gives the same list.

Hard rules come first: never somebody in the leader's own reporting line, above or below; never where the mentor has
named them as somebody not to work with; a language in common; taking new people; a place free. What is left is
ordered by shared themes, then shared skills, then whole hours of the day in common, then another site before the
same one. Equals stand in an order of chance that stays the same for this leader, so no name is better than another.
There is no score: reasons are what the two have in common.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


class Barrier(StrEnum):
    """Why a leader cannot ask somebody, the firmest first."""

    SELF = "self"
    LINE = "line"
    CONFLICT = "conflict"
    SAME_KIND = "same_kind"  # they have a coach already, or a mentor
    LANGUAGE = "language"
    CLOSED = "closed"
    FULL = "full"  # they can wait in the queue


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours of a day, in a zone."""

    starts: time
    ends: time
    zone: ZoneInfo

    def on(self, day: date) -> tuple[datetime, datetime]:
        return datetime.combine(day, self.starts, self.zone), datetime.combine(day, self.ends, self.zone)


@dataclass(frozen=True, slots=True)
class Seeker:
    """A leader who looks for somebody. `line` is everybody above and below them; `behaviours` are their themes."""

    member_id: int
    languages: frozenset[str]
    hours: Hours
    line: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    behaviours: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    site: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a mentor offers. `taken` counts people they work with and requests; `conflicts` are members."""

    profile_id: int
    member_id: int
    kind: str
    behaviours: frozenset[str]
    skills: frozenset[str]
    languages: frozenset[str]
    hours: Hours
    site: str = ""
    places: int = 1
    taken: int = 0
    is_accepting: bool = True
    conflicts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """An offer and what speaks for it."""

    offer: Offer
    behaviours: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    shared_hours: int = 0
    is_elsewhere: bool = False

    def rank(self, seeker: Seeker) -> tuple[int, int, int, bool, str]:
        chance = sha256(f"{seeker.member_id}:{self.offer.profile_id}".encode()).hexdigest()
        return -len(self.behaviours), -len(self.skills), -self.shared_hours, not self.is_elsewhere, chance


@dataclass(frozen=True, slots=True)
class Found:
    """Those they can ask now, those with a queue, and how many stand behind each other barrier."""

    free: tuple[Match, ...] = ()
    full: tuple[Match, ...] = ()
    barred: dict[Barrier, int] = field(default_factory=dict)


def barrier(seeker: Seeker, offer: Offer) -> Barrier | None:
    """The firmest reason why they cannot ask; None if they can."""
    rules = {
        Barrier.SELF: offer.member_id == seeker.member_id,
        Barrier.LINE: offer.member_id in seeker.line,
        Barrier.CONFLICT: seeker.member_id in offer.conflicts,
        Barrier.SAME_KIND: offer.kind in seeker.kinds,
        Barrier.LANGUAGE: not offer.languages & seeker.languages,
        Barrier.CLOSED: not offer.is_accepting or offer.places == 0,
        Barrier.FULL: offer.taken >= offer.places,
    }
    return next((each for each, applies in rules.items() if applies), None)


def find(seeker: Seeker, offers: Iterable[Offer], *, on: date, theme: str = "") -> Found:
    """Everybody they can ask, best first; with a theme, those who help with it."""
    free, full, barred = [], [], dict.fromkeys(Barrier, 0)
    for offer in offers:
        if theme and theme not in offer.behaviours:
            continue
        what = barrier(seeker, offer)
        if what is None:
            free.append(match(seeker, offer, on=on))
        elif what == Barrier.FULL:
            full.append(match(seeker, offer, on=on))
        else:
            barred[what] += 1
    return Found(_ranked(free, seeker), _ranked(full, seeker), {each: count for each, count in barred.items() if count})


def match(seeker: Seeker, offer: Offer, *, on: date) -> Match:
    """What the two have in common."""
    return Match(
        offer=offer,
        behaviours=seeker.behaviours & offer.behaviours,
        skills=seeker.skills & offer.skills,
        languages=seeker.languages & offer.languages,
        shared_hours=shared_hours(seeker.hours, offer.hours, on=on),
        is_elsewhere=bool(seeker.site and offer.site) and _spelled(seeker.site) != _spelled(offer.site),
    )


def shared_hours(mine: Hours, theirs: Hours, *, on: date) -> int:
    """Whole hours of this day's work that fall into the other's working day, wherever on the globe that is."""
    begins, ends = mine.on(on)
    total = timedelta(0)
    for shift in (-1, 0, 1):
        opens, closes = theirs.on(on + timedelta(days=shift))
        # aware datetimes of one zone object are compared by the clock on the wall; these may differ by an hour then
        total += max(timedelta(0), min(_instant(ends), _instant(closes)) - max(_instant(begins), _instant(opens)))
    return total // HOUR


def _instant(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("UTC"))


def _ranked(matches: Collection[Match], seeker: Seeker) -> tuple[Match, ...]:
    return tuple(sorted(matches, key=lambda each: each.rank(seeker)))


def _spelled(site: str) -> str:
    return " ".join(site.casefold().split())
