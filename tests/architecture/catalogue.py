"""What must be true of the database, read from PostgreSQL's own catalogue. Every rule returns its violations.

`violations()` is the whole list; an empty one means both walls' foundations stand. The rules know no model: a table
made by hand, by a package or by a forgotten migration is seen like any other.
"""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from cohorts.tenancy.grants import rights

MINE = (
    "(organisation_id = ( SELECT (NULLIF(current_setting('app.organisation'::text, true), ''::text))::bigint "
    'AS "nullif"))'
)
PLANNER = "(( SELECT current_setting('app.across'::text, true) AS current_setting) = 'planner'::text)"
PERSON = (
    "((( SELECT current_setting('app.across'::text, true) AS current_setting) = 'person'::text) AND "
    "(person_id = ( SELECT (NULLIF(current_setting('app.person'::text, true), ''::text))::bigint AS \"nullif\")))"
)
RATER = (
    "((( SELECT current_setting('app.across'::text, true) AS current_setting) = 'rater'::text) AND "
    "(lower((email)::text) = ( SELECT NULLIF(current_setting('app.email'::text, true), ''::text) AS \"nullif\")))"
)
BY_MEMBER = "({column} = ( SELECT (NULLIF(current_setting('app.member'::text, true), ''::text))::bigint AS \"nullif\"))"
ORGANISATION_POLICY = ("ALL", "PERMISSIVE", ["public"], MINE, MINE)

# Tables whose rows only one member may read, and the column that names them.
AUTHORED = {"coaching_privatenote": "author_id"}

# The doors of `across_organisations`, one line each: table, policy, command, what it lets see, what it lets write.
DOORS = {
    ("coaching_calendarmail", "planner_select"): ("SELECT", PLANNER, None),
    ("coaching_coachingclock", "planner_select"): ("SELECT", PLANNER, None),
    ("coaching_coachingmail", "planner_select"): ("SELECT", PLANNER, None),
    ("cohorts_clock", "planner_select"): ("SELECT", PLANNER, None),
    ("cohorts_clock", "planner_update"): ("UPDATE", PLANNER, PLANNER),
    ("cohorts_importrun", "planner_select"): ("SELECT", PLANNER, None),
    ("cohorts_nudge", "planner_select"): ("SELECT", PLANNER, None),
    ("cohorts_nudge", "planner_insert"): ("INSERT", None, PLANNER),
    ("cohorts_digestclock", "planner_select"): ("SELECT", PLANNER, None),
    ("cohorts_digest", "planner_select"): ("SELECT", PLANNER, None),
    ("cohorts_sponsornote", "planner_select"): ("SELECT", PLANNER, None),
    ("cohorts_membernotice", "planner_select"): ("SELECT", PLANNER, None),
    ("feedback360_membermail", "planner_select"): ("SELECT", PLANNER, None),
    ("feedback360_ratermail", "planner_select"): ("SELECT", PLANNER, None),
    ("feedback360_round", "planner_select"): ("SELECT", PLANNER, None),
    ("programme_reportmail", "planner_select"): ("SELECT", PLANNER, None),
    ("cohorts_invitation", "planner_select"): ("SELECT", PLANNER, None),
    ("cohorts_membership", "person_select"): ("SELECT", PERSON, None),
    ("feedback360_rater", "rater_select"): ("SELECT", RATER, None),
}

# Functions that run by themselves, with the tables that have their triggers. They run as whoever writes, so they see
# what they see.
TRIGGERS = {
    "cohorts_published_stays": {
        "cohorts_curriculumversion",
        "cohorts_step",
        "cohorts_sponsorweek",
        "cohorts_milestone",
    },
    "cohorts_one_path": {"cohorts_clock"},
    "feedback360_published_stays": {"feedback360_questionnaire"},
    "goals_agreed_stays": {"goals_goal", "goals_objective"},
    "cohorts_date_change": {
        "cohorts_person",
        "cohorts_membership",
        "cohorts_invitation",
        "cohorts_curriculumversion",
        "cohorts_cohort",
        "cohorts_enrolment",
        "cohorts_pause",
        "cohorts_nudge",
        "goals_practice",
        "goals_reflection",
        "goals_focus",
        "goals_dial",
        "goals_goal",
        "goals_checkin",
        "goals_team",
        "goals_teammember",
        "goals_kpi",
        "goals_objective",
        "feedback360_round",
        "feedback360_subject",
        "coaching_session",
        "coaching_host",
        "coaching_visit",
        "coaching_booking",
    },
    "coaching_date_count": {"coaching_booking"},
    "cohorts_date_whole": {
        "feedback360_request",
        "goals_teammember",
    },
    "cohorts_date_wholes": {
        "cohorts_enrolment",
        "cohorts_invitation",
        "cohorts_pause",
    },
}

