"""A note to a sponsor that an admin asked for: a kind of mail in the one outbox."""

import cohorts.tenancy.wall
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0010_one_path_at_a_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='SponsorNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('due', 'Due'), ('sending', 'Sending'), ('sent', 'Sent'), ('skipped', 'Skipped'), ('failed', 'Failed'), ('ambiguous', 'May have arrived')], default='due', max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('too_late', 'Too late for that day'), ('practised', 'Practice already logged'), ('paused', 'Away that day'), ('left', 'No longer in the cohort'), ('unsubscribed', 'Mail switched off'), ('accepted', 'Has signed in already'), ('revoked', 'Invitation taken back'), ('expired', 'No longer valid'), ('refused', 'The mail server refused the address'), ('unreachable', 'The mail server could not be reached in time'), ('silent', 'The mail server did not say whether it took it')], db_default='', max_length=12)),
                ('attempts', models.PositiveSmallIntegerField(db_default=0)),
                ('not_before', models.DateTimeField()),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('smtp_code', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('quiet', 'Leaders gone quiet'), ('silent', 'Silent sponsor')], max_length=6)),
                ('enrolments', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('requested_at', models.DateTimeField()),
                ('cohort', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.cohort')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('requested_by', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.membership')),
                ('sponsor', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='cohorts.membership')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('state', 'due')), fields=['organisation', 'not_before', 'id'], name='sponsornote_to_send'), models.Index(condition=models.Q(('state', 'sending')), fields=['lease_until'], name='sponsornote_leased'), models.Index(fields=['organisation', 'sponsor'], name='cohorts_sponsornote_sponsor'), models.Index(fields=['organisation', 'cohort'], name='cohorts_sponsornote_cohort'), models.Index(fields=['organisation', 'requested_by'], name='horts_sponsornote_requested_by')],
                'constraints': [cohorts.tenancy.wall.SameOrganisation(field='sponsor', name='cohorts_sponsornote_sponsor_same'), cohorts.tenancy.wall.SameOrganisation(field='cohort', name='cohorts_sponsornote_cohort_same'), cohorts.tenancy.wall.SameOrganisation(field='requested_by', name='cohorts_sponsornote_requested_by_same'), models.UniqueConstraint(fields=('organisation', 'id'), name='cohorts_sponsornote_owned'), cohorts.tenancy.wall.OrganisationPolicy(across={'planner': ['SELECT']}, name='cohorts_sponsornote_policy')],
            },
        ),
    ]
