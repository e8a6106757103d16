"""Make a team's link, close it, and open it again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock
from goals.models import Team, TeamLink
from goals.teams.openness import newest_link
from goals.teams.policies import ensure_leads
from goals.teams.rules import ensure_link_days


@transaction.atomic
def make_link(*, team: Team, days: int, by: Membership, now: datetime) -> TeamLink:
    """A new link that opens for so many days. The one before it closes: a team has one at a time. Raises Invalid."""
    ensure_leads(by, team)
    ensure_link_days(days)
    lock(team)
    TeamLink.objects.filter(team=team, closed_at=None).update(closed_at=now)
    link = TeamLink.objects.create(team=team, made_at=now, expires_at=now + timedelta(days=days))
    record(by=by, verb="made team link", thing=team, now=now, days=days)
    return link


@transaction.atomic
def close_link(*, team: Team, by: Membership, now: datetime) -> None:
    """The team's link opens nothing from now on. Idempotent."""
    ensure_leads(by, team)
    lock(team)
    if TeamLink.objects.filter(team=team, closed_at=None).update(closed_at=now):
        record(by=by, verb="closed team link", thing=team, now=now)


@transaction.atomic
def close_links_of(*, leader: Membership, now: datetime) -> None:
    """Close the links of all teams of a leader who leaves. Idempotent."""
    for link in TeamLink.objects.filter(team__leader=leader, closed_at=None).select_related("team"):
        link.closed_at = now
        link.save(update_fields=["closed_at"])
        record(by=None, verb="closed team link", thing=link.team, now=now)


@transaction.atomic
def reopen_link(*, team: Team, by: Membership, now: datetime) -> None:
    """Undo of closing: the newest link opens again, until the date it had. Raises NotNow when that is over."""
    ensure_leads(by, team)
    lock(team)
    link = newest_link(team)
    if link is None or now >= link.expires_at:
        raise NotNow(_("This link has expired. Make a new one."))
    if link.closed_at is not None:
        link.closed_at = None
        link.save(update_fields=["closed_at"])
        record(by=by, verb="reopened team link", thing=team, now=now)
