"""A sponsor's week: what they may know about their leaders, for their home page and weekly mail.

Day, when practice last happened and how it went, what was shared with them, the live events of the next seven days,
and their own two minutes. Nothing that a leader kept private, no place and no line. However many leaders there are, it
takes six queries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment, Membership, Organisation, SponsorWeek
from cohorts.models.curriculum import SponsorText
from cohorts.schedule.calendars import calendar_of, pauses_by_enrolment
from cohorts.schedule.inactivity import has_gone_quiet
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.milestone_cards import Live, live_of
from cohorts.schedule.path import LENGTH, Calendar
from goals.models import Practice, Reflection, Went
from programme.progress.measures import day_of, week_of

NEW = timedelta(days=7)
LATELY = timedelta(days=21)
EVENTS_AHEAD = timedelta(days=7)  # today is the first of them, so a weekly mail tells each event once
MAX_SHARED = 30


@dataclass(frozen=True)
class LeaderLine:
    """One leader, as their sponsor sees them. `went` is how the latest practices went, newest first."""

    enrolment: Enrolment
    day: int
    last_practice_on: date | None
    went: tuple[str, ...]
    newly_shared: int
    is_quiet: bool
    is_away: bool
    is_done: bool

    @property
    def name(self) -> str:
        return self.enrolment.leader.name

    @property
    def has_begun(self) -> bool:
        return self.day > 0

    @property
    def is_under_way(self) -> bool:
        return self.has_begun and not self.is_done


@dataclass(frozen=True)
class Part:
    """The sponsor's two minutes in one week of the ninety days, and for whom."""

    week: int
    minutes: int
    text: SponsorText
    names: tuple[str, ...]


@dataclass(frozen=True)
class Coming:
    """A live event of the next days, and whose: told once for all leaders who have it on that date."""

    event: Live
    names: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """Leaders who need attention first, then by name; shared reflections newest first."""

    lines: tuple[LeaderLine, ...]
    parts: tuple[Part, ...]
    coming: tuple[Coming, ...]
    shared: tuple[Reflection, ...]
    new_since: datetime

    @property
    def newly_shared(self) -> tuple[Reflection, ...]:
        return tuple(each for each in self.shared if each.written_at >= self.new_since)

    @property
    def has_news(self) -> bool:
        """Whether there is anything worth a mail: a leader in their ninety days, or something shared."""
        return bool(self.newly_shared) or any(line.is_under_way and not line.is_away for line in self.lines)


def overview_of(sponsor: Membership, *, organisation: Organisation, now: datetime, language: str) -> Overview:
    """This week's overview for one sponsor."""
    mine = Enrolment.objects.active().filter(sponsor=sponsor).annotate(is_finished=F("clocks__is_finished"))
    enrolments = list(mine.select_related("leader", "cohort__version").order_by("leader__name", "pk"))
    pauses = pauses_by_enrolment(enrolments)
    practices = _practices(enrolments, now)
    shared = _shared(sponsor, enrolments)
    calendars = {each.pk: calendar_of(each, organisation, pauses.get(each.pk, ())) for each in enrolments}
    lines = [
        _line(
            enrolment,
            calendars[enrolment.pk],
            practices.get(enrolment.pk, []),
            sum(each.enrolment_id == enrolment.pk and each.written_at >= now - NEW for each in shared),
            bool(enrolment.is_finished),
            now,
        )
        for enrolment in enrolments
    ]
    return Overview(
        lines=tuple(sorted(lines, key=lambda line: not line.is_quiet)),
        parts=_parts(lines, language),
        coming=_coming(enrolments, calendars, organisation, now, language),
        shared=tuple(shared),
        new_since=now - NEW,
    )


Latest = list[tuple[date, int | None]]


def _practices(enrolments: Sequence[Enrolment], now: datetime) -> dict[int, Latest]:
    done = Practice.objects.filter(enrolment__in=enrolments, did_it=True, on__gte=(now - LATELY).date())
    latest: dict[int, Latest] = {}
    for enrolment_id, on, went in done.order_by("-on").values_list("enrolment_id", "on", "went"):
        latest.setdefault(enrolment_id, []).append((on, went))
    return latest


def _shared(sponsor: Membership, enrolments: Sequence[Enrolment]) -> list[Reflection]:
    readable = Reflection.objects.visible_to(sponsor).filter(enrolment__in=enrolments)
    return list(readable.select_related("enrolment__leader").order_by("-written_at", "-pk")[:MAX_SHARED])


def _line(
    enrolment: Enrolment, calendar: Calendar, latest: Latest, newly_shared: int, is_finished: bool, now: datetime
) -> LeaderLine:
    today = date_at(enrolment, now)
    return LeaderLine(
        enrolment=enrolment,
        day=day_of(calendar, today),
        last_practice_on=latest[0][0] if latest else enrolment.last_practice_on,
        went=tuple(str(Went(went).label) for _on, went in latest[:3] if went),
        newly_shared=newly_shared,
        is_quiet=has_gone_quiet(calendar, enrolment.last_practice_on, today),
        is_away=calendar.is_paused(today),
        is_done=calendar.day(today) > LENGTH and is_finished,
    )


def _parts(lines: Iterable[LeaderLine], language: str) -> tuple[Part, ...]:
    names: dict[tuple[int, int], list[str]] = {}
    for line in lines:
        if line.is_under_way:
            names.setdefault((line.enrolment.cohort.version_id, week_of(line.day)), []).append(line.name)
    weeks = SponsorWeek.objects.filter(version__in={version for version, _week in names}).order_by("week")
    return tuple(
        Part(week.week, week.minutes, week.in_language(language), tuple(names[week.version_id, week.week]))
        for week in weeks
        if (week.version_id, week.week) in names
    )


def _coming(
    enrolments: Sequence[Enrolment],
    calendars: Mapping[int, Calendar],
    organisation: Organisation,
    now: datetime,
    language: str,
) -> tuple[Coming, ...]:
    diary = diary_of(organisation, [enrolment.cohort for enrolment in enrolments])
    events: dict[tuple[date, int, str], Live] = {}
    names: dict[tuple[date, int, str], list[str]] = {}
    for enrolment in enrolments:
        today = date_at(enrolment, now)
        for dated in diary.of_leader(enrolment, calendars[enrolment.pk]):
            if dated.on and today <= dated.on < today + EVENTS_AHEAD:
                which = (dated.on, enrolment.cohort_id, dated.slot.key)
                events.setdefault(which, live_of(dated, enrolment.cohort, language))
                names.setdefault(which, []).append(enrolment.leader.name)
    return tuple(Coming(events[which], tuple(names[which])) for which in sorted(events))
