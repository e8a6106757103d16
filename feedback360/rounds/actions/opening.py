"""Open a round: decide the groups, ask the raters. One transaction, so that a worker that dies leaves nothing half."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models.functions import Lower

from cohorts.models import Membership, Organisation
from cohorts.schedule.path import Calendar
from cohorts.schedule.time_zones import local_date
from cohorts.web.revisions import save_revision
from feedback360.models import MemberMail, Rater, RaterMail, Relation, Request, RequestState, Round, State, Subject
from feedback360.questionnaires.content import ALL_ITEMS
from feedback360.rounds.actions.moves import hold, move
from feedback360.rounds.actions.planning import sync_subjects
from feedback360.rounds.calendars import round_calendar
from feedback360.rounds.groups import MANAGER, NOT_ASKED, SELF, plan_groups
from feedback360.rounds.rater_rules import NOMINATED
from feedback360.rounds.timetable import after_opening, mail_time
from feedback360.staging.keys import create_key

ROWS_PER_INSERT = 2000


@dataclass(slots=True)
class Ask:
    """One leader's raters who are asked without being nominated, by relation."""

    subject: Subject
    members: dict[str, Membership]
    taken: set[str] = field(default_factory=set)  # relations for which a request stands already


@transaction.atomic
def begin_choosing(round_: Round, *, now: datetime, by: Membership | None = None) -> Round:
    """Let the leaders choose raters, and write to them."""
    round_ = hold(round_.pk)
    move(round_, State.NOMINATING, by=by, now=now)
    sync_subjects(round_, now=now)
    write_to_leaders(round_, number=1, now=now)
    return round_


def write_to_leaders(round_: Round, *, number: int, now: datetime) -> None:
    """Ask leaders for their raters: all of them first, then those whose list is not approved."""
    subjects = Subject.objects.filter(round=round_, withdrawn_at=None)
    leaders = (subjects if number == 1 else subjects.filter(approved_at=None)).values_list("enrolment__leader")
    goes_at = mail_time(_calendar(round_), now)
    mails = [
        MemberMail(
            round=round_,
            recipient_id=leader_id,
            kind=MemberMail.Kind.NOMINATE,
            number=number,
            due_at=goes_at,
            not_before=goes_at,
        )
        for (leader_id,) in leaders
    ]
    MemberMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=ROWS_PER_INSERT)


@transaction.atomic
def open_round(round_: Round, *, now: datetime, by: Membership | None = None) -> Round:
    """Ask everybody approved, the manager of this day and the leader. From here on groups and threshold are fixed.

    Rows are written in sets: the number of statements grows with thousands of raters, not with raters.
    """
    round_ = hold(round_.pk)
    sync_subjects(round_, now=now)
    move(round_, State.COLLECTING, by=by, now=now)
    calendar = _calendar(round_)
    on = local_date(now, calendar.zone)
    _give_whole_time(round_, on, calendar, now=now)
    asks = _asks(round_)
    raters = _raters_of(round_, (member for ask in asks for member in ask.members.values()))
    _make_attributed(asks, raters, on)
    _name_primary_scales(round_, asks)
    _decide_groups(round_, asks)
    _ask_nominated(asks, on)
    _ask_attributed(asks, raters, on)
    create_key(round_.pk)
    invite(round_, goes_at=mail_time(calendar, now))
    return round_


def invite(round_: Round, *, goes_at: datetime) -> None:
    """One mail to each rater with something to answer, however many leaders it is about."""
    raters = Rater.objects.filter(round=round_, requests__state=RequestState.ASKED).order_by("pk").distinct()
    write_to_raters(raters.values_list("pk", flat=True), RaterMail.Kind.INVITATION, number=1, goes_at=goes_at)


def write_to_raters(rater_ids: Iterable[int], kind: str, *, number: int, goes_at: datetime) -> None:
    mails = [
        RaterMail(rater_id=rater_id, kind=kind, number=number, due_at=goes_at, not_before=goes_at)
        for rater_id in rater_ids
    ]
    RaterMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=ROWS_PER_INSERT)


def _calendar(round_: Round) -> Calendar:
    return round_calendar(round_.cohort, Organisation.objects.get(pk=round_.organisation_id))


def _give_whole_time(round_: Round, on: date, calendar: Calendar, *, now: datetime) -> None:
    """A round that opens on a later day than planned is open as long as it should be; own dates hold while they can."""
    is_late = local_date(round_.opens_at, calendar.zone) < on
    if is_late and (not round_.has_own_dates or round_.reminds_at <= now):
        _morning, reminds_at, closes_at, releases_at = after_opening(on, calendar)
        save_revision(round_, opens_at=now, reminds_at=reminds_at, closes_at=closes_at, releases_at=releases_at)


