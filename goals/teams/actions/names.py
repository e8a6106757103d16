"""How long the names of a team's members are kept, and their end."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Enrolment, Membership
from cohorts.schedule.date_words import date_words, fill
from cohorts.schedule.time_zones import local_date
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock
from goals.models import Team, TeamLink, TeamMember
from goals.teams.policies import ensure_leads
from goals.teams.rules import KEPT_AFTER, KEPT_LONGER


@transaction.atomic
def keep_names(*, team: Team, by: Membership, today: date) -> date:
    """The leader still works with them: another ninety days. Returns the new last day.

    Raises NotNow unless the names end within thirty days.
    """
    ensure_leads(by, team)
    lock(team)
    if team.names_until is None:
        raise NotNow(_("Your ninety days are not over yet, so the names are kept anyway."))
    if not may_keep_longer(team, today=today):
        sentence = _("The names are kept until %(date)s. You can keep them longer in the last thirty days.")
        raise NotNow(fill(sentence, {"date": date_words(team.names_until)}))
    until = max(team.names_until, today) + KEPT_LONGER
    _set_last_day(team, until)
    return until


def may_keep_longer(team: Team, *, today: date) -> bool:
    return team.names_until is not None and team.names_until - today <= KEPT_AFTER


def teams_to_check() -> list[Team]:
    """Teams with names whose last day may have to be set, taken back, or has passed."""
    peopled = Team.objects.filter(pk__in=TeamMember.objects.values("team")).select_related("leader").order_by("pk")
    walking = set(Enrolment.objects.walking().values_list("leader", flat=True))
    return [team for team in peopled if team.leader_id not in walking or team.names_until is not None]


@transaction.atomic
def expire_names(*, team: Team, now: datetime) -> None:
    """Set the last day of names once the leader's ninety days are over; erase them when it has passed. Idempotent."""
    today = local_date(now, team.leader.zone)
    lock(team)
    if Enrolment.objects.walking().filter(leader=team.leader_id).exists():  # asked again: erasing cannot be undone
        _set_last_day(team, None)
    elif team.names_until is None:
        _set_last_day(team, today + KEPT_AFTER)
    elif team.names_until < today:
        _erase(team, now=now)


def _set_last_day(team: Team, on: date | None) -> None:
    if team.names_until != on:
        team.names_until = on
        team.save(update_fields=["names_until"])


def _erase(team: Team, *, now: datetime) -> None:
    """Names, with their parts and answers; the link shows nobody any more, so it closes, too."""
    count = team.members.count()
    team.members.all().delete()
    TeamLink.objects.filter(team=team, closed_at=None).update(closed_at=now)
    _set_last_day(team, None)
    record(by=None, verb="erased team members", thing=team, now=now, members=count)
