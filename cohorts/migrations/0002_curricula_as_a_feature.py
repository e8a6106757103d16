"""Drafts and published versions, steps that keep their identity, milestones, rotating rotas.

What was loaded before was published; the standard curriculum gets what its files hold and its rows did not. Both walls
stand while this runs: row security is lifted for the owner inside the transaction and forced again after it.
"""

import json
from pathlib import Path

import cohorts.tenancy
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from ruamel.yaml import YAML

STANDARD = "adaptive-contact-centre-leadership"
FILES = Path(__file__).resolve().parent.parent / "curricula" / STANDARD / "1"
LANGUAGES = ("en", "nb")
FILLED = ("curriculum", "curriculumversion", "step", "sponsorweek", "milestone")

FORCE = [f"ALTER TABLE cohorts_{table} FORCE ROW LEVEL SECURITY" for table in FILLED]
LIFT = [f"ALTER TABLE cohorts_{table} NO FORCE ROW LEVEL SECURITY" for table in FILLED]

KEYS = "UPDATE cohorts_step SET key = 'day-' || day || '-' || kind"
PUBLISHED = "UPDATE cohorts_curriculumversion SET published_at = now()"

STAYS = """
CREATE FUNCTION cohorts_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM cohorts_curriculumversion AS version
        WHERE version.organisation_id = OLD.organisation_id AND version.published_at IS NOT NULL
            AND version.id = (CASE TG_TABLE_NAME
                WHEN 'cohorts_curriculumversion' THEN to_jsonb(OLD) ->> 'id' ELSE to_jsonb(OLD) ->> 'version_id'
            END)::bigint
    ) THEN
        RAISE EXCEPTION 'a published curriculum version never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
""" + "".join(
    f"CREATE TRIGGER published_stays BEFORE UPDATE ON cohorts_{table} FOR EACH ROW"
    " WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION cohorts_published_stays();\n"
    for table in ("curriculumversion", "step", "sponsorweek", "milestone")
)
# Workers of the release before still write clocks while this migrates.
MET_BY_DEFAULT = "ALTER TABLE cohorts_clock ALTER COLUMN met SET DEFAULT '{}'"
UNSTAY = "DROP FUNCTION cohorts_published_stays() CASCADE"


def read(name):
    return YAML(typ="safe").load((FILES / name).read_text(encoding="utf-8"))


def split(entry):
    """What a file says once, and what it says in each language."""
    texts = {language: entry[language] for language in LANGUAGES}
    return {name: value for name, value in entry.items() if name not in LANGUAGES}, texts


