"""Nobody walks two paths at once, however two requests meet: PostgreSQL refuses a second running clock of one leader.

A trigger instead of a unique index: a clock would have to carry its leader, and the index would be written with every
nudge. This runs only when a clock starts.
"""

from django.db import migrations

ONE_PATH = """
CREATE FUNCTION cohorts_one_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    walker bigint;
BEGIN
    SELECT leader_id INTO walker FROM cohorts_enrolment
        WHERE organisation_id = NEW.organisation_id AND id = NEW.enrolment_id;
    -- Whoever comes second waits here, and then sees the first one's clock.
    PERFORM FROM cohorts_membership WHERE organisation_id = NEW.organisation_id AND id = walker FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM cohorts_enrolment AS place
        JOIN cohorts_clock AS other
            ON other.organisation_id = place.organisation_id AND other.enrolment_id = place.id
        WHERE place.organisation_id = NEW.organisation_id AND place.leader_id = walker AND place.left_on IS NULL
            AND NOT other.is_finished AND other.id <> NEW.id
    ) THEN
        RAISE EXCEPTION 'a leader walks one path at a time' USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_path';
    END IF;
    RETURN NULL;
END $$
"""
STARTING = [
    "CREATE TRIGGER one_path_new AFTER INSERT ON cohorts_clock FOR EACH ROW"
    " WHEN (NOT NEW.is_finished) EXECUTE FUNCTION cohorts_one_path()",
    "CREATE TRIGGER one_path_again AFTER UPDATE OF is_finished ON cohorts_clock FOR EACH ROW"
    " WHEN (OLD.is_finished AND NOT NEW.is_finished) EXECUTE FUNCTION cohorts_one_path()",
]


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0009_revisions")]

    operations = [migrations.RunSQL([ONE_PATH, *STARTING], "DROP FUNCTION cohorts_one_path() CASCADE")]
