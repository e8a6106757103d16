"""A sponsor's week: what they may know about their leaders, for their home page and weekly mail.

Day, when practice last happened and how it went, what was shared with them, what waits for them, the live events of the
next seven days, and their own two minutes. Nothing that a leader kept private, no place and no line. However many
leaders there are, it takes five queries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import F, OuterRef, QuerySet, Subquery

from coaching.sponsoring.for_sponsor import Sponsoring, columns_for_sponsor, sponsoring_of
from coaching.sponsoring.weeks import A_WEEK, BEFORE
from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment, Membership, Organisation, SponsorWeek
from cohorts.models.curriculum import first_available, in_language
from cohorts.schedule.calendars import calendar_of, pauses_by_enrolment
from cohorts.schedule.inactivity import has_gone_quiet
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.milestone_cards import Live, live_of
from cohorts.schedule.path import LENGTH, Calendar
from goals.leader_goals.for_sponsor import LeaderGoals, columns_for_sponsors_goals, goals_of
from goals.models import Practice, Reflection, Share, Went
from programme.progress.measures import day_of, week_of
from programme.sponsor.parts import Part

NEW = timedelta(days=7)
LATELY = timedelta(days=21)
EVENTS_AHEAD = timedelta(days=7)  # today is the first of them, so a weekly mail tells each event once
MAX_SHARED = 30


@dataclass(frozen=True)
class LeaderLine:
    """One leader, as their sponsor sees them. `went` is how the latest practices went, newest first.

    `practised` are the dates of the last three weeks.
    """

    enrolment: Enrolment
    today: date
    day: int
    last_practice_on: date | None
    went: tuple[str, ...]
    practised: frozenset[date]
    calendar: Calendar
    next_on: date | None
    newly_shared: int
    is_quiet: bool
    is_away: bool
    is_done: bool
    sponsoring: Sponsoring
    goals: LeaderGoals

    @property
    def name(self) -> str:
        return self.enrolment.leader.name

    @property
    def has_begun(self) -> bool:
        return self.day > 0

    @property
    def is_under_way(self) -> bool:
        return self.has_begun and not self.is_done

    @property
    def is_here(self) -> bool:
        """Whether anything can be done with them this week."""
        return not self.is_away and not self.sponsoring.is_handed_on


@dataclass(frozen=True)
class Coming:
    """A live event of the next days, and whose: told once for all leaders who have it on that date."""

    event: Live
    names: tuple[str, ...]
    enrolment_ids: tuple[int, ...]


@dataclass(frozen=True)
class Overview:
    """Leaders who need attention first, then by name; shared reflections newest first."""

    lines: tuple[LeaderLine, ...]
    before: tuple[Part[LeaderLine], ...]  # the talk before day 1, or with a new sponsor
    parts: tuple[Part[LeaderLine], ...]
    coming: tuple[Coming, ...]
    shared: tuple[Reflection, ...]
    new_since: datetime

    @property
    def newly_shared(self) -> tuple[Reflection, ...]:
        return tuple(each for each in self.shared if each.written_at >= self.new_since)

    @property
    def questions(self) -> int:
        """How many questions wait for the sponsor."""
        return sum(len(line.sponsoring.questions) for line in self.lines)

    @property
    def goals_waiting(self) -> int:
        """How many goals wait for the sponsor's word."""
        return sum(line.goals.waiting for line in self.lines)

    @property
    def has_news(self) -> bool:
        """Whether there is anything worth a mail: a leader in their ninety days or about to begin, or their words."""
        is_any_here = any(line.is_under_way and not line.is_away for line in self.lines)
        return (
            bool(self.newly_shared or self.questions or self.goals_waiting or any(part.left for part in self.before))
            or is_any_here
        )


def overview_of(sponsor: Membership, *, organisation: Organisation, now: datetime, language: str) -> Overview:
    """This week's overview for one sponsor."""
    mine = (
        Enrolment.objects.active()
        .filter(sponsor=sponsor)
        .annotate(is_finished=F("clocks__is_finished"), next_on=F("clocks__next_on"))
    )
    mine = mine.annotate(**columns_for_sponsor(), **columns_for_sponsors_goals())
    mine = mine.select_related("leader", "cohort__version")
    enrolments = list(mine.order_by("leader__name", "pk"))
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
        before=_before(lines, language),
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


def shared_with(sponsor: Membership) -> QuerySet[Reflection]:
    """What they may read, with `thanked_at`: when they said thank you for it."""
    thanked_at = Share.objects.filter(reflection=OuterRef("pk"), reader=sponsor).values("thanked_at")[:1]
    readable: QuerySet[Reflection] = Reflection.objects.visible_to(sponsor)
    return readable.annotate(thanked_at=Subquery(thanked_at))


