"""The mails of a round, two kinds of the outbox: to raters, and to the leaders and sponsors who have a part in it.

A rater gets one mail for all the leaders they are asked about, and no mail says to anybody else that they got it. The
subject line names nobody: it is read on locked phones and by shared inboxes.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import NamedTuple

from psycopg import sql

from cohorts.logos.stored import mail_logo
from cohorts.mail.message import first_name, whole_message
from cohorts.mail.outbox import MailKind
from cohorts.mail.server import message_id
from cohorts.models import Organisation
from cohorts.models.mail import Reason
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.addresses import absolute, front_door, inside
from feedback360.models import MemberMail, Rater, RaterMail, Relation, Request, RequestState, Round, State, Subject
from feedback360.questionnaires.content import Questionnaire
from feedback360.questionnaires.rows import content_of
from feedback360.rounds.rater_links import rater_token, stop_token
from feedback360.rounds.rater_rules import ANSWERING

RATER_DETAILS = sql.SQL("""
SELECT claimed.id, claimed.attempts, claimed.due_at, rater.email, claimed.rater_id, claimed.kind
FROM claimed
    JOIN feedback360_rater AS rater ON rater.organisation_id = %(organisation)s AND rater.id = claimed.rater_id
ORDER BY claimed.id
""")

MEMBER_DETAILS = sql.SQL("""
SELECT claimed.id, claimed.attempts, claimed.due_at, person.email, claimed.round_id, claimed.recipient_id,
    claimed.kind, claimed.number
FROM claimed
    JOIN cohorts_membership AS member ON member.organisation_id = %(organisation)s AND member.id = claimed.recipient_id
    JOIN cohorts_person AS person ON person.id = member.person_id
ORDER BY claimed.id
""")


class ClaimedRaterMail(NamedTuple):
    """One mail to a rater in a worker's hands."""

    id: int
    attempts: int
    due_at: datetime
    email: str
    rater_id: int
    kind: str


class ClaimedMemberMail(NamedTuple):
    """One mail to a leader or sponsor in a worker's hands."""

    id: int
    attempts: int
    due_at: datetime
    email: str
    round_id: int
    recipient_id: int
    kind: str
    number: int


