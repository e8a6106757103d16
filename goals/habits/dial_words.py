"""What a dial does, in the sentences that the cards of focuses and of goals share."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cohorts.models import Clock, Enrolment
from cohorts.schedule.calendars import dialled_of
from cohorts.schedule.date_words import date_words, dated_text, fill, moment_words
from cohorts.schedule.milestone_cards import day_word
from goals.dial_rules import LIGHT, STEADY, Setting
from goals.models import Level
from goals.reserve import STOCK, monday_of

A_WEEK_DAYS = 7


def level_word(level: int) -> str:
    """The level inside a sentence."""
    return str(Level(level).label).lower()


def clock_of(enrolment: Enrolment) -> Clock | None:
    """When the next nudge comes, with the cadence that the dials set, as it is now. One query."""
    return Clock.objects.select_related("enrolment").filter(enrolment=enrolment).first()


def next_nudge(clock: Clock | None, today: date) -> SafeString | str:
    """When the next one comes, as the dials stand now."""
    if clock is None or clock.is_held or clock.next_on is None or clock.next_at is None:
        return _("No nudge is planned at the moment.")
    time = moment_words(clock.next_at.astimezone(clock.enrolment.zone), "H:i")
    day = _day(clock.next_on, today)
    return format_html(_("Next nudge: {when}."), when=format_html("<strong>{} {}</strong>", day, time))


def follows_other(clock: Clock | None, level: int, today: date) -> str:
    """That nudges follow another focus, which stands higher."""
    if clock is None or level >= (cadence := dialled_of(clock.enrolment).on(today)):
        return ""
    return _("Your other focus is on %(level)s, so nudges follow that one.") % {"level": level_word(cadence)}


def reserve_week(level: int, light: Sequence[date], today: date) -> str:
    """Which reserve week this one is, if the dial makes it one. `light` are the Mondays of all light weeks."""
    if level > LIGHT or monday_of(today) not in light:
        return ""
    place = light.index(monday_of(today)) + 1
    if place > STOCK:
        return _("Your three reserve weeks are used, so this week counts like any other. That is fine.")
    return _("Reserve week %(place)s of %(stock)s.") % {"place": place, "stock": STOCK}


def turned_words(level: int) -> str:
    """Where a dial stands now, for a message with Undo."""
    return _("The dial is on %(level)s.") % {"level": level_word(level)}


def back_to_steady(setting: Setting, today: date) -> str:
    """The day on which the dial goes back by itself."""
    if setting.ends_on is None or setting.level == STEADY:
        return ""
    words = {"level": Level(STEADY).label, "day": _day(setting.ends_on + timedelta(days=1), today)}
    if setting.ends_on == today:
        return fill(_("Back to %(level)s %(day)s."), words)
    return fill(_("Back to %(level)s on %(day)s."), words)


def _day(on: date, today: date) -> str:
    """Today, tomorrow or the weekday; from a week on, with its date."""
    if (on - today).days < 2:
        return dated_text(on, day_word(on, today).lower())
    return date_words(on, "l" if (on - today).days < A_WEEK_DAYS else "WEEKDAY_FORMAT")
