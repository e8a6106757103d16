"""What an admin decides about a round: its dates, its threshold, to go on now, to cancel it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership, Organisation
from cohorts.schedule.path import local_instant
from cohorts.schedule.time_zones import local_date
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision
from feedback360.models import FeedbackSettings, Round, State
from feedback360.rounds.actions.moves import hold, move
from feedback360.rounds.calendars import round_calendar
from feedback360.rounds.round_rules import (
    ensure_before_launch,
    ensure_dates,
    ensure_end,
    ensure_move,
    ensure_settings,
    ensure_threshold,
    moved_on,
)
from feedback360.rounds.timetable import AFTERNOON, INSTANTS, MORNING, at, release_after
from feedback360.rounds.transitions import By
from feedback360.staging.discard import discard_round
from feedback360.staging.keys import has_key

OWN_DATES = (*INSTANTS, "state", "has_own_dates")
SETTINGS = ("threshold", "response_rate", "monthly_requests", "suggests_talk")
INSTANT_OF = {
    State.NOMINATING: "nominates_at",
    State.COLLECTING: "opens_at",
    State.CLOSED: "closes_at",
    State.RELEASED: "releases_at",
}


@transaction.atomic
def change_dates(
    *,
    round_: Round,
    opens_on: date,
    answer_by: date,
    closes_on: date,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> Round:
    """Give the round dates of its own; from then on it does not follow its live event.

    Once it is open only the end may move, and never to before today. Raises Stale for another revision.
    """
    lock_revision(round_, expected_revision, *OWN_DATES)
    calendar = round_calendar(round_.cohort, by.organisation)
    today = local_date(now, calendar.zone)
    if round_.state == State.COLLECTING:
        opens_at = round_.opens_at
        ensure_end(opens_on=local_date(opens_at, calendar.zone), answer_by=answer_by, closes_on=closes_on, today=today)
    else:
        ensure_before_launch(round_)
        ensure_dates(opens_on=opens_on, answer_by=answer_by, closes_on=closes_on, today=today)
        opens_at = max(now, at(calendar, opens_on, MORNING))
    closes_at = local_instant(closes_on, AFTERNOON, calendar.zone)
    if closes_at <= now:
        raise NotNow(_("It is past 16:00 already. Close the round now, or choose a later day."))
    save_revision(
        round_,
        has_own_dates=True,
        nominates_at=min(round_.nominates_at, opens_at),
        opens_at=opens_at,
        reminds_at=local_instant(answer_by, AFTERNOON, calendar.zone),
        closes_at=closes_at,
        releases_at=release_after(closes_on, calendar),
        next_at=now,
    )
    record(by=by, verb="changed dates of a round", thing=round_, now=now, opens=str(opens_on), closes=str(closes_on))
    return round_


@transaction.atomic
def bring_forward(*, round_: Round, to: str, by: Membership, now: datetime) -> Round:
    """Let the next move of the round be due now; the engine makes it. Idempotent until it is made."""
    round_ = hold(round_.pk)
    ensure_move(round_, to, By.ADMIN)
    name = INSTANT_OF[State(to)]
    if getattr(round_, name) <= now:
        return round_
    has_own_dates = round_.has_own_dates or to != State.NOMINATING  # the opening still follows its event
    earlier = _earlier(round_, State(to), by.organisation, now)
    save_revision(round_, has_own_dates=has_own_dates, next_at=now, **earlier)
    record(by=by, verb=f"asked for a round to be {to}", thing=round_, now=now, key=round_.key)
    return round_


def _earlier(round_: Round, to: State, organisation: Organisation, now: datetime) -> dict[str, Any]:
    """The instants that stay in order when one comes forward to now."""
    if to == State.NOMINATING:
        return {"nominates_at": now}
    if to == State.COLLECTING:
        return {"opens_at": now}
    if to == State.RELEASED:
        return {"releases_at": now}
    calendar = round_calendar(round_.cohort, organisation)
    half = round_.opens_at + (now - round_.opens_at) / 2
    return {
        "closes_at": now,
        "reminds_at": min(round_.reminds_at, half),
        "releases_at": release_after(local_date(now, calendar.zone), calendar),
    }


@transaction.atomic
def cancel_round(*, round_: Round, by: Membership, now: datetime) -> Round:
    """Stop a round for good. What raters have said is destroyed, unread; nobody gets another mail about it.

    Refused once its answers are being written down, which nothing can undo; unless the key to the rest is lost.
    """
    round_ = hold(round_.pk)
    if round_.state == State.CANCELLED:
        return round_
    was_open = round_.state == State.COLLECTING
    if was_open and has_key(round_.pk) and round_.subjects.filter(is_closed=True).exists():
        raise moved_on()
    move(round_, State.CANCELLED, by=by, now=now)
    save_revision(round_, next_at=now if was_open else None)
    discard_round(round_)
    return round_


@transaction.atomic
def set_threshold(*, round_: Round, threshold: int, by: Membership, now: datetime) -> Round:
    """Choose the smallest group this round shows. Raters are told it, so it is fixed once they are asked."""
    round_ = hold(round_.pk)
    ensure_before_launch(round_)
    ensure_threshold(threshold)
    if round_.threshold != threshold:
        save_revision(round_, threshold=threshold)
        record(by=by, verb="changed threshold of a round", thing=round_, now=now, threshold=threshold)
    return round_


@transaction.atomic
def change_settings(
    *,
    threshold: int,
    response_rate: int,
    monthly_requests: int,
    suggests_talk: bool,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> FeedbackSettings:
    """Set the organisation's choices. Rounds that are only planned take them; those under way keep theirs."""
    ensure_settings(threshold=threshold, response_rate=response_rate, monthly_requests=monthly_requests)
    settings, _is_new = FeedbackSettings.objects.get_or_create()
    lock_revision(settings, expected_revision, *SETTINGS)
    chosen = {"threshold": threshold, "response_rate": response_rate, "suggests_talk": suggests_talk}
    save_revision(settings, monthly_requests=monthly_requests, **chosen)
    Round.objects.filter(state=State.DRAFT).update(**chosen)
    record(by=by, verb="changed feedback settings", thing=settings, now=now, threshold=threshold)
    return settings
