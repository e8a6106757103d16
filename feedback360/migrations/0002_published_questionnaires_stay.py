"""From here on PostgreSQL refuses to rewrite a published questionnaire: what raters were asked stays what it was."""

from django.db import migrations

STAYS = """
CREATE FUNCTION feedback360_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published questionnaire never changes' USING ERRCODE = 'insufficient_privilege';
END $$
"""
STAYING = (
    "CREATE TRIGGER published_stays BEFORE UPDATE ON feedback360_questionnaire FOR EACH ROW"
    " WHEN (OLD.published_at IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*)"
    " EXECUTE FUNCTION feedback360_published_stays()"
)
UNSTAY = "DROP FUNCTION feedback360_published_stays() CASCADE"


class Migration(migrations.Migration):
    dependencies = [("feedback360", "0001_the_room")]

    operations = [migrations.RunSQL([STAYS, STAYING], UNSTAY)]
