"""A long list is taken back in sets: what its rows belonged to is dated once a statement, not once a row."""

from django.db import migrations

from cohorts.tenancy.tracking import DATE_WHOLES, dates_wholes_at_once


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0038_intake_plan")]

    operations = [
        migrations.RunSQL(DATE_WHOLES, "DROP FUNCTION cohorts_date_wholes()"),
        dates_wholes_at_once("cohorts_membership", "cohorts_invitation", "membership_id"),
        dates_wholes_at_once("cohorts_cohort", "cohorts_enrolment", "cohort_id"),
        dates_wholes_at_once("cohorts_enrolment", "cohorts_pause", "enrolment_id", when="enrolment_id IS NOT NULL"),
        dates_wholes_at_once("cohorts_cohort", "cohorts_pause", "cohort_id", when="enrolment_id IS NULL"),
    ]
