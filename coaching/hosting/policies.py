"""Who looks after a host, reads a talk's wall and judges what was reported. Pages ask `may_…`; actions `ensure_…`."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coaching.models import Host, TalkQuestion, Visit
from coaching.models.hosting import ON_THE_WALL
from cohorts.models import Membership, Role
from cohorts.web.permissions import Permission, may
from cohorts.web.refusals import NotYours


def may_run(member: Membership, host: Host) -> bool:
    """The member who hosts; admins, every host."""
    return may(member, Permission.HOST) and (member.is_admin or host.member_id == member.pk)


def hosts_run_by(member: Membership) -> QuerySet[Host]:
    """The same rule as `may_run`, for many."""
    if not may(member, Permission.HOST):
        return Host.objects.none()
    return Host.objects.all() if member.is_admin else Host.objects.filter(member=member)


def ensure_may_run(member: Membership, host: Host) -> None:
    if not may_run(member, host):
        raise NotYours(_("Only the host or an admin can change this."))


def may_ask(member: Membership) -> bool:
    """Leaders ask, vote and offer to host."""
    return member.has_role(Role.LEADER) and member.is_active


def ensure_may_ask(member: Membership) -> None:
    if not may_ask(member):
        raise NotYours(_("This is for leaders in the programme."))


def may_report(member: Membership, question: TalkQuestion) -> bool:
    """Everybody who reads the wall, except the one who asked, and the admins: a report shows them who did."""
    reads_wall = may_ask(member) or may_run(member, question.visit.host)
    return reads_wall and not may_judge(member) and member.pk != question.asked_by_id and question.state in ON_THE_WALL


def may_judge(member: Membership) -> bool:
    """Admins decide about reported questions and see who asked those, and no others."""
    return member.is_admin


def ensure_may_judge(member: Membership) -> None:
    if not may_judge(member):
        raise NotYours(_("Only an admin can decide this."))


def ensure_own_question(member: Membership, question: TalkQuestion) -> None:
    if question.asked_by_id != member.pk:
        raise NotYours(_("Only the one who asked can do this."))


def has_wall(visit: Visit) -> bool:
    return visit.format in ("talk", "ask")
