"""What was shared with the sponsor names the person who was it then, as far as the trail can tell.

"Then" is when a reflection was last shared, or the day a plan began. A trail that cannot tell leaves a share without a
name: nobody but the leader reads it, and Today asks whether the sponsor of now may.
"""

from django.db import migrations

READ = ("goals_reflection", "goals_focus", "goals_share", "cohorts_enrolment", "cohorts_membership",
        "cohorts_auditentry", "cohorts_intake")
LIFT = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in READ]
FORCE = ["SET CONSTRAINTS ALL IMMEDIATE", *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in READ)]

NAME = """
WITH shared AS (
    SELECT organisation_id, id AS reflection_id, NULL::bigint AS focus_id, enrolment_id, COALESCE((
        SELECT max(at) FROM cohorts_auditentry AS entry
        WHERE entry.organisation_id = reflection.organisation_id AND verb = 'shared reflection'
            AND thing = 'goals.reflection' AND thing_id = reflection.id
    ), written_at) AS at
    FROM goals_reflection AS reflection WHERE audience = 'sponsor'
    UNION ALL
    SELECT organisation_id, NULL, id, enrolment_id, (started_on + 1)::timestamptz FROM goals_focus
), told AS (  -- each change of a sponsor that names the leader
    SELECT organisation_id, thing_id AS enrolment_id, at, (details ->> 'sponsor')::bigint AS sponsor_id
    FROM cohorts_auditentry WHERE verb = 'changed sponsor' AND thing = 'cohorts.enrolment'
), vague AS (  -- lists that changed sponsors in a cohort; the trail has only how many
    SELECT entry.organisation_id, intake.cohort_id, entry.at
    FROM cohorts_auditentry AS entry JOIN cohorts_intake AS intake
        ON intake.organisation_id = entry.organisation_id AND intake.id = entry.thing_id
    WHERE verb = 'imported people' AND (details ->> 'sponsor_changes')::int > 0
    UNION ALL
    SELECT organisation_id, thing_id, at FROM cohorts_auditentry
    WHERE verb = 'added person' AND details ->> 'happens' = 'sponsor_changes'
), then_sponsor AS (
    SELECT shared.*, CASE
        WHEN EXISTS (
            SELECT FROM vague WHERE vague.organisation_id = place.organisation_id AND vague.cohort_id = place.cohort_id
                AND (last.at IS NULL OR vague.at BETWEEN last.at AND shared.at)
        ) THEN NULL
        WHEN last.at IS NOT NULL THEN last.sponsor_id
        WHEN EXISTS (
            SELECT FROM told WHERE told.organisation_id = place.organisation_id AND told.enrolment_id = place.id
        ) THEN NULL
        ELSE place.sponsor_id
    END AS reader_id
    FROM shared
    JOIN cohorts_enrolment AS place
        ON place.organisation_id = shared.organisation_id AND place.id = shared.enrolment_id
    LEFT JOIN LATERAL (
        SELECT told.at, told.sponsor_id FROM told
        WHERE told.organisation_id = place.organisation_id AND told.enrolment_id = place.id AND told.at <= shared.at
        ORDER BY told.at DESC LIMIT 1
    ) AS last ON true
)
INSERT INTO goals_share (organisation_id, reflection_id, focus_id, reader_id, shared_at)
SELECT named.organisation_id, named.reflection_id, named.focus_id, member.id, named.at
FROM then_sponsor AS named
JOIN cohorts_membership AS member ON member.organisation_id = named.organisation_id AND member.id = named.reader_id
"""


class Migration(migrations.Migration):
    dependencies = [("goals", "0006_shares_name_people")]

    operations = [migrations.RunSQL([*LIFT, NAME, *FORCE], migrations.RunSQL.noop)]
