"""Upload, preview and confirm a list of people. Nothing changes before confirmation."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.imports.chosen import AS_GUESSED, Chosen
from cohorts.imports.collector import collector_waits
from cohorts.imports.rereading import about_of, read_again, read_first, set_reading, shape_of
from cohorts.imports.uploads import PlanChanged, ensure_as_shown, ensure_waiting, finish, is_confirmed, stored_name
from cohorts.models import Clock, Cohort, Enrolment, Intake, Membership, Organisation, Role
from cohorts.nudges.planner import start_clocks
from cohorts.people.actions.members import Newcomer, Persons, ensure_people, welcome_persons
from cohorts.people.actions.notices import tell_of_sponsors
from cohorts.people.actions.parts import in_batches, row_count, store_file, stored_file, storing_rows
from cohorts.people.actions.plans import NewPlan, StoredPlan, plan_again, plan_rows, plan_upload
from cohorts.people.actions.progress import Progress, say_nothing
from cohorts.people.actions.undoing import take_back
from cohorts.people.imports.file import PEOPLE, OpenPeople, PersonRow, open_people
from cohorts.people.imports.plan import IN, OUT, SAME, Happens, IntakePlan, Outcome
from cohorts.people.imports.values import MAX_EMAIL_CHARACTERS
from cohorts.tenancy.sets import OneOf, insert_columns, update_column
from cohorts.tenancy.statistics import refresh_statistics
from cohorts.web.bounds import ensure_choice, ensure_text
from cohorts.web.permissions import Permission, may
from cohorts.web.refusals import NotNow, NotYours

Plan = IntakePlan | StoredPlan
ROWS_A_BATCH = 2_000  # between two reports of progress
PLANNED_AT_ONCE_ROWS = 5_000  # planning takes some tenths of a second; of the longest list ten seconds
MAX_MANAGER_LEVELS = 12  # by which members are added; who is further down gets their manager afterwards
JOINING = {Happens.NEW_LEADER, Happens.JOINS}
A_SPONSOR = frozenset({Role.SPONSOR})
CHANGES_NOTHING = {Happens.UNCHANGED, Happens.MERGED, Happens.SET_ASIDE, Happens.LEFT_OUT}


class NoMoreAdmin(NotYours):
    """The person who confirmed the list may no longer import."""


class Arrival(NamedTuple):
    """Somebody who joins the cohort: their address, that of their sponsor or nothing, and their time zone."""

    email: str
    sponsor_email: str
    zone: str


class Everybody(NamedTuple):
    """Everybody whom a plan names or changes, by address. One walk finds them: a long plan is read part by part.

    `above` has the address of the manager by that of who reports to them; `arriving` are those who join the cohort.
    """

    newcomers: dict[str, Newcomer]
    above: dict[str, str]
    arriving: list[Arrival]


class Standing(NamedTuple):
    """A member before or after an import, as far as one changes members."""

    roles: tuple[str, ...]
    manager: int | None


@dataclass(frozen=True, slots=True)
class ImportContext:
    """Cohort, organisation, actor, date and time of an import."""

    organisation: Organisation
    cohort: Cohort
    by: Membership
    today: date
    now: datetime


@collector_waits()
@transaction.atomic
def upload_intake(*, cohort: Cohort, file: BinaryIO, file_name: str, by: Membership, now: datetime) -> Intake:
    """Read a list and store its rows for preview, replacing an unconfirmed upload. Raises UnreadableFile.

    A file of a shape that this organisation imported before is read as it was then.
    """
    name = stored_name(file_name)
    people, is_remembered = read_first(lambda how: open_people(file, name, how), Intake.objects.all(), PEOPLE)
    intake = Intake(cohort=cohort, uploaded_by=by, file_name=name, shape=shape_of(people.about), created_at=now)
    intake.save()
    store_file(intake, file)
    _store_people(intake, people, is_remembered=is_remembered)
    cohort.intakes.filter(uploaded_by=by).exclude(pk=intake.pk).discard()  # last: it locks them
    return intake


@collector_waits()
@transaction.atomic
def choose_columns(*, intake: Intake, chosen: Chosen) -> Intake:
    """Read the file again with other columns. Raises Invalid and UnreadableFile as `read_again` does."""
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    name = intake.file_name
    with stored_file(intake) as file:
        people = read_again(lambda how: open_people(file, name, how), intake, chosen, PEOPLE)
    _store_people(intake, people, chosen)
    return intake


@transaction.atomic
def decide(*, intake: Intake, about: str, choice: str) -> Intake:
    """What becomes of one row, by its number, or of a new sponsor, by the address.

    A long list is not planned for each of them: they are pending until `apply_decisions`.
    """
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    ensure_waiting(intake)
    ensure_choice("choice", choice, (IN, OUT, SAME))
    ensure_text("about", about, most=MAX_EMAIL_CHARACTERS)
    rows, pending = row_count(intake), {**intake.choices.get("pending", {}), about: choice}
    if len(pending | intake.choices.get("decided", {})) > rows * 2:
        raise NotNow(_("This list has no row like that."))
    intake.choices = {**intake.choices, "pending": pending}
    if rows > PLANNED_AT_ONCE_ROWS:
        intake.save(update_fields=["choices"])
    else:
        _apply(intake)
    return intake


@collector_waits()
@transaction.atomic
def apply_decisions(*, intake: Intake) -> bool:
    """Plan a long list with what was decided since it was planned; for people to see before they confirm.

    Returns whether there was anything to apply.
    """
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    ensure_waiting(intake)
    is_any = bool(intake.choices.get("pending"))
    if is_any:
        _apply(intake)
    return is_any


def _apply(intake: Intake) -> None:
    choices = dict(intake.choices)
    pending = choices.pop("pending")
    intake.choices = {**choices, "decided": {**choices.get("decided", {}), **pending}}
    intake.save(update_fields=["choices"])
    plan_again(intake, organisation=intake.cohort.organisation)


@transaction.atomic
def undo_import(*, intake: Intake, by: Membership, now: datetime, today: date) -> Intake:
    """Take a whole import back: its leaders leave the cohort, its new members the organisation. Idempotent.

    Only as long as nobody in it has started; afterwards people are removed one by one.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=intake.organisation_id)
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if intake.stands and not intake.is_running:
        _undo(intake, by=by, now=now, today=today)
    return intake