# Tables without an organisation, each with its reason.
GLOBAL = {
    "account_emailaddress": "sign-in: one person, many organisations",
    "account_emailconfirmation": "sign-in",
    "auth_group": "Django's; unused, empty",
    "auth_group_permissions": "Django's; unused, empty",
    "auth_permission": "Django's; names of models",
    "cohorts_accountmail": "sign-in: its mails come before any organisation",
    "cohorts_guesscount": "sign-in: guesses of codes come before any organisation",
    "cohorts_knowndevice": "sign-in: the browsers in which a person has signed in",
    "cohorts_organisation": "what the walls are built around",
    "cohorts_person": "sign-in: one person, many organisations",
    "django_content_type": "Django's; names of models",
    "django_migrations": "Django's; names of migrations",
    "django_session": "sign-in; a session belongs to a person",
    "mfa_authenticator": "sign-in: passkeys and one-time codes of a person",
    "usersessions_usersession": "sign-in: the session list of a person",
}
# Owned tables without the key that others point at, and without a foreign key for their organisation alone: each with
# its reason. A composite key to a row that has both must hold their organisation instead.
NEVER_POINTED_AT = {
    "cohorts_clock": "every claim rewrites a thousand of them, and each key is one more index to write",
    "feedback360_answer": "many rows a leader, and none of them may be pointed at",
    "feedback360_comment": "as for answers",
    "feedback360_scalestatistic": "as for answers",
    "feedback360_stagedanswers": "as for answers; gone when the round closes",
    "goals_stagedfigure": "as many rows as a file has, written in sets; the upload's key already says whose they are",
    "cohorts_intakepart": "gone with their list; the upload's key already says whose they are",
    "cohorts_intakepiece": "as for the parts",
    "cohorts_nudge": "two rows per leader and day, written in sets; the enrolment's key already says whose they are",
}
GLOBAL_TARGETS = {("organisation_id", "cohorts_organisation"), ("person_id", "cohorts_person")}


def violations() -> list[str]:
    return [sentence for rule in RULES for sentence in rule()]


