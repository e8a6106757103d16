"""Upload, preview and confirm a list of people. Nothing changes before confirmation."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from operator import attrgetter
from typing import Any, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.imports.chosen import Chosen
from cohorts.imports.encodings import OFFERED
from cohorts.imports.headers import header_words
from cohorts.imports.uploads import ensure_as_shown, ensure_waiting, finish, is_confirmed, stored_name
from cohorts.models import Cohort, Enrolment, Intake, Membership, Organisation, Role
from cohorts.nudges.planner import start_clocks
from cohorts.people.actions.members import Newcomer, welcome
from cohorts.people.actions.notices import tell_of_sponsors
from cohorts.people.actions.undoing import take_back
from cohorts.people.imports.columns import AboutUpload, ensure_columns
from cohorts.people.imports.file import PeopleFile, PersonRow, read_people
from cohorts.people.imports.plan import IN, OUT, SAME, Defaults, Happens, IntakePlan, KnownMember, Outcome, plan_intake
from cohorts.people.imports.values import MAX_EMAIL_CHARACTERS
from cohorts.tenancy.sets import insert_rows, update_column
from cohorts.web.bounds import ensure_choice, ensure_text
from cohorts.web.refusals import NotNow

Thing = TypeVar("Thing")
ROWS_A_BATCH = 500  # between two reports of progress
CHANGES_NOTHING = {Happens.UNCHANGED, Happens.MERGED, Happens.SET_ASIDE, Happens.LEFT_OUT}


class Progress(Protocol):
    """Called with the number done: first the `people` made members, then those enrolled; `total` is both together."""

    def __call__(self, done: int, /, *, people: int, total: int) -> None: ...


def say_nothing(_done: int, *, people: int, total: int) -> None:
    """For an import whose progress nobody watches."""


class Standing(NamedTuple):
    """A member before or after an import, as far as one changes members."""

    roles: list[str]
    manager: int | None
    has_left: bool


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
    """Read a list and store its rows for preview, replacing an unconfirmed upload. Raises UnreadableFile.

    A file of a shape that this organisation imported before is read as it was then.
    """
    file_name = stored_name(file_name)
    people = read_people(data, file_name)
    shape = shape_of(people)
    remembered = _remembered(shape)
    if remembered:
        people = read_people(data, file_name, Chosen(columns=remembered))
    cohort.intakes.filter(uploaded_by=by).discard()
    intake = Intake(cohort=cohort, uploaded_by=by, file_name=file_name, source=data, shape=shape, created_at=now)
    intake.choices = {"is_remembered": bool(remembered)}
    _keep(intake, people)
    intake.save()
    return intake


@transaction.atomic
def choose_columns(*, intake: Intake, chosen: Chosen) -> Intake:
    """Read the file again with other columns, another sheet, other letters, or its hidden rows.

    Another sheet has columns of its own: what was chosen for those of the first counts no more.
    Raises Invalid if a column is missing that a list of people cannot do without.
    """
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    ensure_waiting(intake)
    about = about_of(intake)
    ensure_columns(chosen.columns, about)
    ensure_choice("encoding", chosen.encoding, ("", *OFFERED))
    if chosen.sheet is not None:
        ensure_choice("sheet", chosen.sheet, range(len(about.sheets)))
    is_other = chosen.sheet is not None and chosen.sheet != about.sheet_read
    people = read_people(bytes(intake.source), intake.file_name, replace(chosen, columns={}) if is_other else chosen)
    if is_other:
        intake.shape = shape_of(people)
    intake.choices = {"sheet": chosen.sheet, "encoding": chosen.encoding, "hidden": chosen.hidden}
    _keep(intake, people)
    intake.save(update_fields=["rows", "counts", "choices", "shape"])
    return intake


@transaction.atomic
def decide(*, intake: Intake, about: str, choice: str) -> Intake:
    """What becomes of one row, by its number, or of a new sponsor, by the address."""
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    ensure_waiting(intake)
    ensure_choice("choice", choice, (IN, OUT, SAME))
    ensure_text("about", about, most=MAX_EMAIL_CHARACTERS)
    decided = {**intake.choices.get("decided", {}), about: choice}
    if len(decided) > len(intake.rows) * 2:
        raise NotNow(_("This list has no row like that."))
    intake.choices = {**intake.choices, "decided": decided}
    intake.save(update_fields=["choices"])
    return intake


@transaction.atomic
def undo_import(*, intake: Intake, by: Membership, now: datetime, today: date) -> Intake:
    """Take a whole import back: its leaders leave the cohort, its new members the organisation. Idempotent.

    Only as long as nobody in it has started; afterwards people are removed one by one.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=intake.organisation_id)
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if intake.state != Intake.State.CONFIRMED or intake.undone_at is not None:
        return intake
    take_back(intake.made, today=today, now=now)
    intake.undone_at, intake.made = now, {}
    intake.save(update_fields=["undone_at", "made"])
    record(by=by, verb="took imported people back", thing=intake, now=now)
    return intake


