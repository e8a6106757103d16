"""Busy periods: an admin offers one to a cohort, each leader accepts or not, and their dials turn on its first day.

Locks are taken in this order: the leader's enrolment, the period, clocks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.enrolment.current import date_at, take_turns
from cohorts.models import Cohort, Enrolment, Membership, Pause
from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import lock
from goals.dial_rules import Setting
from goals.habits.actions.focus import set_dial
from goals.habits.policies import ensure_may_keep
from goals.habits.rules import latest_dial_day
from goals.leader_goals.busy_rules import Turned, ensure_busy, in_force, is_turned
from goals.models import BusyAnswer, BusyPeriod, Dial, Focus, Goal, GoalDial

Dials = Iterable[Dial | GoalDial]


@transaction.atomic
def offer_busy_period(
    *,
    cohort: Cohort,
    title: str,
    level: int,
    starts_on: date,
    ends_on: date,
    today: date,
    by: Membership,
    now: datetime,
) -> BusyPeriod:
    """Offer a whole cohort to dial down. The same offer again is the one there is; two never overlap."""
    ensure_busy(title=title, level=level, starts_on=starts_on, ends_on=ends_on, today=today)
    offer = {"title": title.strip(), "level": level, "starts_on": starts_on, "ends_on": ends_on}
    lock(cohort)
    same = BusyPeriod.objects.filter(cohort=cohort, withdrawn_at=None, **offer).first()
    if same is not None:
        return same
    _ensure_free_days(cohort, starts_on, ends_on)
    period = BusyPeriod.objects.create(cohort=cohort, offered_by=by, offered_at=now, **offer)
    record(by=by, verb="offered a busy period", thing=period, now=now, cohort=cohort.pk)
    return period


@transaction.atomic
def withdraw_busy_period(*, period: BusyPeriod, by: Membership, now: datetime) -> BusyPeriod:
    """Withdraw an offer: it is asked and begun no more. Dials that it has turned stay the leader's. Idempotent."""
    lock(period)
    if period.withdrawn_at is None:
        _save_withdrawn(period, now, "withdrew a busy period", by=by, now=now)
    return period


@transaction.atomic
def offer_again(*, period: BusyPeriod, by: Membership, now: datetime) -> BusyPeriod:
    """Take a withdrawal back. The answers are as they were."""
    lock(period.cohort)
    lock(period)
    if period.withdrawn_at is not None:
        _ensure_free_days(period.cohort, period.starts_on, period.ends_on)
        _save_withdrawn(period, None, "offered a busy period again", by=by, now=now)
    return period


@transaction.atomic
def answer_busy_period(
    *, period: BusyPeriod, enrolment: Enrolment, accepts: bool, by: Membership, now: datetime
) -> BusyAnswer:
    """Accept an offer or not. Accepted on its days, it begins at once. The same answer again changes nothing."""
    today = date_at(enrolment, now)
    take_turns(enrolment)
    ensure_may_keep(by, enrolment)
    lock(period)
    _ensure_open(period, enrolment, today)
    same = BusyAnswer.objects.filter(period=period, enrolment=enrolment, accepts=accepts).first()
    if same is not None:
        return same
    _take_back(period, enrolment, today=today, now=now)
    answer = BusyAnswer.objects.create(period=period, enrolment=enrolment, accepts=accepts, answered_at=now)
    _begin(answer, today=today, now=now)
    return answer


@transaction.atomic
def take_back_busy_answer(*, period: BusyPeriod, enrolment: Enrolment, by: Membership, now: datetime) -> None:
    """The offer waits again, and the dials it turned are as before. Idempotent."""
    take_turns(enrolment)
    ensure_may_keep(by, enrolment)
    _take_back(period, enrolment, today=date_at(enrolment, now), now=now)


@transaction.atomic
def begin_if_due(*, answer: BusyAnswer, now: datetime) -> None:
    """Turn the dials of a leader who accepted, once the first day has come where they are. Idempotent."""
    take_turns(answer.enrolment)
    lock(answer.period)
    found = BusyAnswer.objects.select_related("period", "enrolment__leader").filter(pk=answer.pk).first()
    if found is not None and found.period.withdrawn_at is None and found.enrolment.left_on is None:
        _begin(found, today=date_at(found.enrolment, now), now=now)


