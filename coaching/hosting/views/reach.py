"""What a member reaches of hosts, dates and questions; anything else is not there."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from coaching.hosting.policies import hosts_run_by
from coaching.models import Host, TalkQuestion, Visit
from cohorts.models import Membership


def host_run_by(member: Membership, pk: int) -> Host:
    return get_object_or_404(hosts_run_by(member).select_related("member"), pk=pk)


def date_run_by(member: Membership, host_pk: int, pk: int) -> Visit:
    mine = Visit.objects.filter(host__in=hosts_run_by(member), host=host_pk)
    return get_object_or_404(mine.select_related("host__member"), pk=pk)


def readable_talk(member: Membership, pk: int) -> Visit:
    seen = Visit.objects.visible_to(member).filter(format__in=["talk", "ask"])
    return get_object_or_404(seen.select_related("host__member"), pk=pk)


def readable_question(member: Membership, pk: int) -> TalkQuestion:
    """One on the wall, one's own, or for admins a reported one."""
    return get_object_or_404(_questions(member).select_related("visit__host__member", "asked_by"), pk=pk)


def _questions(member: Membership) -> QuerySet[TalkQuestion]:
    own = TalkQuestion.objects.filter(asked_by=member, visit__in=Visit.objects.visible_to(member))
    return TalkQuestion.objects.visible_to(member) | own
