"""Rows of the two who meet; for everybody else they are not there."""

from django.shortcuts import get_object_or_404

from coaching.meetings.meeting_page import sessions_of
from coaching.models import Action, Pairing, Session
from cohorts.web.http import MemberRequest


def session_or_404(request: MemberRequest, pk: int) -> Session:
    found = get_object_or_404(sessions_of(request.membership), pk=pk)
    _enter(request, found.pairing)
    return found


def pairing_or_404(request: MemberRequest, pk: int) -> Pairing:
    mine = Pairing.objects.visible_to(request.membership).select_related("leader", "partner")
    found = get_object_or_404(mine, pk=pk)
    _enter(request, found)
    return found


def action_or_404(request: MemberRequest, pk: int) -> Action:
    mine = Action.objects.visible_to(request.membership).select_related("pairing__leader", "pairing__partner")
    found = get_object_or_404(mine, pk=pk)
    _enter(request, found.pairing)
    return found


def _enter(request: MemberRequest, pairing: Pairing) -> None:
    request.entry = "one_to_ones" if pairing.leader_id == request.membership.pk else "my_people"
