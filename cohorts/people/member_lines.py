"""The members of a list as its rows and its file show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Enrolment, Membership, Role
from cohorts.people.role_rows import RolePill, pills_of
from cohorts.people.sign_in import SignIn, sign_ins, standing_of


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member. `sign_in` is None for somebody who can sign in and has done so.

    `last_here` is the day of the latest visit of those who run or support the programme. Of somebody who is nothing but
    a leader it is not shown: admins see when they practised, and what they read is theirs (decision 51).
    """

    member: Membership
    pills: tuple[RolePill, ...]
    where: str
    sign_in: SignIn | None

    @property
    def last_here(self) -> date | None:
        return self.member.last_seen_on if set(self.member.roles) - {Role.LEADER} else None

    def row(self) -> list[str]:
        """The same as a row of a file."""
        roles = ", ".join(pill.label for pill in self.pills)
        manager = self.member.manager.name if self.member.manager else ""
        sign_in = str(self.sign_in) if self.sign_in else _("Can sign in")
        last_here = self.last_here.isoformat() if self.last_here else ""
        return [self.member.name, self.member.person.email, roles, self.where, manager, sign_in, last_here]


def lines_of(members: Sequence[Membership], *, by: Membership, now: datetime) -> list[MemberLine]:
    """In three queries, however many they are. They come with person and manager."""
    cohorts, leaders = _cohorts(members), _leaders(members)
    not_in = sign_ins(map(standing_of, members), zone=by.zone, now=now)
    return [
        MemberLine(each, pills_of(each), _where(cohorts.get(each.pk, ()), leaders.get(each.pk, 0)), not_in.get(each.pk))
        for each in members
    ]


def _cohorts(members: Sequence[Membership]) -> dict[int, list[str]]:
    """The names of the cohorts each is in."""
    found: dict[int, list[str]] = {}
    places = Enrolment.objects.active().filter(leader__in=[each.pk for each in members]).order_by("-day1_on", "pk")
    for leader, name in places.values_list("leader_id", "cohort__name"):
        found.setdefault(leader, []).append(name)
    return found


def _leaders(members: Sequence[Membership]) -> dict[int, int]:
    """How many leaders each is the sponsor of."""
    theirs = Enrolment.objects.active().filter(sponsor__in=[each.pk for each in members]).order_by()
    return dict(theirs.values_list("sponsor_id").annotate(count=Count("leader", distinct=True)))


def _where(cohorts: Sequence[str], leaders: int) -> str:
    parts = []
    if len(cohorts) > 1:
        parts.append(ngettext("%(count)d cohort", "%(count)d cohorts", len(cohorts)) % {"count": len(cohorts)})
    else:
        parts.extend(cohorts)
    if leaders:
        parts.append(ngettext("%(count)d leader", "%(count)d leaders", leaders) % {"count": leaders})
    return " · ".join(parts)
