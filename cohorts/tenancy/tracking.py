"""When what lists of the API show of a row last changed: decision 0055.

PostgreSQL writes it, whoever changes the row. A migration names the columns that lists show. A change to any other
column leaves the time as it is: the time could reveal what no page shows, such as when somebody answered. For the same
reason columns that a person's own practice or first sign-in moves are left out, although lists show them: decision 64.
"""

from collections.abc import Sequence

from django.db import migrations, models


class ClockTimestamp(models.Func):
    """The time of the database's clock at this very row; `now()` is that of the beginning of the transaction."""

    function = "clock_timestamp"
    arity = 0
    output_field = models.DateTimeField()


class Tracked(models.Model):
    """`updated_at`: when what is shown of the row last changed. Never written by us."""

    updated_at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)

    class Meta:
        abstract = True


DATE_CHANGE = """
CREATE FUNCTION cohorts_date_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END $$
"""
# Its arguments: the table of the whole, and the column of the part that names it.
DATE_WHOLE = """
CREATE FUNCTION cohorts_date_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part jsonb := to_jsonb(CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END);
BEGIN
    EXECUTE format('UPDATE %I SET updated_at = clock_timestamp() WHERE organisation_id = $1 AND id = $2', TG_ARGV[0])
        USING (part ->> 'organisation_id')::bigint, (part ->> TG_ARGV[1])::bigint;
    RETURN NULL;
END $$
"""
# The same once for all rows that a statement deletes. A third argument is a condition for the parts.
DATE_WHOLES = """
CREATE FUNCTION cohorts_date_wholes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'UPDATE %I AS whole SET updated_at = clock_timestamp()'
        ' FROM (SELECT DISTINCT organisation_id, %I AS id FROM deleted WHERE %s) AS part'
        ' WHERE whole.organisation_id = part.organisation_id AND whole.id = part.id',
        TG_ARGV[0], TG_ARGV[1], coalesce(TG_ARGV[2], 'true')
    );
    RETURN NULL;
END $$
"""
FUNCTIONS = migrations.RunSQL(
    [DATE_CHANGE, DATE_WHOLE],
    ["DROP FUNCTION cohorts_date_change() CASCADE", "DROP FUNCTION cohorts_date_whole() CASCADE"],
)


def tracked(table: str, *shown: str) -> migrations.SeparateDatabaseAndState:
    """Give a table `updated_at`, which moves with these columns and no others.

    Rows that are there already are dated with this moment, without being rewritten.
    """
    column = migrations.RunSQL(
        [
            f"ALTER TABLE {table} ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now()",
            f"ALTER TABLE {table} ALTER COLUMN updated_at SET DEFAULT clock_timestamp()",
            _date_change(table, shown),
        ],
        [f"DROP TRIGGER date_change ON {table}", f"ALTER TABLE {table} DROP COLUMN updated_at"],
    )
    field = models.DateTimeField(db_default=ClockTimestamp(), editable=False)
    state = migrations.AddField(table.partition("_")[2], "updated_at", field)
    return migrations.SeparateDatabaseAndState([column], [state])


def tracked_again(table: str, *, before: Sequence[str], now: Sequence[str]) -> migrations.RunSQL:
    """Let `updated_at` of a tracked table move with other columns than before."""
    drop = f"DROP TRIGGER date_change ON {table}"
    return migrations.RunSQL([drop, _date_change(table, now)], [drop, _date_change(table, before)])


def _date_change(table: str, shown: Sequence[str]) -> str:
    # An instance that was read earlier writes the time it read: then, too, the clock decides.
    old, new = (", ".join(f"{row}.{column}" for column in (*shown, "updated_at")) for row in ("OLD", "NEW"))
    return (
        f"CREATE TRIGGER date_change BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION cohorts_date_change()"
    )


def dates_whole(whole: str, part: str, column: str, *, after: str = "DELETE", when: str = "") -> migrations.RunSQL:
    """Let the row that `column` of a part names move with it: of a part that is gone, nothing is left to compare."""
    name = "_".join(("date", whole.partition("_")[2], "after", after.partition(" ")[0].lower()))
    condition = f" WHEN ({when})" if when else ""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {after} ON {part} FOR EACH ROW{condition}"
        f" EXECUTE FUNCTION cohorts_date_whole('{whole}', '{column}')",
        f"DROP TRIGGER {name} ON {part}",
    )


def dates_wholes_at_once(whole: str, part: str, column: str, *, when: str = "") -> migrations.RunSQL:
    """The same for all parts that one statement deletes, in place of the trigger of `dates_whole` for each of them.

    Many parts of one whole updated it again and again, and each update went through all versions of before.
    """
    name = f"date_{whole.partition('_')[2]}_after_delete"
    drop = f"DROP TRIGGER {name} ON {part}"
    condition = f", '{when}'" if when else ""
    before = f" WHEN (OLD.{when})" if when else ""
    return migrations.RunSQL(
        [
            drop,
            f"CREATE TRIGGER {name} AFTER DELETE ON {part} REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT"
            f" EXECUTE FUNCTION cohorts_date_wholes('{whole}', '{column}'{condition})",
        ],
        [
            drop,
            f"CREATE TRIGGER {name} AFTER DELETE ON {part} FOR EACH ROW{before}"
            f" EXECUTE FUNCTION cohorts_date_whole('{whole}', '{column}')",
        ],
    )
