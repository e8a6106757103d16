"""What was agreed is what is judged: PostgreSQL refuses to change measure, scale, target or weight afterwards."""

from django.db import migrations

STAYS = """
CREATE FUNCTION goals_agreed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was agreed never changes' USING ERRCODE = 'insufficient_privilege';
END $$
"""
COMMON = ("measure", "unit", "baseline", "baseline_on", "target", "tolerance", "weight", "agreed_on")
FROZEN = {"goal": ("direction", "scale", "agreed_by_id"), "objective": ("course", "kpi_id")}


def stays(table):
    """An objective loses its agreement only with the row; a goal likewise."""
    columns = (*COMMON, *FROZEN[table])
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return (
        f"CREATE TRIGGER agreed_stays BEFORE UPDATE ON goals_{table} FOR EACH ROW"
        f" WHEN (OLD.agreed_on IS NOT NULL AND ({old}) IS DISTINCT FROM ({new}))"
        " EXECUTE FUNCTION goals_agreed_stays()"
    )


class Migration(migrations.Migration):
    dependencies = [("goals", "0009_goals_objectives_figures")]

    operations = [
        migrations.RunSQL(
            [STAYS, *[stays(table) for table in FROZEN]], "DROP FUNCTION goals_agreed_stays() CASCADE"
        )
    ]