@transaction.atomic
def undo_held(
    *, intake: Intake, by: Membership, now: datetime, today: date, say: Progress, settle: Callable[[], None]
) -> None:
    """Undo an import that a worker holds, as `undo_import` does. `say` and `settle` are as in `import_planned`."""
    Organisation.objects.select_for_update(no_key=True).get(pk=intake.organisation_id)
    _undo(intake, by=by, now=now, today=today, say=say, settle=settle)


def _undo(
    intake: Intake,
    *,
    by: Membership,
    now: datetime,
    today: date,
    say: Progress = say_nothing,
    settle: Callable[[], None] = lambda: None,
) -> None:
    take_back(intake.made, today=today, now=now, say=say)
    settle()
    intake.undone_at, intake.made, intake.is_running = now, {}, False
    intake.save(update_fields=["undone_at", "made", "is_running"])
    record(by=by, verb="took imported people back", thing=intake, now=now)


def _store_people(intake: Intake, people: OpenPeople, chosen: Chosen = AS_GUESSED, **more: Any) -> None:
    """Store the rows of a file, and plan them if it has a column of addresses, while the rest of it is read."""
    rows = storing_rows(intake, people.rows)
    plan = NewPlan(intake, intake.cohort.organisation, people.columns) if "email" in people.columns else None
    if plan:
        plan.read(rows)
    else:
        for _row in rows:
            pass  # taking it stores it
    set_reading(intake, people, chosen, **more)  # whole only now that the rows were taken
    intake.plan = {}
    intake.save(update_fields=["counts", "choices", "shape", "plan"])
    if plan:
        plan.store()


@collector_waits()
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


@collector_waits()
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
    if intake.choices.get("pending"):
        raise PlanChanged(_("You decided about rows since this list was planned. Look through it again, then confirm."))
    plan = plan_upload(intake, organisation=at.organisation, in_any_language=True)
    ensure_as_shown(plan.fingerprint, fingerprint)
    intake.made = made_by(plan, at, say)
    settle()
    intake.is_running = False
    intake.confirmed_at, columns = at.now, intake.choices.get("columns", {})
    others = about_of(intake).others
    finish(intake, counts={"rows": len(plan.outcomes), **plan.counts})
    intake.choices = {"columns": columns, "others": others}  # by number, for the next file of this shape; other sheets
    intake.save(update_fields=["choices"])
    intake.empty()
    record(by=at.by, verb="imported people", thing=intake, now=at.now, **plan.counts)


def ensure_may_import(by: Membership) -> None:
    """As the database knows them now. Raises NoMoreAdmin."""
    member = Membership.objects.select_related("person").get(pk=by.pk)
    if not member.is_active or not may(member, Permission.RUN_COHORTS):
        raise NoMoreAdmin(_("You are no longer allowed to import people. Nobody was added."))


@transaction.atomic
def add_person(*, row: PersonRow, at: ImportContext) -> Outcome:
    """Add one person by the rules of a list. If there are problems, nothing changes and the outcome lists them."""
    at = _take_turns(at)
    plan = plan_rows([row], at.cohort, organisation=at.organisation, is_strict=True)
    outcome = plan.outcomes[0]
    if not outcome.problems:
        let_in(plan, _everybody_in(plan, at), at)
        record(by=at.by, verb="added person", thing=at.cohort, now=at.now, happens=str(outcome.happens))
    return outcome


