"""An uploaded list: read, looked at, confirmed or thrown away. Nobody becomes anything before it is confirmed."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Cohort, Enrolment, Intake, Membership, Organisation, Role
from cohorts.nudges.planner import start_clocks
from cohorts.people.actions.members import BATCH, Newcomer, welcome
from cohorts.people.imports.file import PersonRow, read_people
from cohorts.people.imports.plan import Defaults, Happens, IntakePlan, KnownMember, Outcome, plan_intake
from cohorts.schedule.path import LENGTH
from cohorts.web.refusals import NotNow

KEPT_FOR = timedelta(days=7)
CHANGES_NOTHING = {Happens.UNCHANGED, Happens.MERGED, Happens.LEFT_OUT}


class PlanChanged(NotNow):
    """What would happen is no longer what was looked at."""


@dataclass(frozen=True, slots=True)
class ImportContext:
    """Where people are coming in: which cohort of which organisation, by whose hand, on which day and instant."""

    organisation: Organisation
    cohort: Cohort
    by: Membership
    today: date
    now: datetime


@transaction.atomic
def upload_intake(*, cohort: Cohort, data: bytes, file_name: str, by: Membership, now: datetime) -> Intake:
    """Read a list and keep its rows to look at. Raises UnreadableFile. An earlier upload not confirmed is dropped."""
    people = read_people(data, file_name)
    for earlier in cohort.intakes.filter(state=Intake.State.PREVIEWED, uploaded_by=by):
        _empty(earlier, Intake.State.DISCARDED)
    return Intake.objects.create(
        cohort=cohort,
        uploaded_by=by,
        file_name=file_name[-200:],
        rows=[asdict(row) for row in people.rows],
        counts={"columns": people.columns, "unused": list(people.unused)},
        created_at=now,
    )


def plan_upload(intake: Intake, *, organisation: Organisation, today: date) -> IntakePlan:
    """What this upload would do to the organisation as it is now."""
    rows = [PersonRow(**row) for row in intake.rows]
    return plan_rows(rows, intake.cohort, organisation=organisation, today=today, columns=intake.counts.get("columns"))


def plan_rows(
    rows: list[PersonRow],
    cohort: Cohort,
    *,
    organisation: Organisation,
    today: date,
    columns: dict[str, str] | None = None,
) -> IntakePlan:
    defaults = Defaults(zone=str(cohort.zone), language=organisation.language)
    return plan_intake(rows, _known_members(cohort, today), columns or {}, defaults)


@transaction.atomic
def confirm_intake(*, intake: Intake, fingerprint: str, at: ImportContext) -> Intake:
    """Let in who may come in, all or nobody. Confirming twice is confirming once.

    Raises PlanChanged when somebody else changed people meanwhile: the admin has to see the new list first.
    """
    at = _take_turns(at)
    intake = Intake.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=intake.pk)
    if intake.state == Intake.State.CONFIRMED:
        return intake
    if intake.state == Intake.State.DISCARDED:
        raise NotNow(_("This upload was discarded. Upload the file again."))
    plan = plan_upload(intake, organisation=at.organisation, today=at.today)
    if plan.fingerprint != fingerprint:
        raise PlanChanged(_("Something changed since you looked at this list. Look through it again, then confirm."))
    let_in(plan, at)
    intake.counts = {"rows": len(intake.rows), **plan.counts}
    _empty(intake, Intake.State.CONFIRMED)
    record(by=at.by, verb="imported people", thing=intake, now=at.now, **plan.counts)
    return intake


@transaction.atomic
def discard_intake(*, intake: Intake) -> None:
    """Forget an upload; nothing had happened yet."""
    if intake.state == Intake.State.PREVIEWED:
        _empty(intake, Intake.State.DISCARDED)


@transaction.atomic
def add_person(*, row: PersonRow, at: ImportContext) -> Outcome:
    """One person by hand, by the same rules as a list. With problems, nothing happens and the outcome has them."""
    at = _take_turns(at)
    plan = plan_rows([row], at.cohort, organisation=at.organisation, today=at.today)
    outcome = plan.outcomes[0]
    if not outcome.problems:
        let_in(plan, at)
        record(by=at.by, verb="added person", thing=at.cohort, now=at.now, happens=str(outcome.happens))
    return outcome


def forget_old_intakes(*, now: datetime) -> int:
    """Drop the rows nobody confirmed within a week, in the open organisation. Returns how many uploads."""
    old = Intake.objects.filter(state=Intake.State.PREVIEWED, created_at__lt=now - KEPT_FOR)
    return old.update(state=Intake.State.DISCARDED, rows=[], counts={})


def let_in(plan: IntakePlan, at: ImportContext) -> list[Enrolment]:
    """Carry a plan out: people, members, enrolments with their clocks, sponsors, invitations. In bulk."""
    acting = [outcome for outcome in plan.outcomes if outcome.happens not in CHANGES_NOTHING]
    members = welcome(_newcomers(plan, acting, at), organisation=at.organisation, now=at.now)
    joining = [outcome for outcome in acting if outcome.happens in {Happens.NEW_LEADER, Happens.JOINS}]
    enrolments = [_enrolment(outcome, members, at) for outcome in joining]
    Enrolment.objects.bulk_create(enrolments, batch_size=BATCH)
    _move_sponsors([outcome for outcome in acting if outcome.happens == Happens.SPONSOR_CHANGES], members, at)
    start_clocks(enrolments, organisation=at.organisation, now=at.now)
    return enrolments


def day1_for(cohort: Cohort, today: date) -> date:
    """The cohort's day 1, or the next working day for who comes later: their ninety days are their own."""
    if cohort.day1_on >= today:
        return cohort.day1_on
    week = (today + timedelta(days=number) for number in range(1, 8))
    return next(day for day in week if day.isoweekday() in cohort.working_days)


