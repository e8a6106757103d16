"""Migrations that move rows, on the rows they find."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from cohorts.models import Clock, Digest, Invitation
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.database import as_owner
from tests.times import NOW

pytestmark = pytest.mark.django_db


def test_clocks_made_before_there_were_turns_are_numbered_per_organisation(cast: Cast) -> None:
    migration = import_module("cohorts.migrations.0006_clocks_in_turn")
    with within(cast.acme):
        for _ in range(200):
            make.ClockFactory(enrolment=make.EnrolmentFactory(cohort=cast.houses["acme"].cohort))
        Clock.objects.update(turn=0)

    with as_owner(), connection.cursor() as cursor:
        for statement in ("SET CONSTRAINTS ALL IMMEDIATE", migration.LIFT, migration.TAKE_TURNS, migration.FORCE):
            cursor.execute(statement)

    with within(cast.acme):
        turns = list(Clock.objects.order_by("pk").values_list("turn", flat=True))
    assert turns == [0] * 100 + [1] * 100 + [2] * 4
    with within(cast.zenith):
        assert Clock.objects.get().turn == 0


LATER = NOW + timedelta(minutes=10)
OLD_INVITATIONS = {  # failure, sent_at, accepted_at, revoked_at, lease_until → state, reason, not_before
    "waits": ("", None, None, None, None, "due", "", NOW),
    "tried": ("", None, None, None, LATER, "due", "", LATER),
    "sent": ("", NOW, None, None, None, "sent", "", NOW),
    "accepted": ("", NOW, NOW, None, None, "sent", "", NOW),
    "never needed": ("", None, NOW, None, None, "skipped", "accepted", NOW),
    "taken back": ("", None, None, NOW, None, "skipped", "revoked", NOW),
    "refused": ("refused", None, None, None, None, "failed", "refused", NOW),
    "unreachable": ("unreachable", None, None, None, None, "failed", "unreachable", NOW),
    "silent": ("silent", NOW, None, None, None, "ambiguous", "silent", NOW),
}


def test_invitations_and_digests_keep_their_outcome_in_the_outbox(cast: Cast) -> None:
    migration = import_module("cohorts.migrations.0007_one_outbox")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cohorts_invitation ADD failure varchar(60) NOT NULL DEFAULT ''")
    with within(cast.acme), connection.cursor() as cursor:
        Invitation.objects.all().delete()
        keys = {}
        for name, (failure, sent_at, accepted_at, revoked_at, lease_until, *_) in OLD_INVITATIONS.items():
            dates = {"sent_at": sent_at, "accepted_at": accepted_at, "revoked_at": revoked_at}
            keys[name] = make.InvitationFactory(not_before=LATER, lease_until=lease_until, **dates).pk
            cursor.execute("UPDATE cohorts_invitation SET failure = %s WHERE id = %s", [failure, keys[name]])
        Digest.objects.update(due_at=NOW, not_before=LATER)

    statements = ["SET CONSTRAINTS ALL IMMEDIATE", *migration.LIFT, migration.DIGESTS, migration.INVITATIONS]
    with as_owner(), connection.cursor() as cursor:
        for statement in [*statements, *migration.FORCE]:
            cursor.execute(statement)

    with within(cast.acme):
        found = Invitation.objects.in_bulk()
        assert {name: as_new(found[key]) for name, key in keys.items()} == {
            name: (state, reason, not_before, None) for name, (*_, state, reason, not_before) in OLD_INVITATIONS.items()
        }
        assert Digest.objects.get().due_at == LATER

    with as_owner(), connection.cursor() as cursor:
        for statement in ["SET CONSTRAINTS ALL IMMEDIATE", *migration.LIFT, migration.BACK, *migration.FORCE]:
            cursor.execute(statement)

    with within(cast.acme), connection.cursor() as cursor:
        cursor.execute("SELECT id, failure, sent_at IS NOT NULL FROM cohorts_invitation")
        assert {key: (failure, is_sent) for key, failure, is_sent in cursor.fetchall()} == {
            keys[name]: (failure, sent_at is not None) for name, (failure, sent_at, *_) in OLD_INVITATIONS.items()
        }


def as_new(invitation: Invitation) -> tuple[object, ...]:
    return invitation.state, invitation.reason, invitation.not_before, invitation.lease_until
