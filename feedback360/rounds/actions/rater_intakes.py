"""Upload, preview, confirm and discard a list of raters. Nothing changes before confirmation."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Intake, Membership, Organisation
from cohorts.people.actions.intakes import KEPT_FOR, MAX_FILE_NAME_CHARACTERS, PlanChanged
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import NotNow
from feedback360.models import Rater, RaterIntake, Request, RequestState, Round, State, Subject
from feedback360.rounds.actions.nominations import monthly_requests, request_dates
from feedback360.rounds.policies import may_approve
from feedback360.rounds.rater_file import KnownLeader, Month, Outcome, RaterPlan, RaterRow, plan_raters, read_raters
from feedback360.rounds.rater_rules import NOMINATED, rater_address

ROWS_PER_STATEMENT = 1000


@transaction.atomic
def upload_raters(*, round_: Round, data: bytes, file_name: str, by: Membership, now: datetime) -> RaterIntake:
    """Read a list and store its rows for preview, replacing an unconfirmed upload. Raises UnreadableFile."""
    ensure_may_import(round_)
    file_name = file_name[-MAX_FILE_NAME_CHARACTERS:]
    ensure_text("file", file_name, most=MAX_FILE_NAME_CHARACTERS, is_required=False)
    read = read_raters(data, file_name)
    for earlier in round_.rater_intakes.filter(state=Intake.State.PREVIEWED, uploaded_by=by):
        _empty(earlier, Intake.State.DISCARDED)
    return RaterIntake.objects.create(
        round=round_,
        uploaded_by=by,
        file_name=file_name,
        rows=[asdict(row) for row in read.rows],
        counts={"columns": read.columns, "unused": list(read.unused)},
        created_at=now,
    )


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
    rows = RaterIntake.objects.select_for_update(of=("self",)).select_related("round__cohort")
    intake = rows.get(pk=intake.pk)
    if intake.state == Intake.State.CONFIRMED:
        return intake
    if intake.state == Intake.State.DISCARDED:
        raise NotNow(_("This upload was discarded. Upload the file again."))
    ensure_may_import(intake.round)
    plan = plan_rater_upload(intake)
    if plan.fingerprint != fingerprint:
        raise PlanChanged(_("Something changed since you looked at this list. Look through it again, then confirm."))
    _add(plan.added, intake.round, by=by, now=now)
    intake.counts = {"rows": len(intake.rows), **plan.counts}
    _empty(intake, Intake.State.CONFIRMED)
    record(by=by, verb="imported raters", thing=intake.round, now=now, **plan.counts)
    return intake


@transaction.atomic
def discard_raters(*, intake: RaterIntake) -> None:
    """Delete an unconfirmed upload."""
    if intake.state == Intake.State.PREVIEWED:
        _empty(intake, Intake.State.DISCARDED)


def forget_old_rater_intakes(*, now: datetime) -> int:
    """Delete the rows of uploads unconfirmed for a week, in the open organisation. Returns how many uploads."""
    old = RaterIntake.objects.filter(state=Intake.State.PREVIEWED, created_at__lt=now - KEPT_FOR)
    return old.update(state=Intake.State.DISCARDED, rows=[], counts={})


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


def _empty(intake: RaterIntake, state: str) -> None:
    """Delete personal data; keep that the import happened, and its counts."""
    intake.state, intake.rows = state, []
    if state == Intake.State.DISCARDED:
        intake.counts = {}
    intake.save(update_fields=["state", "rows", "counts"])
