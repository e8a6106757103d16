"""What members and their roles are held to. Asked by the forms, decided in the actions."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from cohorts.models import Enrolment, Membership, Role
from cohorts.people.imports.values import MAX_NAME_CHARACTERS, shut_out_sentence, wrong_with_address
from cohorts.people.policies import ensure_may_give
from cohorts.web.bounds import ensure_choice, ensure_choices, ensure_name
from cohorts.web.refusals import Invalid

GIVEN_BY_HAND = [role for role in Role if role != Role.LEADER]  # leaders come in through a cohort


def ensure_member(*, name: str, email: str, language: str, roles: Collection[str], by: Membership | None) -> None:
    ensure_name("name", name, most=MAX_NAME_CHARACTERS)
    ensure_address(email)
    ensure_choice("language", language, dict(settings.LANGUAGES))
    ensure_choices("roles", roles, GIVEN_BY_HAND, none=_("Choose at least one role."))
    if by is not None:
        for role in roles:
            ensure_may_give(by, role)


def ensure_address(email: str) -> None:
    if wrong := wrong_with_address(email):
        raise Invalid("email", wrong)


def ensure_may_follow(sponsor: Membership, enrolment: Enrolment) -> None:
    """A member with the role sponsor, and never the leader."""
    if sponsor.pk == enrolment.leader_id:
        raise Invalid("sponsor", _("A leader cannot be their own sponsor."))
    if not sponsor.is_active or not sponsor.has_role(Role.SPONSOR):
        raise Invalid("sponsor", _("Only members with the role sponsor can be chosen."))


def ensure_may_manage(manager: Membership, member: Membership) -> None:
    """A member with the role sponsor, who sees a branch only so; never oneself. Two may report to each other."""
    if manager.pk == member.pk:
        raise Invalid("manager", _("Nobody can report to themselves."))
    if not manager.is_active or not manager.has_role(Role.SPONSOR):
        raise Invalid("manager", _("Only members with the role sponsor can be chosen."))


def ensure_not_shut_out(members: Iterable[Membership]) -> None:
    """A list or a form that names somebody never lets them in again: that is an act of its own, on their page."""
    for member in members:
        if member.suspended_at is not None:
            raise Invalid("email", shut_out_sentence(member.name))
