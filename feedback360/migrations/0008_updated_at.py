"""When what lists of the API show last changed, of rows that are there already: now. No table is rewritten.

A leader moves with their list until raters are asked, and with no request after that: nothing says when one answered.
"""

from django.db import migrations

from cohorts.tenancy.tracking import dates_whole, tracked


class Migration(migrations.Migration):
    dependencies = [("feedback360", "0007_links_again"), ("cohorts", "0029_updated_at")]

    operations = [
        tracked(
            "feedback360_round",
            "revision",
            "state",
            "threshold",
            "response_rate",
            "has_own_dates",
            "nominates_at",
            "opens_at",
            "reminds_at",
            "closes_at",
            "releases_at",
        ),
        tracked(
            "feedback360_subject",
            "groups",
            "withdrawn_at",
            "has_enough",
        ),
        dates_whole("feedback360_subject", "feedback360_request", "subject_id", after="INSERT"),
        dates_whole(
            "feedback360_subject",
            "feedback360_request",
            "subject_id",
            after="UPDATE OF state, relation",
            when="OLD.state IN ('proposed', 'approved')",
        ),
        dates_whole(
            "feedback360_subject",
            "feedback360_request",
            "subject_id",
            after="DELETE",
            when="OLD.state IN ('proposed', 'approved')",
        ),
    ]
