"""Lists that wait keep their file and their rows, in one piece and one part; they are planned again."""

import cohorts.tenancy.wall
import django.db.models.deletion
from django.db import migrations, models

TABLES = ("cohorts_intake", "cohorts_intakepiece", "cohorts_intakepart")
LIFT = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in TABLES]
FORCE = [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES]
ROW = ("name", "email", "zone", "language", "role", "manager_name", "manager_email", "sponsor_name", "sponsor_email",
       "employee_id", "manager_id")

PIECES = """
INSERT INTO cohorts_intakepiece (organisation_id, intake_id, number, data)
SELECT organisation_id, id, 0, source FROM cohorts_intake WHERE source <> ''
"""
PARTS = f"""
INSERT INTO cohorts_intakepart
    (organisation_id, intake_id, number, rows, outcomes, sponsors, row_count, problem_count, sponsor_count)
SELECT organisation_id, id, 0, (
    SELECT jsonb_agg(jsonb_build_array(said -> 'number', {", ".join(f"coalesce(said -> '{name}', to_jsonb(''::text))" for name in ROW)}) ORDER BY place)
    FROM jsonb_array_elements(intake.rows) WITH ORDINALITY AS row (said, place)
), '[]', '[]', jsonb_array_length(intake.rows), 0, 0
FROM cohorts_intake AS intake WHERE jsonb_array_length(intake.rows) > 0
"""  # noqa: S608 - our own words
NO_PLANS = "UPDATE cohorts_intake SET plan = '{}' WHERE plan <> '{}'"


def force_at_the_end(_apps, schema_editor):
    """Foreign keys of the new tables come after all operations, and their check has to see the uploads."""
    schema_editor.deferred_sql += FORCE


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0039_wholes_dated_at_once'),
    ]

    operations = [
        migrations.CreateModel(
            name='IntakePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('rows', models.JSONField(default=list)),
                ('outcomes', models.JSONField(default=list)),
                ('sponsors', models.JSONField(default=list)),
                ('row_count', models.PositiveIntegerField(default=0)),
                ('problem_count', models.PositiveIntegerField(default=0)),
                ('sponsor_count', models.PositiveIntegerField(default=0)),
                ('intake', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='cohorts.intake')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'intake', 'number'), name='intake_part_once'), cohorts.tenancy.wall.SameOrganisation(field='intake', name='cohorts_intakepart_intake_same'), cohorts.tenancy.wall.OrganisationPolicy(across={}, name='cohorts_intakepart_policy')],
            },
        ),
        migrations.CreateModel(
            name='IntakePiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('data', models.BinaryField()),
                ('intake', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='cohorts.intake')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'intake', 'number'), name='intake_piece_once'), cohorts.tenancy.wall.SameOrganisation(field='intake', name='cohorts_intakepiece_intake_same'), cohorts.tenancy.wall.OrganisationPolicy(across={}, name='cohorts_intakepiece_policy')],
            },
        ),
        migrations.RunSQL([*LIFT, PIECES, PARTS, NO_PLANS, "SET CONSTRAINTS ALL IMMEDIATE"], migrations.RunSQL.noop),
        migrations.RunPython(force_at_the_end, migrations.RunPython.noop),
        migrations.RemoveField("intake", "rows"),
        migrations.RemoveField("intake", "source"),
    ]
