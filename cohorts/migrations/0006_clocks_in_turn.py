"""Due clocks of the same instant are claimed in turns of a hundred per organisation, no longer the oldest one first.

Row security is lifted for the owner inside the transaction, and forced again before it ends.
"""

from django.db import migrations, models

LIFT = "ALTER TABLE cohorts_clock NO FORCE ROW LEVEL SECURITY"
FORCE = "ALTER TABLE cohorts_clock FORCE ROW LEVEL SECURITY"
TAKE_TURNS = """
UPDATE cohorts_clock AS clock SET turn = numbered.turn
FROM (
    SELECT id, (row_number() OVER (PARTITION BY organisation_id ORDER BY id) - 1) / 100 AS turn FROM cohorts_clock
) AS numbered
WHERE clock.id = numbered.id AND numbered.turn > 0
"""
DUE = models.Q(is_held=False, is_simulated=False, next_at__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0005_keys_nobody_references")]

    operations = [
        migrations.AddField(model_name="clock", name="turn", field=models.PositiveIntegerField(db_default=0)),
        migrations.RunSQL([LIFT, TAKE_TURNS, FORCE], migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="clock", name="clock_due"),
        migrations.AddIndex(
            model_name="clock", index=models.Index(fields=["next_at", "turn", "id"], condition=DUE, name="clock_due")
        ),
    ]
