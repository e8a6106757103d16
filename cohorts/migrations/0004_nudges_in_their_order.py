"""The claim reads due nudges in the order in which it takes them, so a backlog is not sorted for every batch."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0003_published_stays")]

    operations = [
        migrations.RemoveIndex(model_name="nudge", name="nudge_to_send"),
        migrations.AddIndex(
            model_name="nudge",
            index=models.Index(
                fields=["organisation", "not_before", "id"], condition=models.Q(state="due"), name="nudge_to_send"
            ),
        ),
    ]
