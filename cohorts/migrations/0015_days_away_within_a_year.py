"""Days away last at most a year, as the page always said: PostgreSQL refuses more, and older rows end then."""

from datetime import timedelta

from django.db import migrations, models

CUT = "UPDATE cohorts_pause SET ends_on = starts_on + 365 WHERE ends_on > starts_on + 365"


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0014_account_mail")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE cohorts_pause NO FORCE ROW LEVEL SECURITY",
                CUT,
                "SET CONSTRAINTS ALL IMMEDIATE",
                "ALTER TABLE cohorts_pause FORCE ROW LEVEL SECURITY",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                name="pause_within_a_year",
                condition=models.Q(ends_on__lt=models.F("starts_on") + timedelta(days=366)),
            ),
        ),
    ]
