"""Clocks and nudges drop two keys each: nothing points at them, and their enrolment's key holds their organisation."""

import cohorts.tenancy.wall
import django.db.models.deletion
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0004_nudges_in_their_order")]

    operations = [
        operation
        for model in ("clock", "nudge")
        for operation in (
            migrations.RemoveConstraint(model_name=model, name=f"cohorts_{model}_owned"),
            migrations.AlterField(
                model_name=model,
                name="organisation",
                field=cohorts.tenancy.wall.OrganisationKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cohorts.organisation"),
            ),
        )
    ]