def _asks(round_: Round) -> list[Ask]:
    """The leaders of the round with the manager of today, who stays their manager in it."""
    people = ("enrolment__leader__person", "enrolment__sponsor__person")
    found = []
    for subject in Subject.objects.filter(round=round_, withdrawn_at=None).select_related(*people).order_by("pk"):
        leader, sponsor = subject.enrolment.leader, subject.enrolment.sponsor
        members = {str(Relation.SELF): leader}
        if sponsor is not None and sponsor.is_active and sponsor.pk != leader.pk:
            members[str(Relation.MANAGER)] = sponsor
        subject.manager = members.get(Relation.MANAGER)
        found.append(Ask(subject, members))
    return found


def _raters_of(round_: Round, members: Iterable[Membership]) -> dict[str, Rater]:
    """The raters of this round by address; members who have none get one."""
    by_address = {member.person.email.lower(): member for member in members}
    known = Rater.objects.filter(round=round_, erased_at=None).annotate(address=Lower("email"))
    found = {rater.address: rater for rater in known}
    missing = [
        Rater(round=round_, membership=member, email=address, name=member.name[:120], language=member.person.language)
        for address, member in by_address.items()
        if address not in found
    ]
    created = Rater.objects.bulk_create(missing, batch_size=ROWS_PER_INSERT)
    return found | {rater.email: rater for rater in created}


def _make_attributed(asks: list[Ask], raters: Mapping[str, Rater], on: date) -> None:
    """Who was nominated as a peer and is the manager by now answers as the manager."""
    wanted = {
        (ask.subject.pk, raters[member.person.email.lower()].pk): (ask, relation)
        for ask in asks
        for relation, member in ask.members.items()
    }
    rows = Request.objects.filter(
        subject__in=[ask.subject.pk for ask in asks],
        rater__in={rater_id for _subject_id, rater_id in wanted},
    )
    changed = []
    for request in rows:
        ask, relation = wanted.get((request.subject_id, request.rater_id), (None, ""))
        if ask is not None:
            request.relation, request.group = relation, relation
            request.state, request.asked_on = RequestState.ASKED, on
            ask.taken.add(relation)
            changed.append(request)
    Request.objects.bulk_update(changed, ["relation", "group", "state", "asked_on"], batch_size=500)


def _name_primary_scales(round_: Round, asks: list[Ask]) -> None:
    """The scale whose change is looked at first, named before anybody answers: what the leader chose last time."""
    before = Subject.objects.filter(
        enrolment__in=[ask.subject.enrolment_id for ask in asks],
        round__state=State.RELEASED,
        round__purpose=round_.purpose,
        withdrawn_at=None,
    ).order_by("round__closes_at")
    chosen = {each.enrolment_id: {each.strength, each.growth} - {""} for each in before}
    for ask in asks:
        ask.subject.primary_scale = "+".join(sorted(chosen.get(ask.subject.enrolment_id, ()))) or ALL_ITEMS


def _decide_groups(round_: Round, asks: list[Ask]) -> None:
    invited: dict[int, Counter[str]] = defaultdict(Counter)
    approved = Request.objects.filter(subject__round=round_, state=RequestState.APPROVED, rater__erased_at=None)
    for subject_id, relation in approved.filter(relation__in=NOMINATED).values_list("subject_id", "relation"):
        invited[subject_id][relation] += 1
    for ask in asks:
        counts = invited[ask.subject.pk] | Counter({MANAGER: 1 if MANAGER in ask.members else 0})
        planned = plan_groups(counts, threshold=round_.threshold, response_rate=round_.response_rate)
        ask.subject.groups = planned
    Subject.objects.bulk_update([ask.subject for ask in asks], ["manager", "groups", "primary_scale"], batch_size=500)


def _ask_nominated(asks: list[Ask], on: date) -> None:
    """One statement for each relation and group."""
    subjects: dict[tuple[str, str], list[int]] = defaultdict(list)
    for ask in asks:
        for relation in NOMINATED:
            subjects[str(relation), ask.subject.groups[relation]].append(ask.subject.pk)
    for (nominated_as, group), keys in subjects.items():
        if group != NOT_ASKED:
            approved = Request.objects.filter(subject__in=keys, relation=nominated_as, state=RequestState.APPROVED)
            # Not rater__erased_at: an update with a join asks its own table again, for minutes before an ANALYZE.
            present = approved.filter(rater__in=Rater.objects.filter(erased_at=None))
            present.update(state=RequestState.ASKED, group=group, asked_on=on)


def _ask_attributed(asks: list[Ask], raters: Mapping[str, Rater], on: date) -> None:
    requests = [
        Request(
            subject=ask.subject,
            rater=raters[member.person.email.lower()],
            relation=relation,
            group={Relation.MANAGER: MANAGER, Relation.SELF: SELF}[Relation(relation)],
            state=RequestState.ASKED,
            asked_on=on,
        )
        for ask in asks
        for relation, member in ask.members.items()
        if relation not in ask.taken
    ]
    Request.objects.bulk_create(requests, batch_size=ROWS_PER_INSERT)
