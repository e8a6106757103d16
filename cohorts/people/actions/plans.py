"""Plan a list of people against the members there are, and keep the plan with the upload."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from itertools import islice
from types import MappingProxyType
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from cohorts.imports.collector import collector_waits
from cohorts.imports.uploads import ensure_waiting
from cohorts.models import Cohort, Enrolment, Intake, Membership, Organisation
from cohorts.people.actions.parts import PartSize, StoredSequence, in_batches, part_sizes, read_part, rows_of
from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.plan import (
    Defaults,
    Fingerprint,
    IntakePlan,
    KnownMember,
    NewSponsor,
    Outcome,
    Planner,
    plan_intake,
)
from cohorts.people.imports.planning_code import planning_code
from cohorts.people.imports.stored_plan import read_outcomes, read_sponsors, stored_outcomes
from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.language import page_language

MembersDigest = tuple[Any, ...]
ROWS_A_READ = 5_000
NOT_PLANNED_YET = ("draft", "pending")
CACHED_PARTS = 3  # the first ones, whose outcomes stay in memory once they are read
# Everything that `_known_members` reads, as three numbers. Without joins: right after an import PostgreSQL has no
# statistics of its rows, and joins them in ways that take minutes.
KNOWN = """
SELECT count(*), sum(hashtextextended(said, 0)::numeric)::text, sum(hashtextextended(said, 1)::numeric)::text FROM (
    SELECT ROW('member', id, person_id, name, roles, manager_id, left_at IS NULL, suspended_at IS NULL)::text AS said
    FROM cohorts_membership WHERE organisation_id = %(organisation)s
    UNION ALL
    SELECT ROW('person', id, lower(email))::text FROM cohorts_person
    WHERE id IN (SELECT person_id FROM cohorts_membership WHERE organisation_id = %(organisation)s)
    UNION ALL
    SELECT ROW('enrolment', id, leader_id, sponsor_id, left_on, cohort_id)::text
    FROM cohorts_enrolment WHERE organisation_id = %(organisation)s
    UNION ALL
    SELECT ROW('cohort', id, name)::text FROM cohorts_cohort WHERE organisation_id = %(organisation)s
    UNION ALL
    SELECT ROW('clock', enrolment_id, is_finished)::text FROM cohorts_clock WHERE organisation_id = %(organisation)s
) AS known
"""


class StoredPlan:
    """What an upload would do, as it is stored: like `IntakePlan`, but a part is read when it is asked for."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.fingerprint: str = intake.plan["fingerprint"]
        self.counts: dict[str, int] = intake.plan["counts"]
        self.cached: dict[int, list[Outcome]] = {}
        numbers = intake.parts.values_list("number", "row_count", "problem_count", "sponsor_count")
        sizes = [tuple(map(PartSize, [number] * len(counts), counts)) for number, *counts in numbers]
        rows, problems, sponsors = zip(*sizes, strict=True) if sizes else ((), (), ())
        self.outcomes: Sequence[Outcome] = StoredSequence(rows, self._read)
        self.left_out: Sequence[Outcome] = StoredSequence(problems, self._read_left_out)
        self.sponsors: Sequence[NewSponsor] = StoredSequence(sponsors, self._read_sponsors)

    def _read(self, number: int) -> list[Outcome]:
        """A short list is read once, however often somebody goes through it."""
        if number not in self.cached:
            outcomes = read_outcomes(*read_part(self.intake, number, "rows", "outcomes"))
            if number >= CACHED_PARTS:
                return outcomes
            self.cached[number] = outcomes
        return self.cached[number]

    def _read_left_out(self, number: int) -> list[Outcome]:
        return [outcome for outcome in self._read(number) if outcome.problems]

    def _read_sponsors(self, number: int) -> list[NewSponsor]:
        return read_sponsors(*read_part(self.intake, number, "sponsors"))


@collector_waits()
@transaction.atomic
def plan_upload(intake: Intake, *, organisation: Organisation, in_any_language: bool = False) -> StoredPlan:
    """What this upload would change now: as stored with it, unless something that a plan depends on has changed.

    Then it is planned again, once, and stored: pages of a long list would take seconds each. Who carries the plan out
    does not care in which language its sentences are. Raises NotNow if it was discarded or confirmed meanwhile, and
    for a page that would plan again what a worker imports.
    """
    if not _is_readable(intake, in_any_language) or intake.plan["key"] != _key(intake, organisation, _members_digest()):
        held = Intake.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=intake.pk)
        if not in_any_language or held.state != Intake.State.PREVIEWED:
            ensure_waiting(held)  # what a worker carries out stays as it is while it reads it, part by part
        digest = _members_digest()
        if not _is_readable(held, in_any_language) or held.plan["key"] != _key(held, organisation, digest):
            plan_again(held, organisation=organisation, digest=digest)
        intake = held
    return StoredPlan(intake)


