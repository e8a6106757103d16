"""The roster of a cohort: one line per leader, as an admin may see it. Never what somebody wrote.

It reads a few columns of each leader, never whole rows, in four queries however many leaders there are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cohorts.enrolment.status import Key, Situation, Status, TodaysNudge, status_of
from cohorts.models import Clock, Cohort, Enrolment, Nudge, Organisation
from cohorts.models.cohort import EnrolmentQuerySet
from cohorts.models.mail import TROUBLE, MailState, Reason
from cohorts.models.nudge import Channel
from cohorts.people.sign_in import SignIn, Standing, sign_ins, standing_of
from cohorts.schedule.calendars import calendar_in, pauses_by_enrolment
from cohorts.schedule.milestone_calendar import Diary
from cohorts.schedule.path import Calendar
from cohorts.schedule.time_zones import local_date

AFTER_Z = str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"})


class Columns(NamedTuple):
    """What is read of one leader."""

    pk: int
    cohort_id: int
    leader_id: int
    name: str
    email: str
    sponsor_id: int | None
    sponsor_name: str | None
    sponsor_seen_on: date | None
    sponsor_signed_in_at: datetime | None
    day1_on: date
    zone: ZoneInfo
    nudge_hour: time
    working_days: list[int]
    rota_on: int | None
    rota_off: int | None
    rota_from: date | None
    channels: list[str]
    last_practice_on: date | None
    left_on: date | None
    revision: int
    next_on: date | None
    suspended_at: datetime | None
    gone_at: datetime | None


COLUMNS = (
    *("pk", "cohort_id", "leader_id", "leader__name", "leader__person__email", "sponsor_id", "sponsor__name"),
    *("sponsor__last_seen_on", "sponsor__person__last_login"),
    *("day1_on", "zone", "nudge_hour", "working_days", "rota_on", "rota_off", "rota_from"),
    *("channels", "last_practice_on", "left_on", "revision", "clocks__next_on"),
    *("leader__suspended_at", "leader__left_at"),
)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One leader: who they are, who their sponsor is, and how they are doing today."""

    enrolment_id: int
    leader_id: int
    name: str
    email: str
    sponsor_id: int | None
    sponsor_name: str
    sponsor_seen_on: date | None
    today: date
    calendar: Calendar
    last_practice_on: date | None
    nudge: TodaysNudge | None
    sign_in: SignIn | None
    status: Status
    columns: Columns

    @property
    def day(self) -> int:
        return self.calendar.day(self.today)

    @property
    def has_left(self) -> bool:
        return self.status.key == Key.LEFT

    @property
    def collation(self) -> str:
        """The name in alphabetical order, æ ø å last."""
        return self.name.casefold().translate(AFTER_Z)


@dataclass(frozen=True, slots=True)
class Sending:
    """How many nudges of today are in one state, and why."""

    state: MailState
    count: int
    reasons: tuple[tuple[str, int], ...]


def roster_of(
    cohort: Cohort, organisation: Organisation, now: datetime, diary: Diary | None = None, *, only: int | None = None
) -> list[RosterLine]:
    """Every leader of a cohort by name, those who left included. A diary that was read with leaders saves a query.

    `only` is the key of the one enrolment that is asked for.
    """
    enrolments = Enrolment.objects.filter(cohort=cohort)
    if only is not None:
        enrolments = enrolments.filter(pk=only)
    rows = [Columns(*row) for row in enrolments.order_by("leader__name", "pk").values_list(*COLUMNS)]
    pauses = {row.pk: diary.days_away(cohort, row.pk) for row in rows} if diary else pauses_by_enrolment(rows)
    nudges = _nudges_around(enrolments, now.date())
    standing = [Standing(row.leader_id, row.suspended_at, row.gone_at) for row in rows]
    not_in = sign_ins(standing, zone=cohort.zone, now=now)
    return [
        _line(row, cohort, calendar_in(row, cohort, organisation, pauses.get(row.pk, ())), nudges, not_in, now)
        for row in rows
    ]


