"""Members can be suspended; a withdrawn invitation shuts out those who had not answered it.

Until now such an invitation stopped nobody. Those members are shut out with this, and their nudges wait; owners are
not, so that no organisation loses its last one. People shows who it is, and *Resend* lets them in.
"""

from django.db import migrations, models

READ = ("cohorts_membership", "cohorts_invitation", "cohorts_enrolment", "cohorts_clock")
LIFT = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in READ]
FORCE = [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in READ]

SHUT_OUT = """
UPDATE cohorts_membership AS member SET suspended_at = newest.revoked_at, link_version = member.link_version + 1
FROM (
    SELECT DISTINCT ON (organisation_id, membership_id) organisation_id, membership_id, accepted_at, revoked_at
    FROM cohorts_invitation ORDER BY organisation_id, membership_id, id DESC
) AS newest
WHERE newest.organisation_id = member.organisation_id AND newest.membership_id = member.id
    AND newest.accepted_at IS NULL AND newest.revoked_at IS NOT NULL
    AND member.left_at IS NULL AND NOT 'owner' = ANY (member.roles)
"""
HOLD = """
UPDATE cohorts_clock AS clock SET is_held = true
FROM cohorts_enrolment AS enrolment
    JOIN cohorts_membership AS member
        ON member.organisation_id = enrolment.organisation_id AND member.id = enrolment.leader_id
WHERE enrolment.organisation_id = clock.organisation_id AND enrolment.id = clock.enrolment_id
    AND member.suspended_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0015_days_away_within_a_year")]

    operations = [
        migrations.AddField(
            model_name="membership", name="suspended_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunSQL([*LIFT, SHUT_OUT, HOLD, *FORCE], migrations.RunSQL.noop),
    ]
