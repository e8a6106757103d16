"""Let the time of change of an objective not say when parts of its team's members were written (decision 64).

They are an edit of the objective, and count in its revision, but no list shows them.
"""

from django.db import migrations

from cohorts.tenancy.tracking import tracked_again

SHOWN = (
    *("place", "department", "team_id", "parent_id", "state", "outcome", "why", "kpi_id", "measure", "unit", "course"),
    *("baseline", "baseline_on", "target", "tolerance", "due_on", "weight", "agreed_on", "ended_on", "written_at"),
)


class Migration(migrations.Migration):
    dependencies = [("goals", "0017_updated_at")]

    operations = [tracked_again("goals_objective", before=("revision", *SHOWN), now=SHOWN)]
