from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0033_cohort_place")]

    operations = [
        migrations.AddField(
            model_name="addresscorrection",
            name="by_program",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