def rows(query: str, params: list[object] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def owned_tables() -> list[str]:
    """Tables of ours with an organisation, read from the catalogue."""
    return [table for table, is_owned in _tables() if is_owned]


def _tables() -> list[tuple[str, bool]]:
    return rows(
        """
        SELECT relname, EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'organisation_id' AND NOT attisdropped
        )
        FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY relname
        """
    )


def every_table_is_owned_or_exempt() -> Iterator[str]:
    for table, is_owned in _tables():
        if is_owned == (table in GLOBAL):
            yield f"{table}: {'owned, yet on the list of global tables' if is_owned else 'no organisation, no reason'}"


def organisation_is_required() -> Iterator[str]:
    query = """
        SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE attname = 'organisation_id' AND NOT attnotnull AND relkind IN ('r', 'p')
          AND relnamespace = 'public'::regnamespace
    """
    for (table,) in rows(query):
        yield f"{table}: organisation_id may be empty"


def row_security_is_on_and_forced() -> Iterator[str]:
    query = (
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'"
    )
    for table, is_on, is_forced in rows(query, [owned_tables()]):
        if not is_on:
            yield f"{table}: row security is off"
        if not is_forced:
            yield f"{table}: row security is not forced"


def policies_have_one_shape() -> Iterator[str]:
    found = {
        (table, name): (command, kind, list(roles), seen, written)
        for table, name, command, kind, roles, seen, written in rows(
            """
            SELECT tablename, policyname, cmd, permissive, roles::text[], qual, with_check
            FROM pg_policies WHERE schemaname = 'public'
            """
        )
    }
    wanted = {(table, "organisation"): ORGANISATION_POLICY for table in owned_tables()}
    for table, column in AUTHORED.items():
        own = f"({MINE} AND {BY_MEMBER.format(column=column)})"
        wanted[table, "organisation"] = ("ALL", "PERMISSIVE", ["public"], own, own)
    wanted |= {
        door: (command, "PERMISSIVE", ["public"], seen, written) for door, (command, seen, written) in DOORS.items()
    }
    for table, name in sorted(wanted.keys() | found.keys()):
        if (table, name) not in found:
            yield f"{table}: policy {name} is missing"
        elif (table, name) not in wanted:
            yield f"{table}: policy {name} is on no list"
        elif found[table, name] != wanted[table, name]:
            yield f"{table}: policy {name} says something else"


def keys_between_owned_tables_are_composite() -> Iterator[str]:
    owned = set(owned_tables())
    for table, name, columns, target, target_columns in _foreign_keys():
        pairs = list(zip(columns, target_columns, strict=True))
        if table in owned and target in owned:
            if ("organisation_id", "organisation_id") not in pairs:
                yield f"{table}: {name} is checked past the policies"
        elif target in owned:
            yield f"{table}: {name} points from a global table into {target}"
        elif table in owned and (columns[0], target) not in GLOBAL_TARGETS:
            yield f"{table}: {name} points to {target}"


def owned_tables_have_the_keys_of_their_kind() -> Iterator[str]:
    """A key for others to point at and one to the organisation; where they are left out, a composite key instead."""
    targets = {table for table, definition in _unique_keys() if definition == "UNIQUE (organisation_id, id)"}
    keys: dict[str, list[tuple[list[str], str]]] = {}
    for table, _, columns, target, _ in _foreign_keys():
        keys.setdefault(table, []).append((columns, target))
    optional = set(rows("SELECT attrelid::regclass::text, attname::text FROM pg_attribute WHERE NOT attnotnull"))
    for table in owned_tables():
        has_own_key = (["organisation_id"], "cohorts_organisation") in keys.get(table, [])
        if table not in NEVER_POINTED_AT:
            if table not in targets:
                yield f"{table}: nothing can point at it with its organisation"
            if not has_own_key:
                yield f"{table}: its organisation may not exist"
            continue
        if table in targets or has_own_key:
            yield f"{table}: has a key that nothing needs"
        if not any(
            columns[0] == "organisation_id" and target not in NEVER_POINTED_AT and (table, columns[-1]) not in optional
            for columns, target in keys.get(table, [])
            if len(columns) == 2
        ):
            yield f"{table}: no key holds its organisation"


def _unique_keys() -> list[tuple[str, str]]:
    return rows(
        """
        SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'u' AND connamespace = 'public'::regnamespace
        """
    )


def _foreign_keys() -> list[tuple[str, str, list[str], str, list[str]]]:
    return rows(
        """
        SELECT conrelid::regclass::text, conname,
            ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k (num, place)
                  JOIN pg_attribute ON attrelid = conrelid AND attnum = num ORDER BY place),
            confrelid::regclass::text,
            ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS k (num, place)
                  JOIN pg_attribute ON attrelid = confrelid AND attnum = num ORDER BY place)
        FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
        """
    )


def every_column_that_points_has_its_key() -> Iterator[str]:
    """A key column without a constraint may point anywhere. The audit trail outlives what it names, on purpose."""
    keyed = {(table, column) for table, _, columns, *_ in _foreign_keys() for column in columns}
    keyed |= {("cohorts_auditentry", "by_id"), ("cohorts_auditentry", "thing_id")}
    query = """
        SELECT attrelid::regclass::text, attname::text FROM pg_attribute
        WHERE attrelid = ANY(%s::regclass[]) AND attnum > 0 AND NOT attisdropped AND attname LIKE '%%\\_id'
    """
    for table, column in rows(query, [owned_tables()]):
        if (table, column) not in keyed:
            yield f"{table}: {column} has no foreign key"


def uniqueness_is_per_organisation() -> Iterator[str]:
    query = """
        SELECT indrelid::regclass::text, indexrelid::regclass::text,
            (SELECT attname FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0])
        FROM pg_index WHERE indisunique AND NOT indisprimary AND indrelid = ANY(%s::regclass[])
    """
    for table, index, first_column in rows(query, [owned_tables()]):
        if first_column != "organisation_id":
            yield f"{table}: {index} is unique across organisations"


def nothing_looks_past_the_policies() -> Iterator[str]:
    """No views, materialised views, foreign tables, rules or extensions of anybody in our schema."""
    kinds = {"v": "view", "m": "materialised view", "f": "foreign table"}
    relations = "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    for name, kind in rows(relations):
        if kind in kinds:
            yield f"{name}: a {kinds[kind]}"
    for name, table in rows("SELECT rulename, tablename FROM pg_rules WHERE schemaname = 'public'"):
        yield f"{table}: rule {name}"
    for (name,) in rows("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'"):
        yield f"{name}: an extension"


def few_functions_run_by_themselves() -> Iterator[str]:
    """Nothing but `TRIGGERS`, never as its owner, and exactly where it belongs."""
    functions = "SELECT proname, prosecdef FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    for name, is_owners in rows(functions):
        if name not in TRIGGERS or is_owners:
            yield f"{name}: a function"
    triggers = "SELECT tgname, tgrelid::regclass::text, tgfoid::regproc::text, tgenabled::text FROM pg_trigger"
    unguarded = {(function, table) for function, tables in TRIGGERS.items() for table in tables}
    for name, table, function, enabled in rows(f"{triggers} WHERE NOT tgisinternal"):
        if table not in TRIGGERS.get(function, ()):
            yield f"{table}: trigger {name}"
        elif enabled == "O":
            unguarded.discard((function, table))
    yield from (f"{table}: {function} does not guard it" for function, table in sorted(unguarded))


def the_app_role_is_nobody() -> Iterator[str]:
    role = settings.APP_ROLE
    attributes = "rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication"
    (found,) = rows(f"SELECT {', '.join(attributes)} FROM pg_roles WHERE rolname = %s", [role])
    for name, is_set in zip(attributes, found, strict=True):
        if is_set:
            yield f"{role}: {name}"
    for (group,) in rows("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", [role]):
        yield f"{role}: member of {group}"
    for kind, name in rows(
        """
        SELECT 'relation', relname::text FROM pg_class WHERE relowner = %(role)s::regrole
        UNION ALL SELECT 'function', proname FROM pg_proc WHERE proowner = %(role)s::regrole
        UNION ALL SELECT 'schema', nspname FROM pg_namespace WHERE nspowner = %(role)s::regrole
        UNION ALL SELECT 'database', datname FROM pg_database WHERE datdba = %(role)s::regrole
        """,
        {"role": role},
    ):
        yield f"{role}: owns {kind} {name}"


def grants_are_the_list_and_no_more() -> Iterator[str]:
    role, found = settings.APP_ROLE, dict[str, set[str]]()
    for relation, grantee, privilege in _grants():
        if grantee == role:
            found.setdefault(relation, set()).add(privilege)
        else:
            yield f"{relation}: {privilege} for {grantee}"
    wanted = {table: set(rights(table).split(", ")) for table, _ in _tables()}
    for relation in sorted(wanted.keys() | found.keys()):
        if found.get(relation, set()) != wanted.get(relation, set()):
            yield f"{relation}: {role} has {sorted(found.get(relation, set()))}"


def _grants() -> list[tuple[str, str, str]]:
    return rows(
        """
        SELECT relname, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, privilege_type
        FROM pg_class, aclexplode(relacl) WHERE relnamespace = 'public'::regnamespace AND grantee <> relowner
        """
    )


def no_rights_beside_the_list() -> Iterator[str]:
    role = settings.APP_ROLE
    on_columns = (
        "SELECT DISTINCT attrelid::regclass::text FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= 16384"
    )
    for (relation,) in rows(on_columns):
        yield f"{relation}: rights on single columns"
    for right in ("TEMPORARY", "CREATE"):
        if rows("SELECT has_database_privilege(%s, current_database(), %s)", [role, right])[0][0]:
            yield f"{role}: {right} in the database"
    if rows("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [role])[0][0]:
        yield f"{role}: CREATE in the schema"


RULES = (
    every_table_is_owned_or_exempt,
    organisation_is_required,
    row_security_is_on_and_forced,
    policies_have_one_shape,
    keys_between_owned_tables_are_composite,
    owned_tables_have_the_keys_of_their_kind,
    every_column_that_points_has_its_key,
    uniqueness_is_per_organisation,
    nothing_looks_past_the_policies,
    few_functions_run_by_themselves,
    the_app_role_is_nobody,
    grants_are_the_list_and_no_more,
    no_rights_beside_the_list,
)
