"""Name a team, and keep the names of those who are in it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership, Organisation
from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.refusals import Invalid
from cohorts.web.revisions import Stale, lock, save_revision
from goals.models import Team, TeamMember
from goals.teams.policies import ensure_leads, ensure_may_name
from goals.teams.rules import Names, member_name, member_names, team_name


@transaction.atomic
def name_team(
    *, leader: Membership, name: str, by: Membership, now: datetime, expected_revision: int | None = None
) -> Team:
    """Give the leader's team its name; the first time this makes the team. Raises Stale and Invalid."""
    ensure_may_name(by, leader)
    name = team_name("name", name)
    _take_turns()
    team = Team.objects.select_for_update(no_key=True).filter(leader=leader).first()
    if team is not None and expected_revision is not None and team.revision != expected_revision:
        raise Stale({"name": team.name})
    if team is not None and team.name == name:
        return team
    if Team.objects.filter(name__iexact=name).exclude(leader=leader).exists():
        raise Invalid("name", _("Another team has this name."))
    if team is None:
        team = Team.objects.create(leader=leader, name=name)
        record(by=by, verb="made team", thing=team, now=now, leader=leader.pk)
    else:
        save_revision(team, name=name)
        record(by=by, verb="renamed team", thing=team, now=now)
    return team


@transaction.atomic
def add_members(*, team: Team, names: str, by: Membership, now: datetime) -> Names:
    """Add everybody named, and say who was there already. Raises Invalid, and then adds nobody."""
    ensure_leads(by, team)
    lock(team)
    found = member_names("names", names, present=list(team.members.values_list("name", flat=True)))
    TeamMember.objects.bulk_create([TeamMember(team=team, name=name) for name in found.new])
    if found.new:
        record(by=by, verb="added team members", thing=team, now=now, members=len(found.new))
    return found


@transaction.atomic
def rename_member(*, member: TeamMember, name: str, by: Membership) -> TeamMember:
    """Spell a name otherwise. Parts and answers stay theirs. Raises Invalid."""
    ensure_leads(by, member.team)
    lock(member.team)
    lock(member)
    name = member_name("name", name)
    if TeamMember.objects.filter(team=member.team, name__iexact=name).exclude(pk=member.pk).exists():
        raise Invalid("name", _("Someone in the team has this name already."))
    member.name = name
    member.save(update_fields=["name"])
    return member


@transaction.atomic
def remove_member(*, member: TeamMember, by: Membership, now: datetime) -> None:
    """Erase the name, with their parts and answers. Cannot be undone."""
    ensure_leads(by, member.team)
    lock(member.team)
    lock(member)
    member.delete()
    record(by=by, verb="removed team member", thing=member.team, now=now)


def _take_turns() -> None:
    """One at a time names a team, so that two cannot take the same name."""
    Organisation.objects.select_for_update(no_key=True).get(pk=current_organisation_id())
