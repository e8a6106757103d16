"""Whether somebody is asked what would help them to come."""

from datetime import datetime

from coaching.models import Booking, BookingState, VisitHelp
from coaching.visiting.rules import MANY_NO_SHOWS, NO_SHOW_DAYS
from cohorts.models import Membership


def asks_for_help(guest: Membership, *, now: datetime) -> bool:
    """After two no-shows within ninety days, until they have answered since the later one."""
    missed = Booking.objects.filter(guest=guest, state=BookingState.NO_SHOW, visit__starts_at__gt=now - NO_SHOW_DAYS)
    starts = sorted(missed.values_list("visit__starts_at", flat=True))
    if len(starts) < MANY_NO_SHOWS:
        return False
    return not VisitHelp.objects.filter(guest=guest, said_at__gt=starts[-1]).exists()
