"""Who may choose, approve and see raters. Nobody sees who has answered or declined."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.models.mail import TROUBLE
from cohorts.web.refusals import NotYours
from feedback360.models import RaterMail, Request, RequestState, Round, State, Subject
from feedback360.rounds.rater_rules import NOMINATED
from feedback360.rounds.round_rules import UNDER_WAY


@dataclass(frozen=True, slots=True)
class ListedRater:
    """One line of a list of raters. It has no state: what a reader could see change would tell who answered."""

    request_id: int
    name: str
    email: str
    relation: str
    is_new: bool = False  # waits for approval
    has_mail_trouble: bool = False
    leader: str = ""
    subject_id: int = 0


def may_nominate(membership: Membership, subject: Subject) -> bool:
    """The leader; and an admin for anybody."""
    return subject.enrolment.leader_id == membership.pk or membership.is_admin


def may_approve(membership: Membership, subject: Subject) -> bool:
    """The sponsor they have now, or an admin; never the leader, whatever else they are."""
    if subject.enrolment.leader_id == membership.pk:
        return False
    return subject.enrolment.sponsor_id == membership.pk or membership.is_admin


def ensure_may_nominate(membership: Membership, subject: Subject) -> None:
    if not may_nominate(membership, subject):
        raise NotYours(_("Only the leader or an admin chooses raters."))


def ensure_may_approve(membership: Membership, subject: Subject) -> None:
    if not may_approve(membership, subject):
        raise NotYours(_("Only the leader's sponsor or an admin approves raters."))


def names_for_leader(subject: Subject) -> list[ListedRater]:
    """The leader's own list: whom they chose, with no state. Those taken off are gone, no matter who did it.

    An address is shown if it was typed into a form; that of a colleague tapped, or of a rater imported, stays hidden.
    """
    rows = _nominated().filter(subject=subject)
    return [_name(row, email=row.rater.email if row.key else "") for row in rows]


def names_for_sponsor(subjects: Iterable[Subject]) -> dict[int, list[ListedRater]]:
    """What a sponsor approves, by subject: the whole list before anybody is asked, then only new names."""
    found: dict[int, list[ListedRater]] = {subject.pk: [] for subject in subjects if _is_to_approve(subject)}
    is_open = {subject.pk: subject.round.state == State.COLLECTING for subject in subjects}
    for request in _nominated().filter(subject__in=found):
        is_new = request.state == RequestState.PROPOSED
        if is_new or not is_open[request.subject_id]:
            found[request.subject_id].append(_name(request, is_new=is_new))
    return found


def names_for_admin(round_: Round) -> list[ListedRater]:
    """Everybody on the lists of a round, with mail trouble: what an admin needs to help, and no more.

    Not trouble with reminders, which go only to those who have not answered.
    """
    trouble = RaterMail.objects.filter(rater=OuterRef("rater_id"), state__in=TROUBLE)
    trouble = trouble.exclude(kind=RaterMail.Kind.REMINDER)
    rows = _nominated().filter(subject__round=round_).annotate(has_trouble=Exists(trouble))
    rows = rows.select_related("rater", "subject__enrolment__leader").order_by(
        "subject__enrolment__leader__name", "relation", "name", "pk"
    )
    return [
        _name(
            row, has_mail_trouble=row.has_trouble, leader=row.subject.enrolment.leader.name, subject_id=row.subject_id
        )
        for row in rows
    ]


def _is_to_approve(subject: Subject) -> bool:
    return subject.withdrawn_at is None and subject.round.state in UNDER_WAY


def _nominated() -> QuerySet[Request]:
    rows = Request.objects.filter(relation__in=NOMINATED).exclude(state=RequestState.WITHDRAWN)
    return rows.select_related("rater").order_by("relation", "name", "pk")


def _name(row: Request, **more: Any) -> ListedRater:
    said: dict[str, Any] = {"email": row.rater.email, **more}
    return ListedRater(request_id=row.pk, name=row.name, relation=row.relation, **said)
