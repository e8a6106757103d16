"""A practice that was done may wait for its rating. Going back asks for a rating of each."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("goals", "0003_newest_words"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="practice", name="practice_went_only_if_done"),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                name="practice_went_only_if_done",
                condition=models.Q(went=None) | models.Q(did_it=True, went__range=(1, 5)),
            ),
        ),
    ]
