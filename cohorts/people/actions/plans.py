"""Plan a list of people against the members there are."""

import json
from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from django.db import connection

from cohorts.imports.collector import collector_waits
from cohorts.models import Cohort, Enrolment, Intake, Membership, Organisation
from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.plan import Defaults, IntakePlan, KnownMember, plan_intake
from cohorts.people.imports.planning_code import planning_code
from cohorts.people.imports.stored_plan import as_planned, as_stored
from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.language import page_language

# Everything that `_known_members` reads, as three numbers.
KNOWN = """
SELECT count(*), sum(hashtextextended(said, 0)::numeric)::text, sum(hashtextextended(said, 1)::numeric)::text FROM (
    SELECT ROW(member.id, lower(person.email), member.name, member.roles, member.manager_id, member.left_at IS NULL,
        member.suspended_at IS NULL)::text AS said
    FROM cohorts_membership AS member JOIN cohorts_person AS person ON person.id = member.person_id
    WHERE member.organisation_id = %(organisation)s
    UNION ALL
    SELECT ROW(enrolment.leader_id, enrolment.sponsor_id, enrolment.left_on, cohort.id, cohort.name,
        clock.is_finished)::text
    FROM cohorts_enrolment AS enrolment
        JOIN cohorts_cohort AS cohort ON cohort.organisation_id = %(organisation)s AND cohort.id = enrolment.cohort_id
        LEFT JOIN cohorts_clock AS clock ON clock.organisation_id = %(organisation)s
            AND clock.enrolment_id = enrolment.id
    WHERE enrolment.organisation_id = %(organisation)s
) AS known
"""


@collector_waits()
def plan_upload(intake: Intake, *, organisation: Organisation) -> IntakePlan:
    """What this upload would change now: as stored with it, unless something that a plan depends on has changed."""
    key = _key(intake, organisation)
    return as_planned(intake.plan) if intake.plan.get("key") == key else _plan(intake, organisation)


def store_plan(intake: Intake, *, organisation: Organisation) -> None:
    """Plan this upload once, for its pages and for the confirmation. Its rows are deferred afterwards."""
    if "email" in intake.counts.get("columns", {}):
        intake.plan = {"key": _key(intake, organisation), **as_stored(_plan(intake, organisation))}
        intake.save(update_fields=["plan"])


def _plan(intake: Intake, organisation: Organisation) -> IntakePlan:
    decided, columns = intake.choices.get("decided", {}), intake.counts.get("columns")
    rows = _take_rows(intake)
    return plan_rows(rows, intake.cohort, organisation=organisation, columns=columns, decided=decided)


def _take_rows(intake: Intake) -> list[PersonRow]:
    """The rows of an upload, freed one by one as they are read: a long list twice would need too much memory.

    They are deferred afterwards: Django reads them again where somebody asks.
    """
    stored, rows = intake.rows[::-1], []
    del intake.rows
    while stored:
        rows.append(PersonRow(**stored.pop()))
    return rows


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


def _key(intake: Intake, organisation: Organisation) -> str:
    """A hash of what a plan depends on; the file never changes, so its rows are what was chosen about them."""
    defaults = _defaults(intake.cohort, organisation)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"organisation": current_organisation_id()})
        known = cursor.fetchone()
    chosen, columns = intake.choices, intake.counts.get("columns")
    about = [
        *(planning_code(), page_language(), intake.cohort_id, defaults.zone, defaults.language),
        *(chosen, columns, known),
    ]
    return sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


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
