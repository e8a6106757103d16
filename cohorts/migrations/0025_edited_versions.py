from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0024_organisation_logo'),
    ]

    operations = [
        migrations.AddField(
            model_name='curriculumversion',
            name='changed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='curriculumversion',
            name='revision',
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
    ]
