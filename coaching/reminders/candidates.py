"""What each member could be reminded of now. A line is said once; `coaching.reminders.actions` remembers which were.

    before       a talk on the next working day, if actions of the pair are open: to both
    after        a talk that has ended: to both, with a link to close or read it
    acknowledge  the leader has not answered a held talk three working days later: to the leader, once
    due          a pair that should talk again and has planned nothing: to both
    lapsed       another whole cadence later: to both, and never a third time
    fact         after that: to the leader's sponsor, that the pair has not talked, if the partner is a coach

A sponsor learns nothing about a mentor, whom the leader chose alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from coaching.calendars.members import calendars_of
from coaching.calendars.things import ends_at
from coaching.calendars.working_time import add_working_days
from coaching.meetings.cadence import Standing, standing
from coaching.meetings.days import Days, days_by_pairing
from coaching.meetings.rules import ACKNOWLEDGE_WITHIN_DAYS
from coaching.models import (
    Acknowledgement,
    Action,
    Pairing,
    PairingKind,
    Reminder,
    Session,
    SessionKind,
    SessionState,
)
from cohorts.models import Membership, Organisation
from cohorts.schedule.path import Calendar
from cohorts.schedule.time_zones import local_date

AHEAD = timedelta(days=7)  # a talk on the day after a long holiday is announced before it
BEHIND = timedelta(days=14)  # what is older is no news
FACT_AFTER = timedelta(days=7)  # both have read the last reminder by then

Kind = Reminder.Kind


class ReminderLine(NamedTuple):
    """One thing to remind one member of; equal lines are the same reminder."""

    recipient_id: int
    kind: str
    about: int
    cycle: date


@dataclass(frozen=True)
class Subject:
    """What a line is about, for its words."""

    pairing: Pairing
    session: Session | None = None
    open_actions: int = 0

    def other_of(self, member_id: int) -> Membership:
        return self.pairing.partner if self.pairing.leader_id == member_id else self.pairing.leader


@dataclass(frozen=True)
class Candidates:
    """All lines that hold now, with what they are about, and the calendars of their readers."""

    lines: Mapping[ReminderLine, Subject]
    calendars: Mapping[int, Calendar]
    members: Mapping[int, Membership]


def candidates(organisation: Organisation, *, now: datetime) -> Candidates:
    """In a fixed number of queries, however many pairs there are."""
    sessions, pairings = _sessions(now), _overdue(now)
    sponsors = _sponsors(pairings)
    people = [
        member
        for each in [*(near.session.pairing for near in sessions), *pairings]
        for member in (each.leader, each.partner)
    ]
    members = {member.pk: member for member in [*people, *sponsors.values()] if member.is_active}
    calendars = calendars_of(members.values(), organisation)
    days = days_by_pairing(pairings)
    lines: dict[ReminderLine, Subject] = {}
    for near in sessions:
        lines.update(_of_session(near, calendars, now))
    for pairing in pairings:
        lines.update(_of_pairing(pairing, days[pairing.pk], sponsors.get(pairing.pk), calendars, now))
    return Candidates(lines, calendars, members)


class Near(NamedTuple):
    """A talk of these days, whether its leader has answered it, and how many actions of the pair are open."""

    session: Session
    is_answered: bool
    open_actions: int


def _sessions(now: datetime) -> list[Near]:
    answered = Acknowledgement.objects.filter(session=OuterRef("pk"))
    found = Session.objects.filter(
        Q(state=SessionState.PLANNED) | Q(state=SessionState.HELD), starts_at__range=(now - BEHIND, now + AHEAD)
    )
    found = found.annotate(is_answered=Exists(answered)).select_related("pairing__leader", "pairing__partner")
    sessions = list(found.exclude(state=SessionState.PLANNED, pairing__ends_on__isnull=False))
    pairs = {each.pairing_id for each in sessions}
    still_open: dict[int, int] = {}
    for pairing_id in Action.objects.open().filter(pairing__in=pairs).values_list("pairing_id", flat=True):
        still_open[pairing_id] = still_open.get(pairing_id, 0) + 1
    return [Near(each, each.is_answered, still_open.get(each.pairing_id, 0)) for each in sessions]


def _overdue(now: datetime) -> list[Pairing]:
    """Active pairs whose due date has come and who have planned nothing."""
    planned = Session.objects.filter(pairing=OuterRef("pk"), state=SessionState.PLANNED, starts_at__gte=now)
    tomorrow = (now + timedelta(days=1)).date()  # somewhere it is tomorrow already
    late = Pairing.objects.active().filter(~Exists(planned), due_on__lte=tomorrow)
    return list(late.select_related("leader", "partner"))


def _sponsors(pairings: Sequence[Pairing]) -> dict[int, Membership]:
    """By pairing with a coach, the sponsor that its leader has now."""
    coached = {each.pk: each.leader_id for each in pairings if each.kind == PairingKind.COACH}
    theirs = Pairing.objects.active().filter(kind=PairingKind.SPONSOR, leader__in=coached.values())
    partners = {each.leader_id: each.partner for each in theirs.select_related("partner")}
    return {key: partners[leader] for key, leader in coached.items() if leader in partners}


def _of_session(near: Near, calendars: Mapping[int, Calendar], now: datetime) -> Iterator[tuple[ReminderLine, Subject]]:
    session = near.session
    subject = Subject(session.pairing, session, near.open_actions)
    for reader in (session.pairing.leader_id, session.pairing.partner_id):
        if (calendar := calendars.get(reader)) is None:
            continue
        for kind in _kinds_for(near, reader, calendar, now):
            yield ReminderLine(reader, kind, session.pk, local_date(session.starts_at, calendar.zone)), subject


def _kinds_for(near: Near, reader: int, calendar: Calendar, now: datetime) -> Iterator[str]:
    session = near.session
    is_leader = reader == session.pairing.leader_id
    if session.state == SessionState.PLANNED:
        if now < session.starts_at:
            eve = add_working_days(local_date(session.starts_at, calendar.zone), -1, calendar)
            if near.open_actions and local_date(now, calendar.zone) >= eve:
                yield Kind.BEFORE
        elif ends_at(session) <= now:
            yield Kind.AFTER
    elif session.held_at is not None and not (is_leader and near.is_answered):
        held_on = local_date(session.held_at, calendar.zone)
        answer_by = add_working_days(held_on, ACKNOWLEDGE_WITHIN_DAYS, calendar)
        if is_leader and local_date(now, calendar.zone) >= answer_by:
            yield Kind.ACKNOWLEDGE
        elif is_leader or session.kind != SessionKind.DROP_IN:
            yield Kind.AFTER


def _of_pairing(
    pairing: Pairing, days: Days, sponsor: Membership | None, calendars: Mapping[int, Calendar], now: datetime
) -> Iterator[tuple[ReminderLine, Subject]]:
    leader_calendar = calendars.get(pairing.leader_id)
    if pairing.due_on is None or leader_calendar is None:
        return
    today, subject = local_date(now, leader_calendar.zone), Subject(pairing)
    state = standing(pairing.due_on, pairing.cadence_days, today, days.works_on)
    if state == Standing.IN_GOOD_TIME:
        return
    since = pairing.last_held_on or pairing.starts_on
    kind = Kind.LAPSED if state == Standing.LAPSED else Kind.DUE
    for reader in (pairing.leader_id, pairing.partner_id):
        if reader in calendars:
            yield ReminderLine(reader, kind, pairing.pk, since), subject
    fact_from = pairing.due_on + timedelta(days=pairing.cadence_days) + FACT_AFTER
    if sponsor is not None and sponsor.pk in calendars and today >= fact_from:
        yield ReminderLine(sponsor.pk, Kind.FACT, pairing.pk, since), subject
