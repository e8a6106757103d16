"""What a busy period is held to, and which dials it turns when it begins. Pure, but for the refusals.

It begins for a leader who accepted on its first day, at once if that has passed, but not while they are away: then on
the day they are back. It turns each dial down to its level until its last day. It leaves alone a dial that the leader
turned by hand after accepting, as long as that setting holds, and one that is as low already for as long or longer.
What the leader turns by hand after it has begun holds, too: it begins once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from cohorts.web.bounds import ensure_choice, ensure_date, ensure_name
from cohorts.web.refusals import Invalid
from goals.dial_rules import LIGHT, NEVER_TURNED, RESTING, Setting, setting_on

MAX_TITLE_CHARACTERS = 80
MAX_BUSY_DAYS = 56  # eight weeks: longer than that is not a busy period but how things are
AHEAD_DAYS = 180


@dataclass(frozen=True, slots=True)
class Turned:
    """One setting of a dial. `by_hand_at` is when the leader made it themselves; None, a period did, or long ago."""

    setting: Setting
    by_hand_at: datetime | None


def is_turned(turns: Sequence[Turned], *, level: int, ends_on: date, today: date, accepted_at: datetime) -> bool:
    """Whether a period that begins today turns this dial. `turns` are in the order they were made."""
    now = in_force(turns, today)
    if now.by_hand_at is not None and now.by_hand_at > accepted_at:
        return False
    is_longer = now.setting.ends_on is None or now.setting.ends_on >= ends_on
    return not (now.setting.level <= level and is_longer)


def in_force(turns: Sequence[Turned], on: date) -> Turned:
    """The setting of a dial on a date."""
    setting = setting_on([turn.setting for turn in turns], on)
    return next((turn for turn in reversed(turns) if turn.setting == setting), Turned(NEVER_TURNED, None))


def ensure_busy(*, title: str, level: int, starts_on: date, ends_on: date, today: date) -> None:
    ensure_name("title", title, most=MAX_TITLE_CHARACTERS)
    ensure_choice("level", level, {RESTING, LIGHT})
    ensure_days(starts_on, ends_on, today=today)


def ensure_days(starts_on: date, ends_on: date, *, today: date) -> None:
    """At most eight weeks, not over yet, and beginning within half a year."""
    ensure_date("starts_on", starts_on)
    ensure_date("ends_on", ends_on)
    if starts_on > today + timedelta(days=AHEAD_DAYS):
        raise Invalid("starts_on", _("That is more than half a year away. Offer it when it comes closer."))
    if ends_on < starts_on:
        raise Invalid("ends_on", _("The last day is before the first."))
    if ends_on < today:
        raise Invalid("ends_on", _("Those days are already over."))
    if (ends_on - starts_on).days >= MAX_BUSY_DAYS:
        raise Invalid("ends_on", _("That is longer than eight weeks. A busy period has an end in sight."))
