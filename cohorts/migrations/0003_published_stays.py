"""What was loaded before was published; from here on PostgreSQL refuses to rewrite it.

The standard curriculum gets what its files hold and its rows did not. Row security is lifted for the owner inside the
transaction, and forced again before it ends; everybody else stays behind it throughout.
"""

import json
from pathlib import Path

from django.db import migrations, models
from ruamel.yaml import YAML

STANDARD = "adaptive-contact-centre-leadership"
FILES = Path(__file__).resolve().parent.parent / "curricula" / STANDARD / "1"
LANGUAGES = ("en", "nb")
FILLED = ("curriculum", "curriculumversion", "step", "sponsorweek", "milestone")

FORCE = ["SET CONSTRAINTS ALL IMMEDIATE"]
FORCE += [f"ALTER TABLE cohorts_{table} FORCE ROW LEVEL SECURITY" for table in FILLED]
LIFT = [f"ALTER TABLE cohorts_{table} NO FORCE ROW LEVEL SECURITY" for table in FILLED]

KEYS = "UPDATE cohorts_step SET key = 'day-' || day || '-' || kind"
PUBLISHED = "UPDATE cohorts_curriculumversion SET published_at = now()"

STAYS = """
CREATE FUNCTION cohorts_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_TABLE_NAME WHEN 'cohorts_curriculumversion' THEN ARRAY[OLD.id]
        ELSE ARRAY[(to_jsonb(OLD) ->> 'version_id')::bigint, (to_jsonb(NEW) ->> 'version_id')::bigint] END;
BEGIN
    IF EXISTS (
        SELECT FROM cohorts_curriculumversion AS version
        WHERE version.organisation_id = OLD.organisation_id AND version.published_at IS NOT NULL
            AND version.id = ANY (touched)
    ) THEN
        RAISE EXCEPTION 'a published curriculum version never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$
"""
STAYING = [
    f"CREATE TRIGGER published_stays BEFORE UPDATE ON cohorts_{table} FOR EACH ROW"
    " WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION cohorts_published_stays()"
    for table in ("curriculumversion", "step", "sponsorweek", "milestone")
]
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
    dependencies = [("cohorts", "0002_curricula_as_a_feature")]

    operations = [
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
        migrations.RunSQL([STAYS, *STAYING], UNSTAY),
    ]
