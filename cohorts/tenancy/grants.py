"""All database privileges of the app role. It owns nothing; to the tables of APPEND_ONLY it may only add rows."""

from collections.abc import Iterable

from django.conf import settings
from psycopg import sql

APPEND_ONLY = {
    "coaching_agreementversion",
    "cohorts_auditentry",
    "feedback360_answer",
    "feedback360_comment",
    "feedback360_result",
    "feedback360_scalestatistic",
    "goals_goalevent",
    "goals_kpimethod",
}
ANALYZED = {"cohorts_enrolment", "cohorts_membership"}  # by `statistics.refresh_statistics`
READ_ONLY = {"django_migrations", "django_content_type", "auth_permission"}


def rights(table: str) -> str:
    """The app role's privileges on one table. Never TRUNCATE, REFERENCES or TRIGGER: they bypass row security.

    MAINTAIN allows ANALYZE, and neither shows nor changes a row.
    """
    if table in READ_ONLY:
        return "SELECT"
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    everything = "SELECT, INSERT, UPDATE, DELETE"
    return f"{everything}, MAINTAIN" if table in ANALYZED else everything


def grants(tables: Iterable[str]) -> sql.Composed:
    """The statements that grant exactly these privileges and revoke all others."""
    role = sql.Identifier(settings.APP_ROLE)
    lines: list[sql.Composable] = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role),
        sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(role),
    ]
    lines += [
        sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights(table)), sql.Identifier(table), role)
        for table in sorted(tables)
    ]
    return sql.SQL(";\n").join(lines)
