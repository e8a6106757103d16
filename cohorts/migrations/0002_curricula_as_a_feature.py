"""Drafts and published versions, steps that keep their identity, milestones, rotating rotas: the tables."""

import cohorts.tenancy.wall
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Workers of the release before still write clocks while this migrates.
MET_BY_DEFAULT = "ALTER TABLE cohorts_clock ALTER COLUMN met SET DEFAULT '{}'"


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
            field=cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation'),
        ),
        migrations.AddField(
            model_name='milestone',
            name='version',
            field=cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='cohorts.curriculumversion'),
        ),
        migrations.AddField(
            model_name='milestonedate',
            name='cohort',
            field=cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='milestone_dates', to='cohorts.cohort'),
        ),
        migrations.AddField(
            model_name='milestonedate',
            name='organisation',
            field=cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation'),
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
            constraint=cohorts.tenancy.wall.SameOrganisation(field='version', name='cohorts_milestone_version_same'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='cohorts_milestone_owned'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='cohorts_milestone_policy'),
        ),
        migrations.AddConstraint(
            model_name='milestonedate',
            constraint=models.UniqueConstraint(fields=('organisation', 'cohort', 'key'), name='milestone_date_once'),
        ),
        migrations.AddConstraint(
            model_name='milestonedate',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='cohort', name='cohorts_milestonedate_cohort_same'),
        ),
        migrations.AddConstraint(
            model_name='milestonedate',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='cohorts_milestonedate_owned'),
        ),
        migrations.AddConstraint(
            model_name='milestonedate',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='cohorts_milestonedate_policy'),
        ),
        migrations.RunSQL(MET_BY_DEFAULT, migrations.RunSQL.noop),
    ]
