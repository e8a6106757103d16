"""What the page of one member shows an admin: sign-in, roles, and who is around them."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import AddressCorrection, Enrolment, Invitation, Membership
from cohorts.people.policies import may_end
from cohorts.people.role_rows import RolePill, pills_of
from cohorts.people.sign_in import SignIn, sign_in_of
from programme.membership.correction import open_correction
from programme.membership.correction_rules import may_correct

MAX_NAMES = 50


@dataclass(frozen=True, slots=True)
class Relation:
    """One line: who or what, where it leads, and how it concerns the member."""

    name: str
    url: str
    line: str
    is_place: bool = False  # in a cohort


@dataclass(frozen=True, slots=True)
class MemberPage:
    member: Membership
    sign_in: SignIn | None
    invitation: Invitation | None
    roles: tuple[RolePill, ...]
    above: tuple[Relation, ...]
    below: tuple[Relation, ...]
    more_below: int
    may_end: bool
    may_correct: bool
    correction: AddressCorrection | None
    merged_into: Membership | None
    has_places: bool
    is_own: bool


def member_page(member: Membership, *, by: Membership, now: datetime) -> MemberPage:
    """In a constant number of queries."""
    invitation = Invitation.objects.filter(membership=member).order_by("-pk").first()
    sign_in = sign_in_of(invitation, zone=by.zone, now=now, suspended_at=member.suspended_at, left_at=member.left_at)
    above, below = _above(member), [*_led(member), *_reports(member)]
    return MemberPage(
        member=member,
        sign_in=sign_in,
        invitation=invitation,
        roles=pills_of(member),
        above=tuple(above),
        below=tuple(below[:MAX_NAMES]),
        more_below=max(0, len(below) - MAX_NAMES),
        may_end=may_end(by, member),
        may_correct=may_correct(by, member),
        correction=open_correction(member),
        merged_into=_merged_into(member) if member.left_at else None,
        has_places=any(relation.is_place for relation in above),
        is_own=by.pk == member.pk,
    )


def _merged_into(member: Membership) -> Membership | None:
    found = AddressCorrection.objects.merged().filter(member=member).select_related("into").order_by("-pk").first()
    return found.into if found else None


def _above(member: Membership) -> list[Relation]:
    """Their cohorts with the sponsor in each, newest first, and who they report to."""
    found = []
    mine = Enrolment.objects.filter(leader=member).select_related("cohort", "sponsor").order_by("-day1_on", "-pk")
    for enrolment in mine:
        if enrolment.left_on is not None:
            line = _("Left the cohort")
        elif enrolment.sponsor is None:
            line = _("Leader, without a sponsor")
        else:
            line = _("Leader, with %(sponsor)s as sponsor") % {"sponsor": enrolment.sponsor.name}
        found.append(Relation(enrolment.cohort.name, reverse("enrolment", args=[enrolment.pk]), line, is_place=True))
    if member.manager is not None:
        found.append(Relation(member.manager.name, reverse("member", args=[member.manager_id]), _("Manager")))
    return found


def _led(member: Membership) -> list[Relation]:
    theirs = Enrolment.objects.active().filter(sponsor=member).select_related("leader", "cohort")
    return [
        Relation(
            each.leader.name,
            reverse("enrolment", args=[each.pk]),
            _("They are the sponsor · %(cohort)s") % {"cohort": each.cohort.name},
        )
        for each in theirs.order_by("leader__name", "pk")
    ]


def _reports(member: Membership) -> list[Relation]:
    reports = Membership.objects.here().filter(manager=member).order_by("name", "pk")
    return [Relation(each.name, reverse("member", args=[each.pk]), _("Reports to them")) for each in reports]
