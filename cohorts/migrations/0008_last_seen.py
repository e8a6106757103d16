from django.db import migrations, models


class Migration(migrations.Migration):
    """The day a member was last here, so that a sponsor who has gone silent is noticed."""

    dependencies = [("cohorts", "0007_one_outbox")]

    operations = [
        migrations.AddField("membership", "last_seen_on", models.DateField(blank=True, null=True)),
    ]
