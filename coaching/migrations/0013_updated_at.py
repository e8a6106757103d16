"""When what lists of the API show last changed, of rows that are there already: now. No table is rewritten."""

from django.db import migrations

from cohorts.tenancy.tracking import tracked


class Migration(migrations.Migration):
    dependencies = [("coaching", "0012_views_wait_by_their_rows"), ("cohorts", "0029_updated_at")]

    operations = [
        tracked(
            "coaching_session",
            "revision",
            "kind",
            "state",
            "starts_at",
            "minutes",
            "held_at",
        ),
        tracked(
            "coaching_host",
            "name",
            "rules_version",
            "is_active",
        ),
        tracked(
            "coaching_visit",
            "title",
            "format",
            "host_id",
            "starts_at",
            "minutes",
            "place",
            "is_remote",
            "language",
            "capacity",
            "state",
        ),
        tracked(
            "coaching_booking",
            "state",
            "offer_until",
        ),
    ]