class RaterWriter:
    """Writes the mails to raters of one organisation."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._now = now
        self._raters: dict[int, Rater] = {}
        self._requests: dict[int, list[Request]] = {}
        self._contents: dict[int, Questionnaire] = {}

    def prepare(self, mails: Sequence[ClaimedRaterMail]) -> None:
        keys = {mail.rater_id for mail in mails}
        self._raters = Rater.objects.select_related("membership", "round__cohort", "round__questionnaire").in_bulk(keys)
        questionnaires = {each.round.questionnaire_id: each.round.questionnaire for each in self._raters.values()}
        self._contents = {key: content_of(row) for key, row in questionnaires.items()}
        asked = Request.objects.filter(
            rater__in=keys,
            state__in=ANSWERING,
            subject__withdrawn_at=None,
            subject__enrolment__left_on=None,
        )
        found = defaultdict(list)
        people = asked.select_related("subject__enrolment__leader").order_by("subject__enrolment__leader__name", "pk")
        for request in people:
            found[request.rater_id].append(request)
        self._requests = dict(found)

    def reason_to_skip(self, mail: ClaimedRaterMail, now: datetime) -> str | None:
        """An empty reason: nothing is left to answer. It says no more, since others can read why a mail did not go."""
        rater = self._raters[mail.rater_id]
        if rater.erased_at is not None or (rater.membership is not None and not rater.membership.is_active):
            return Reason.REVOKED
        if rater.round.state != State.COLLECTING or rater.round.closes_at <= now:
            return Reason.EXPIRED
        if mail.kind != RaterMail.Kind.LINK and not rater.mails_on:
            return Reason.UNSUBSCRIBED
        wanted = self._requests.get(rater.pk, [])
        if mail.kind != RaterMail.Kind.LINK:
            wanted = [request for request in wanted if request.state == RequestState.ASKED]
        return None if wanted else ""

    def content(self, mail: ClaimedRaterMail) -> bytes:
        """The whole message. The link is in the body only, never in a header."""
        organisation, rater = self._organisation, self._raters[mail.rater_id]
        requests = self._requests[rater.pk]
        content = self._contents[rater.round.questionnaire_id]
        whose = (organisation.pk, rater.pk, rater.link_version)
        unsubscribe = absolute(front_door("unsubscribe_rater", stop_token(*whose)))
        context = {
            "organisation_name": organisation.name,
            "name": first_name(rater.name),
            "kind": mail.kind,
            "leaders": [each.subject.enrolment.leader.name for each in requests if each.relation != Relation.SELF],
            "is_about_self": any(each.relation == Relation.SELF for each in requests),
            "is_manager": any(each.relation == Relation.MANAGER for each in requests),
            "minutes": ceil(sum(content.seconds_for(each.relation) for each in requests) / 60),
            "threshold": rater.round.threshold,
            "answer_by": local_date(rater.round.reminds_at, rater.round.cohort.zone),
            "closes_on": local_date(rater.round.closes_at, rater.round.cohort.zone),
            "rater_url": absolute(front_door("rater", rater_token(*whose))),
            "unsubscribe_url": unsubscribe,
            "language": rater.language,
        }
        return whole_message(
            "rater",
            context,
            to=mail.email,
            language=rater.language,
            message_id=message_id(RATER_MAILS.name, mail.id),
            now=self._now,
            logo=mail_logo(organisation),
            unsubscribe=None if mail.kind == RaterMail.Kind.LINK else unsubscribe,
        )


class MemberWriter:
    """Writes the mails of one organisation to leaders and sponsors about their part in a round."""

    PAGES = {
        MemberMail.Kind.NOMINATE: "feedback",
        MemberMail.Kind.APPROVE: "approvals",
        MemberMail.Kind.REPLACE: "feedback",
    }

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._now = now
        self._mails: dict[int, MemberMail] = {}
        self._own: dict[tuple[int, int], Subject] = {}
        self._waiting: set[tuple[int, int]] = set()

    def prepare(self, mails: Sequence[ClaimedMemberMail]) -> None:
        rows = MemberMail.objects.select_related("recipient__person", "round__cohort")
        self._mails = rows.in_bulk([mail.id for mail in mails])
        subjects = Subject.objects.filter(
            round__in={mail.round_id for mail in mails}, withdrawn_at=None, enrolment__left_on=None
        )
        own = subjects.filter(enrolment__leader__in={mail.recipient_id for mail in mails})
        self._own = {(each.round_id, each.enrolment.leader_id): each for each in own.select_related("enrolment")}
        waiting = subjects.filter(
            enrolment__sponsor__in={mail.recipient_id for mail in mails}, requests__state=RequestState.PROPOSED
        )
        self._waiting = set(waiting.values_list("round", "enrolment__sponsor"))

    def reason_to_skip(self, mail: ClaimedMemberMail, now: datetime) -> str | None:
        """What it asks for is done, too late, or not theirs any more."""
        row = self._mails[mail.id]
        if not row.recipient.is_active:
            return Reason.LEFT
        if not _is_time_for(row.kind, row.round, now):
            return Reason.EXPIRED
        if row.kind == MemberMail.Kind.APPROVE:
            return None if (mail.round_id, mail.recipient_id) in self._waiting else ""
        subject = self._own.get((mail.round_id, mail.recipient_id))
        if subject is None:
            return Reason.LEFT
        return None if _is_needed(row.kind, mail.number, subject) else ""

    def content(self, mail: ClaimedMemberMail) -> bytes:
        organisation, row = self._organisation, self._mails[mail.id]
        language = row.recipient.person.language
        context = {
            "organisation_name": organisation.name,
            "name": first_name(row.recipient.name),
            "kind": row.kind,
            "opens_on": local_date(row.round.opens_at, row.round.cohort.zone),
            "answer_by": local_date(row.round.reminds_at, row.round.cohort.zone),
            "threshold": row.round.threshold,
            "suggests_talk": row.round.suggests_talk,
            "page_url": absolute(self._page(mail)),
            "language": language,
        }
        return whole_message(
            "round",
            context,
            to=mail.email,
            language=language,
            message_id=message_id(MEMBER_MAILS.name, mail.id),
            now=self._now,
            logo=mail_logo(organisation),
        )

    def _page(self, mail: ClaimedMemberMail) -> str:
        """Where the mail's button leads: a report is one tap away."""
        if mail.kind == MemberMail.Kind.RELEASED:
            return inside(self._organisation.slug, "result", self._own[mail.round_id, mail.recipient_id].pk)
        return inside(self._organisation.slug, self.PAGES[MemberMail.Kind(mail.kind)])


def _is_time_for(kind: str, round_: Round, now: datetime) -> bool:
    if kind == MemberMail.Kind.NOMINATE:
        return round_.state == State.NOMINATING
    if kind == MemberMail.Kind.RELEASED:
        return round_.state == State.RELEASED
    is_in_time = round_.state == State.COLLECTING and now < round_.reminds_at
    return is_in_time or (kind == MemberMail.Kind.APPROVE and round_.state == State.NOMINATING)


def _is_needed(kind: str, number: int, subject: Subject) -> bool:
    if kind == MemberMail.Kind.NOMINATE:
        return number == 1 or subject.approved_at is None
    return kind != MemberMail.Kind.REPLACE or any(subject.replacements.values())


RATER_MAILS = MailKind(name="rater", model=RaterMail, row=ClaimedRaterMail, details=RATER_DETAILS, writer=RaterWriter)
MEMBER_MAILS = MailKind(
    name="round", model=MemberMail, row=ClaimedMemberMail, details=MEMBER_DETAILS, writer=MemberWriter
)
