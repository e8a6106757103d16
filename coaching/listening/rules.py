"""What contacts, observers and ratings are held to. Actions and forms ask the same functions."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from coaching.models import HIGH, LOW, Channel
from coaching.talk_templates.content import Criterion
from cohorts.models import Membership
from cohorts.web.bounds import ensure_choice, ensure_date, ensure_text
from cohorts.web.permissions import Permission, may
from cohorts.web.refusals import Invalid

MAX_REFERENCE_CHARACTERS = 40
MAX_AGREED_CHARACTERS = 2000
MAX_DAYS_OPEN = 30
MAX_DAYS_AHEAD = 366
MIN_OBSERVERS, MAX_OBSERVERS = 2, 12
REFERENCE = re.compile(r"(?=.*\d)[\w./:#-]+")  # a number as systems print it; a name has a space or no digit


def ensure_reference(reference: str, *, is_required: bool = True) -> None:
    """The number of a contact. What looks like a customer's name is refused."""
    ensure_text("reference", reference, most=MAX_REFERENCE_CHARACTERS, is_required=is_required)
    if reference and not REFERENCE.fullmatch(reference):
        raise Invalid("reference", _("Give the number of the contact, without spaces and without a name."))


def ensure_channel(channel: str, *, is_required: bool = True) -> None:
    if channel or is_required:
        ensure_choice("channel", channel, Channel.values)


def ensure_again(again_on: date | None, *, today: date) -> None:
    if again_on is None:
        return
    ensure_date("again_on", again_on)
    if not today <= again_on <= today + timedelta(days=MAX_DAYS_AHEAD):
        raise Invalid("again_on", _("Choose a day from today and within a year."))


def ensure_closes(closes_on: date, *, today: date) -> None:
    ensure_date("closes_on", closes_on)
    if not today < closes_on <= today + timedelta(days=MAX_DAYS_OPEN):
        raise Invalid("closes_on", _("Choose a day after today and within a month."))


def ensure_observers(observers: Collection[Membership]) -> None:
    if not MIN_OBSERVERS <= len({each.pk for each in observers}) <= MAX_OBSERVERS:
        raise Invalid("observers", _("Choose two observers or more, at most twelve."))
    if any(not each.is_active or not may(each, Permission.READ_PROGRAMME) for each in observers):
        raise Invalid("observers", _("Someone on this list has left or is from another company."))


def ensure_scores(scores: Mapping[str, int], criteria: Collection[Criterion]) -> None:
    """One number for every criterion, and for nothing else."""
    keys = {criterion.key for criterion in criteria}
    for key in scores.keys() - keys:
        raise Invalid(key, _("This is not one of the points to rate."))
    for key in keys:
        ensure_choice(key, scores.get(key), range(LOW, HIGH + 1))


def closing_instant(closes_on: date, member: Membership) -> datetime:
    """The end of that day where the one who starts it is."""
    return datetime.combine(closes_on + timedelta(days=1), datetime.min.time(), member.zone)
