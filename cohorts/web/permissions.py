"""Permissions by role, all in one table. Roles are stored by short key."""

from enum import StrEnum

from cohorts.models import Membership, Role


class Permission(StrEnum):
    WALK = "walk"  # a leader's own pages: Today, practice, reflections, focuses
    SPONSOR = "sponsor"  # a sponsor's own leaders
    MEET = "meet"  # their own 1:1s: leaders, sponsors, coaches and mentors
    COACH = "coach"  # a coach's or mentor's profile, and requests to them
    HOST = "host"  # their own visits and talks, and who comes
    RUN_COHORTS = "run_cohorts"  # cohorts, imports, sending
    READ_PROGRESS = "read_progress"  # a leader's progress; policies decide which parts
    BELONG = "belong"  # anything every member may do


GRANTS: dict[str, frozenset[Permission]] = {
    Role.LEADER: frozenset({Permission.BELONG, Permission.WALK, Permission.MEET, Permission.READ_PROGRESS}),
    Role.SPONSOR: frozenset({Permission.BELONG, Permission.SPONSOR, Permission.MEET, Permission.READ_PROGRESS}),
    Role.ADMIN: frozenset({Permission.BELONG, Permission.RUN_COHORTS, Permission.READ_PROGRESS}),
    Role.COACH: frozenset({Permission.BELONG, Permission.COACH, Permission.MEET}),
    Role.HOST: frozenset({Permission.BELONG, Permission.HOST}),
    Role.OWNER: frozenset({Permission.BELONG, Permission.RUN_COHORTS, Permission.READ_PROGRESS}),
}


def may(membership: Membership, permission: Permission) -> bool:
    """Whether any of the member's roles grants the permission."""
    return any(permission in GRANTS.get(role, ()) for role in membership.roles)
