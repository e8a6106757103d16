"""What a round is held to. Asked by the forms, decided in the actions."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cohorts.web.bounds import ensure_choice, ensure_date, ensure_number
from cohorts.web.refusals import Invalid, NotNow
from feedback360.models import Round, State
from feedback360.rounds.timetable import OWN, Timetable
from feedback360.rounds.transitions import By, may_move

THRESHOLDS = (5, 4, 3)
RESPONSE_RATES = (10, 100)  # per cent
MONTHLY_REQUESTS = (1, 30)
BEFORE_LAUNCH = frozenset({State.DRAFT, State.NOMINATING})
UNDER_WAY = frozenset({State.NOMINATING, State.COLLECTING})
LONGEST_OPEN_DAYS = 60
FURTHEST_AHEAD_DAYS = 366
MAX_OWN_ROUNDS = 12  # of one cohort


def ensure_move(round_: Round, after: str, by: By) -> None:
    """The table of moves allows it."""
    if not may_move(round_.state, after, by):
        raise moved_on()


def moved_on() -> NotNow:
    return NotNow(_("The round has moved on in the meantime. Open it again to see where it is."))


def ensure_before_launch(round_: Round) -> None:
    """Raters were promised the threshold, the questions and the groups they were asked with."""
    if round_.state not in BEFORE_LAUNCH:
        raise NotNow(_("Raters have been asked and told this, so it can't change any more."))


def ensure_threshold(threshold: int) -> None:
    ensure_choice("threshold", threshold, THRESHOLDS)


def ensure_settings(*, threshold: int, response_rate: int, monthly_requests: int) -> None:
    ensure_threshold(threshold)
    ensure_number("response_rate", response_rate, *RESPONSE_RATES)
    ensure_number("monthly_requests", monthly_requests, *MONTHLY_REQUESTS)


def ensure_dates(*, opens_on: date, answer_by: date, closes_on: date, today: date) -> None:
    """In order, not in the past, and open for at most two months."""
    for field, on in (("opens_on", opens_on), ("answer_by", answer_by), ("closes_on", closes_on)):
        ensure_date(field, on)
    if opens_on < today:
        raise Invalid("opens_on", _("This date is in the past."))
    ensure_end(opens_on=opens_on, answer_by=answer_by, closes_on=closes_on, today=today)


def ensure_opening(opens_on: date, *, today: date) -> None:
    """Of a round that an admin plans: not in the past, and within a year."""
    ensure_date("opens_on", opens_on)
    if opens_on < today:
        raise Invalid("opens_on", _("This date is in the past."))
    if opens_on > today + timedelta(days=FURTHEST_AHEAD_DAYS):
        raise Invalid("opens_on", _("Choose a day within a year."))


def ensure_room(there: QuerySet[Round], times: Timetable) -> None:
    """One round of a cohort at a time, from choosing raters to the close; and few enough to mean something."""
    if there.filter(key__startswith=OWN).count() >= MAX_OWN_ROUNDS:
        raise NotNow(_("This cohort has %(count)d rounds of its own already.") % {"count": MAX_OWN_ROUNDS})
    if there.filter(nominates_at__lt=times.closes_at, closes_at__gt=times.nominates_at).exists():
        raise Invalid("opens_on", _("Another round of this cohort is under way then. Choose a later day."))


def ensure_end(*, opens_on: date, answer_by: date, closes_on: date, today: date) -> None:
    """What holds for an open round, too, whose opening stays."""
    ensure_date("answer_by", answer_by)
    ensure_date("closes_on", closes_on)
    if answer_by <= opens_on:
        raise Invalid("answer_by", _("This must be after the round opens."))
    if closes_on <= answer_by:
        raise Invalid("closes_on", _("This must be after the day raters are asked to answer by."))
    if closes_on < today:
        raise Invalid("closes_on", _("This date is in the past."))
    if closes_on > opens_on + timedelta(days=LONGEST_OPEN_DAYS):
        raise Invalid("closes_on", _("A round is open for at most 60 days."))
