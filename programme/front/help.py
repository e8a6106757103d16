"""What each role needs to know to begin, the reader's own roles first."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohorts.models import Membership, Role

RATER = "rater"
STRANGER = frozenset({RATER, Role.LEADER})
"""Who reads this without an account has been asked for feedback, or looks at what an invitation is about."""


@dataclass(frozen=True, slots=True)
class Part:
    """One role's part of the page."""

    key: str
    title: str | Promise

    @property
    def template(self) -> str:
        return f"front/help/{self.key}.html"


PARTS = (
    Part(Role.LEADER, _("For leaders")),
    Part(Role.SPONSOR, _("For sponsors")),
    Part(Role.COACH, _("For coaches and mentors")),
    Part(Role.HOST, _("For hosts of visits")),
    Part(Role.ADMIN, _("For programme admins")),
    Part(Role.OWNER, _("For owners")),
    Part(RATER, _("For those who were asked for feedback")),
)


def parts_for(memberships: list[Membership] | None) -> tuple[list[Part], list[Part]]:
    """The parts of one's own roles, in any organisation, and the others; of a stranger None is known."""
    roles = STRANGER if memberships is None else {role for each in memberships for role in each.roles}
    if Role.OWNER in roles:
        roles = roles | {Role.ADMIN}
    return [part for part in PARTS if part.key in roles], [part for part in PARTS if part.key not in roles]