def shape_of(people: PeopleFile) -> str:
    """Equal for files with the same headers in the same order; empty for a file without headers."""
    headers = [" ".join(header_words(column.header)) for column in people.about.columns]
    return sha256(json.dumps(headers).encode()).hexdigest() if any(headers) else ""


def about_of(intake: Intake) -> AboutUpload:
    return AboutUpload(**intake.counts.get("about", {}))


def _remembered(shape: str) -> dict[str, str]:
    """The columns that were imported from the latest file of this shape."""
    if not shape:
        return {}
    same = Intake.objects.filter(shape=shape, state=Intake.State.CONFIRMED).order_by("-confirmed_at")
    found: dict[str, dict[str, str]] = same.values_list("choices", flat=True).first() or {}
    return found.get("columns", {})


def _keep(intake: Intake, people: PeopleFile) -> None:
    about = people.about
    intake.rows = [asdict(row) for row in people.rows]
    columns = {str(column.number): column.field for column in about.columns if column.field}
    intake.choices = {**intake.choices, "columns": columns}
    intake.counts = {
        "columns": people.columns,
        "unused": list(people.unused),
        "about": {
            "sheets": [[sheet.name, sheet.is_visible, sheet.has_people, sheet.is_read] for sheet in about.sheets],
            "columns": [[each.number, each.field, each.header, list(each.samples)] for each in about.columns],
            "encoding": about.encoding,
            "other_encoding": about.other_encoding,
            "passed": about.passed,
        },
    }


def plan_upload(intake: Intake, *, organisation: Organisation) -> IntakePlan:
    """Plan what this upload would change now."""
    rows = [PersonRow(**row) for row in intake.rows]
    decided = intake.choices.get("decided", {})
    columns = intake.counts.get("columns")
    return plan_rows(rows, intake.cohort, organisation=organisation, columns=columns, decided=decided)


def plan_rows(
    rows: list[PersonRow],
    cohort: Cohort,
    *,
    organisation: Organisation,
    columns: dict[str, str] | None = None,
    decided: dict[str, str] | None = None,
    is_strict: bool = False,
) -> IntakePlan:
    defaults = Defaults(zone=str(cohort.zone), language=organisation.language)
    members = _known_members(cohort)
    return plan_intake(rows, members, columns or {}, defaults, decided=decided or {}, is_strict=is_strict)


@transaction.atomic
def confirm_intake(*, intake: Intake, fingerprint: str, at: ImportContext) -> Intake:
    """Import the planned people in one transaction. Idempotent.

    Raises PlanChanged if people changed since the preview, so that the admin sees the new plan first.
    """
    at = _take_turns(at)
    intake = Intake.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=intake.pk)
    if is_confirmed(intake):
        return intake
    _carry_out(intake, fingerprint, at)
    return intake


@transaction.atomic
def import_planned(
    *, intake: Intake, fingerprint: str, at: ImportContext, say: Progress, settle: Callable[[], None]
) -> None:
    """Import a list that a worker holds, as `confirm_intake` does.

    `say` is called with the progress. `settle` is called when all people are written, and may raise to undo all of it.
    """
    _carry_out(intake, fingerprint, _take_turns(at), say, settle)


def _carry_out(
    intake: Intake,
    fingerprint: str,
    at: ImportContext,
    say: Progress = say_nothing,
    settle: Callable[[], None] = lambda: None,
) -> None:
    plan = plan_upload(intake, organisation=at.organisation)
    ensure_as_shown(plan.fingerprint, fingerprint)
    intake.made = made_by(plan, at, say)
    settle()
    intake.is_running = False
    intake.confirmed_at, columns = at.now, intake.choices.get("columns", {})
    others = about_of(intake).others
    finish(intake, counts={"rows": len(intake.rows), **plan.counts})
    intake.choices = {"columns": columns, "others": others}  # by number, for the next file of this shape; other sheets
    intake.save(update_fields=["choices"])
    record(by=at.by, verb="imported people", thing=intake, now=at.now, **plan.counts)


@transaction.atomic
def add_person(*, row: PersonRow, at: ImportContext) -> Outcome:
    """Add one person by the rules of a list. If there are problems, nothing changes and the outcome lists them."""
    at = _take_turns(at)
    plan = plan_rows([row], at.cohort, organisation=at.organisation, is_strict=True)
    outcome = plan.outcomes[0]
    if not outcome.problems:
        let_in(plan, at)
        record(by=at.by, verb="added person", thing=at.cohort, now=at.now, happens=str(outcome.happens))
    return outcome


