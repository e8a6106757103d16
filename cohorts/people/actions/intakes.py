"""Upload, preview and confirm a list of people. Nothing changes before confirmation."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from cohorts.audit import record
from cohorts.imports.uploads import ensure_as_shown, finish, is_confirmed, stored_name
from cohorts.models import Cohort, Enrolment, Intake, Membership, Organisation, Role
from cohorts.nudges.planner import start_clocks
from cohorts.people.actions.members import ROWS_PER_STATEMENT, Newcomer, welcome
from cohorts.people.actions.notices import tell_of_sponsors
from cohorts.people.imports.file import PersonRow, read_people
from cohorts.people.imports.plan import Defaults, Happens, IntakePlan, KnownMember, Outcome, plan_intake

CHANGES_NOTHING = {Happens.UNCHANGED, Happens.MERGED, Happens.SET_ASIDE, Happens.LEFT_OUT}


@dataclass(frozen=True, slots=True)
class ImportContext:
    """Cohort, organisation, actor, date and time of an import."""

    organisation: Organisation
    cohort: Cohort
    by: Membership
    today: date
    now: datetime


@transaction.atomic
def upload_intake(*, cohort: Cohort, data: bytes, file_name: str, by: Membership, now: datetime) -> Intake:
    """Read a list and store its rows for preview, replacing an unconfirmed upload. Raises UnreadableFile."""
    file_name = stored_name(file_name)
    people = read_people(data, file_name)
    cohort.intakes.filter(uploaded_by=by).discard()
    return Intake.objects.create(
        cohort=cohort,
        uploaded_by=by,
        file_name=file_name,
        rows=[asdict(row) for row in people.rows],
        counts={"columns": people.columns, "unused": list(people.unused)},
        created_at=now,
    )


def plan_upload(intake: Intake, *, organisation: Organisation) -> IntakePlan:
    """Plan what this upload would change now."""
    rows = [PersonRow(**row) for row in intake.rows]
    return plan_rows(rows, intake.cohort, organisation=organisation, columns=intake.counts.get("columns"))


def plan_rows(
    rows: list[PersonRow],
    cohort: Cohort,
    *,
    organisation: Organisation,
    columns: dict[str, str] | None = None,
    by_hand: bool = False,
) -> IntakePlan:
    defaults = Defaults(zone=str(cohort.zone), language=organisation.language)
    return plan_intake(rows, _known_members(cohort), columns or {}, defaults, by_hand=by_hand)


@transaction.atomic
def confirm_intake(*, intake: Intake, fingerprint: str, at: ImportContext) -> Intake:
    """Import the planned people in one transaction. Idempotent.

    Raises PlanChanged if people changed since the preview, so that the admin sees the new plan first.
    """
    at = _take_turns(at)
    intake = Intake.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=intake.pk)
    if is_confirmed(intake):
        return intake
    plan = plan_upload(intake, organisation=at.organisation)
    ensure_as_shown(plan.fingerprint, fingerprint)
    let_in(plan, at)
    finish(intake, counts={"rows": len(intake.rows), **plan.counts})
    record(by=at.by, verb="imported people", thing=intake, now=at.now, **plan.counts)
    return intake


@transaction.atomic
def add_person(*, row: PersonRow, at: ImportContext) -> Outcome:
    """Add one person by the rules of a list. If there are problems, nothing changes and the outcome lists them."""
    at = _take_turns(at)
    plan = plan_rows([row], at.cohort, organisation=at.organisation, by_hand=True)
    outcome = plan.outcomes[0]
    if not outcome.problems:
        let_in(plan, at)
        record(by=at.by, verb="added person", thing=at.cohort, now=at.now, happens=str(outcome.happens))
    return outcome


@transaction.atomic
def add_people(*, rows: list[PersonRow], at: ImportContext, is_trial: bool) -> IntakePlan:
    """Add several people by the rules of a list; rows with problems are left out. A trial changes nothing."""
    at = _take_turns(at)
    plan = plan_rows(rows, at.cohort, organisation=at.organisation)
    if not is_trial:
        let_in(plan, at)
        record(by=at.by, verb="added people", thing=at.cohort, now=at.now, **plan.counts)
    return plan


def let_in(plan: IntakePlan, at: ImportContext) -> list[Enrolment]:
    """Carry out a plan in bulk: people, members, enrolments with clocks, sponsors, managers, invitations."""
    acting = [outcome for outcome in plan.outcomes if outcome.happens not in CHANGES_NOTHING]
    members = welcome(_newcomers(plan, acting, at), organisation=at.organisation, now=at.now)
    joining = [outcome for outcome in acting if outcome.happens in {Happens.NEW_LEADER, Happens.JOINS}]
    enrolments = [_enrolment(outcome, members, at) for outcome in joining]
    Enrolment.objects.bulk_create(enrolments, batch_size=ROWS_PER_STATEMENT)
    moving = [outcome for outcome in acting if outcome.happens == Happens.SPONSOR_CHANGES]
    tell_of_sponsors(_move_sponsors(moving, members, at), by=at.by, now=at.now)
    _set_managers(acting, members)
    start_clocks(enrolments, organisation=at.organisation, now=at.now)
    return enrolments


def day1_for(cohort: Cohort, today: date) -> date:
    """The cohort's day 1, or the next working day for leaders who join later."""
    if cohort.day1_on >= today:
        return cohort.day1_on
    week = (today + timedelta(days=number) for number in range(1, 8))
    return next(day for day in week if day.isoweekday() in cohort.working_days)