def status_at(
    enrolment: Enrolment,
    calendar: Calendar,
    *,
    clock: Clock | None,
    sign_in: SignIn | None,
    nudges: Iterable[Nudge],
    now: datetime,
) -> Status:
    """The status of one leader of whom everything is read already. `nudges` are at least those of their today."""
    today = local_date(now, enrolment.zone)
    todays = {nudge.channel: TodaysNudge(MailState(nudge.state), nudge.reason) for nudge in nudges if nudge.on == today}
    situation = Situation(
        today=today,
        calendar=calendar,
        last_practice_on=enrolment.last_practice_on,
        sign_in=sign_in,
        nudge=todays.get(Channel.MAIL) or todays.get(Channel.APP),
        next_on=clock.next_on if clock else None,
        has_mail=Channel.MAIL in enrolment.channels,
        has_left=enrolment.left_on is not None,
        is_sending=enrolment.cohort.is_sending,
    )
    return status_of(situation)


def statuses_for_sponsor(
    enrolments: Sequence[Enrolment],
    calendars: Mapping[int, Calendar],
    next_dates: Mapping[int, date | None],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> dict[int, Status]:
    """By enrolment, the same status an admin sees, but for how mails fare and whether there are any. Two queries.

    The enrolments come with leader and cohort; `next_dates` are when their clocks go next.
    """
    keys = [each.pk for each in enrolments]
    nudges = _nudges_around(Enrolment.objects.filter(pk__in=keys), now.date())
    not_in = sign_ins([standing_of(each.leader) for each in enrolments], zone=zone, now=now)
    found = {}
    for each in enrolments:
        today = local_date(now, each.zone)
        nudge = nudges.get((each.pk, today))
        situation = Situation(
            today=today,
            calendar=calendars[each.pk],
            last_practice_on=each.last_practice_on,
            sign_in=not_in.get(each.leader_id),
            nudge=nudge if nudge and nudge.state not in TROUBLE else None,
            next_on=next_dates.get(each.pk),
            is_sending=each.cohort.is_sending,
        )
        found[each.pk] = status_of(situation)
    return found


def sendings(cohort: Cohort, today: date) -> list[Sending]:
    """The nudges of one date by state, in the order of the states; states without any are left out. One query."""
    found = _nudges_around(Enrolment.objects.active().filter(cohort=cohort), today)
    nudges = [nudge for (_enrolment, on), nudge in found.items() if on == today]
    counts = Counter(nudge.state for nudge in nudges)
    reasons = Counter((nudge.state, nudge.reason) for nudge in nudges if nudge.reason)
    return [Sending(state, counts[state], tuple(_reasons(reasons, state))) for state in MailState if counts[state]]


def _reasons(reasons: Counter[tuple[MailState, str]], state: MailState) -> Iterable[tuple[str, int]]:
    return ((str(Reason(reason).label), count) for (of, reason), count in reasons.most_common() if of == state)


Nudges = dict[tuple[int, date], TodaysNudge]


def _nudges_around(enrolments: EnrolmentQuerySet, today: date) -> Nudges:
    """By enrolment and local date, a day to each side for other zones; the mail where there is one."""
    near = Nudge.objects.filter(
        enrolment__in=enrolments, on__range=(today - timedelta(days=1), today + timedelta(days=1))
    )
    in_app_first = near.order_by("channel").values_list("enrolment_id", "on", "channel", "state", "reason")
    found: Nudges = {}
    for enrolment_id, on, channel, state, reason in in_app_first:
        if channel == Channel.MAIL or (enrolment_id, on) not in found:
            found[enrolment_id, on] = TodaysNudge(MailState(state), reason)
    return found


def _line(
    row: Columns, cohort: Cohort, calendar: Calendar, nudges: Nudges, not_in: dict[int, SignIn], now: datetime
) -> RosterLine:
    today = local_date(now, row.zone)
    situation = Situation(
        today=today,
        calendar=calendar,
        last_practice_on=row.last_practice_on,
        sign_in=not_in.get(row.leader_id),
        nudge=nudges.get((row.pk, today)),
        next_on=row.next_on,
        has_mail=Channel.MAIL in row.channels,
        has_left=row.left_on is not None,
        is_sending=cohort.is_sending,
    )
    return RosterLine(
        enrolment_id=row.pk,
        leader_id=row.leader_id,
        name=row.name,
        email=row.email,
        sponsor_id=row.sponsor_id,
        sponsor_name=row.sponsor_name or "",
        sponsor_seen_on=row.sponsor_seen_on or _date(row.sponsor_signed_in_at, row.zone),
        today=today,
        calendar=calendar,
        last_practice_on=row.last_practice_on,
        nudge=situation.nudge,
        sign_in=situation.sign_in,
        status=status_of(situation),
        columns=row,
    )


def _date(at: datetime | None, zone: ZoneInfo) -> date | None:
    return at.astimezone(zone).date() if at else None
