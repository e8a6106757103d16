"""A plan is read in the language it was written in."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0001_the_floor'),
    ]

    operations = [
        migrations.AddField(
            model_name='focus',
            name='language',
            field=models.CharField(blank=True, default='', max_length=5),
        ),
    ]
