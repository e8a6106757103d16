"""Permissions by role, all in one table. Roles are stored by short key."""

from enum import StrEnum

from cohorts.models import Membership, Role


class Permission(StrEnum):
    WALK = "walk"  # a leader's own pages: Today, practice, reflections, focuses
    SPONSOR = "sponsor"  # a sponsor's own leaders
    MEET = "meet"  # their own 1:1s: leaders, sponsors, coaches and mentors
    PARTNER = "partner"  # the people they meet as sponsor, coach or mentor
    COACH = "coach"  # a coach's or mentor's profile, and requests to them
    CALIBRATE = "calibrate"  # asking several observers to rate one contact
    HOST = "host"  # visits and talks they look after; admins, those of every host
    OWN = "own"  # the organisation's name, logo and languages
    RUN_COHORTS = "run_cohorts"  # cohorts, imports, sending
    SEARCH = "search"  # sponsors, their own leaders; admins, members, cohorts and steps
    READ_PROGRESS = "read_progress"  # a leader's progress; policies decide which parts
    READ_PROGRAMME = "read_programme"  # the ninety days of their cohorts, how 360 feedback works, tokens for the API
    BELONG = "belong"  # anything every member may do, hosts from other companies included


COLLEAGUES = frozenset({Permission.BELONG, Permission.READ_PROGRAMME})
ADMINS = frozenset(
    {Permission.RUN_COHORTS, Permission.READ_PROGRESS, Permission.HOST, Permission.CALIBRATE, Permission.SEARCH}
)
GRANTS: dict[str, frozenset[Permission]] = {
    Role.LEADER: COLLEAGUES | {Permission.WALK, Permission.MEET, Permission.READ_PROGRESS},
    Role.SPONSOR: COLLEAGUES
    | {Permission.SPONSOR, Permission.MEET, Permission.PARTNER, Permission.READ_PROGRESS}
    | {Permission.CALIBRATE, Permission.SEARCH},
    Role.ADMIN: COLLEAGUES | ADMINS,
    Role.COACH: COLLEAGUES | {Permission.COACH, Permission.MEET, Permission.PARTNER, Permission.CALIBRATE},
    Role.HOST: frozenset({Permission.BELONG, Permission.HOST}),
    Role.OWNER: COLLEAGUES | ADMINS | {Permission.OWN},
}


def may(membership: Membership, permission: Permission) -> bool:
    """Whether any of the member's roles grants the permission."""
    return any(permission in GRANTS.get(role, ()) for role in membership.roles)