@transaction.atomic
def add_people(*, rows: list[PersonRow], at: ImportContext, is_trial: bool) -> IntakePlan:
    """Add several people by the rules of a list; rows with problems are left out. A trial changes nothing."""
    at = _take_turns(at)
    plan = plan_rows(rows, at.cohort, organisation=at.organisation, is_strict=True)
    if not is_trial:
        let_in(plan, _everybody_in(plan, at), at)
        record(by=at.by, verb="added people", thing=at.cohort, now=at.now, **plan.counts)
    return plan


def let_in(
    plan: Plan, everybody: Everybody, at: ImportContext, say: Progress = say_nothing
) -> tuple[list[int], list[int]]:
    """Carry out a plan in batches: people, members, enrolments with clocks, sponsors, managers, invitations.

    Returns the keys of everybody it made, or found to be, a member, and of the new enrolments.
    """
    members, total = _make_members(everybody, at, say)
    enrolments: list[int] = []
    clocks = Clock.objects.count() if everybody.arriving else 0
    for arriving in in_batches(everybody.arriving, ROWS_A_BATCH):
        enrolments += _enrol(arriving, members, at, clocks + len(enrolments))
        say(len(members) + len(enrolments), **total)
    moving = (each for each in _acting(plan) if each.happens == Happens.SPONSOR_CHANGES)
    for outcomes in in_batches(moving, ROWS_A_BATCH) if plan.counts.get(Happens.SPONSOR_CHANGES) else ():
        tell_of_sponsors(_move_sponsors(outcomes, members, at), by=at.by, now=at.now)
    refresh_statistics([Membership, Enrolment], added=len(members))
    return list(members.values()), enrolments


def _make_members(everybody: Everybody, at: ImportContext, say: Progress) -> tuple[dict[str, int], dict[str, int]]:
    """Returns the keys of everybody by address, and the totals that `say` is told.

    Takes those who are added together with their manager out of `everybody.above`.
    """
    # By address, so that two organisations with the same people in their lists cannot wait for each other.
    newcomers = sorted(everybody.newcomers.values(), key=attrgetter("email"))
    total = {"people": len(newcomers), "total": len(newcomers) + len(everybody.arriving)}
    say(0, **total)
    persons = Persons({}, set())
    for arriving in in_batches(newcomers, ROWS_A_BATCH):
        some = ensure_people(arriving)
        persons.keys.update(some.keys)
        persons.made.update(some.made)
    above = everybody.above
    levels = levels_of(above)
    newcomers.sort(key=lambda each: levels.get(each.email, 0))
    members: dict[str, int] = {}
    for _level, alike in groupby(newcomers, key=lambda each: levels.get(each.email, 0)):
        for arriving in in_batches(alike, ROWS_A_BATCH):
            known = {each.email: above.get(each.email) for each in arriving}
            managers = {email: members[manager] for email, manager in known.items() if manager in members}
            welcomed = welcome_persons(arriving, persons, organisation=at.organisation, now=at.now, managers=managers)
            members |= welcomed.members
            for email in welcomed.new & managers.keys():
                del above[email]
            say(len(members), **total)
    _set_managers(above, members)
    return members, total


def levels_of(above: Mapping[str, str]) -> dict[str, int]:
    """How many managers are above each address that has one: 1 to MAX_MANAGER_LEVELS. `above` are managers by address.

    Added level by level, members are written together with their manager; those in a loop or further down are not.
    """
    levels: dict[str, int] = {}
    for email in above:
        path = [email]
        while len(path) <= MAX_MANAGER_LEVELS and (manager := above.get(path[-1])) and path[-1] not in levels:
            path.append(manager)
        for who in reversed(path):
            if who in above and who not in levels:
                levels[who] = min(MAX_MANAGER_LEVELS, levels.get(above[who], 0) + 1)
    return levels


