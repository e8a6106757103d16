"""Which members the People page lists, from its address: `?q=&show=&sort=`. Unknown values are ignored."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohorts.models import Invitation, Membership, Role
from cohorts.models.person import MembershipQuerySet
from cohorts.web.chips import Chip, address_of
from cohorts.web.inputs import normalised

MAX_ASKED_CHARACTERS = 100
HERE = Q(left_at=None)
# By the same rules as `cohorts.people.sign_in.sign_in_of`; a test compares.
NOT_SIGNED_IN = HERE & Q(is_unanswered=True) & (Q(suspended_at=None) | Q(is_withdrawn=True))
SHOWN: dict[str, tuple[Promise, Q]] = {
    "": (_("Everybody"), HERE),
    "leader": (_("Leaders"), HERE & Q(roles__contains=[Role.LEADER])),
    "sponsor": (_("Sponsors"), HERE & Q(roles__contains=[Role.SPONSOR])),
    "admin": (_("Admins and owners"), HERE & Q(roles__overlap=[Role.ADMIN, Role.OWNER])),
    "coach": (_("Coaches and mentors"), HERE & Q(roles__contains=[Role.COACH])),
    "host": (_("Hosts"), HERE & Q(roles__contains=[Role.HOST])),
    "not-signed-in": (_("Not signed in"), NOT_SIGNED_IN),
    "suspended": (_("Suspended"), HERE & Q(suspended_at__isnull=False, is_withdrawn=False)),
    "former": (_("Former members"), Q(left_at__isnull=False)),
}
SORTS = {"name": "name", "email": "person__email", "sign-in": "is_signed_in"}
SORTED = "name"


@dataclass(frozen=True, slots=True)
class MemberFilters:
    """The filters of one request."""

    q: str = ""
    show: str = ""
    sort: str = SORTED

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> "MemberFilters":
        show, sort = asked.get("show", ""), asked.get("sort", "")
        return cls(
            q=normalised(asked.get("q", "")).strip()[:MAX_ASKED_CHARACTERS],
            show=show if show in SHOWN else "",
            sort=sort if sort.removeprefix("-") in SORTS else SORTED,
        )

    def members(self) -> MembershipQuerySet:
        """Those who match, in order."""
        by = F(SORTS[self.sort.removeprefix("-")])
        order = by.desc(nulls_last=True) if self.sort.startswith("-") else by.asc(nulls_last=True)
        found = self.found().filter(SHOWN[self.show][1]).select_related("person", "manager")
        return found.order_by(order, "name", "pk")

    def chips(self) -> list[Chip]:
        """Each filter that finds somebody, counted within what is searched for. One query."""
        wanted = {f"count_{number}": Count("pk", filter=by) for number, (_label, by) in enumerate(SHOWN.values())}
        counts = self.found().aggregate(**wanted)
        return [
            Chip(self._address(key), str(label), counts[f"count_{number}"], key == self.show)
            for number, (key, (label, _by)) in enumerate(SHOWN.items())
            if counts[f"count_{number}"] or key in ("", self.show)
        ]

    def kept(self, *but: str) -> list[tuple[str, str]]:
        """What the address says besides these, for a form that asks for one of them."""
        said = {"q": self.q, "show": self.show, "sort": "" if self.sort == SORTED else self.sort}
        return [(name, word) for name, word in said.items() if word and name not in but]

    def _address(self, show: str) -> str:
        return address_of([*self.kept("show"), ("show", show)])

    def found(self) -> MembershipQuerySet:
        """Those whose name and address hold every word, former members included."""
        newer = Invitation.objects.filter(membership=OuterRef("membership"), pk__gt=OuterRef("pk"))
        newest = Invitation.objects.filter(~Exists(newer), membership=OuterRef("pk"))
        found = Membership.objects.annotate(
            is_unanswered=Exists(newest.filter(accepted_at=None)),
            is_withdrawn=Exists(newest.filter(accepted_at=None, revoked_at__isnull=False)),
            is_signed_in=~Exists(newest.filter(accepted_at=None)),
        )
        for word in self.q.split():
            found = found.filter(Q(name__icontains=word) | Q(person__email__icontains=word))
        return found
