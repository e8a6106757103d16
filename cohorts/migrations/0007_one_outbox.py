"""Invitations and digests get the columns of every mail in the outbox; what they were moves along.

Row security is lifted for the owner inside the transaction, and forced again before it ends.
"""

from datetime import UTC, datetime

import cohorts.tenancy.wall
from django.db import migrations, models

LIFT = [f"ALTER TABLE cohorts_{table} NO FORCE ROW LEVEL SECURITY" for table in ("invitation", "digest")]
FORCE = [f"ALTER TABLE cohorts_{table} FORCE ROW LEVEL SECURITY" for table in ("invitation", "digest")]

DIGESTS = "UPDATE cohorts_digest SET due_at = not_before"
INVITATIONS = """
UPDATE cohorts_invitation SET
    state = CASE
        WHEN failure = 'silent' THEN 'ambiguous'
        WHEN failure <> '' THEN 'failed'
        WHEN sent_at IS NOT NULL THEN 'sent'
        WHEN revoked_at IS NOT NULL OR accepted_at IS NOT NULL THEN 'skipped'
        ELSE 'due' END,
    reason = CASE
        WHEN failure <> '' THEN failure
        WHEN sent_at IS NOT NULL THEN ''
        WHEN revoked_at IS NOT NULL THEN 'revoked'
        WHEN accepted_at IS NOT NULL THEN 'accepted'
        ELSE '' END,
    not_before = COALESCE(lease_until, created_at),
    lease_until = NULL
"""
BACK = """
UPDATE cohorts_invitation SET
    failure = CASE WHEN state IN ('failed', 'ambiguous') THEN reason ELSE '' END,
    sent_at = CASE WHEN state = 'ambiguous' THEN COALESCE(sent_at, not_before) ELSE sent_at END,
    lease_until = CASE WHEN state = 'due' AND attempts > 0 THEN not_before ELSE lease_until END
"""
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
STATES = [("due", "Due"), ("sending", "Sending"), ("sent", "Sent"), ("skipped", "Skipped"), ("failed", "Failed"), ("ambiguous", "May have arrived")]
REASONS = [
    ("too_late", "Too late for that day"),
    ("practised", "Practice already logged"),
    ("paused", "Away that day"),
    ("left", "No longer in the cohort"),
    ("unsubscribed", "Mail switched off"),
    ("accepted", "Has signed in already"),
    ("revoked", "Invitation taken back"),
    ("expired", "No longer valid"),
    ("refused", "The mail server refused the address"),
    ("unreachable", "The mail server could not be reached in time"),
    ("silent", "The mail server did not say whether it took it"),
]


def state():
    return models.CharField(choices=STATES, default="due", max_length=10)


def reason():
    return models.CharField(blank=True, choices=REASONS, db_default="", max_length=12)


def attempts():
    return models.PositiveSmallIntegerField(db_default=0)


def smtp_code():
    return models.PositiveSmallIntegerField(blank=True, null=True)


def to_send(model):
    fields = ["organisation", "not_before", "id"]
    return models.Index(condition=models.Q(("state", "due")), fields=fields, name=f"{model}_to_send")


def leased(model):
    return models.Index(condition=models.Q(("state", "sending")), fields=["lease_until"], name=f"{model}_leased")


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0006_clocks_in_turn")]

    operations = [
        migrations.RemoveIndex(model_name="invitation", name="invitation_unsent"),
        migrations.AddField(model_name="digest", name="due_at", field=models.DateTimeField(default=SOME_DAY), preserve_default=False),
        migrations.AddField(model_name="digest", name="smtp_code", field=smtp_code()),
        migrations.AddField(model_name="invitation", name="not_before", field=models.DateTimeField(default=SOME_DAY), preserve_default=False),
        migrations.AddField(model_name="invitation", name="reason", field=reason()),
        migrations.AddField(model_name="invitation", name="smtp_code", field=smtp_code()),
        migrations.AddField(model_name="invitation", name="state", field=state()),
        migrations.RunSQL([*LIFT, DIGESTS, INVITATIONS, *FORCE], [*LIFT, BACK, *FORCE]),
        migrations.RemoveField(model_name="invitation", name="failure"),
        migrations.AlterField(model_name="digest", name="attempts", field=attempts()),
        migrations.AlterField(model_name="digest", name="reason", field=reason()),
        migrations.AlterField(model_name="invitation", name="attempts", field=attempts()),
        migrations.AlterField(model_name="nudge", name="reason", field=reason()),
        migrations.AlterField(model_name="nudge", name="state", field=state()),
        *(
            migrations.AddIndex(model_name=model, index=index(model))
            for model in ("digest", "invitation")
            for index in (to_send, leased)
        ),
        migrations.RemoveConstraint(model_name="digest", name="cohorts_digest_policy"),
        migrations.AddConstraint(
            model_name="digest",
            constraint=cohorts.tenancy.wall.OrganisationPolicy(
                across={"planner": ["SELECT"]}, name="cohorts_digest_policy"
            ),
        ),
    ]
