"""When the numbers of a visit last changed by a booking: not when its host noted that somebody did not come."""

from django.db import migrations, models

from cohorts.tenancy.tracking import ClockTimestamp

COUNTED, BEFORE = (f"replace({row}.state, 'no_show', 'booked')" for row in ("NEW", "OLD"))
DATE_COUNT = [
    """
    CREATE FUNCTION coaching_date_count() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.counted_at := clock_timestamp();
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER date_count BEFORE UPDATE ON coaching_booking FOR EACH ROW
    WHEN (({BEFORE}, OLD.counted_at) IS DISTINCT FROM ({COUNTED}, NEW.counted_at))
    EXECUTE FUNCTION coaching_date_count()
    """,
]
COLUMN = [
    "ALTER TABLE coaching_booking ADD COLUMN counted_at timestamptz NOT NULL DEFAULT now()",
    "ALTER TABLE coaching_booking ALTER COLUMN counted_at SET DEFAULT clock_timestamp()",
]


class Migration(migrations.Migration):
    dependencies = [("coaching", "0013_updated_at")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [*COLUMN, *DATE_COUNT],
                    [
                        "DROP FUNCTION coaching_date_count() CASCADE",
                        "ALTER TABLE coaching_booking DROP COLUMN counted_at",
                    ],
                )
            ],
            [
                migrations.AddField(
                    "booking",
                    "counted_at",
                    models.DateTimeField(db_default=ClockTimestamp(), editable=False),
                )
            ],
        )
    ]
