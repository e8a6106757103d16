"""Who did not come, said by the host, and what would help somebody to whom it happened twice."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.models import Booking, BookingState, VisitHelp
from coaching.visiting.actions.settling import hold
from coaching.visiting.attendance import asks_for_help
from coaching.visiting.policies import ensure_host
from coaching.visiting.rules import ensure_help, ensure_no_show_time
from cohorts.models import Membership
from cohorts.web.refusals import NotNow


def mark_no_show(*, booking: Booking, by: Membership, now: datetime) -> None:
    """The guest did not come. Idempotent. No trail and no report says so: the guest and the host know."""
    _turn(booking, BookingState.BOOKED, BookingState.NO_SHOW, by, now)


def take_back_no_show(*, booking: Booking, by: Membership, now: datetime) -> None:
    """They came after all. Idempotent."""
    _turn(booking, BookingState.NO_SHOW, BookingState.BOOKED, by, now)


@transaction.atomic
def say_what_helps(*, wants: str, by: Membership, now: datetime) -> None:
    """Answered once for the times so far."""
    ensure_help(wants)
    if not asks_for_help(by, now=now):
        raise NotNow(_("There is nothing to answer here at the moment."))
    VisitHelp.objects.create(guest=by, wants=wants, said_at=now)


@transaction.atomic
def _turn(booking: Booking, was: str, becomes: str, by: Membership, now: datetime) -> None:
    ensure_host(by, booking.visit)
    hold(booking.visit)
    booking.refresh_from_db(fields=["state"])
    if booking.state == becomes:
        return
    if booking.state != was:
        raise NotNow(_("This guest had no place on the day."))
    ensure_no_show_time(booking.visit, now=now)
    booking.state = becomes
    booking.save(update_fields=["state"])
