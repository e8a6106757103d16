from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0037_moments_of_their_own")]

    operations = [migrations.AddField("intake", "plan", models.JSONField(default=dict, db_default={}))]
