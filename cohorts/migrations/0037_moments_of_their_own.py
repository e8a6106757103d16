"""Let no time of change say when a leader practised, or when somebody first signed in (decision 64)."""

from django.db import migrations

from cohorts.tenancy.tracking import tracked_again

ENROLMENT = (
    *("revision", "cohort_id", "leader_id", "sponsor_id", "day1_on", "zone", "nudge_hour", "working_days"),
    *("rota_on", "rota_off", "rota_from", "channels", "left_on"),
)


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0034_corrections_by_program")]

    operations = [
        tracked_again("cohorts_enrolment", before=(*ENROLMENT, "last_practice_on"), now=ENROLMENT),
        tracked_again("cohorts_invitation", before=("accepted_at", "revoked_at"), now=("revoked_at",)),
    ]