class NewPlan:
    """Makes the plan of an upload that is locked, or that nobody knows of yet: `read` its rows, then `store`.

    `columns` are headers by field, among them that of addresses.
    """

    def __init__(
        self,
        intake: Intake,
        organisation: Organisation,
        columns: Mapping[str, str],
        *,
        decided: Mapping[str, str] = MappingProxyType({}),
        digest: MembersDigest | None = None,
    ) -> None:
        self.intake, self.organisation = intake, organisation
        self.digest = digest or _members_digest()  # before members are read: a change in between makes the plan stale
        defaults = _defaults(intake.cohort, organisation)
        self.planner = Planner(_known_members(intake.cohort), columns, defaults, decided=decided)

    def read(self, rows: Iterable[PersonRow]) -> None:
        self.planner.read(rows)

    def store(self) -> None:
        """Outcomes part by part; then the sponsors, who are known only when every row was planned."""
        intake, sizes = self.intake, part_sizes(self.intake)
        fingerprint, counts = Fingerprint(), Counter[str]()
        outcomes = self.planner.outcomes()
        for number, length in sizes:
            some = list(islice(outcomes, length))
            fingerprint.add(some, ())
            counts.update(str(outcome.happens) for outcome in some)
            intake.parts.filter(number=number).update(
                outcomes=stored_outcomes(some),
                problem_count=sum(bool(outcome.problems) for outcome in some),
                sponsors=[],
                sponsor_count=0,
            )
        for (number, _length), sponsors in zip(sizes, _spread(self.planner.sponsors(), sizes), strict=False):
            fingerprint.add((), sponsors)
            counts.update(str(sponsor.happens) for sponsor in sponsors)
            intake.parts.filter(number=number).update(sponsors=sponsors, sponsor_count=len(sponsors))
        intake.plan = {
            "key": _key(intake, self.organisation, self.digest),
            "language": page_language(),
            "fingerprint": fingerprint.hexdigest(),
            "counts": dict(counts),
        }
        intake.save(update_fields=["plan"])


def plan_again(intake: Intake, *, organisation: Organisation, digest: MembersDigest | None = None) -> None:
    """Plan the stored rows of an upload that is locked. `digest` is that of the members, if it is known."""
    columns, decided = intake.counts.get("columns", {}), intake.choices.get("decided", {})
    plan = NewPlan(intake, organisation, columns, decided=decided, digest=digest)
    plan.read(rows_of(intake))
    plan.store()


def _is_readable(intake: Intake, in_any_language: bool) -> bool:
    """Whether there is a plan, and in the language of the page."""
    return bool(intake.plan) and (in_any_language or intake.plan.get("language") == page_language())


def _spread(sponsors: Iterable[NewSponsor], sizes: Sequence[PartSize]) -> Iterator[list[NewSponsor]]:
    """Spread the sponsors over the parts: at most two for each row, since a row names a manager and a sponsor."""
    return in_batches(sponsors, 2 * max((size.length for size in sizes), default=1))


def plan_rows(
    rows: list[PersonRow],
    cohort: Cohort,
    *,
    organisation: Organisation,
    columns: dict[str, str] | None = None,
    decided: dict[str, str] | None = None,
    is_strict: bool = False,
) -> IntakePlan:
    members = _known_members(cohort)
    defaults = _defaults(cohort, organisation)
    return plan_intake(rows, members, columns or {}, defaults, decided=decided or {}, is_strict=is_strict)


def _defaults(cohort: Cohort, organisation: Organisation) -> Defaults:
    return Defaults(zone=str(cohort.zone), language=organisation.language)


def _key(intake: Intake, organisation: Organisation, digest: MembersDigest) -> str:
    """A hash of what a plan depends on; the file never changes, so its rows are what was chosen about them.

    A draft of other columns is not chosen yet, and pending decisions wait to be planned together.
    """
    defaults = _defaults(intake.cohort, organisation)
    chosen = {name: said for name, said in intake.choices.items() if name not in NOT_PLANNED_YET}
    columns = intake.counts.get("columns")
    about = [planning_code(), intake.cohort_id, defaults.zone, defaults.language, chosen, columns, digest]
    return sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _members_digest() -> MembersDigest:
    """Three numbers that change with what a plan takes from the members of the open organisation."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"organisation": current_organisation_id()})
        return tuple(cursor.fetchone())


def _known_members(cohort: Cohort) -> Iterator[KnownMember]:
    here, elsewhere = _enrolled(cohort)
    known: dict[tuple[str, ...], frozenset[str]] = {}  # one set for all who have the same roles
    columns = ("person__email", "name", "roles", "left_at", "suspended_at", "manager__person__email")
    rows = _in_key_order(Membership.objects.all(), *columns)
    for key, email, name, roles, left_at, suspended_at, manager_email in rows:
        sponsor_email, left_on = here.get(key, ("", None))
        yield KnownMember(
            email=email.lower(),
            name=name,
            roles=known.setdefault(tuple(roles), frozenset(roles)),
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
    rows = _in_key_order(Enrolment.objects.filter(cohort=cohort), "leader_id", "sponsor__person__email", "left_on")
    here = {leader_id: ((sponsor_email or "").lower(), left_on) for _key, leader_id, sponsor_email, left_on in rows}
    walking = _in_key_order(Enrolment.objects.walking().exclude(cohort=cohort), "leader_id", "cohort__name")
    return here, {leader_id: name for _key, leader_id, name in walking}


def _in_key_order(rows: QuerySet, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Key and columns of these rows, in the order of their keys, with one query for ROWS_A_READ of them."""
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *columns)[:ROWS_A_READ]):
        yield from some
        if len(some) < ROWS_A_READ:
            return
        last = some[-1][0]