def _begin(answer: BusyAnswer, *, today: date, now: datetime) -> None:
    period, enrolment = answer.period, answer.enrolment
    is_on = period.starts_on <= today <= period.ends_on
    if not is_on or not answer.accepts or answer.begun_on is not None or _is_away(enrolment, today):
        return
    focuses = [each for each in _focuses(enrolment) if _gives_way(each.dials.all(), answer, today)]
    goals = [each for each in _goals(enrolment) if _gives_way(each.dials.all(), answer, today)]
    ends_on = min(period.ends_on, latest_dial_day(enrolment, today=today))
    turned = [
        set_dial(
            focus=focus,
            level=period.level,
            ends_on=ends_on,
            today=today,
            by=enrolment.leader,
            now=now,
            period=period,
        )
        for focus in focuses
    ]
    is_reserve = any(dial.is_reserve for dial in turned)
    for goal in goals:
        _add(goal, Setting(period.level, today, ends_on), now=now, period=period, is_reserve=is_reserve)
    answer.begun_on = today
    answer.save(update_fields=["begun_on"])


def _take_back(period: BusyPeriod, enrolment: Enrolment, *, today: date, now: datetime) -> None:
    """Forget the answer, and set each dial that the period still holds to what it was before."""
    answer = BusyAnswer.objects.filter(period=period, enrolment=enrolment).first()
    if answer is None:
        return
    is_held = answer.begun_on is not None and today <= period.ends_on
    latest = latest_dial_day(enrolment, today=today)
    for focus in _focuses(enrolment) if is_held else ():
        if (before := _before(focus.dials.all(), period, today)) is not None:
            set_dial(
                focus=focus,
                level=before.setting.level,
                ends_on=before.setting.ends_on and min(before.setting.ends_on, latest),
                today=today,
                by=enrolment.leader,
                now=now,
            )
    for goal in _goals(enrolment) if is_held else ():
        if (before := _before(goal.dials.all(), period, today)) is not None:
            _add(goal, replace(before.setting, starts_on=today), now=now)
    answer.delete()


def _gives_way(dials: Dials, answer: BusyAnswer, today: date) -> bool:
    period = answer.period
    return is_turned(
        _turns(dials), level=period.level, ends_on=period.ends_on, today=today, accepted_at=answer.answered_at
    )


def _before(dials: Dials, period: BusyPeriod, today: date) -> Turned | None:
    """What a dial stood on before the period turned it; None if the period holds it no more."""
    rows = _in_order(dials)
    if not rows or rows[-1].period_id != period.pk:
        return None
    return in_force(_turns([dial for dial in rows if dial.period_id != period.pk]), today)


def _turns(dials: Dials) -> list[Turned]:
    return [Turned(dial.setting, dial.set_at if dial.period_id is None else None) for dial in _in_order(dials)]


def _in_order(dials: Dials) -> list[Dial | GoalDial]:
    return sorted(dials, key=lambda dial: int(dial.pk))


def _add(
    goal: Goal, setting: Setting, *, now: datetime, period: BusyPeriod | None = None, is_reserve: bool = False
) -> None:
    GoalDial.objects.create(
        goal=goal,
        level=setting.level,
        starts_on=setting.starts_on,
        ends_on=setting.ends_on,
        is_reserve=is_reserve,
        period=period,
        set_by=goal.enrolment.leader,
        set_at=now,
    )


def _focuses(enrolment: Enrolment) -> Sequence[Focus]:
    found = Focus.objects.current().filter(enrolment=enrolment).select_related("enrolment__leader")
    return list(found.prefetch_related("dials").order_by("pk"))


def _goals(enrolment: Enrolment) -> Sequence[Goal]:
    found = Goal.objects.current().filter(enrolment=enrolment).select_related("enrolment__leader")
    return list(found.prefetch_related("dials").order_by("pk"))


def _is_away(enrolment: Enrolment, today: date) -> bool:
    return Pause.objects.for_enrolment(enrolment).filter(starts_on__lte=today, ends_on__gte=today).exists()


def _ensure_free_days(cohort: Cohort, starts_on: date, ends_on: date) -> None:
    others = BusyPeriod.objects.filter(cohort=cohort, withdrawn_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if (other := others.first()) is not None:
        raise Invalid("starts_on", _("“%(title)s” is offered for some of these days already.") % {"title": other.title})


def _ensure_open(period: BusyPeriod, enrolment: Enrolment, today: date) -> None:
    if period.cohort_id != enrolment.cohort_id:
        raise NotNow(_("This offer is for another cohort."))
    if period.withdrawn_at is not None:
        raise NotNow(_("This offer was withdrawn in the meantime. Your dials stay as they are."))
    if period.ends_on < today:
        raise NotNow(_("This busy period is over. Your dials stay as they are."))


def _save_withdrawn(period: BusyPeriod, at: datetime | None, verb: str, *, by: Membership, now: datetime) -> None:
    period.withdrawn_at = at
    period.save(update_fields=["withdrawn_at"])
    record(by=by, verb=verb, thing=period, now=now, cohort=period.cohort_id)