def fill_standard(apps, schema_editor):
    """Give every loaded copy of the standard curriculum what its files have and version 1's rows did not hold."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT version.organisation_id, version.id FROM cohorts_curriculumversion AS version"
            " JOIN cohorts_curriculum AS curriculum ON curriculum.id = version.curriculum_id"
            " WHERE curriculum.slug = %s AND version.number = 1",
            [STANDARD],
        )
        for organisation, version in cursor.fetchall():
            fill(cursor, organisation, version)


def fill(cursor, organisation, version):
    brief, _ = split(read("brief.yaml"))
    circle = [{**once, "texts": texts} for once, texts in map(split, read("circle.yaml"))]
    cursor.execute(
        "UPDATE cohorts_curriculumversion SET starters = %s, circle = %s, brief_minutes = %s, brief_sources = %s"
        " WHERE id = %s",
        [json.dumps(read("starters.yaml")), json.dumps(circle), brief["minutes"], json.dumps(brief["sources"]), version],
    )
    for path in sorted(FILES.glob("week-*.yaml")):
        week = read(path.name)
        cursor.execute(
            "UPDATE cohorts_sponsorweek SET theme = %s WHERE version_id = %s AND week = %s",
            [json.dumps(week["theme"]), version, week["week"]],
        )
        cursor.executemany(
            "UPDATE cohorts_step SET key = %s WHERE version_id = %s AND day = %s",
            [(step["key"], version, step["day"]) for step in week["steps"]],
        )
    for once, texts in map(split, read("milestones.yaml")):
        cursor.execute(
            "INSERT INTO cohorts_milestone (organisation_id, version_id, key, kind, day, minutes, text)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [organisation, version, once["key"], once["kind"], once["day"], once["minutes"], json.dumps(texts)],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0001_the_floor'),
    ]

    operations = [
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(db_index=False, max_length=60)),
                ('kind', models.CharField(choices=[('kick_off', 'Kick-off with the sponsor'), ('three_way_talk', 'Three-way talk'), ('circle', 'Circle meeting'), ('role_model_talk', 'Role-model talk'), ('site_visit', 'Site visit'), ('round', '360 round'), ('halfway_review', 'Half-way review'), ('closing', 'Closing'), ('other', 'Something else')], max_length=16)),
                ('day', models.SmallIntegerField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('text', models.JSONField()),
            ],
            options={
                'ordering': ['day', 'key'],
            },
        ),
        migrations.CreateModel(
            name='MilestoneDate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(db_index=False, max_length=60)),
                ('on', models.DateField(blank=True, null=True, verbose_name='date')),
            ],
        ),
        migrations.AddField(
            model_name='clock',
            name='met',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='curriculumversion',
            name='brief_minutes',
            field=models.PositiveSmallIntegerField(default=3),
        ),
        migrations.AddField(
            model_name='curriculumversion',
            name='brief_sources',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='curriculumversion',
            name='circle',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='curriculumversion',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='curriculumversion',
            name='starters',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='rota_from',
            field=models.DateField(blank=True, null=True, verbose_name='a first day on'),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='rota_off',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days off'),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='rota_on',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days on'),
        ),
        migrations.AddField(
            model_name='sponsorweek',
            name='theme',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='step',
            name='key',
            field=models.SlugField(db_index=False, default='', max_length=60),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='curriculumversion',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('organisation', 'curriculum'), name='curriculum_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rota_from', None), ('rota_off', None), ('rota_on', None)), models.Q(('rota_from__isnull', False), ('rota_off__range', (1, 28)), ('rota_on__range', (1, 28))), _connector='OR'), name='enrolment_rota_whole'),
        ),
        migrations.AddField(
            model_name='milestone',
            name='organisation',
            field=cohorts.tenancy.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation'),
        ),
        migrations.AddField(
            model_name='milestone',
            name='version',
            field=cohorts.tenancy.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='cohorts.curriculumversion'),
        ),
        migrations.AddField(
            model_name='milestonedate',
            name='cohort',
            field=cohorts.tenancy.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='milestone_dates', to='cohorts.cohort'),
        ),
        migrations.AddField(
            model_name='milestonedate',
            name='organisation',
            field=cohorts.tenancy.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.UniqueConstraint(fields=('organisation', 'version', 'key'), name='milestone_once'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.CheckConstraint(condition=models.Q(('day__range', (-14, 104))), name='milestone_day'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=cohorts.tenancy.SameOrganisation(field='version', name='cohorts_milestone_version_same'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='cohorts_milestone_owned'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=cohorts.tenancy.OrganisationPolicy(across={}, name='cohorts_milestone_policy'),
        ),
        migrations.AddConstraint(
            model_name='milestonedate',
            constraint=models.UniqueConstraint(fields=('organisation', 'cohort', 'key'), name='milestone_date_once'),
        ),
        migrations.AddConstraint(
            model_name='milestonedate',
            constraint=cohorts.tenancy.SameOrganisation(field='cohort', name='cohorts_milestonedate_cohort_same'),
        ),
        migrations.AddConstraint(
            model_name='milestonedate',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='cohorts_milestonedate_owned'),
        ),
        migrations.AddConstraint(
            model_name='milestonedate',
            constraint=cohorts.tenancy.OrganisationPolicy(across={}, name='cohorts_milestonedate_policy'),
        ),
        migrations.RunSQL([*LIFT, KEYS, PUBLISHED], migrations.RunSQL.noop),
        migrations.RunPython(fill_standard, migrations.RunPython.noop),
        migrations.RunSQL(FORCE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(fields=('organisation', 'version', 'key'), name='step_key_once'),
        ),
        migrations.RemoveConstraint(model_name='step', name='step_once'),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(
                deferrable=models.Deferrable['DEFERRED'], fields=('organisation', 'version', 'day', 'kind'), name='step_once'
            ),
        ),
        migrations.RunSQL(STAYS, UNSTAY),
        migrations.RunSQL(MET_BY_DEFAULT, migrations.RunSQL.noop),
    ]
