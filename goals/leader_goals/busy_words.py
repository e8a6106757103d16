"""A busy period in sentences, for the leader who is asked."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.schedule.date_words import date_words, fill
from goals.habits.dial_words import level_word
from goals.models import BusyAnswer
from goals.reserve import STOCK


def offer_words(title: str, level: int, starts_on: date, ends_on: date, today: date) -> str:
    """The question itself."""
    parts = {"title": title, "level": level_word(level), "until": _date(ends_on), "from": _date(starts_on)}
    if starts_on <= today:
        return fill(_("%(title)s: turn all your dials to %(level)s until %(until)s?"), parts)
    return fill(_("%(title)s: turn all your dials to %(level)s from %(from)s to %(until)s?"), parts)


def cost_words(cost: int, used: int) -> str:
    """What an offer, or a dial turned down, would take from the stock, so that it is spent knowingly."""
    left = max(STOCK - used, 0)
    if not left:
        return _("Your three reserve weeks are used, so these weeks would count like any other.")
    if not cost:
        return _("It takes no reserve week.")
    if cost == left == 1:
        return _("It takes the last of your reserve weeks.")
    if cost == left:
        return _("It takes all the reserve weeks you have left; more weeks than those count like any other.")
    words = ngettext(
        "It takes one of the %(left)d reserve weeks you have left.",
        "It takes %(cost)d of the %(left)d reserve weeks you have left.",
        cost,
    )
    return words % {"cost": cost, "left": left}


def answered_words(answer: BusyAnswer, today: date) -> str:
    period = answer.period
    if not answer.accepts:
        return _("Noted: your dials stay as they are.")
    parts = {"level": level_word(period.level), "from": _date(period.starts_on), "until": _date(period.ends_on)}
    if answer.begun_on is not None:
        return fill(_("Done: your dials are on %(level)s until %(until)s."), parts)
    if period.starts_on > today:
        return fill(_("Noted: from %(from)s your dials go to %(level)s, until %(until)s."), parts)
    return fill(_("Noted: your dials go to %(level)s when you are back, until %(until)s."), parts)


def _date(on: date) -> str:
    return date_words(on, "MONTH_DAY_FORMAT")