def _newcomers(plan: IntakePlan, acting: Iterable[Outcome], at: ImportContext) -> Iterator[Newcomer]:
    zone, language = at.cohort.zone, at.organisation.language
    for outcome in acting:
        if outcome.sponsor_email:  # first, so that a row of their own says more about them
            yield Newcomer(outcome.sponsor_email, "", language, zone, frozenset({Role.SPONSOR}))
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


def _move_sponsors(outcomes: list[Outcome], members: dict[str, Membership], at: ImportContext) -> None:
    sponsors = {members[outcome.email].pk: members[outcome.sponsor_email] for outcome in outcomes}
    moved = list(at.cohort.enrolments.filter(leader__in=sponsors))
    for enrolment in moved:
        enrolment.sponsor = sponsors[enrolment.leader_id]
    Enrolment.objects.bulk_update(moved, ["sponsor"], batch_size=BATCH)


def _known_members(cohort: Cohort, today: date) -> Iterator[KnownMember]:
    here, elsewhere = _enrolled(cohort, today)
    members = Membership.objects.order_by().values_list("pk", "person__email", "name", "roles", "left_at")
    for key, email, name, roles, left_at in members:
        sponsor_email, left_on = here.get(key, ("", None))
        yield KnownMember(
            email=email.lower(),
            name=name,
            roles=frozenset(roles),
            has_left=left_at is not None,
            is_enrolled=key in here,
            has_left_cohort=left_on is not None,
            sponsor_email=sponsor_email,
            other_cohort=elsewhere.get(key, ""),
        )


def _enrolled(cohort: Cohort, today: date) -> tuple[dict[int, tuple[str, date | None]], dict[int, str]]:
    """By leader: sponsor's address and leaving date in this cohort; the name of another cohort still under way."""
    here: dict[int, tuple[str, date | None]] = {}
    elsewhere: dict[int, str] = {}
    rows = Enrolment.objects.order_by().values_list(
        "leader_id", "cohort_id", "cohort__name", "sponsor__person__email", "left_on", "day1_on"
    )
    for leader_id, cohort_id, name, sponsor_email, left_on, day1_on in rows:
        if cohort_id == cohort.pk:
            here[leader_id] = ((sponsor_email or "").lower(), left_on)
        elif left_on is None and today - day1_on < timedelta(days=LENGTH):
            elsewhere[leader_id] = name
    return here, elsewhere


def _take_turns(at: ImportContext) -> ImportContext:
    """One list at a time in an organisation: the second sees what the first did.

    The cohort, as it is now, stays so until everybody is in: nobody joins the version it left, or misses a switch.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=at.organisation.pk)
    return replace(at, cohort=Cohort.objects.select_for_update(no_key=True).get(pk=at.cohort.pk))


def _empty(intake: Intake, state: str) -> None:
    """Personal data goes; what remains is that it happened, and how many."""
    intake.state, intake.rows = state, []
    if state == Intake.State.DISCARDED:
        intake.counts = {}
    intake.save(update_fields=["state", "rows", "counts"])
