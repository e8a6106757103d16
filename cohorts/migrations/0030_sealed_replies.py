"""Answers of the day are sealed with the secret of the key they were given to. Those that are not are forgotten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0029_updated_at")]

    operations = [
        migrations.RunSQL("TRUNCATE cohorts_apireply", migrations.RunSQL.noop),
        migrations.RemoveField("apireply", "body"),
        migrations.RemoveField("apireply", "headers"),
        migrations.AddField("apireply", "sealed", models.BinaryField(default=b"")),
    ]