def _newcomers(plan: IntakePlan, acting: Iterable[Outcome], at: ImportContext) -> Iterator[Newcomer]:
    zone, language = at.cohort.zone, at.organisation.language
    for outcome in acting:
        for email in {outcome.sponsor_email, outcome.manager_email} - {""}:  # first: their own row takes precedence
            yield Newcomer(email, "", language, zone, frozenset({Role.SPONSOR}))
    for sponsor in plan.sponsors:
        yield Newcomer(sponsor.email, sponsor.name, language, zone, frozenset({Role.SPONSOR}))
    for outcome in acting:
        yield Newcomer(outcome.email, outcome.row.name, outcome.language, ZoneInfo(outcome.zone), outcome.roles)


def _enrolment(outcome: Outcome, members: dict[str, Membership], at: ImportContext) -> Enrolment:
    return Enrolment(
        cohort=at.cohort,
        leader=members[outcome.email],
        sponsor=members.get(outcome.sponsor_email),
        day1_on=day1_for(at.cohort, at.today),
        zone=ZoneInfo(outcome.zone),
        nudge_hour=at.cohort.nudge_hour,
        working_days=list(at.cohort.working_days),
    )


def _move_sponsors(
    outcomes: list[Outcome], members: dict[str, Membership], at: ImportContext
) -> list[tuple[Enrolment, int | None]]:
    """Returns who was moved, with the sponsor until now."""
    sponsors = {members[outcome.email].pk: members[outcome.sponsor_email] for outcome in outcomes}
    moved = [(each, each.sponsor_id) for each in at.cohort.enrolments.select_for_update().filter(leader__in=sponsors)]
    for enrolment, _before in moved:
        enrolment.sponsor = sponsors[enrolment.leader_id]
    Enrolment.objects.bulk_update([each for each, _before in moved], ["sponsor"], batch_size=ROWS_PER_STATEMENT)
    return moved


def _set_managers(outcomes: Iterable[Outcome], members: dict[str, Membership]) -> None:
    moved = []
    for outcome in outcomes:
        member, manager = members[outcome.email], members.get(outcome.manager_email)
        if manager is not None and member.manager_id != manager.pk:
            member.manager = manager
            moved.append(member)
    Membership.objects.bulk_update(moved, ["manager"], batch_size=ROWS_PER_STATEMENT)


def _known_members(cohort: Cohort) -> Iterator[KnownMember]:
    here, elsewhere = _enrolled(cohort)
    columns = ("pk", "person__email", "name", "roles", "left_at", "suspended_at", "manager__person__email")
    rows = Membership.objects.order_by().values_list(*columns)
    for key, email, name, roles, left_at, suspended_at, manager_email in rows:
        sponsor_email, left_on = here.get(key, ("", None))
        yield KnownMember(
            email=email.lower(),
            name=name,
            roles=frozenset(roles),
            has_left=left_at is not None,
            is_shut_out=suspended_at is not None,
            is_enrolled=key in here,
            has_left_cohort=left_on is not None,
            sponsor_email=sponsor_email,
            manager_email=(manager_email or "").lower(),
            other_cohort=elsewhere.get(key, ""),
        )


def _enrolled(cohort: Cohort) -> tuple[dict[int, tuple[str, date | None]], dict[int, str]]:
    """By leader: sponsor's address and leaving date in this cohort; the name of another cohort still under way."""
    rows = Enrolment.objects.filter(cohort=cohort).order_by()
    here = {
        leader_id: ((sponsor_email or "").lower(), left_on)
        for leader_id, sponsor_email, left_on in rows.values_list("leader_id", "sponsor__person__email", "left_on")
    }
    elsewhere = Enrolment.objects.walking().exclude(cohort=cohort).order_by()
    return here, dict(elsewhere.values_list("leader_id", "cohort__name"))


def _take_turns(at: ImportContext) -> ImportContext:
    """Serialise imports in an organisation: the second one sees what the first did.

    Also locks the cohort, so that no leader joins a version it is leaving or misses the sending switch.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=at.organisation.pk)
    return replace(at, cohort=Cohort.objects.select_for_update(no_key=True).get(pk=at.cohort.pk))
