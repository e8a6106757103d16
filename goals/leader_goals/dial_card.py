"""The dial of a goal as its page shows it: the level, and what it means for nudges and reserve weeks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cohorts.models import Clock
from cohorts.schedule.date_words import date_words, fill, join
from goals.dial_rules import LIGHT, Setting, setting_on
from goals.habits.dial_words import back_to_steady, clock_of, follows_other, next_nudge, reserve_week
from goals.habits.forms.focus import DialForm
from goals.leader_goals.busy_words import cost_words
from goals.models import Focus, Goal, Level
from goals.reserve import STOCK, Life, light_weeks, newly_spent, sunday_of


@dataclass(frozen=True, slots=True)
class GoalDialCard:
    """`form`, `nudges`, `week` and `cost` are for the leader; a sponsor sees the level and until when."""

    level: Level
    until: str
    form: DialForm | None = None
    nudges: SafeString | str = ""
    week: str = ""
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
    clock = clock_of(goal.enrolment)
    light = light_weeks([*lives.values()], today)
    used = len(light[:STOCK])
    return GoalDialCard(
        level,
        until,
        form=DialForm(initial={"level": level, "ends_on": setting.ends_on}, today=today, auto_id="goal-dial-%s"),
        nudges=_nudges(clock, today, level, moves_nudges=bool(own)),
        week=join(" ", filter(None, (reserve_week(level, light, today), back_to_steady(setting, today)))),
        cost=_cost(lives, own, used, today) if level > LIGHT and own else "",
    )


def _until(setting: Setting) -> str:
    if setting.ends_on is None:
        return ""
    words = {"level": Level(setting.level).label, "date": date_words(setting.ends_on, "WEEKDAY_FORMAT")}
    return fill(_("%(level)s until %(date)s."), words)


def _nudges(clock: Clock | None, today: date, level: Level, *, moves_nudges: bool) -> SafeString:
    other = follows_other(clock, level, today)
    if not moves_nudges:
        other = _("No focus belongs to this goal, so its dial alone moves no nudge.")
    return format_html("{} {}", next_nudge(clock, today), other)


def _cost(lives: Mapping[int, Life], own: set[int], used: int, today: date) -> str:
    """What dialling down this week would take, said before it is done."""
    setting = Setting(LIGHT, today, sunday_of(today))
    cost = cost_words(newly_spent(lives, own, setting, today), used)
    return _("Light or resting until Sunday? %(cost)s") % {"cost": cost}
