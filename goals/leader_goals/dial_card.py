"""The dial of a goal as its page shows it: the level, and what it means for nudges and reserve weeks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Clock
from cohorts.schedule.calendars import dialled_of
from cohorts.schedule.milestone_cards import day_word
from goals.dial_rules import LIGHT, STEADY, Setting, setting_on
from goals.habits.forms.focus import DialForm
from goals.leader_goals.busy_words import cost_words, level_word
from goals.models import Focus, Goal, Level
from goals.reserve import STOCK, Life, newly_spent, reserve_weeks, sunday_of

A_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class GoalDialCard:
    """`form` and the sentences about nudges are for the leader; a sponsor sees the level and until when."""

    level: Level
    until: str
    form: DialForm | None = None
    nudges: SafeString | str = ""
    reserve: str = ""
    cost: str = ""


def dial_card(goal: Goal, today: date, *, plans: Sequence[Focus] | None, moved_by: Iterable[Focus]) -> GoalDialCard:
    """For the leader, with all their `plans` and their turns; for somebody else without. `moved_by` move this goal.

    One query for the leader, besides the dials of the goal.
    """
    setting = setting_on(goal.settings, today)
    level, until = Level(setting.level), _until(setting)
    if plans is None:
        return GoalDialCard(level, until)
    lives = {focus.pk: focus.life for focus in plans}
    own = {focus.pk for focus in moved_by if focus.archived_on is None}
    clock = Clock.objects.select_related("enrolment").filter(enrolment=goal.enrolment_id).first()
    used = len(reserve_weeks([*lives.values()], today))
    return GoalDialCard(
        level,
        until,
        form=DialForm(initial={"level": level, "ends_on": setting.ends_on}, today=today, auto_id="goal-dial-%s"),
        nudges=_nudges(clock, today, level if own else None),
        reserve=_reserve(used),
        cost=_cost(lives, own, used, today) if level > LIGHT and own else "",
    )


def _until(setting: Setting) -> str:
    if setting.ends_on is None:
        return ""
    words = {"level": Level(setting.level).label, "date": formats.date_format(setting.ends_on, "WEEKDAY_FORMAT")}
    return _("%(level)s until %(date)s.") % words


def _nudges(clock: Clock | None, today: date, level: Level | None) -> SafeString | str:
    """How often nudges come and when the next one does. `level` is None for a goal that no focus should move."""
    if clock is None or clock.is_held or clock.next_on is None or clock.next_at is None:
        return _("No nudge is planned at the moment.")
    cadence, until = dialled_of(clock.enrolment).on(today), clock.enrolment.cadence_until
    when = _when(clock.next_on, clock.next_at, today, clock)
    if until is not None and today <= until < clock.next_on:
        return format_html(_("The next nudge comes {when}."), when=when)
    sentence = _rhythm(cadence, when)
    if level is None:
        return format_html("{} {}", sentence, _("No focus belongs to this goal, so its dial alone moves no nudge."))
    if level < cadence:
        other = _("Your other focus is on %(level)s, so nudges follow that one.") % {"level": level_word(cadence)}
        return format_html("{} {}", sentence, other)
    return sentence


def _rhythm(cadence: int, when: SafeString) -> SafeString:
    if cadence >= STEADY:
        return format_html(_("A nudge each working day, the next one {when}."), when=when)
    if cadence == LIGHT:
        return format_html(_("A nudge every other day at most, the next one {when}."), when=when)
    return format_html(_("A nudge a week at most, the next one {when}."), when=when)


def _when(on: date, at: datetime, today: date, clock: Clock) -> SafeString:
    time = formats.time_format(at.astimezone(clock.enrolment.zone), "H:i")
    if (on - today).days < 2:
        return format_html("<strong>{} {}</strong>", day_word(on, today).lower(), time)
    day = formats.date_format(on, "l" if (on - today).days < A_WEEK_DAYS else "MONTH_DAY_FORMAT")
    return format_html(_("on {when}"), when=format_html("<strong>{} {}</strong>", day, time))


def _reserve(used: int) -> str:
    if not used:
        return _("None of your three reserve weeks is used.")
    if used >= STOCK:
        return _("All three reserve weeks are used.")
    words = ngettext("One of three reserve weeks is used.", "%(used)d of three reserve weeks are used.", used)
    return words % {"used": used}


def _cost(lives: Mapping[int, Life], own: set[int], used: int, today: date) -> str:
    """What dialling down this week would take, said before it is done."""
    setting = Setting(LIGHT, today, sunday_of(today))
    cost = cost_words(newly_spent(lives, own, setting, today), used)
    return _("Light or resting until Sunday? %(cost)s") % {"cost": cost}