def _shared(sponsor: Membership, enrolments: Sequence[Enrolment]) -> list[Reflection]:
    readable = shared_with(sponsor).filter(enrolment__in=enrolments).select_related("enrolment__leader")
    return list(readable.order_by("-written_at", "-pk")[:MAX_SHARED])


def _line(
    enrolment: Enrolment, calendar: Calendar, latest: Latest, newly_shared: int, is_finished: bool, now: datetime
) -> LeaderLine:
    today = date_at(enrolment, now)
    return LeaderLine(
        enrolment=enrolment,
        today=today,
        day=day_of(calendar, today),
        last_practice_on=latest[0][0] if latest else enrolment.last_practice_on,
        went=tuple(str(Went(went).label) for _on, went in latest[:3] if went),
        practised=frozenset(on for on, _went in latest),
        calendar=calendar,
        next_on=getattr(enrolment, "next_on", None),
        newly_shared=newly_shared,
        is_quiet=has_gone_quiet(calendar, enrolment.last_practice_on, today),
        is_away=calendar.is_paused(today),
        is_done=calendar.day(today) > LENGTH and is_finished,
        sponsoring=sponsoring_of(enrolment, calendar, today),
        goals=goals_of(enrolment, today),
    )


def _before(lines: Iterable[LeaderLine], language: str) -> tuple[Part[LeaderLine], ...]:
    """The talk of the week before day 1, one for each cohort."""
    theirs: dict[int, list[LeaderLine]] = {}
    for line in lines:
        is_soon = line.enrolment.day1_on - line.today <= A_WEEK
        if is_soon and line.is_here and BEFORE in line.sponsoring.open_weeks:
            theirs.setdefault(line.enrolment.cohort_id, []).append(line)
    found = []
    for lines_of_one in theirs.values():
        version = lines_of_one[0].enrolment.cohort.version
        brief, _written_in = in_language(version.brief, language)
        found.append(Part(BEFORE, version.brief_minutes, brief.get("title", ""), None, tuple(lines_of_one)))
    return tuple(found)


def _parts(lines: Iterable[LeaderLine], language: str) -> tuple[Part[LeaderLine], ...]:
    """One for each week that leaders are in, the most leaders first."""
    theirs: dict[tuple[int, int], list[LeaderLine]] = {}
    for line in lines:
        if line.is_under_way and line.is_here:
            theirs.setdefault((line.enrolment.cohort.version_id, week_of(line.day)), []).append(line)
    parts = []
    for (version, number), found in theirs.items():
        weeks = sponsor_weeks_of(found[0].enrolment.organisation_id, version)
        if number in weeks:
            parts.append(_part(weeks[number], weeks.get(number + 1), found, language))
    return tuple(sorted(parts, key=lambda part: (-len(part.lines), part.week)))


@lru_cache(maxsize=256)
def sponsor_weeks_of(organisation_id: int, version_id: int) -> Mapping[int, SponsorWeek]:
    """The sponsor's weeks of a version. A published version never changes, so it is read once a process."""
    return {each.week: each for each in SponsorWeek.objects.filter(version=version_id)}


def _part(week: SponsorWeek, later: SponsorWeek | None, lines: Sequence[LeaderLine], language: str) -> Part[LeaderLine]:
    return Part(
        week=week.week,
        minutes=week.minutes,
        title=_theme(week, language),
        text=week.in_language(language),
        lines=tuple(lines),
        later=_theme(later, language) if later else "",
    )


def _theme(week: SponsorWeek, language: str) -> str:
    return first_available(week.theme, language)[0] or ""


def _coming(
    enrolments: Sequence[Enrolment],
    calendars: Mapping[int, Calendar],
    organisation: Organisation,
    now: datetime,
    language: str,
) -> tuple[Coming, ...]:
    diary = diary_of(organisation, [enrolment.cohort for enrolment in enrolments])
    events: dict[tuple[date, int, str], Live] = {}
    whose: dict[tuple[date, int, str], list[Enrolment]] = {}
    for enrolment in enrolments:
        today = date_at(enrolment, now)
        for dated in diary.of_leader(enrolment, calendars[enrolment.pk]):
            if dated.on and today <= dated.on < today + EVENTS_AHEAD:
                which = (dated.on, enrolment.cohort_id, dated.slot.key)
                events.setdefault(which, live_of(dated, enrolment.cohort, language))
                whose.setdefault(which, []).append(enrolment)
    return tuple(
        Coming(
            events[which],
            tuple(each.leader.name for each in whose[which]),
            tuple(each.pk for each in whose[which]),
        )
        for which in sorted(events)
    )
