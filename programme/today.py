"""A leader's day as one frozen thing, drawn from all rooms: the day, its step, its log, the plans, what is waiting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from cohorts.models import Clock, Enrolment, Nudge, Organisation, Pause, Step
from cohorts.models.curriculum import StepText
from cohorts.nudging import calendar_of
from cohorts.path import LENGTH, Calendar
from goals import back_fill
from goals.focus_card import FocusCard, focus_cards
from goals.log import Log, log_of
from goals.models import Practice


class State(StrEnum):
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
class Today:
    """One date of one leader. `step` is the date's own, or the newest one to read again; `next_on` when one comes."""

    enrolment: Enrolment
    today: date
    on: date
    day: int
    state: State
    step: Step | None
    text: StepText | None
    next_on: date | None
    away: Pause | None
    log: Log | None
    cards: list[FocusCard]
    waiting: list[Waiting]

    @property
    def is_today(self) -> bool:
        return self.on == self.today


def today_of(enrolment: Enrolment, *, organisation: Organisation, today: date, on: date, language: str) -> Today:
    """What `on` looks like for a leader whose own date is `today`. Seven queries."""
    pauses = list(Pause.objects.for_enrolment(enrolment))
    spans = tuple((pause.starts_on, pause.ends_on) for pause in pauses)
    calendar = calendar_of(enrolment, organisation, spans)
    clock = Clock.objects.filter(enrolment=enrolment).select_related("next_step").first()
    nudge = _newest_nudge(enrolment, on)
    cards, _aside = focus_cards(enrolment, today)
    practices = _practices(enrolment, min(on, today - timedelta(days=back_fill.DAYS)), today)
    state = _state(calendar, clock, nudge, on)
    step = _step(clock, nudge, on)
    return Today(
        enrolment=enrolment,
        today=today,
        on=on,
        day=min(max(calendar.day(on), 0), LENGTH),
        state=state,
        step=step,
        text=step.in_language(language) if step else None,
        next_on=clock.next_on if clock and clock.next_on and clock.next_on > today else None,
        away=next((pause for pause in pauses if pause.starts_on <= on <= pause.ends_on), None),
        log=_log(enrolment, state, step, practices.get(on), on, today, cards),
        cards=cards,
        waiting=list(_waiting(enrolment, calendar, practices, on, today, cards)),
    )


def _newest_nudge(enrolment: Enrolment, on: date) -> Nudge | None:
    nudges = Nudge.objects.filter(enrolment=enrolment, on__lte=on)
    return nudges.select_related("step").order_by("-on", "pk").first()


def _practices(enrolment: Enrolment, since: date, until: date) -> dict[date, Practice]:
    return {practice.on: practice for practice in enrolment.practices.filter(on__range=(since, until))}


def _is_own(clock: Clock | None, nudge: Nudge | None, on: date) -> bool:
    return bool((nudge and nudge.on == on) or (clock and clock.next_step and clock.next_on == on))


def _state(calendar: Calendar, clock: Clock | None, nudge: Nudge | None, on: date) -> State:
    if on < calendar.day1:
        return State.BEFORE
    if calendar.is_paused(on):
        return State.AWAY
    if _is_own(clock, nudge, on):
        return State.STEP
    if calendar.day(on) > LENGTH and (clock is None or clock.is_finished):
        return State.WALKED
    return State.AGAIN


def _step(clock: Clock | None, nudge: Nudge | None, on: date) -> Step | None:
    if nudge is not None and nudge.on == on:
        return nudge.step
    if clock is not None and clock.next_on == on and clock.next_step is not None:
        return clock.next_step
    return nudge.step if nudge is not None else None


def _log(
    enrolment: Enrolment,
    state: State,
    step: Step | None,
    practice: Practice | None,
    on: date,
    today: date,
    cards: Sequence[FocusCard],
) -> Log | None:
    """The log of the date: open, or what was said. None when it is neither open nor said, or somebody is away."""
    is_open = back_fill.is_open(on, today=today, day1=enrolment.day1_on) and state != State.AWAY
    if practice is None and not is_open:
        return None
    return log_of(
        enrolment_id=enrolment.pk,
        on=on,
        today=today,
        practice=practice,
        focuses=[card.focus for card in cards],
        step=step,
        is_reflected=enrolment.reflections.filter(on=on).exists(),
    )


def _waiting(
    enrolment: Enrolment,
    calendar: Calendar,
    practices: dict[date, Practice],
    on: date,
    today: date,
    cards: Sequence[FocusCard],
) -> Iterator[Waiting]:
    if enrolment.confirmed_at is None:
        yield Waiting(_("Look at your hour and working days once"), f"{reverse('welcome')}?step=schedule", "clock")
    if not cards:
        yield Waiting(_("Pick a focus: one plan for one moment"), reverse("focus_new"), "adjustments-horizontal")
    for missed in _still_open(calendar, practices, today):
        if missed != on:
            words = _("%(date)s is still open") % {"date": formats.date_format(missed, "l j F")}
            yield Waiting(words, f"{reverse('today')}?on={missed.isoformat()}", "calendar-days")


def _still_open(calendar: Calendar, practices: dict[date, Practice], today: date) -> Iterator[date]:
    """The working days of the last three without a word, newest first."""
    for ago in range(1, back_fill.DAYS + 1):
        on = today - timedelta(days=ago)
        if on >= calendar.day1 and calendar.is_open(on) and on not in practices:
            yield on
