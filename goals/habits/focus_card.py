"""A focus for display: its plan, its dial, and what that means for the week."""

from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from goals.dial_rules import LIGHT, setting_on
from goals.habits.forms.focus import DialForm
from goals.models import Focus, Level
from goals.reserve import STOCK, light_weeks, monday_of


@dataclass(frozen=True)
class FocusCard:
    focus: Focus
    level: Level
    form: DialForm
    note: str


def focus_cards(enrolment: Enrolment, today: date) -> tuple[list[FocusCard], list[Focus]]:
    """The current focuses as cards, oldest first, and the archived ones, newest first."""
    focuses = list(enrolment.focuses.prefetch_related("dials"))
    weeks = light_weeks([focus.life for focus in focuses], today)
    current = [focus for focus in focuses if focus.archived_on is None]
    aside = sorted((focus for focus in focuses if focus.archived_on), key=lambda each: str(each.archived_on))
    return [_card(focus, weeks, today) for focus in current], aside[::-1]


def _card(focus: Focus, weeks: list[date], today: date) -> FocusCard:
    setting = setting_on(focus.settings, today)
    form = DialForm(
        initial={"level": setting.level, "ends_on": setting.ends_on}, today=today, auto_id=f"dial-{focus.pk}-%s"
    )
    return FocusCard(focus, Level(setting.level), form, _note(setting.level, setting.ends_on, weeks, today))


def _note(level: int, ends_on: date | None, weeks: list[date], today: date) -> str:
    parts = []
    if ends_on is not None:
        words = {"level": Level(level).label, "date": formats.date_format(ends_on, "WEEKDAY_FORMAT")}
        parts.append(_("%(level)s until %(date)s.") % words)
    if level <= LIGHT and monday_of(today) in weeks:
        parts.append(_reserve(weeks.index(monday_of(today)) + 1, len(weeks)))
    return " ".join(parts)


def _reserve(place: int, spent: int) -> str:
    if place > STOCK:
        return _("Your three reserve weeks are used, so this week counts like any other. That is fine.")
    left = {"left": max(STOCK - spent, 0), "stock": STOCK}
    return _("A reserve week: it stays out of your practice rate. %(left)s of %(stock)s left.") % left
