"""Goals, teams with their objectives, and the figures of the floor."""

import cohorts.tenancy.wall
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0013_managers_coaches_hosts'),
        ('goals', '0008_thanks'),
    ]

    operations = [
        migrations.CreateModel(
            name='BusyPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='What is going on')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Resting'), (1, 'Light'), (2, 'Steady'), (3, 'Stretch')], default=1)),
                ('starts_on', models.DateField(verbose_name='First day')),
                ('ends_on', models.DateField(verbose_name='Last day')),
                ('offered_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('cohort', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='busy_periods', to='cohorts.cohort')),
                ('offered_by', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.membership')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['starts_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='BusyAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accepts', models.BooleanField()),
                ('answered_at', models.DateTimeField()),
                ('begun_on', models.DateField(blank=True, null=True)),
                ('enrolment', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='busy_answers', to='cohorts.enrolment')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('period', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='goals.busyperiod')),
            ],
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('outcome', models.CharField(max_length=200, verbose_name='What will be different')),
                ('why', models.CharField(blank=True, max_length=280, verbose_name='Why it matters')),
                ('measure', models.CharField(blank=True, max_length=120, verbose_name='How you will know')),
                ('unit', models.CharField(blank=True, max_length=20, verbose_name='Unit')),
                ('direction', models.CharField(choices=[('up', 'Up'), ('down', 'Down'), ('hold', 'Stay where it is'), ('steps', 'No number: five steps in words')], default='up', max_length=5, verbose_name='Which way is better')),
                ('baseline', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='Where it is today')),
                ('baseline_on', models.DateField(blank=True, null=True, verbose_name='Measured on')),
                ('target', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='Where it should be')),
                ('tolerance', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='Give or take')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='By when')),
                ('weight', models.PositiveSmallIntegerField(default=2, verbose_name='Weight')),
                ('scale', models.JSONField(blank=True, default=list)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Waiting for the sponsor'), ('agreed', 'Agreed'), ('done', 'Closed'), ('let_go', 'Let go')], default='draft', max_length=8)),
                ('written_at', models.DateTimeField()),
                ('agreed_on', models.DateField(blank=True, null=True)),
                ('next_review_on', models.DateField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('let_go_reason', models.CharField(blank=True, max_length=280, verbose_name='Why you let it go')),
                ('score', models.SmallIntegerField(blank=True, null=True)),
                ('scored_at', models.DateTimeField(blank=True, null=True)),
                ('key', models.UUIDField(blank=True, null=True)),
                ('edition', models.BigIntegerField(blank=True, null=True)),
                ('agreed_by', cohorts.tenancy.wall.OwnedForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.membership')),
                ('enrolment', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='cohorts.enrolment')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('scored_by', cohorts.tenancy.wall.OwnedForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.membership')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='Date')),
                ('value', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='Figure')),
                ('step', models.SmallIntegerField(blank=True, null=True, verbose_name='Step')),
                ('line', models.CharField(blank=True, max_length=280, verbose_name='A line for yourself')),
                ('key', models.UUIDField()),
                ('edition', models.BigIntegerField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('goal', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='check_ins', to='goals.goal')),
            ],
            options={
                'ordering': ['on'],
            },
        ),
        migrations.CreateModel(
            name='GoalDial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Resting'), (1, 'Light'), (2, 'Steady'), (3, 'Stretch')])),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('goal', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='dials', to='goals.goal')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('period', cohorts.tenancy.wall.OwnedForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='goals.busyperiod')),
                ('set_by', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.membership')),
            ],
            options={
                'ordering': ['starts_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='GoalEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('proposed', 'Proposed'), ('withdrawn', 'Withdrawn'), ('sent_back', 'Sent Back'), ('agreed', 'Agreed'), ('changed', 'Changed'), ('let_go', 'Let Go'), ('taken_up', 'Taken Up'), ('closed', 'Closed'), ('reopened', 'Reopened'), ('scored', 'Scored')], max_length=9)),
                ('words', models.CharField(blank=True, max_length=280)),
                ('details', models.JSONField(blank=True, default=dict)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.membership')),
                ('goal', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='goals.goal')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='GoalFocus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('focus', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='by_goal', to='goals.focus')),
                ('goal', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='by_focus', to='goals.goal')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='GoalReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField()),
                ('on', models.DateField()),
                ('decision', models.CharField(choices=[('keep', 'Keep'), ('change', 'Change'), ('let_go', 'Let go')], max_length=6)),
                ('line', models.CharField(blank=True, max_length=280, verbose_name='A line for yourself')),
                ('at', models.DateTimeField()),
                ('goal', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='goals.goal')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Kpi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('name', models.CharField(max_length=80, verbose_name='Name')),
                ('family', models.CharField(choices=[('fcr', 'Solved in the first contact'), ('csat', 'Customer satisfaction'), ('aht', 'Handling time'), ('other', 'Something else')], default='other', max_length=5, verbose_name='Kind')),
                ('unit', models.CharField(choices=[('share', 'Share, in per cent'), ('seconds', 'Seconds each'), ('rate', 'Number for each'), ('count', 'Number a day')], max_length=7, verbose_name='Unit')),
                ('better', models.CharField(choices=[('up', 'Higher is better'), ('down', 'Lower is better'), ('band', 'Best between two numbers'), ('neither', 'Neither is better')], max_length=7, verbose_name='Which way is better')),
                ('low', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='From')),
                ('high', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='To')),
                ('numerator', models.CharField(max_length=120, verbose_name='What is counted')),
                ('denominator', models.CharField(blank=True, max_length=120, verbose_name='Out of what')),
                ('archived_on', models.DateField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Followed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='Target')),
                ('expected_days', models.PositiveSmallIntegerField(default=5, verbose_name='Days a week with figures')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('kpi', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='followed', to='goals.kpi')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='KpiMethod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('text', models.CharField(max_length=600, verbose_name='How it is measured')),
                ('window_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Window in days')),
                ('same_issue', models.CharField(blank=True, max_length=160, verbose_name='What counts as the same matter')),
                ('channels', models.CharField(blank=True, max_length=120, verbose_name='Channels')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='Where the numbers come from')),
                ('from_on', models.DateField(verbose_name='From')),
                ('written_at', models.DateTimeField()),
                ('kpi', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='methods', to='goals.kpi')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('written_by', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.membership')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Objective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('place', models.CharField(choices=[('organisation', 'Organisation'), ('department', 'Department'), ('team', 'Team')], max_length=12)),
                ('department', models.CharField(blank=True, max_length=80, verbose_name='Department')),
                ('outcome', models.CharField(max_length=200, verbose_name='What will be different')),
                ('why', models.CharField(blank=True, max_length=280, verbose_name='Why it matters')),
                ('measure', models.CharField(blank=True, max_length=120, verbose_name='How we will know')),
                ('unit', models.CharField(blank=True, max_length=20, verbose_name='Unit')),
                ('course', models.CharField(choices=[('up', 'Up'), ('down', 'Down'), ('hold', 'Stay where it is'), ('milestones', 'No number: milestones')], default='up', max_length=10, verbose_name='Which way is better')),
                ('baseline', models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name='Where it is today')),
                ('baseline_on', models.DateField(blank=True, null=True, verbose_name='Measured on')),
                ('target', models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name='Where it should be')),
                ('tolerance', models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name='Give or take')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='By when')),
                ('weight', models.PositiveSmallIntegerField(default=2, verbose_name='Weight')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('shared', 'Shown to the team'), ('agreed', 'Agreed'), ('done', 'Done'), ('let_go', 'Let go')], default='draft', max_length=6)),
                ('agreed_on', models.DateField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('let_go_reason', models.CharField(blank=True, max_length=280, verbose_name='Why it was let go')),
                ('written_at', models.DateTimeField()),
                ('key', models.UUIDField(blank=True, null=True)),
                ('edition', models.BigIntegerField(blank=True, null=True)),
                ('guardrail', cohorts.tenancy.wall.OwnedForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='guarded', to='goals.objective')),
                ('kpi', cohorts.tenancy.wall.OwnedForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objectives', to='goals.kpi')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('parent', cohorts.tenancy.wall.OwnedForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='goals.objective')),
                ('written_by', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.membership')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='goal',
            name='objective',
            field=cohorts.tenancy.wall.OwnedForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='goals', to='goals.objective'),
        ),
        migrations.CreateModel(
            name='ObjectiveMilestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=160)),
                ('done_on', models.DateField(blank=True, null=True)),
                ('objective', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='goals.objective')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='ObjectiveReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='Date')),
                ('value', models.DecimalField(decimal_places=4, max_digits=14, verbose_name='Figure')),
                ('at', models.DateTimeField()),
                ('by', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.membership')),
                ('objective', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='goals.objective')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['on'],
            },
        ),
        migrations.CreateModel(
            name='Rebase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='From the week of')),
                ('change', models.CharField(max_length=160, verbose_name='What changed')),
                ('at', models.DateTimeField()),
                ('by', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cohorts.membership')),
                ('followed', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rebases', to='goals.followed')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['from_on'],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('name', models.CharField(max_length=80, verbose_name='Name of the team')),
                ('names_until', models.DateField(blank=True, null=True)),
                ('leader', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='cohorts.membership')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='objective',
            name='team',
            field=cohorts.tenancy.wall.OwnedForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='objectives', to='goals.team'),
        ),
        migrations.AddField(
            model_name='followed',
            name='team',
            field=cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='followed', to='goals.team'),
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('numerator', models.DecimalField(decimal_places=3, max_digits=16)),
                ('denominator', models.DecimalField(decimal_places=3, max_digits=16)),
                ('entry', models.CharField(choices=[('hand', 'Entered by hand'), ('file', 'From a file'), ('api', 'Through the API')], max_length=4)),
                ('at', models.DateTimeField()),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('kpi', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='goals.kpi')),
                ('team', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='goals.team')),
            ],
        ),
        migrations.CreateModel(
            name='Charter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ('purpose', models.CharField(max_length=280, verbose_name='What we are here for')),
                ('promise', models.CharField(blank=True, max_length=400, verbose_name='What customers can count on')),
                ('working', models.TextField(blank=True, max_length=800, verbose_name='How we work together')),
                ('deciding', models.CharField(blank=True, max_length=400, verbose_name='How we decide')),
                ('differing', models.CharField(blank=True, max_length=400, verbose_name='When we disagree')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='When we look at it again')),
                ('made_with', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='How many of us made it')),
                ('saved_at', models.DateTimeField()),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('team', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='charters', to='goals.team')),
            ],
        ),
        migrations.CreateModel(
            name='TeamLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('team', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='goals.team')),
            ],
            options={
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='Name or initials')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('team', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='goals.team')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ObjectiveVoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('added', 'Added something'), ('question', 'Has a question'), ('wrong', 'My part is wrong'), ('seen', 'Seen'), ('accepted', 'Agrees')], max_length=8)),
                ('words', models.CharField(blank=True, max_length=280)),
                ('by_link', models.BooleanField(default=False)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('objective', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='voices', to='goals.objective')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('member', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='voices', to='goals.teammember')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ObjectivePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, max_length=200, verbose_name='Their part')),
                ('objective', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='goals.objective')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
                ('member', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='goals.teammember')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='WeekNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('monday_on', models.DateField()),
                ('text', models.CharField(max_length=160, verbose_name='What was special')),
                ('at', models.DateTimeField()),
                ('followed', cohorts.tenancy.wall.OwnedForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='goals.followed')),
                ('organisation', cohorts.tenancy.wall.OrganisationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cohorts.organisation')),
            ],
            options={
                'ordering': ['monday_on'],
            },
        ),
        migrations.AddIndex(
            model_name='busyperiod',
            index=models.Index(fields=['organisation', 'cohort'], name='goals_busyperiod_cohort'),
        ),
        migrations.AddConstraint(
            model_name='busyperiod',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='busy_in_order'),
        ),
        migrations.AddConstraint(
            model_name='busyperiod',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', (0, 1))), name='busy_is_down'),
        ),
        migrations.AddConstraint(
            model_name='busyperiod',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='cohort', name='goals_busyperiod_cohort_same'),
        ),
        migrations.AddConstraint(
            model_name='busyperiod',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='offered_by', name='goals_busyperiod_offered_by_same'),
        ),
        migrations.AddConstraint(
            model_name='busyperiod',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_busyperiod_owned'),
        ),
        migrations.AddConstraint(
            model_name='busyperiod',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_busyperiod_policy'),
        ),
        migrations.AddIndex(
            model_name='busyanswer',
            index=models.Index(fields=['organisation', 'enrolment'], name='goals_busyanswer_enrolment'),
        ),
        migrations.AddConstraint(
            model_name='busyanswer',
            constraint=models.UniqueConstraint(fields=('organisation', 'period', 'enrolment'), name='busy_answer_once'),
        ),
        migrations.AddConstraint(
            model_name='busyanswer',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='period', name='goals_busyanswer_period_same'),
        ),
        migrations.AddConstraint(
            model_name='busyanswer',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='enrolment', name='goals_busyanswer_enrolment_same'),
        ),
        migrations.AddConstraint(
            model_name='busyanswer',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_busyanswer_owned'),
        ),
        migrations.AddConstraint(
            model_name='busyanswer',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_busyanswer_policy'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.UniqueConstraint(fields=('organisation', 'goal', 'on'), name='check_in_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.UniqueConstraint(fields=('organisation', 'goal', 'key'), name='check_in_key_once'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('step', None), ('value__isnull', False)), models.Q(('step__range', (-2, 2)), ('value', None)), _connector='OR'), name='check_in_number_or_step'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='goal', name='goals_checkin_goal_same'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_checkin_owned'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_checkin_policy'),
        ),
        migrations.AddIndex(
            model_name='goaldial',
            index=models.Index(fields=['organisation', 'goal'], name='goals_goaldial_goal'),
        ),
        migrations.AddConstraint(
            model_name='goaldial',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='goal', name='goals_goaldial_goal_same'),
        ),
        migrations.AddConstraint(
            model_name='goaldial',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='period', name='goals_goaldial_period_same'),
        ),
        migrations.AddConstraint(
            model_name='goaldial',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='set_by', name='goals_goaldial_set_by_same'),
        ),
        migrations.AddConstraint(
            model_name='goaldial',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_goaldial_owned'),
        ),
        migrations.AddConstraint(
            model_name='goaldial',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_goaldial_policy'),
        ),
        migrations.AddIndex(
            model_name='goalevent',
            index=models.Index(fields=['organisation', 'goal'], name='goals_goalevent_goal'),
        ),
        migrations.AddConstraint(
            model_name='goalevent',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='goal', name='goals_goalevent_goal_same'),
        ),
        migrations.AddConstraint(
            model_name='goalevent',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='by', name='goals_goalevent_by_same'),
        ),
        migrations.AddConstraint(
            model_name='goalevent',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_goalevent_owned'),
        ),
        migrations.AddConstraint(
            model_name='goalevent',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_goalevent_policy'),
        ),
        migrations.AddIndex(
            model_name='goalfocus',
            index=models.Index(fields=['organisation', 'focus'], name='goals_goalfocus_focus'),
        ),
        migrations.AddConstraint(
            model_name='goalfocus',
            constraint=models.UniqueConstraint(fields=('organisation', 'goal', 'focus'), name='goal_focus_once'),
        ),
        migrations.AddConstraint(
            model_name='goalfocus',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='goal', name='goals_goalfocus_goal_same'),
        ),
        migrations.AddConstraint(
            model_name='goalfocus',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='focus', name='goals_goalfocus_focus_same'),
        ),
        migrations.AddConstraint(
            model_name='goalfocus',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_goalfocus_owned'),
        ),
        migrations.AddConstraint(
            model_name='goalfocus',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_goalfocus_policy'),
        ),
        migrations.AddConstraint(
            model_name='goalreview',
            constraint=models.UniqueConstraint(fields=('organisation', 'goal', 'due_on'), name='goal_review_once'),
        ),
        migrations.AddConstraint(
            model_name='goalreview',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='goal', name='goals_goalreview_goal_same'),
        ),
        migrations.AddConstraint(
            model_name='goalreview',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_goalreview_owned'),
        ),
        migrations.AddConstraint(
            model_name='goalreview',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_goalreview_policy'),
        ),
        migrations.AddConstraint(
            model_name='kpi',
            constraint=models.UniqueConstraint(fields=('organisation', 'name'), name='kpi_name_once'),
        ),
        migrations.AddConstraint(
            model_name='kpi',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_kpi_owned'),
        ),
        migrations.AddConstraint(
            model_name='kpi',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_kpi_policy'),
        ),
        migrations.AddConstraint(
            model_name='kpimethod',
            constraint=models.UniqueConstraint(fields=('organisation', 'kpi', 'number'), name='kpi_method_once'),
        ),
        migrations.AddConstraint(
            model_name='kpimethod',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='kpi', name='goals_kpimethod_kpi_same'),
        ),
        migrations.AddConstraint(
            model_name='kpimethod',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='written_by', name='goals_kpimethod_written_by_same'),
        ),
        migrations.AddConstraint(
            model_name='kpimethod',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_kpimethod_owned'),
        ),
        migrations.AddConstraint(
            model_name='kpimethod',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_kpimethod_policy'),
        ),
        migrations.AddIndex(
            model_name='goal',
            index=models.Index(fields=['organisation', 'objective'], name='goals_goal_objective'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.UniqueConstraint(fields=('organisation', 'enrolment', 'key'), name='goal_key_once'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('weight__range', (1, 3))), name='goal_weight'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('score', None), models.Q(('score__range', (-2, 2)), ('state', 'done')), _connector='OR'), name='goal_score'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_on', None), ('state__in', ('draft', 'proposed'))), models.Q(('agreed_on__isnull', False), ('due_on__isnull', False), ('state__in', ('agreed', 'done'))), ('state', 'let_go'), _connector='OR'), name='goal_agreed_when_under_way'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='enrolment', name='goals_goal_enrolment_same'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='objective', name='goals_goal_objective_same'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='agreed_by', name='goals_goal_agreed_by_same'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='scored_by', name='goals_goal_scored_by_same'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_goal_owned'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_goal_policy'),
        ),
        migrations.AddConstraint(
            model_name='objectivemilestone',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('organisation', 'objective', 'number'), name='milestone_numbered'),
        ),
        migrations.AddConstraint(
            model_name='objectivemilestone',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='objective', name='goals_objectivemilestone_objective_same'),
        ),
        migrations.AddConstraint(
            model_name='objectivemilestone',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_objectivemilestone_owned'),
        ),
        migrations.AddConstraint(
            model_name='objectivemilestone',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_objectivemilestone_policy'),
        ),
        migrations.AddConstraint(
            model_name='objectivereading',
            constraint=models.UniqueConstraint(fields=('organisation', 'objective', 'on'), name='objective_reading_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='objectivereading',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='objective', name='goals_objectivereading_objective_same'),
        ),
        migrations.AddConstraint(
            model_name='objectivereading',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='by', name='goals_objectivereading_by_same'),
        ),
        migrations.AddConstraint(
            model_name='objectivereading',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_objectivereading_owned'),
        ),
        migrations.AddConstraint(
            model_name='objectivereading',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_objectivereading_policy'),
        ),
        migrations.AddConstraint(
            model_name='rebase',
            constraint=models.UniqueConstraint(fields=('organisation', 'followed', 'from_on'), name='rebase_once'),
        ),
        migrations.AddConstraint(
            model_name='rebase',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='followed', name='goals_rebase_followed_same'),
        ),
        migrations.AddConstraint(
            model_name='rebase',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='by', name='goals_rebase_by_same'),
        ),
        migrations.AddConstraint(
            model_name='rebase',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_rebase_owned'),
        ),
        migrations.AddConstraint(
            model_name='rebase',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_rebase_policy'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('organisation', 'leader'), name='team_once_a_leader'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('organisation', 'name'), name='team_name_once'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='leader', name='goals_team_leader_same'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_team_owned'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_team_policy'),
        ),
        migrations.AddIndex(
            model_name='objective',
            index=models.Index(fields=['organisation', 'team'], name='goals_objective_team'),
        ),
        migrations.AddIndex(
            model_name='objective',
            index=models.Index(fields=['organisation', 'parent'], name='goals_objective_parent'),
        ),
        migrations.AddIndex(
            model_name='objective',
            index=models.Index(fields=['organisation', 'kpi'], name='goals_objective_kpi'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.UniqueConstraint(fields=('organisation', 'key'), name='objective_key_once'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.CheckConstraint(condition=models.Q(('weight__range', (1, 3))), name='objective_weight'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('place', 'team'), ('team__isnull', False)), models.Q(models.Q(('place', 'team'), _negated=True), ('team', None)), _connector='OR'), name='objective_place'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'let_go'), _negated=True), models.Q(models.Q(('let_go_reason', ''), _negated=True), ('ended_on__isnull', False)), _connector='OR'), name='objective_let_go_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='team', name='goals_objective_team_same'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='parent', name='goals_objective_parent_same'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='kpi', name='goals_objective_kpi_same'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='guardrail', name='goals_objective_guardrail_same'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='written_by', name='goals_objective_written_by_same'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_objective_owned'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_objective_policy'),
        ),
        migrations.AddIndex(
            model_name='followed',
            index=models.Index(fields=['organisation', 'kpi'], name='goals_followed_kpi'),
        ),
        migrations.AddConstraint(
            model_name='followed',
            constraint=models.UniqueConstraint(fields=('organisation', 'team', 'kpi'), name='followed_once'),
        ),
        migrations.AddConstraint(
            model_name='followed',
            constraint=models.CheckConstraint(condition=models.Q(('expected_days__range', (1, 7))), name='followed_days'),
        ),
        migrations.AddConstraint(
            model_name='followed',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='kpi', name='goals_followed_kpi_same'),
        ),
        migrations.AddConstraint(
            model_name='followed',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='team', name='goals_followed_team_same'),
        ),
        migrations.AddConstraint(
            model_name='followed',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_followed_owned'),
        ),
        migrations.AddConstraint(
            model_name='followed',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_followed_policy'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.UniqueConstraint(fields=('organisation', 'team', 'kpi', 'on'), name='figure_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.CheckConstraint(condition=models.Q(('denominator__gte', 0), ('numerator__gte', 0)), name='figure_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='kpi', name='goals_figure_kpi_same'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='team', name='goals_figure_team_same'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_figure_owned'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_figure_policy'),
        ),
        migrations.AddConstraint(
            model_name='charter',
            constraint=models.UniqueConstraint(fields=('organisation', 'team'), name='charter_once'),
        ),
        migrations.AddConstraint(
            model_name='charter',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='team', name='goals_charter_team_same'),
        ),
        migrations.AddConstraint(
            model_name='charter',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_charter_owned'),
        ),
        migrations.AddConstraint(
            model_name='charter',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_charter_policy'),
        ),
        migrations.AddIndex(
            model_name='teamlink',
            index=models.Index(fields=['organisation', 'team'], name='goals_teamlink_team'),
        ),
        migrations.AddConstraint(
            model_name='teamlink',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='team', name='goals_teamlink_team_same'),
        ),
        migrations.AddConstraint(
            model_name='teamlink',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_teamlink_owned'),
        ),
        migrations.AddConstraint(
            model_name='teamlink',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_teamlink_policy'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=models.UniqueConstraint(fields=('organisation', 'team', 'name'), name='team_member_once'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='team', name='goals_teammember_team_same'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_teammember_owned'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_teammember_policy'),
        ),
        migrations.AddIndex(
            model_name='objectivevoice',
            index=models.Index(fields=['organisation', 'objective', 'member', 'at'], name='voice_newest'),
        ),
        migrations.AddIndex(
            model_name='objectivevoice',
            index=models.Index(fields=['organisation', 'objective'], name='goals_objectivevoice_objective'),
        ),
        migrations.AddIndex(
            model_name='objectivevoice',
            index=models.Index(fields=['organisation', 'member'], name='goals_objectivevoice_member'),
        ),
        migrations.AddConstraint(
            model_name='objectivevoice',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='objective', name='goals_objectivevoice_objective_same'),
        ),
        migrations.AddConstraint(
            model_name='objectivevoice',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='member', name='goals_objectivevoice_member_same'),
        ),
        migrations.AddConstraint(
            model_name='objectivevoice',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_objectivevoice_owned'),
        ),
        migrations.AddConstraint(
            model_name='objectivevoice',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_objectivevoice_policy'),
        ),
        migrations.AddIndex(
            model_name='objectivepart',
            index=models.Index(fields=['organisation', 'member'], name='goals_objectivepart_member'),
        ),
        migrations.AddConstraint(
            model_name='objectivepart',
            constraint=models.UniqueConstraint(fields=('organisation', 'objective', 'member'), name='objective_part_once'),
        ),
        migrations.AddConstraint(
            model_name='objectivepart',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='objective', name='goals_objectivepart_objective_same'),
        ),
        migrations.AddConstraint(
            model_name='objectivepart',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='member', name='goals_objectivepart_member_same'),
        ),
        migrations.AddConstraint(
            model_name='objectivepart',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_objectivepart_owned'),
        ),
        migrations.AddConstraint(
            model_name='objectivepart',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_objectivepart_policy'),
        ),
        migrations.AddConstraint(
            model_name='weeknote',
            constraint=models.UniqueConstraint(fields=('organisation', 'followed', 'monday_on'), name='week_note_once'),
        ),
        migrations.AddConstraint(
            model_name='weeknote',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='followed', name='goals_weeknote_followed_same'),
        ),
        migrations.AddConstraint(
            model_name='weeknote',
            constraint=models.UniqueConstraint(fields=('organisation', 'id'), name='goals_weeknote_owned'),
        ),
        migrations.AddConstraint(
            model_name='weeknote',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={}, name='goals_weeknote_policy'),
        ),
    ]
