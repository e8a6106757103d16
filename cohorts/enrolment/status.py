"""How one leader is doing today: one status each, with the same words on page, chip and download. No database.

The first that fits counts; `RULES` is their order. What asks for somebody comes first, what is well comes last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models.mail import TROUBLE, MailState, Reason
from cohorts.people.sign_in import SignIn
from cohorts.schedule.date_words import date_words, fill, moment_words, near_words
from cohorts.schedule.inactivity import SILENT_DAYS, silent_days
from cohorts.schedule.path import HORIZON, LENGTH, Calendar

URGENCY = {"trouble": 0, "asks": 1}
ASKED = {MailState.DUE, MailState.SENDING}


class Key(StrEnum):
    """Which status, as filters and addresses name it."""

    LEFT = "left"
    SUSPENDED = "suspended"
    NOT_SIGNED_IN = "not-signed-in"
    MAIL_FAILED = "mail-failed"
    QUIET = "quiet"
    DONE = "done"
    PAUSED = "paused"
    NOT_BEGUN = "not-begun"
    OFF = "off"
    APP = "app"
    PRACTISED = "practised"
    HELD = "held"
    TODAY = "today"
    SKIPPED = "skipped"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class TodaysNudge:
    """What became of a leader's nudge on their own today: by mail, or in the app where mails are off."""

    state: MailState
    reason: str

    @property
    def label(self) -> str:
        words = Reason(self.reason).label if self.reason else MailState(self.state).label
        return str(words)


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a status depends on. `sign_in` is None for somebody who has signed in."""

    today: date
    calendar: Calendar
    last_practice_on: date | None = None
    sign_in: SignIn | None = None
    nudge: TodaysNudge | None = None
    next_on: date | None = None
    has_mail: bool = True
    has_left: bool = False
    is_sending: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """A tone of the kit, the words, and why or when in quiet words after them."""

    key: Key
    tone: str
    words: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.words} · {self.why}" if self.why else self.words

    @property
    def urgency(self) -> int:
        """Sorts first those who can't get in, then those who have gone quiet; those who left come last."""
        return 3 if self.key == Key.LEFT else URGENCY.get(self.tone, 2)


def status_of(at: Situation) -> Status:
    """The first status that fits."""
    return next(status for rule in RULES if (status := rule(at)) is not None)


def _left(at: Situation) -> Status | None:
    return Status(Key.LEFT, "quiet", _("Left")) if at.has_left else None


def _suspended(at: Situation) -> Status | None:
    found = at.sign_in
    return Status(Key.SUSPENDED, found.tone, found.words, found.why) if found and found.is_suspended else None


def _not_signed_in(at: Situation) -> Status | None:
    found = at.sign_in
    return Status(Key.NOT_SIGNED_IN, found.tone, found.words, found.why) if found else None


def _mail_failed(at: Situation) -> Status | None:
    if at.nudge is None or at.nudge.state not in TROUBLE:
        return None
    return Status(Key.MAIL_FAILED, "trouble", _("Mail failed"), _lower_first(at.nudge.label))


def _done(at: Situation) -> Status | None:
    """Past day 90 with nothing still to come: a clock that goes on has a next date."""
    is_over = at.calendar.day(at.today) > LENGTH and at.next_on is None
    return Status(Key.DONE, "good", _("Completed")) if is_over else None


def _not_begun(at: Situation) -> Status | None:
    if at.calendar.day1 <= at.today:
        return None
    return Status(Key.NOT_BEGUN, "waiting", fill(_("Begins %(day)s"), {"day": near_words(at.calendar.day1, at.today)}))


def _quiet(at: Situation) -> Status | None:
    days = silent_days(at.calendar, at.last_practice_on, at.today)
    if days < SILENT_DAYS:
        return None
    why = ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}
    return Status(Key.QUIET, "asks", _("Gone quiet"), why)


def _paused(at: Situation) -> Status | None:
    if not at.calendar.is_paused(at.today):
        return None
    last = at.calendar.back_on(at.today) - timedelta(days=1)
    why = fill(_("to %(date)s"), {"date": date_words(last, "MONTH_DAY_FORMAT")})
    return Status(Key.PAUSED, "paused", _("Paused"), why)


def _off(at: Situation) -> Status | None:
    if at.calendar.is_open(at.today):
        return None
    ahead = (at.today + timedelta(days=later) for later in range(1, HORIZON.days))
    back = next((on for on in ahead if at.calendar.is_open(on)), None)
    why = fill(_("back %(day)s"), {"day": near_words(back, at.today)}) if back else ""
    return Status(Key.OFF, "off", _("Off today"), why)


def _app(at: Situation) -> Status | None:
    return None if at.has_mail else Status(Key.APP, "app", _("In app only"))


def _practised(at: Situation) -> Status | None:
    return Status(Key.PRACTISED, "good", _("Practised today")) if at.last_practice_on == at.today else None


def _held(at: Situation) -> Status | None:
    return None if at.is_sending else Status(Key.HELD, "paused", _("Held"), _("sending is off"))


def _today(at: Situation) -> Status | None:
    if at.nudge is not None and at.nudge.state == MailState.SENT:
        return Status(Key.TODAY, "quiet", _("Nudged today"))
    if at.next_on != at.today and (at.nudge is None or at.nudge.state not in ASKED):
        return None
    hour = at.calendar.instant(at.today).astimezone(at.calendar.zone)
    return Status(Key.TODAY, "waiting", fill(_("At %(hour)s"), {"hour": moment_words(hour, "H:i")}))


def _skipped(at: Situation) -> Status | None:
    if at.nudge is None:
        return None
    return Status(Key.SKIPPED, "quiet", _("Skipped today"), _lower_first(at.nudge.label))


def _later(at: Situation) -> Status | None:
    if at.next_on is None:
        return Status(Key.LATER, "quiet", _("No step today"))
    why = fill(_("next %(day)s"), {"day": near_words(at.next_on, at.today)})
    return Status(Key.LATER, "quiet", _("No step today"), why)


RULES: tuple[Callable[[Situation], Status | None], ...] = (
    _left,
    _suspended,
    _not_signed_in,
    _mail_failed,
    _quiet,
    _done,
    _paused,
    _not_begun,
    _off,
    _app,
    _practised,
    _held,
    _today,
    _skipped,
    _later,
)


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]
