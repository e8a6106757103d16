"""A focus for display: its plan, its dial, and what that does to nudges and to the week."""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cohorts.models import Clock, Enrolment
from goals.dial_rules import setting_on
from goals.habits.dial_words import back_to_steady, follows_other, next_nudge, reserve_week
from goals.habits.forms.focus import DialForm
from goals.models import Focus, Level
from goals.reserve import light_weeks


@dataclass(frozen=True)
class FocusCard:
    """`note` is what its dial means for this week, `nudges` what all dials together do to the next one."""

    focus: Focus
    level: Level
    form: DialForm
    note: str
    nudges: SafeString


def focus_cards(enrolment: Enrolment, today: date, clock: Clock | None) -> tuple[list[FocusCard], list[Focus]]:
    """The current focuses as cards, oldest first, and the archived ones, newest first."""
    focuses = list(enrolment.focuses.prefetch_related("dials"))
    weeks = light_weeks([focus.life for focus in focuses], today)
    current = [focus for focus in focuses if focus.archived_on is None]
    aside = sorted((focus for focus in focuses if focus.archived_on), key=lambda each: str(each.archived_on))
    return [_card(focus, weeks, today, clock) for focus in current], aside[::-1]


def _card(focus: Focus, weeks: list[date], today: date, clock: Clock | None) -> FocusCard:
    setting = setting_on(focus.settings, today)
    form = DialForm(
        initial={"level": setting.level, "ends_on": setting.ends_on}, today=today, auto_id=f"dial-{focus.pk}-%s"
    )
    note = " ".join(filter(None, (reserve_week(setting.level, weeks, today), back_to_steady(setting, today))))
    nudges = format_html("{} {}", next_nudge(clock, today), follows_other(clock, setting.level, today))
    return FocusCard(focus, Level(setting.level), form, note, nudges)
