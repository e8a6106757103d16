"""The place whose holidays close a cohort, and days of its own. No row is rewritten."""

import django.contrib.postgres.fields
from django.db import migrations, models

from cohorts.tenancy.tracking import tracked_again

BEFORE = (
    *("revision", "name", "version_id", "classroom_ends_on", "day1_on", "zone", "nudge_hour", "working_days"),
    *("holidays", "is_sending"),
)


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0032_import_runs")]

    operations = [
        migrations.AddField(
            model_name="cohort",
            name="holiday_kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=16), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="cohort",
            name="own_days",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="cohort",
            name="region",
            field=models.CharField(blank=True, db_default="", default="", max_length=24, verbose_name="region"),
        ),
        tracked_again("cohorts_cohort", before=BEFORE, now=(*BEFORE, "region", "holiday_kinds", "own_days")),
    ]
