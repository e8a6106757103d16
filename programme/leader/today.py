"""What Today shows a leader for one date: step, log, plans, coming events, open tasks.

A live event is told on its day and in the three days before, as one line of this page. It is never a nudge of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching.calendars.coming import ComingSession, leader_sessions, sessions_of_leader
from coaching.sponsoring.for_leader import ForLeader, columns_for_leader, for_leader
from coaching.visiting.my_visits import visit_tasks, visits_of_leader
from cohorts.enrolment.current import own_clock
from cohorts.models import Clock, Enrolment, Membership, Nudge, Organisation, Pause, Step
from cohorts.models.curriculum import StepText
from cohorts.schedule.calendars import calendar_of
from cohorts.schedule.date_words import date_words, fill
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.schedule.milestone_cards import Live, day_word, live_of
from cohorts.schedule.path import LENGTH, Calendar
from feedback360.rounds.waiting import Task, leader_tasks, rounds_of_leader
from goals.habits import back_fill
from goals.habits.day_entry import DayEntry, open_entry, saved_entry
from goals.habits.focus_card import FocusCard, focus_cards
from goals.habits.forms.practice import practice_form
from goals.habits.sharing import has_questions
from goals.habits.step_lookup import likely_focus, newest_nudge
from goals.leader_goals.for_leader import BusyOffer, GoalTask, busy_offers, columns_for_goals, goal_tasks
from goals.models import Practice, Reflection
from goals.reserve import monday_of

EVENT_NOTICE = timedelta(days=3)
A_WEEK = timedelta(days=7)


class TodayState(StrEnum):
    """What kind of day it is; each has its own words on the page."""

    BEFORE = "before"  # day 1 is still to come
    STEP = "step"  # a step of its own
    AGAIN = "again"  # no new step: the plan, and the last step to read again
    AWAY = "away"
    WALKED = "walked"  # past day 90 with nothing left to come


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the leader, without hurry."""

    text: str
    url: str
    icon: str


@dataclass(frozen=True)
class Coming:
    """A live event of today or of the next days, and which of them."""

    when: str
    event: Live

    @property
    def on(self) -> date:
        return self.event.stands_on


@dataclass(frozen=True)
class Talk:
    """A planned 1:1, and on which day it is, as somebody says it today."""

    when: str
    session: ComingSession

    @property
    def on(self) -> date:
        return self.session.on


