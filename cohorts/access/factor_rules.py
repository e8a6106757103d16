"""Who must have a second factor, and what somebody still owes before an organisation lets them in. Pure."""

from collections.abc import Collection
from enum import Enum

from cohorts.models import Role

ROLES_TO_ASK = (Role.OWNER, Role.ADMIN)  # those that run the organisation, and see everybody in it


class Owed(Enum):
    NOTHING = "nothing"
    FACTOR = "factor"  # they have none: add one
    PROOF = "proof"  # they have one, and this session has never shown it


def must_have_factor(*, roles: Collection[str], asked_of: Collection[str]) -> bool:
    """Whether one of these roles is among those of which the organisation asks for a factor."""
    return not set(roles).isdisjoint(asked_of)


def owed(*, must_have: bool, has_factor: bool, has_shown: bool) -> Owed:
    """A session from before the factor was added has not shown it: a mailbox alone may have opened it."""
    if not must_have:
        return Owed.NOTHING
    if not has_factor:
        return Owed.FACTOR
    return Owed.NOTHING if has_shown else Owed.PROOF
