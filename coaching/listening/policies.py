"""Who starts a calibration, who rates, and who sees what. Pages ask `may_…`; actions call `ensure_…`, which raises."""

from datetime import datetime

from django.utils.translation import gettext as _

from coaching.models import Calibration, Observer, Rating
from cohorts.models import Membership
from cohorts.web.permissions import Permission, may
from cohorts.web.refusals import NotNow, NotYours


def may_start(member: Membership) -> bool:
    """Sponsors, coaches and admins."""
    return may(member, Permission.CALIBRATE)


def may_see(member: Membership, calibration: Calibration, observers: list[Observer]) -> bool:
    """The same rule as `Calibration.objects.visible_to`."""
    return calibration.started_by_id == member.pk or member.pk in {each.member_id for each in observers}


def may_read_rating(member: Membership, rating: Rating, now: datetime) -> bool:
    """One's own; the others' once all are open. The same rule as `Rating.objects.visible_to`."""
    observer = rating.observer
    if observer.member_id == member.pk:
        return True
    calibration = observer.calibration
    return calibration.is_open_at(now) and may_see(member, calibration, list(calibration.observers.all()))


def ensure_may_start(member: Membership) -> None:
    if not may_start(member):
        raise NotYours(_("Sponsors, coaches and admins start a calibration."))


def ensure_started(member: Membership, calibration: Calibration) -> None:
    if calibration.started_by_id != member.pk:
        raise NotYours(_("Only the one who started this calibration can do that."))


def ensure_not_cancelled(calibration: Calibration) -> None:
    if calibration.cancelled_at is not None:
        raise NotNow(_("This calibration was called off."))


def ensure_blind(calibration: Calibration, now: datetime) -> None:
    """Ratings are given and changed only while nobody can see the others'."""
    ensure_not_cancelled(calibration)
    if calibration.is_open_at(now):
        raise NotNow(_("The ratings are open, so no more are taken."))


def ensure_open(calibration: Calibration, now: datetime) -> None:
    ensure_not_cancelled(calibration)
    if not calibration.is_open_at(now):
        raise NotNow(_("Nobody sees the ratings before everyone is in or time is up."))