@transaction.atomic
def add_people(*, rows: list[PersonRow], at: ImportContext, is_trial: bool) -> IntakePlan:
    """Add several people by the rules of a list; rows with problems are left out. A trial changes nothing."""
    at = _take_turns(at)
    plan = plan_rows(rows, at.cohort, organisation=at.organisation, is_strict=True)
    if not is_trial:
        let_in(plan, at)
        record(by=at.by, verb="added people", thing=at.cohort, now=at.now, **plan.counts)
    return plan


def let_in(plan: IntakePlan, at: ImportContext, say: Progress = say_nothing) -> list[Enrolment]:
    """Carry out a plan in batches: people, members, enrolments with clocks, sponsors, managers, invitations."""
    acting = [outcome for outcome in plan.outcomes if outcome.happens not in CHANGES_NOTHING]
    joining = [outcome for outcome in acting if outcome.happens in {Happens.NEW_LEADER, Happens.JOINS}]
    # By address, so that two organisations with the same people in their lists cannot wait for each other.
    newcomers = sorted({each.email: each for each in _newcomers(plan, acting, at)}.values(), key=attrgetter("email"))
    total = {"people": len(newcomers), "total": len(newcomers) + len(joining)}
    members: dict[str, Membership] = {}
    say(0, **total)
    for arriving in _batches(newcomers):
        members |= welcome(arriving, organisation=at.organisation, now=at.now)
        say(len(members), **total)
    enrolments: list[Enrolment] = []
    for outcomes in _batches(joining):
        starting = [_enrolment(outcome, members, at) for outcome in outcomes]
        insert_rows(starting)
        start_clocks(starting, organisation=at.organisation, now=at.now)
        enrolments += starting
        say(len(members) + len(enrolments), **total)
    moving = [outcome for outcome in acting if outcome.happens == Happens.SPONSOR_CHANGES]
    tell_of_sponsors(_move_sponsors(moving, members, at), by=at.by, now=at.now)
    _set_managers(acting, members)
    return enrolments


def _batches(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    return (things[first : first + ROWS_A_BATCH] for first in range(0, len(things), ROWS_A_BATCH))


def made_by(plan: IntakePlan, at: ImportContext, say: Progress = say_nothing) -> dict[str, Any]:
    """Carry a plan out. Returns what it made, in keys, what it gave, and what it moved from where to where."""
    before, sponsors = _standing(plan), _sponsors_in(at.cohort)
    enrolments = let_in(plan, at, say)
    now, sponsors_now = _standing(plan), _sponsors_in(at.cohort)
    kept = {key: was for key, was in before.items() if key in now and not was.has_left}
    return {
        "enrolments": [enrolment.pk for enrolment in enrolments],
        "members": [key for key in now if key not in kept],
        "given": [
            [key, sorted({*now[key].roles} - {*was.roles})] for key, was in kept.items() if now[key].roles != was.roles
        ],
        "managers": [
            [key, was.manager, now[key].manager] for key, was in kept.items() if now[key].manager != was.manager
        ],
        "sponsors": [
            [key, was, sponsors_now.get(key)] for key, was in sponsors.items() if sponsors_now.get(key) != was
        ],
    }


def _standing(plan: IntakePlan) -> dict[int, Standing]:
    """Everybody whom the plan names and who is, or was, a member."""
    named = {address for each in plan.outcomes for address in (each.email, each.sponsor_email, each.manager_email)}
    named |= {each.email for each in plan.sponsors}
    members = Membership.objects.alias(address=Lower("person__email")).filter(address__in=named - {""}).order_by()
    rows = members.values_list("pk", "roles", "manager", "left_at")
    return {key: Standing(roles, manager, left_at is not None) for key, roles, manager, left_at in rows}


def _sponsors_in(cohort: Cohort) -> dict[int, int | None]:
    """By enrolment."""
    return dict(cohort.enrolments.order_by().values_list("pk", "sponsor"))


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
    update_column(Enrolment, "sponsor", {each.pk: each.sponsor_id for each, _before in moved})
    return moved


def _set_managers(outcomes: Iterable[Outcome], members: dict[str, Membership]) -> None:
    moved = {}
    for outcome in outcomes:
        member, manager = members[outcome.email], members.get(outcome.manager_email)
        if manager is not None and member.manager_id != manager.pk:
            member.manager = manager
            moved[member.pk] = manager.pk
    update_column(Membership, "manager", moved)


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
