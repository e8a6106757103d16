"""Which KPIs a team follows, and what it aims at."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.refusals import Invalid
from cohorts.web.revisions import lock, lock_revision, save_revision
from goals.figures.policies import ensure_may_keep, ensure_may_keep_figures
from goals.figures.rules import ensure_expected_days, ensure_shown
from goals.models import Followed, Kpi, Team


@transaction.atomic
def follow(
    *, team: Team, kpi: Kpi, target: Decimal | None, expected_days: int, by: Membership, now: datetime
) -> Followed:
    """Follow a KPI, or follow it again. Idempotent. Raises Invalid."""
    ensure_may_keep_figures(by, team)
    _ensure_aim(kpi, target, expected_days)
    if kpi.archived_on is not None:
        raise Invalid("kpi", _("This KPI is no longer in use."))
    if not kpi.methods.exists():
        raise Invalid("kpi", _("Nobody has written yet how this KPI is measured."))
    lock(team)
    values = {"target": target, "expected_days": expected_days, "stopped_on": None}
    followed, _made = Followed.objects.update_or_create(team=team, kpi=kpi, defaults=values)
    record(by=by, verb="followed KPI", thing=followed, now=now, kpi=kpi.pk)
    return followed


@transaction.atomic
def change_aim(
    *,
    followed: Followed,
    target: Decimal | None,
    expected_days: int,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Another target, or another number of days a week. Raises Stale and Invalid."""
    ensure_may_keep(by, followed)
    _ensure_aim(followed.kpi, target, expected_days)
    lock_revision(followed, expected_revision, "target", "expected_days")
    if (followed.target, followed.expected_days) != (target, expected_days):
        save_revision(followed, target=target, expected_days=expected_days)
        record(by=by, verb="changed target", thing=followed, now=now, target=None if target is None else str(target))


@transaction.atomic
def stop_following(*, followed: Followed, today: date, by: Membership, now: datetime) -> None:
    """Take it off the team's pages; its figures stay. Idempotent."""
    _set_stopped(followed, today, "stopped following KPI", by, now)


@transaction.atomic
def follow_again(*, followed: Followed, by: Membership, now: datetime) -> None:
    _set_stopped(followed, None, "followed KPI again", by, now)


def _set_stopped(followed: Followed, on: date | None, verb: str, by: Membership, now: datetime) -> None:
    ensure_may_keep(by, followed)
    lock(followed)
    if (followed.stopped_on is None) != (on is None):
        save_revision(followed, stopped_on=on)
        record(by=by, verb=verb, thing=followed, now=now)


def _ensure_aim(kpi: Kpi, target: Decimal | None, expected_days: int) -> None:
    if target is not None:
        ensure_shown("target", kpi.unit, target)
    ensure_expected_days(expected_days)
