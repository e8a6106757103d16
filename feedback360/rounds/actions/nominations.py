"""Nominate, approve and take off raters; decline; erase a rater.

Once the first answer may exist nobody is removed, moved to another group or added, but for the replacements a round
asked for: who shapes a group after that could make it point at somebody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership, Organisation
from cohorts.schedule.path import Calendar
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.refusals import Invalid, NotNow
from feedback360.models import (
    FeedbackSettings,
    MemberMail,
    Rater,
    RaterMail,
    Request,
    RequestState,
    Round,
    State,
    Subject,
)
from feedback360.rounds.actions.opening import write_to_raters
from feedback360.rounds.calendars import round_calendar, timetable_of
from feedback360.rounds.moments import last_call
from feedback360.rounds.policies import ensure_may_approve, ensure_may_nominate, may_approve
from feedback360.rounds.rater_rules import (
    MAX_RATERS,
    NOMINATED,
    NOT_ASKED_YET,
    ensure_rater,
    ensure_room,
    mailbox,
    rater_address,
    wrong_with_rater,
)
from feedback360.rounds.replacements import last_look
from feedback360.rounds.timetable import mail_time
from feedback360.staging.discard import discard_requests

LISTS_REST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Nominee:
    """Somebody put forward as a rater. The address is in its one spelling."""

    name: str
    email: str
    relation: str


@transaction.atomic
def nominate(
    *, subject: Subject, name: str, email: str, relation: str, by: Membership, now: datetime, key: UUID | None = None
) -> Request:
    """Put one rater on a leader's list. An admin's choice is approved with it.

    The same form sent twice adds one. Raises Invalid for somebody who may not rate this leader, NotNow when it is too
    late.
    """
    subject = hold(subject)
    ensure_may_nominate(by, subject)
    nominee = Nominee(name.strip(), rater_address(email), relation)
    ensure_rater(name=nominee.name, email=nominee.email, relation=relation)
    sent_before = _of_key(subject, key, nominee)
    if sent_before is not None:
        return sent_before
    _ensure_listed_once(subject, nominee.email)
    ensure_place(subject, relation, now=now)
    ensure_free_to_rate(subject, nominee.email, by=by)
    request = add_request(subject, nominee, key=key)
    if may_approve(by, subject):
        _approve(subject, [request], now=now)
        record(by=by, verb="chose a rater", thing=subject, now=now, relation=relation)
    else:
        _wait_for_approval(subject, now=now)
    return request


@transaction.atomic
def approve(*, subject: Subject, by: Membership, now: datetime, requests: Iterable[int] | None = None) -> int:
    """Approve the names that wait, or only these of them. Returns how many. Idempotent."""
    subject = hold(subject)
    ensure_may_approve(by, subject)
    _ensure_open(subject, now=now)
    waiting = Request.objects.filter(subject=subject, relation__in=NOMINATED, state=RequestState.PROPOSED)
    chosen = list(waiting if requests is None else waiting.filter(pk__in=list(requests)))
    _approve(subject, chosen, now=now)
    if chosen:
        record(by=by, verb="approved raters", thing=subject, now=now, count=len(chosen))
    return len(chosen)


@transaction.atomic
def withdraw_request(*, request: Request, by: Membership, now: datetime) -> None:
    """Take a name off the list. Nobody is told why, or by whom. Raises NotNow once they were asked. Idempotent."""
    subject = hold(request.subject)
    request = Request.objects.get(pk=request.pk)
    if not may_approve(by, subject):
        ensure_may_nominate(by, subject)
    if request.state == RequestState.WITHDRAWN:
        return
    _ensure_open(subject, now=now)
    if request.relation not in NOMINATED or request.state not in NOT_ASKED_YET:
        raise NotNow(_("They have been asked already, so they stay on the list. Nobody can take them off now."))
    _give_place_back(subject, request)
    _set_state(request, RequestState.WITHDRAWN)
    record(by=by, verb="took a rater off", thing=subject, now=now, relation=request.relation)


@transaction.atomic
def put_back(*, request: Request, by: Membership, now: datetime) -> None:
    """Undo taking a name off: it waits for approval again. The rules are those of a new name. Idempotent."""
    subject = hold(request.subject)
    request = Request.objects.select_related("rater").get(pk=request.pk)
    if not may_approve(by, subject):
        ensure_may_nominate(by, subject)
    if request.state != RequestState.WITHDRAWN:
        return
    if request.relation not in NOMINATED or request.rater.erased_at is not None:
        raise NotNow(_("This name cannot be put back."))
    ensure_place(subject, request.relation, now=now)
    _ensure_listed_once(subject, request.rater.email)
    ensure_free_to_rate(subject, request.rater.email, by=by)
    _set_state(request, RequestState.PROPOSED)
    if subject.round.state == State.COLLECTING:
        _take_place(subject, subject.groups[request.relation], -1)
    _wait_for_approval(subject, now=now)


@transaction.atomic
def decline(*, request: Request, now: datetime) -> None:
    """The rater does not want to answer about this leader. Tells nobody, and leaves no time behind. Idempotent."""
    request = Request.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
    round_ = Round.objects.get(subjects=request.subject_id)
    if request.state == RequestState.DECLINED:
        return
    if request.state != RequestState.ASKED or request.relation not in NOMINATED:
        raise NotNow(_("There is nothing to decline here any more."))
    if round_.state != State.COLLECTING or now >= round_.closes_at:
        raise NotNow(_("This round is closed. You don't need to do anything."))
    _set_state(request, RequestState.DECLINED)
    discard_requests(round_id=round_.pk, request_ids=[request.pk])


@transaction.atomic
def end_asking(*, member: Membership, now: datetime) -> None:
    """A member leaves: what they were asked and have not answered is declined. What they sent stays counted."""
    asked = Request.objects.filter(
        rater__membership=member,
        state=RequestState.ASKED,
        relation__in=NOMINATED,
        subject__round__state=State.COLLECTING,
        subject__round__closes_at__gt=now,
    )
    for request in asked.order_by("pk"):
        decline(request=request, now=now)


@transaction.atomic
def erase_rater(*, rater: Rater, by: Membership | None, now: datetime) -> list[int]:
    """Delete name and address, revoke the link and end what was still asked. Idempotent.

    What they said so far in an open round is destroyed unread; returned are the requests it belonged to. After close
    nothing leads from answers to a rater, so a released report stays as it is.
    """
    Round.objects.select_for_update(no_key=True).values_list("pk").get(pk=rater.round_id)
    rater = Rater.objects.select_for_update(of=("self",), no_key=True).select_related("round").get(pk=rater.pk)
    if rater.erased_at is not None:
        return []
    is_over = rater.round.state in {State.CLOSED, State.RELEASED}
    requests = Request.objects.filter(rater=rater)
    ended = [] if is_over else list(requests.values_list("pk", flat=True))
    requests.update(name="")
    requests.filter(pk__in=ended).update(state=RequestState.WITHDRAWN)
    discard_requests(round_id=rater.round_id, request_ids=ended)
    rater.name, rater.email, rater.membership, rater.erased_at = "", "", None, now
    rater.link_version += 1
    rater.save(update_fields=["name", "email", "membership", "erased_at", "link_version"])
    record(by=by, verb="erased a rater", thing=rater, now=now)
    return ended


def hold(subject: Subject) -> Subject:
    """Read a subject again and hold organisation, round and subject until the transaction ends.

    The organisation, since two leaders must not both take a rater's last place of the month. The round, since nobody
    is nominated or approved past its opening.
    """
    Organisation.objects.select_for_update(no_key=True).values_list("pk").get(pk=current_organisation_id())
    Round.objects.select_for_update(no_key=True).values_list("pk").get(pk=subject.round_id)
    people = ("round__cohort", "enrolment__leader__person", "enrolment__sponsor__person", "manager__person")
    rows = Subject.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related(*people).get(pk=subject.pk)


def ensure_place(subject: Subject, relation: str, *, now: datetime) -> None:
    """There is a place on the list: one of thirty, or one that the open round asked to fill."""
    _ensure_open(subject, now=now)
    if subject.round.state == State.NOMINATING:
        listed = Request.objects.filter(subject=subject, relation__in=NOMINATED).exclude(state=RequestState.WITHDRAWN)
        if listed.count() >= MAX_RATERS:
            raise NotNow(_("There are 30 names on the list, which is the most. Take one off to add another."))
        return
    group = subject.groups.get(relation, "")
    if not group or subject.replacements.get(group, 0) < 1:
        raise NotNow(_("Raters have been asked, and nobody else is needed there. The list stays as it is."))


def ensure_free_to_rate(subject: Subject, email: str, *, by: Membership) -> None:
    """Neither the leader nor the manager, and not asked about too many leaders this month."""
    leader, sponsor = subject.enrolment.leader, subject.enrolment.sponsor
    managers = {member.person.email.lower() for member in (sponsor, subject.manager) if member}
    wrong = wrong_with_rater(
        email, leader=leader.person.email.lower(), managers=managers, is_about_me=by.pk == leader.pk
    )
    if wrong:
        raise Invalid("email", wrong)
    on = local_date(subject.round.opens_at, subject.round.cohort.zone)
    ensure_room(request_dates([email]).get(email, []), on, monthly_requests())


def request_dates(emails: Iterable[str]) -> dict[str, list]:
    """On which dates these addresses were, or will be, asked about any leader of the organisation."""
    rows = (
        Request.objects.filter(rater__email__in=list(emails), relation__in=NOMINATED)
        .exclude(state=RequestState.WITHDRAWN)
        .exclude(subject__round__state=State.CANCELLED, asked_on=None)
        .values_list("rater__email", "asked_on", "subject__round__opens_at", "subject__round__cohort__zone")
    )
    found: dict[str, list] = {}
    for email, asked_on, opens_at, zone in rows:
        found.setdefault(email, []).append(asked_on or local_date(opens_at, zone))
    return found


def monthly_requests() -> int:
    """About how many leaders one rater may be asked in 30 days."""
    return (FeedbackSettings.objects.first() or FeedbackSettings()).monthly_requests


def add_request(subject: Subject, nominee: Nominee, *, key: UUID | None = None) -> Request:
    """The request, with the rater's row of this round: one row and one link for all leaders they are asked about."""
    rater = Rater.objects.filter(round=subject.round_id, email=nominee.email, erased_at=None).first()
    if rater is None:
        rater = _new_rater(subject.round, nominee)
    request, is_new = Request.objects.get_or_create(
        subject=subject, rater=rater, defaults={"relation": nominee.relation, "name": nominee.name, "key": key}
    )
    if not is_new:
        request.relation, request.name, request.key = nominee.relation, nominee.name, key
        request.state, request.group = RequestState.PROPOSED, ""
        request.save(update_fields=["relation", "name", "key", "state", "group"])
    if subject.round.state == State.COLLECTING:
        _take_place(subject, subject.groups[nominee.relation], -1)
    return request


