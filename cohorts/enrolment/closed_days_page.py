"""What the page of a cohort's closed days shows, and what a change to one of them would move."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cohorts.enrolment.actions.cohorts import has_begun, last_lived_day
from cohorts.models import Cohort, Enrolment, Organisation, Step
from cohorts.models.curriculum import MilestoneText, StepText
from cohorts.nudges.planner import plan_of
from cohorts.schedule.calendars import calendar_of, pauses_by_enrolment
from cohorts.schedule.closed_days import ClosedDays, closed_days
from cohorts.schedule.countries import COUNTRIES
from cohorts.schedule.milestone_calendar import Diary, diary_of
from cohorts.schedule.milestone_dates import limits
from cohorts.schedule.moves import Move, dates_of, moved_by, moves
from cohorts.schedule.path import LENGTH
from cohorts.schedule.regions import regions_of

SHOWN_MOVES = 5


@dataclass(frozen=True, slots=True)
class MovedStep:
    text: StepText
    move: Move


@dataclass(frozen=True, slots=True)
class MovedEvent:
    text: MilestoneText
    was_on: date
    now_on: date


@dataclass(frozen=True, slots=True)
class DayRow:
    """One date of the list: closed, or kept open although it is a public holiday."""

    on: date
    name: str
    is_own: bool
    is_closed: bool
    is_past: bool
    can_change: bool
    works: bool
    moved: MovedStep | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change moves: the first `SHOWN_MOVES` steps and how many `further`, live events, and the last step's
    date before (`ended_on`) and after (`ends_on`). `working` of all `leaders` work on the changed date."""

    steps: list[MovedStep]
    further: int
    events: list[MovedEvent]
    leaders: int
    working: int
    ends_on: date | None
    ended_on: date | None

    @property
    def moves_nothing(self) -> bool:
        return not (self.steps or self.events)


def place_name(cohort: Cohort, language: str) -> str:
    """Germany, Bavaria; empty without a country."""
    region = regions_of(cohort.holidays, language).get(cohort.region)
    country = next((str(name) for code, name in COUNTRIES if code == cohort.holidays), "")
    return f"{country}, {region}" if region else country


def rows_of(cohort: Cohort, organisation: Organisation, *, language: str, now: datetime) -> list[DayRow]:
    """The dates from day 1 to the last of the ninety, and days of the cohort's own outside them."""
    diary, closed = diary_of(organisation, [cohort]), closed_days(cohort)
    calendar = diary.calendar(cohort)
    ninety = set(closed.between(cohort.day1_on, calendar.date_of(LENGTH)))
    dates = sorted(ninety | {day.on for day in closed.own})
    found = moved_by(plan_of(organisation.pk, cohort.version_id), calendar, closed, dates)
    texts = _step_texts((move.key for move in found.values()), language)
    lived = last_lived_day(cohort, now)
    first_open = lived + timedelta(days=1) if has_begun(cohort) else date.min
    last = limits(cohort.classroom_ends_on, cohort.day1_on)[1]
    rows = []
    for on in dates:
        own = closed.own_day(on)
        rows.append(
            DayRow(
                on=on,
                name=closed.name(on, language),
                is_own=own is not None,
                is_closed=on in closed,
                is_past=on <= lived,
                can_change=first_open <= on <= last,
                works=calendar.works(on),
                moved=_moved(found.get(on), texts),
            )
        )
    return rows


def effect_of(cohort: Cohort, after: ClosedDays, on: date, *, organisation: Organisation, language: str) -> Effect:
    """What the cohort's closed days would move if they were these."""
    diary, plan = diary_of(organisation, [cohort]), plan_of(organisation.pk, cohort.version_id)
    calendar = diary.calendar(cohort)
    before, then = dates_of(plan, calendar), dates_of(plan, replace(calendar, holidays=after))
    changed = moves(before, then)
    shown = changed[:SHOWN_MOVES]
    texts = _step_texts((move.key for move in shown), language)
    leaders = list(Enrolment.objects.active().filter(cohort=cohort).select_related("cohort"))
    away = pauses_by_enrolment(leaders)
    calendars = (calendar_of(each, organisation, away.get(each.pk, ())) for each in leaders)
    return Effect(
        steps=[step for step in (_moved(move, texts) for move in shown) if step is not None],
        further=len(changed) - len(shown),
        events=_events(diary, cohort, after, language),
        leaders=len(leaders),
        working=sum(each.works(on) and not each.is_paused(on) for each in calendars),
        ends_on=max((due.on for due in then.values()), default=None),
        ended_on=max((due.on for due in before.values()), default=None),
    )


def _events(diary: Diary, cohort: Cohort, after: ClosedDays, language: str) -> list[MovedEvent]:
    then = Cohort.objects.get(pk=cohort.pk)
    then.own_days = [day.as_stored() for day in after.own]
    now_on = {each.slot.key: each.on for each in diary.of_cohort(then)}
    return [
        MovedEvent(each.milestone.in_language(language), each.on, moved)
        for each in diary.of_cohort(cohort)
        if each.on is not None and (moved := now_on[each.slot.key]) is not None and moved != each.on
    ]


def _step_texts(keys: Iterable[int], language: str) -> dict[int, StepText]:
    return {step.pk: step.in_language(language) for step in Step.objects.filter(pk__in=set(keys))}


def _moved(move: Move | None, texts: dict[int, StepText]) -> MovedStep | None:
    return MovedStep(texts[move.key], move) if move else None
