"""Upload, preview and confirm a list of raters. Nothing changes before confirmation."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.imports.chosen import Chosen
from cohorts.imports.rereading import read_again, read_first, set_reading, shape_of
from cohorts.imports.uploads import ensure_as_shown, finish, is_confirmed, stored_name
from cohorts.models import Membership, Organisation
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.refusals import NotNow
from feedback360.models import Rater, RaterIntake, Request, RequestState, Round, State, Subject
from feedback360.rounds.actions.nominations import monthly_requests, request_dates
from feedback360.rounds.policies import may_approve
from feedback360.rounds.rater_file import (
    LIST,
    KnownLeader,
    Month,
    Outcome,
    RaterPlan,
    RaterRow,
    plan_raters,
    read_raters,
)
from feedback360.rounds.rater_rules import NOMINATED, rater_address

ROWS_PER_STATEMENT = 1000


@transaction.atomic
def upload_raters(*, round_: Round, data: bytes, file_name: str, by: Membership, now: datetime) -> RaterIntake:
    """Read a list and store its rows for preview, replacing an unconfirmed upload. Raises UnreadableFile.

    A file of a shape that this organisation imported before is read as it was then.
    """
    ensure_may_import(round_)
    name = stored_name(file_name)
    raters, is_remembered = read_first(lambda how: read_raters(data, name, how), RaterIntake.objects.all(), LIST)
    round_.rater_intakes.filter(uploaded_by=by).discard()
    intake = RaterIntake(round=round_, uploaded_by=by, file_name=name, source=data, created_at=now)
    intake.shape, intake.rows = shape_of(raters.about), [asdict(row) for row in raters.rows]
    set_reading(intake, raters, is_remembered=is_remembered)
    intake.save()
    return intake


@transaction.atomic
def choose_rater_columns(*, intake: RaterIntake, chosen: Chosen) -> RaterIntake:
    """Read the file again with other columns. Raises Invalid and UnreadableFile as `read_again` does."""
    intake = RaterIntake.objects.select_for_update(of=("self",)).defer("rows").get(pk=intake.pk)
    data, name = bytes(intake.source), intake.file_name
    raters = read_again(lambda how: read_raters(data, name, how), intake, chosen, LIST)
    intake.rows = [asdict(row) for row in raters.rows]
    set_reading(intake, raters, chosen)
    intake.save(update_fields=["rows", "counts", "choices", "shape"])
    return intake


def plan_rater_upload(intake: RaterIntake) -> RaterPlan:
    """Plan what this upload would change now."""
    rows = [RaterRow(**row) for row in intake.rows]
    round_ = intake.round
    on = local_date(round_.opens_at, round_.cohort.zone)
    dates = request_dates({rater_address(row.email) for row in rows})
    columns = intake.counts.get("columns", {})
    return plan_raters(rows, _known_leaders(round_), columns, Month(dates, on, monthly_requests()))


@transaction.atomic
def confirm_raters(*, intake: RaterIntake, fingerprint: str, by: Membership, now: datetime) -> RaterIntake:
    """Put the planned raters on their leaders' lists in one transaction, approved. Idempotent.

    Raises PlanChanged if lists changed since the preview, so that the admin sees the new plan first.
    """
    Organisation.objects.select_for_update(no_key=True).values_list("pk").get(pk=current_organisation_id())
    Round.objects.select_for_update(no_key=True).values_list("pk").get(pk=intake.round_id)
    rows = RaterIntake.objects.select_for_update(of=("self",)).select_related("round__cohort").defer("source")
    intake = rows.get(pk=intake.pk)
    if is_confirmed(intake):
        return intake
    ensure_may_import(intake.round)
    plan = plan_rater_upload(intake)
    ensure_as_shown(plan.fingerprint, fingerprint)
    _add(plan.added, intake.round, by=by, now=now)
    finish(intake, counts={"rows": len(intake.rows), **plan.counts})
    record(by=by, verb="imported raters", thing=intake.round, now=now, **plan.counts)
    return intake


def ensure_may_import(round_: Round) -> None:
    if round_.state != State.NOMINATING:
        raise NotNow(_("A list of raters can be imported only while raters are chosen, before anybody is asked."))


def _known_leaders(round_: Round) -> list[KnownLeader]:
    people = ("enrolment__leader__person", "enrolment__sponsor__person")
    subjects = list(Subject.objects.filter(round=round_, withdrawn_at=None).select_related(*people))
    listed: dict[int, dict[str, str]] = {subject.pk: {} for subject in subjects}
    rows = Request.objects.filter(subject__in=subjects, relation__in=NOMINATED)
    for subject_id, email, relation in rows.exclude(state=RequestState.WITHDRAWN).values_list(
        "subject_id", "rater__email", "relation"
    ):
        listed[subject_id][email] = relation
    return [
        KnownLeader(
            subject_id=subject.pk,
            name=subject.enrolment.leader.name,
            email=subject.enrolment.leader.person.email.lower(),
            managers=frozenset(
                [subject.enrolment.sponsor.person.email.lower()] if subject.enrolment.sponsor is not None else []
            ),
            listed=listed[subject.pk],
        )
        for subject in subjects
    ]


def _add(outcomes: Iterable[Outcome], round_: Round, *, by: Membership, now: datetime) -> None:
    """In sets: statements grow with thousands of rows, not with rows."""
    outcomes = list(outcomes)
    subjects = Subject.objects.select_related("enrolment").in_bulk({each.subject_id for each in outcomes})
    raters = _raters(outcomes, round_)
    old = {
        (row.subject_id, row.rater_id): row
        for row in Request.objects.filter(subject__in=subjects, rater__in=[rater.pk for rater in raters.values()])
    }
    new: list[Request] = []
    back: list[Request] = []
    for outcome in outcomes:
        subject, rater = subjects[outcome.subject_id], raters[outcome.email]
        request = old.get((subject.pk, rater.pk)) or Request(subject=subject, rater=rater)
        (back if request.pk else new).append(request)
        request.name, request.relation, request.key = outcome.row.name, outcome.relation, None
        request.state = RequestState.APPROVED if may_approve(by, subject) else RequestState.PROPOSED
    Request.objects.bulk_create(new, batch_size=ROWS_PER_STATEMENT)
    Request.objects.bulk_update(back, ["name", "relation", "key", "state"], batch_size=ROWS_PER_STATEMENT)
    waiting = Request.objects.filter(subject__in=subjects, state=RequestState.PROPOSED).values("subject")
    touched = Subject.objects.filter(pk__in=subjects)
    touched.filter(pk__in=waiting).update(approved_at=None)
    touched.filter(approved_at=None).exclude(pk__in=waiting).update(approved_at=now)


def _raters(outcomes: Iterable[Outcome], round_: Round) -> dict[str, Rater]:
    """The raters of this round by address; addresses that have none get one."""
    names = {outcome.email: outcome.row.name for outcome in reversed(list(outcomes))}
    found = {rater.email: rater for rater in Rater.objects.filter(round=round_, email__in=names, erased_at=None)}
    members = {
        member.person.email.lower(): member
        for member in Membership.objects.active().filter(person__email__in=names).select_related("person")
    }
    language = Organisation.objects.get(pk=current_organisation_id()).language
    missing = [
        Rater(
            round=round_,
            membership=members.get(email),
            email=email,
            name=members[email].name[:120] if email in members else name,
            language=members[email].person.language if email in members else language,
        )
        for email, name in names.items()
        if email not in found
    ]
    return found | {rater.email: rater for rater in Rater.objects.bulk_create(missing, batch_size=ROWS_PER_STATEMENT)}
