"""A dial ends by itself within a year: one until the year 9999 made four pages count its days for ever.

PostgreSQL refuses a later end from now on, and older rows end after a year.
"""

from datetime import timedelta

from django.db import migrations, models

TABLES = ("goals_dial", "goals_goaldial")
LIFT = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in TABLES]
CUT = [
    "UPDATE goals_dial SET ends_on = starts_on + 366 WHERE ends_on > starts_on + 366",
    "UPDATE goals_goaldial SET ends_on = starts_on + 366 WHERE ends_on > starts_on + 366",
]
FORCE = ["SET CONSTRAINTS ALL IMMEDIATE", *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES)]


class Migration(migrations.Migration):
    dependencies = [("goals", "0013_figure_intakes")]

    operations = [
        migrations.RunSQL([*LIFT, *CUT, *FORCE], migrations.RunSQL.noop),
        *(
            migrations.AddConstraint(
                model_name=model,
                constraint=models.CheckConstraint(
                    name=name, condition=models.Q(ends_on__lte=models.F("starts_on") + timedelta(days=366))
                ),
            )
            for model, name in (("dial", "dial_within_a_year"), ("goaldial", "goal_dial_within_a_year"))
        ),
    ]