@dataclass(frozen=True)
class Today:
    """One date of one leader. `step` is the date's own, or the newest one to read again; `next_on` when one comes."""

    enrolment: Enrolment
    today: date
    on: date
    day: int
    state: TodayState
    step: Step | None
    text: StepText | None
    next_on: date | None
    away: Pause | None
    log: DayEntry | None
    cards: list[FocusCard]
    coming: list[Coming]
    talks: list[Talk]
    waiting: list[Waiting]
    support: ForLeader
    busy_offers: list[BusyOffer]

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def soon(self) -> list[Coming | Talk]:
        """Live events and 1:1s by date; on one date, the event comes first."""
        both: list[Coming | Talk] = [*self.coming, *self.talks]
        return sorted(both, key=lambda each: each.on)

    @property
    def week(self) -> int:
        """The week of the path, from 1; 0 before day 1."""
        return -(-self.day // 7)


@dataclass(frozen=True)
class _Facts:
    """Everything the page is drawn from, each read once."""

    clock: Clock
    calendar: Calendar
    nudge: Nudge | None  # the newest by the date asked for
    practices: dict[date, tuple[Practice, bool]]
    cards: list[FocusCard]
    today: date
    on: date
    tasks: list[Task]
    support: ForLeader
    visits: list[tuple[str, str]]
    goal_tasks: list[GoalTask]

    @property
    def enrolment(self) -> Enrolment:
        return self.clock.enrolment


def clock_for_today(membership: Membership, *, now: datetime) -> Clock | None:
    """The clock of the member's current enrolment with all that Today asks, in one query; None without a cohort."""
    return own_clock(
        membership,
        has_questions=has_questions(),
        rounds=rounds_of_leader(now=now),
        sessions=sessions_of_leader(now=now),
        **columns_for_leader(now=now),
        visits=visits_of_leader(now=now),
        **columns_for_goals(now=now),
    )


def today_of(clock: Clock, *, organisation: Organisation, today: date, on: date, language: str, now: datetime) -> Today:
    """What `on` looks like; `today` is the leader's own date. Six queries. `clock` is that of `clock_for_today`."""
    enrolment = clock.enrolment
    pauses = list(Pause.objects.for_enrolment(enrolment))
    spans = tuple((pause.starts_on, pause.ends_on) for pause in pauses)
    calendar = calendar_of(enrolment, organisation, spans)
    cards, aside = focus_cards(enrolment, today, clock)
    lives = {focus.pk: focus.life for focus in [*(card.focus for card in cards), *aside]}
    facts = _Facts(
        clock=clock,
        calendar=calendar,
        nudge=newest_nudge(enrolment, on),
        practices=_practices(enrolment, min(monday_of(on), today - timedelta(days=back_fill.DAYS)), today),
        cards=cards,
        today=today,
        on=on,
        tasks=leader_tasks(getattr(clock, "rounds", ())),
        support=for_leader(clock, calendar, today),
        visits=list(visit_tasks(getattr(clock, "visits", ()), calendar, now=now)),
        goal_tasks=goal_tasks(clock, today),
    )
    state, step = _state(facts), _step(facts)
    return Today(
        enrolment=enrolment,
        today=today,
        on=on,
        day=min(max(facts.calendar.day(on), 0), LENGTH),
        state=state,
        step=step,
        text=step.in_language(language) if step else None,
        next_on=clock.next_on if clock.next_on and clock.next_on > today else None,
        away=next((pause for pause in pauses if pause.starts_on <= on <= pause.ends_on), None),
        log=_log(facts, state, step, language),
        cards=facts.cards,
        coming=[] if on != today or state == TodayState.AWAY else _coming(facts, organisation, language),
        talks=_talks(clock, today) if on == today else [],
        waiting=list(_waiting(facts)),
        support=facts.support,
        busy_offers=busy_offers(clock, lives, today) if on == today else [],
    )


def _practices(enrolment: Enrolment, since: date, until: date) -> dict[date, tuple[Practice, bool]]:
    """Each date's practice, and whether a reflection was written that day."""
    looked_back = Reflection.objects.filter(enrolment=OuterRef("enrolment"), on=OuterRef("on"))
    found = enrolment.practices.filter(on__range=(since, until)).select_related("step")
    found = found.annotate(is_reflected=Exists(looked_back))
    return {practice.on: (practice, practice.is_reflected) for practice in found}


def _state(facts: _Facts) -> TodayState:
    if facts.on < facts.calendar.day1:
        return TodayState.BEFORE
    if facts.calendar.is_paused(facts.on):
        return TodayState.AWAY
    if (facts.nudge is not None and facts.nudge.on == facts.on) or facts.clock.next_on == facts.on:
        return TodayState.STEP
    if facts.calendar.day(facts.on) > LENGTH and facts.clock.is_finished:
        return TodayState.WALKED
    return TodayState.AGAIN


def _step(facts: _Facts) -> Step | None:
    nudge = facts.nudge
    if facts.clock.next_on == facts.on and (nudge is None or nudge.on < facts.on):
        return facts.clock.next_step
    return nudge.step if nudge is not None else None


def _log(facts: _Facts, state: TodayState, step: Step | None, language: str) -> DayEntry | None:
    """The log of the date: open, or what was said. None when it is neither open nor said, or somebody is away."""
    if facts.on in facts.practices:
        practice, is_reflected = facts.practices[facts.on]
        done = {on for on, (each, _is_reflected) in facts.practices.items() if each.did_it}
        return saved_entry(practice, facts.today, done=done, is_reflected=is_reflected, language=language)
    is_open = back_fill.is_open(facts.on, today=facts.today, day1=facts.enrolment.day1_on)
    if not is_open or state == TodayState.AWAY:
        return None
    focuses = [card.focus for card in facts.cards]
    form = practice_form(focuses, None, likely=likely_focus(focuses, step))
    return open_entry(facts.enrolment, facts.on, facts.today, form)


def _coming(facts: _Facts, organisation: Organisation, language: str) -> list[Coming]:
    cohort = facts.enrolment.cohort
    dated = diary_of(organisation, [cohort]).of_leader(facts.enrolment, facts.calendar)
    soon = [each for each in dated if each.on and facts.today <= each.on <= facts.today + EVENT_NOTICE]
    return [Coming(day_word(each.stands_on, facts.today), live_of(each, cohort, language)) for each in soon]


def _talks(clock: Clock, today: date) -> list[Talk]:
    sessions = leader_sessions(getattr(clock, "sessions", ()), clock.enrolment.zone)
    return [Talk(_day(each.on, today), each) for each in sessions]


def _day(on: date, today: date) -> str:
    return day_word(on, today) if on < today + A_WEEK else date_words(on, "SHORT_MONTH_DAY_FORMAT")


def _waiting(facts: _Facts) -> Iterator[Waiting]:
    if facts.enrolment.confirmed_at is None:
        yield Waiting(_("Check your hour and working days"), f"{reverse('welcome')}?step=schedule", "clock")
    if not facts.cards:
        yield Waiting(_("Pick a focus: one plan for one moment"), reverse("focus_new"), "adjustments-horizontal")
    yield from _asked(facts)
    for open_on in _still_open(facts):
        if open_on != facts.on:
            day = date_words(open_on, "WEEKDAY_FORMAT", is_first=True)
            words = fill(_("%(date)s can still be logged"), {"date": day})
            yield Waiting(words, f"{reverse('today')}?on={open_on.isoformat()}", "calendar-days")


def _asked(facts: _Facts) -> Iterator[Waiting]:
    """What the 360, their goals, their sponsor and their visits ask."""
    for task in facts.tasks:
        yield Waiting(task.text, task.url, "chat-bubble-left-right")
    if facts.support.asks_how_it_feels:
        yield Waiting(_("Say how the support of your sponsor feels: one minute"), reverse("felt_support"), "heart")
    for goal_task in facts.goal_tasks:
        yield Waiting(goal_task.text, goal_task.url, "flag")
    for text, url in facts.visits:
        yield Waiting(text, url, "map")


def _still_open(facts: _Facts) -> Iterator[date]:
    """Working days of the last three that have no log, newest first."""
    for ago in range(1, back_fill.DAYS + 1):
        on = facts.today - timedelta(days=ago)
        if on >= facts.calendar.day1 and facts.calendar.is_open(on) and on not in facts.practices:
            yield on
