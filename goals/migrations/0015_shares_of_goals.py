"""A goal names the sponsors who may read it, as reflections and plans do: a new one is let in by the leader."""

import cohorts.tenancy.wall
import django.db.models.deletion
from django.db import migrations, models


READ = ("goals_goal", "goals_share", "cohorts_enrolment")
LIFT = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in READ]
FORCE = ["SET CONSTRAINTS ALL IMMEDIATE", *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in READ)]

# The sponsor of now has read them, and so has the sponsor who agreed; both keep what they could read.
NAME = """
INSERT INTO goals_share (organisation_id, goal_id, reader_id, shared_at)
SELECT goal.organisation_id, goal.id, reader.id, goal.written_at
FROM goals_goal AS goal
    JOIN cohorts_enrolment AS enrolment
        ON enrolment.organisation_id = goal.organisation_id AND enrolment.id = goal.enrolment_id
    CROSS JOIN LATERAL (SELECT enrolment.sponsor_id AS id UNION SELECT goal.agreed_by_id) AS reader
WHERE reader.id IS NOT NULL AND reader.id <> enrolment.leader_id
    AND (goal.state = 'proposed' OR goal.agreed_on IS NOT NULL)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0017_member_notices'),
        ('goals', '0014_dials_within_a_year'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='share',
            name='share_of_one_thing',
        ),
        migrations.AddField(
            model_name='share',
            name='goal',
            field=cohorts.tenancy.wall.OwnedForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='goals.goal'),
        ),
        migrations.AlterField(
            model_name='sharinganswer',
            name='kind',
            field=models.CharField(choices=[('reflection', 'Reflections'), ('focus', 'Plans'), ('goal', 'Goals')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.UniqueConstraint(fields=('organisation', 'goal', 'reader'), name='share_goal_once'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('focus', None), ('goal', None), ('reflection__isnull', False)), models.Q(('focus__isnull', False), ('goal', None), ('reflection', None)), models.Q(('focus', None), ('goal__isnull', False), ('reflection', None)), _connector='OR'), name='share_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=cohorts.tenancy.wall.SameOrganisation(field='goal', name='goals_share_goal_same'),
        ),
        migrations.RunSQL([*LIFT, NAME, *FORCE], migrations.RunSQL.noop),
    ]