def _new_rater(round_: Round, nominee: Nominee) -> Rater:
    member = Membership.objects.active().filter(person__email__iexact=nominee.email).select_related("person").first()
    organisation = Organisation.objects.get(pk=current_organisation_id())
    return Rater.objects.create(
        round=round_,
        membership=member,
        email=nominee.email,
        name=member.name[:120] if member else nominee.name,
        language=member.person.language if member else organisation.language,
    )


def _of_key(subject: Subject, key: UUID | None, nominee: Nominee) -> Request | None:
    """What this very form added before; another address from the same form is another rater."""
    if key is None:
        return None
    return Request.objects.filter(subject=subject, key=key, rater__email=nominee.email).first()


def _ensure_listed_once(subject: Subject, email: str) -> None:
    """One person is one voice, whatever their address is followed by."""
    listed = Request.objects.filter(subject=subject, rater__erased_at=None).exclude(state=RequestState.WITHDRAWN)
    if mailbox(email) in {mailbox(each) for each in listed.values_list("rater__email", flat=True)}:
        raise Invalid("email", on_list_already(email))


def on_list_already(email: str) -> str:
    return _("%(email)s is on this list already.") % {"email": email}


def _ensure_open(subject: Subject, *, now: datetime) -> None:
    """While raters are chosen; and for replacements until the day raters are asked to answer by."""
    round_ = subject.round
    if subject.withdrawn_at is not None:
        raise NotNow(_("This leader no longer takes part in the round."))
    if round_.state == State.DRAFT:
        raise NotNow(_("Choosing raters has not begun yet."))
    if round_.state == State.NOMINATING:
        return
    if round_.state != State.COLLECTING:
        raise NotNow(_("This round is over, so its list of raters stays as it is."))
    if now >= round_.reminds_at:
        raise NotNow(_("There is no time left to ask someone else in this round."))


