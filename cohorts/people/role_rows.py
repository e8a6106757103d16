"""What the page of somebody's roles says of each: what it opens, what it never opens, and why it may be locked.

The sentences describe `cohorts.web.permissions` and the policies of each room; they decide nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohorts.models import Enrolment, Membership, Role
from cohorts.people.policies import POWERFUL, is_own_power, may_give, may_take

OPENS: dict[Role, Promise | str] = {
    Role.LEADER: gettext_lazy("Their own ninety days: Today, path, growth and 1:1s."),
    Role.SPONSOR: gettext_lazy(
        "Their own leaders: the day they are on, that they practised and how it went, what they share, and 1:1s."
    ),
    Role.ADMIN: gettext_lazy(
        "Cohorts, curricula, people and sending: everybody’s name, e-mail, practice days and invitation."
    ),
    Role.OWNER: gettext_lazy("Everything a programme admin sees, and who is an owner."),
    Role.COACH: gettext_lazy("Their own profile, requests to them, and 1:1s with the leaders they meet."),
    Role.HOST: gettext_lazy("The visits and talks they look after, and who comes."),
}
NEVER: dict[Role, Promise | str] = {
    Role.LEADER: gettext_lazy("Never: pages of other leaders."),
    Role.SPONSOR: gettext_lazy("Never: other sponsors’ leaders, reflections not shared with them, single 360 answers."),
    Role.ADMIN: gettext_lazy("Never: reflections, private notes, what is said in 1:1s, single 360 answers."),
    Role.OWNER: gettext_lazy("Never: reflections, private notes, what is said in 1:1s, single 360 answers."),
    Role.COACH: gettext_lazy("Never: leaders they do not meet, reflections not shared with them, single 360 answers."),
    Role.HOST: gettext_lazy("Never: cohorts, people, and anybody’s ninety days."),
}


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role on the page. `locked` says why its box cannot be changed."""

    role: Role
    is_held: bool
    is_chosen: bool
    locked: str
    has_leaders: bool = False

    @property
    def label(self) -> str:
        return str(self.role.label)

    @property
    def opens(self) -> str:
        return str(OPENS[self.role])

    @property
    def never(self) -> str:
        return str(NEVER[self.role])


class RolePill(NamedTuple):
    """A role in a list. Only power has colour."""

    label: str
    has_power: bool


def pills_of(member: Membership) -> tuple[RolePill, ...]:
    """The roles of a member, those with power first."""
    held = sorted((role for role in Role if member.has_role(role)), key=lambda role: role not in POWERFUL)
    return tuple(RolePill(str(role.label), role in POWERFUL) for role in held)


def changeable(by: Membership, member: Membership) -> list[Role]:
    """The roles that `by` may give this member and take from them by hand."""
    return [role for role in Role if may_take(by, member, role)]


def role_rows(member: Membership, *, by: Membership, chosen: Iterable[str]) -> list[RoleRow]:
    """Every role in order; `chosen` are the boxes that are ticked. One query, and only for a sponsor."""
    leaders = Enrolment.objects.active().filter(sponsor=member).count() if member.has_role(Role.SPONSOR) else 0
    ticked = set(chosen)
    return [
        RoleRow(
            role=role,
            is_held=member.has_role(role),
            is_chosen=role in ticked,
            locked=_why_locked(by, member, role, leaders),
            has_leaders=role == Role.SPONSOR and leaders > 0,
        )
        for role in Role
    ]


def _why_locked(by: Membership, member: Membership, role: Role, leaders: int) -> str:
    if role == Role.LEADER:
        return _("Comes with a place in a cohort, and goes with it.")
    if is_own_power(by, member, role):
        return _("You cannot take this role from yourself. Ask another owner or admin.")
    if not may_give(by, role):
        return _("Only an owner can give or take the role of owner.")
    if role == Role.SPONSOR and leaders:
        return ngettext(
            "They are still the sponsor of %(count)d leader. Choose another sponsor for that leader first.",
            "They are still the sponsor of %(count)d leaders. Choose another sponsor for them first.",
            leaders,
        ) % {"count": leaders}
    return ""