def made_by(plan: Plan, at: ImportContext, say: Progress = say_nothing) -> dict[str, Any]:
    """Carry a plan out. Returns what it made, in keys, what it gave, and what it moved from where to where."""
    everybody = _everybody_in(plan, at)
    named = _standing(_members_at(everybody.newcomers))
    sponsors = dict(at.cohort.enrolments.order_by().values_list("pk", "sponsor"))
    members, enrolments = let_in(plan, everybody, at, say)
    now = _standing(Membership.objects.here().filter(pk__one_of=some) for some in in_batches(named, ROWS_A_BATCH))
    kept = {key: was for key, was in named.items() if key in now}
    still = at.cohort.enrolments.filter(pk__one_of=sponsors).order_by()
    sponsors_now = dict(still.values_list("pk", "sponsor")) if sponsors else {}
    return {
        "enrolments": enrolments,
        "members": [key for key in members if key not in kept],
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


def _members_at(addresses: Iterable[str]) -> Iterator[QuerySet[Any]]:
    """Members with these addresses, in batches."""
    for some in in_batches(addresses, ROWS_A_BATCH):
        yield Membership.objects.here().filter(OneOf(Lower("person__email"), some))


def _standing(batches: Iterable[QuerySet[Any]]) -> dict[int, Standing]:
    """By key of the member. Equal roles are one tuple, which a long list needs."""
    found: dict[int, Standing] = {}
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for members in batches:
        for key, roles, manager in members.order_by().values_list("pk", "roles", "manager"):
            found[key] = Standing(known.setdefault(tuple(roles), tuple(roles)), manager)
    return found


def day1_for(cohort: Cohort, today: date) -> date:
    """The cohort's day 1, or the next working day for leaders who join later."""
    if cohort.day1_on >= today:
        return cohort.day1_on
    week = (today + timedelta(days=number) for number in range(1, 8))
    return next(day for day in week if day.isoweekday() in cohort.working_days)


def _acting(plan: Plan) -> Iterator[Outcome]:
    """The rows that change something."""
    return (outcome for outcome in plan.outcomes if outcome.happens not in CHANGES_NOTHING)


def _everybody_in(plan: Plan, at: ImportContext) -> Everybody:
    """Everybody in a plan, each once: their own row takes precedence."""
    zone, language = at.cohort.zone, at.organisation.language
    found: dict[str, Newcomer] = {}
    above: dict[str, str] = {}
    arriving: list[Arrival] = []
    for outcome in _acting(plan):
        for email in filter(None, (outcome.sponsor_email, outcome.manager_email)):
            if email not in found:
                found[email] = Newcomer(email, "", language, zone, A_SPONSOR)
        own = Newcomer(outcome.email, outcome.row.name, outcome.language, ZoneInfo(outcome.zone), outcome.roles)
        found[outcome.email] = own
        if outcome.manager_email:
            above[own.email] = found[outcome.manager_email].email  # one text for both
        if outcome.happens in JOINING:
            followed_by = found[outcome.sponsor_email].email if outcome.sponsor_email else ""
            arriving.append(Arrival(own.email, followed_by, own.zone.key))
    for sponsor in plan.sponsors:
        found[sponsor.email] = Newcomer(sponsor.email, sponsor.name, language, zone, A_SPONSOR)
    return Everybody(found, above, arriving)


def _enrol(arriving: Sequence[Arrival], members: Mapping[str, int], at: ImportContext, clocks: int) -> list[int]:
    """Returns the keys of the enrolments. `clocks` is how many the organisation has already."""
    schedule: dict[str, Any] = {
        "cohort": at.cohort,
        "day1_on": day1_for(at.cohort, at.today),
        "nudge_hour": at.cohort.nudge_hour,
        "working_days": list(at.cohort.working_days),
    }
    columns: dict[str, Sequence[Any]] = {
        "leader": [members[each.email] for each in arriving],
        "sponsor": [members.get(each.sponsor_email) for each in arriving],
        "zone": [each.zone for each in arriving],
    }
    keys = insert_columns(Enrolment, columns, **schedule)
    alike = {zone: Enrolment(zone=ZoneInfo(zone), **schedule) for zone in set(columns["zone"])}
    starting = {key: alike[each.zone] for key, each in zip(keys, arriving, strict=True)}
    start_clocks(starting, organisation=at.organisation, now=at.now, before=clocks)
    return keys


def _move_sponsors(
    outcomes: list[Outcome], members: Mapping[str, int], at: ImportContext
) -> list[tuple[Enrolment, int | None]]:
    """Returns who was moved, with the sponsor until now."""
    sponsors = {members[outcome.email]: members[outcome.sponsor_email] for outcome in outcomes}
    moved = [(each, each.sponsor_id) for each in at.cohort.enrolments.select_for_update().filter(leader__in=sponsors)]
    for enrolment, _before in moved:
        enrolment.sponsor_id = sponsors[enrolment.leader_id]
    update_column(Enrolment, "sponsor", {each.pk: each.sponsor_id for each, _before in moved})
    return moved


def _set_managers(above: Mapping[str, str], members: Mapping[str, int]) -> None:
    """Of those who were not added with their manager."""
    update_column(Membership, "manager", {members[email]: members[manager] for email, manager in above.items()})


def _take_turns(at: ImportContext) -> ImportContext:
    """Serialise imports in an organisation: the second one sees what the first did.

    Also locks the cohort, so that no leader joins a version it is leaving or misses the sending switch. Raises
    NoMoreAdmin if the actor has lost the right to import while they waited.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=at.organisation.pk)
    ensure_may_import(at.by)
    return replace(at, cohort=Cohort.objects.select_for_update(no_key=True).get(pk=at.cohort.pk))