def _approve(subject: Subject, requests: list[Request], *, now: datetime) -> None:
    """Approved names are asked when the round opens; in an open round, at once."""
    is_open = subject.round.state == State.COLLECTING
    for request in requests:
        if is_open:
            request.group = subject.groups[request.relation]
            request.asked_on = local_date(now, subject.round.cohort.zone)
        request.state = RequestState.ASKED if is_open else RequestState.APPROVED
        request.save(update_fields=["state", "group", "asked_on"])
        if is_open:
            _invite(request.rater, goes_at=mail_time(_calendar(subject.round), now))
    still_waiting = Request.objects.filter(subject=subject, state=RequestState.PROPOSED).exists()
    if not still_waiting and subject.approved_at is None:
        subject.approved_at = now
        subject.save(update_fields=["approved_at"])


def _invite(rater: Rater, *, goes_at: datetime) -> None:
    """Ask by mail; somebody already asked about another leader gets one more, with the same link."""
    invitations = RaterMail.objects.filter(rater=rater, kind=RaterMail.Kind.INVITATION).count()
    write_to_raters([rater.pk], RaterMail.Kind.INVITATION, number=invitations + 1, goes_at=goes_at)


def _wait_for_approval(subject: Subject, *, now: datetime) -> None:
    """A new name asks for approval again, and the sponsor gets a mail, one for all their leaders of the round.

    While lists are made it goes when a few days are left, and once more for names that come later; in an open round,
    once for each look through it. Never sooner than in an hour, since one name is seldom the only one.
    """
    if subject.approved_at is not None:
        subject.approved_at = None
        subject.save(update_fields=["approved_at"])
    round_, sponsor = subject.round, subject.enrolment.sponsor
    if sponsor is None:
        return
    number, due_at = _approval_mail(round_, now)
    goes_at = mail_time(_calendar(round_), due_at)
    mail = MemberMail(
        round=round_,
        recipient=sponsor,
        kind=MemberMail.Kind.APPROVE,
        number=number,
        due_at=goes_at,
        not_before=goes_at,
    )
    MemberMail.objects.bulk_create([mail], ignore_conflicts=True)


def _approval_mail(round_: Round, now: datetime) -> tuple[int, datetime]:
    soon = now + LISTS_REST
    if round_.state == State.COLLECTING:
        return 2 + last_look(round_.opens_at, round_.reminds_at, now), soon
    call = last_call(timetable_of(round_))
    return (1, max(call, soon)) if now < call else (2, soon)


def _calendar(round_: Round) -> Calendar:
    return round_calendar(round_.cohort, Organisation.objects.get(pk=current_organisation_id()))


def _give_place_back(subject: Subject, request: Request) -> None:
    if subject.round.state == State.COLLECTING:
        _take_place(subject, subject.groups[request.relation], +1)


def _take_place(subject: Subject, group: str, change: int) -> None:
    subject.replacements[group] = subject.replacements.get(group, 0) + change
    subject.save(update_fields=["replacements"])


def _set_state(request: Request, state: RequestState) -> None:
    request.state = state
    request.save(update_fields=["state"])
