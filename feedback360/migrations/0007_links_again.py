import cohorts.tenancy.wall
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0011_sponsor_notes'),
        ('feedback360', '0006_rater_lists'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='rater',
            name='feedback360_rater_policy',
        ),
        migrations.AddIndex(
            model_name='rater',
            index=models.Index(django.db.models.functions.text.Lower('email'), condition=models.Q(('erased_at', None)), name='rater_address'),
        ),
        migrations.AddConstraint(
            model_name='rater',
            constraint=cohorts.tenancy.wall.OrganisationPolicy(across={'rater': ['SELECT']}, name='feedback360_rater_policy'),
        ),
    ]
