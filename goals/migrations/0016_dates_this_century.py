"""No goal and no objective is due in another century, and no new figure is from one: PostgreSQL refuses them.

Goals and objectives due later end with this century. Older figures stay as they are, since they may be all there is.
"""

from datetime import date

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
TABLES = ("goals_goal", "goals_objective")
LIFT = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in TABLES]
CUT = [
    "UPDATE goals_goal SET due_on = DATE '2100-12-31' WHERE due_on > DATE '2100-12-31'",
    "UPDATE goals_objective SET due_on = DATE '2100-12-31' WHERE due_on > DATE '2100-12-31'",
]
FORCE = ["SET CONSTRAINTS ALL IMMEDIATE", *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES)]


class Migration(migrations.Migration):
    dependencies = [("goals", "0015_shares_of_goals")]

    operations = [
        migrations.RunSQL([*LIFT, *CUT, *FORCE], migrations.RunSQL.noop),
        *(
            migrations.AddConstraint(
                model_name=model,
                constraint=models.CheckConstraint(
                    name=f"{model}_due_this_century", condition=models.Q(due_on__lte=LAST)
                ),
            )
            for model in ("goal", "objective")
        ),
        AddConstraintNotValid(
            model_name="figure",
            constraint=models.CheckConstraint(name="figure_this_century", condition=models.Q(on__range=(FIRST, LAST))),
        ),
    ]
