from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0040_import_parts")]

    operations = [
        migrations.AddField("importrun", "is_undo", models.BooleanField(default=False, db_default=False)),
    ]
