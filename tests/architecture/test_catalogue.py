"""The catalogue has no violations; and for every way to weaken it, one is reported."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection, transaction

from cohorts.tenancy.grants import APPEND_ONLY
from tests.architecture.catalogue import owned_tables, rows, violations
from tests.architecture.owned import AUTHORED_MODELS, OWNED
from tests.database import as_owner

pytestmark = pytest.mark.django_db
WIDE = "USING (true) WITH CHECK (true)"
OPEN_ORGANISATION = "current_setting('app.organisation', true)"
NO_NULLIF = f"organisation_id = {OPEN_ORGANISATION}::bigint"
OR_UNSET = f"organisation_id = NULLIF({OPEN_ORGANISATION}, '')::bigint OR {OPEN_ORGANISATION} IS NULL"


def test_the_database_keeps_every_rule() -> None:
    assert violations() == []


def test_every_owned_model_is_an_owned_table_and_nothing_else_is() -> None:
    assert owned_tables() == sorted([*OWNED, *(model._meta.db_table for model in AUTHORED_MODELS)])


# Ways to weaken one table. Each is done to all tables at once: the rules must report every table by its own name.
MUTANTS = {
    "row security off": "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "row security not forced": "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
    "organisation optional": "ALTER TABLE {table} ALTER organisation_id DROP NOT NULL",
    "no policy": "DROP POLICY organisation ON {table}",
    "policy open": f"ALTER POLICY organisation ON {{table}} {WIDE}",
    "policy without nullif": f"ALTER POLICY organisation ON {{table}} USING ({NO_NULLIF}) WITH CHECK ({NO_NULLIF})",
    "policy open when unset": f"ALTER POLICY organisation ON {{table}} USING ({OR_UNSET})",
    "policy open for writing": "ALTER POLICY organisation ON {table} WITH CHECK (true)",
    "policy for one role": f"ALTER POLICY organisation ON {{table}} TO {settings.APP_ROLE}",
    "another policy": "CREATE POLICY one_more ON {table} FOR SELECT USING (true)",
    "unique across organisations": "CREATE UNIQUE INDEX one_for_all_{table} ON {table} (id)",
    "truncate granted": f"GRANT TRUNCATE ON {{table}} TO {settings.APP_ROLE}",
    "select for everybody": "GRANT SELECT ON {table} TO PUBLIC",
    "right on a column": f"GRANT SELECT (id) ON {{table}} TO {settings.APP_ROLE}",
    "stray key": "ALTER TABLE {table} ADD stray_id bigint",
    "view": "CREATE VIEW beside_{table} AS SELECT * FROM {table}",
    "materialised view": "CREATE MATERIALIZED VIEW beside_{table} AS SELECT * FROM {table}",
    "global table": "CREATE TABLE beside_{table} (id bigint PRIMARY KEY)",
    "owned table": "CREATE TABLE beside_{table} (id bigint, organisation_id bigint NOT NULL)",
}


def mutants_of_keys(table: str) -> Iterator[str]:
    query = """
        SELECT conname, confrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'f' AND conrelid = %s::regclass ORDER BY conname
    """
    for name, target, definition in rows(query, [table]):
        yield f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        if "organisation_id, " not in definition:
            continue
        column = definition.split("organisation_id, ")[1].split(")")[0]
        single = f"FOREIGN KEY ({column}) REFERENCES {target} (id) DEFERRABLE INITIALLY DEFERRED"
        yield f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {single}"


def violations_after(*statements: str) -> list[str]:
    with transaction.atomic():
        with as_owner(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        found = violations()
        transaction.set_rollback(True)
    return found


def unreported(mutants: dict[str, str]) -> list[str]:
    """The mutants, one for each table, that no rule noticed. A sentence of a rule begins with the name it is about."""
    reported = {sentence.partition(":")[0] for sentence in violations_after(*mutants.values())}
    return [mutant for table, mutant in mutants.items() if not reported & {table, f"beside_{table}"}]


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_every_weakened_table_is_reported(mutant: str) -> None:
    assert unreported({table: mutant.format(table=table) for table in OWNED}) == []


def test_every_weakened_key_is_reported() -> None:
    """The first mutant of every table at once, then the second of those that have one, and so on."""
    mutants = {table: list(mutants_of_keys(table)) for table in OWNED}
    assert all(mutants.values())
    for turn in range(max(map(len, mutants.values()))):
        assert unreported({table: those[turn] for table, those in mutants.items() if turn < len(those)}) == []


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("right", ["UPDATE", "DELETE"])
def test_a_rewritable_audit_trail_is_reported(table: str, right: str) -> None:
    assert violations_after(f"GRANT {right} ON {table} TO {settings.APP_ROLE}") == [
        f"{table}: {settings.APP_ROLE} has {sorted(['INSERT', 'SELECT', right])}"
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE FUNCTION side_door() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint'",
        "CREATE TABLE points_in (cohort_id bigint, FOREIGN KEY (cohort_id) REFERENCES cohorts_cohort (id))",
        "ALTER TABLE cohorts_cohort ADD person_id bigint REFERENCES cohorts_person (id), "
        "ADD session_key varchar REFERENCES django_session (session_key)",
        "ALTER FUNCTION cohorts_published_stays SECURITY DEFINER",
        "CREATE TRIGGER elsewhere BEFORE UPDATE ON cohorts_nudge EXECUTE FUNCTION cohorts_published_stays()",
        "ALTER TABLE cohorts_step DISABLE TRIGGER published_stays",
        "DROP TRIGGER published_stays ON cohorts_milestone",
        "CREATE RULE quiet AS ON DELETE TO cohorts_nudge DO INSTEAD NOTHING",
        "ALTER TABLE cohorts_pause DROP CONSTRAINT cohorts_pause_owned",
        "ALTER TABLE cohorts_nudge DROP CONSTRAINT cohorts_nudge_enrolment_same",
        "ALTER TABLE cohorts_nudge ALTER enrolment_id DROP NOT NULL, ALTER step_id DROP NOT NULL",
        "ALTER TABLE cohorts_nudge ADD UNIQUE (organisation_id, id)",
        "ALTER TABLE cohorts_clock ADD FOREIGN KEY (organisation_id) REFERENCES cohorts_organisation (id)",
        "ALTER POLICY planner_select ON cohorts_clock USING (true)",
        "DROP POLICY person_select ON cohorts_membership",
        f"GRANT UPDATE ON django_migrations TO {settings.APP_ROLE}",
        f"GRANT CREATE ON SCHEMA public TO {settings.APP_ROLE}",
        f"GRANT CREATE ON SCHEMA public TO {settings.APP_ROLE}; "
        f"ALTER TABLE cohorts_pause OWNER TO {settings.APP_ROLE}; "
        f"REVOKE CREATE ON SCHEMA public FROM {settings.APP_ROLE}",
    ],
)
def test_every_side_door_is_reported(statement: str) -> None:
    assert violations_after(statement) != []
