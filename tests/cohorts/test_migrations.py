"""Migrations that move rows, on the rows they find."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.loader import MigrationLoader

from cohorts.models import Clock, Digest, Invitation
from cohorts.tenancy.wall import within
from goals.models import Dial, Figure, Focus, Goal, GoalDial, Objective
from tests import factories as make
from tests.cast import Cast
from tests.database import as_owner
from tests.times import NOW, TODAY

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


def test_dials_and_days_away_of_before_end_within_a_year(cast: Cast) -> None:
    dials = import_module("goals.migrations.0014_dials_within_a_year")
    with within(cast.acme):
        Dial.objects.all().delete()
        GoalDial.objects.all().delete()
        focus, goal = Focus.objects.first(), Goal.objects.first()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE goals_dial DROP CONSTRAINT dial_within_a_year")
        cursor.execute("ALTER TABLE goals_goaldial DROP CONSTRAINT goal_dial_within_a_year")
        cursor.execute("ALTER TABLE cohorts_pause DROP CONSTRAINT pause_within_a_year")
    for_ever, a_week = date(9999, 12, 31), TODAY + timedelta(days=7)
    with within(cast.acme):
        by = {"set_by": cast.ada, "set_at": NOW, "starts_on": TODAY, "level": 1}
        for ends_on in (for_ever, a_week, None):
            Dial.objects.create(focus=focus, ends_on=ends_on, **by)
            GoalDial.objects.create(goal=goal, ends_on=ends_on, **by)
        away = make.PauseFactory(enrolment=cast.enrolment(cast.pat), starts_on=TODAY, ends_on=for_ever)
    cut = import_module("cohorts.migrations.0015_days_away_within_a_year").Migration.operations[0].sql
    with as_owner(), connection.cursor() as cursor:
        for statement in ("SET CONSTRAINTS ALL IMMEDIATE", *dials.LIFT, *dials.CUT, *dials.FORCE, *cut):
            cursor.execute(statement)

    with within(cast.acme):
        ends = [TODAY + timedelta(days=366), a_week, None]
        assert list(Dial.objects.order_by("pk").values_list("ends_on", flat=True)) == ends
        assert list(GoalDial.objects.order_by("pk").values_list("ends_on", flat=True)) == ends
        away.refresh_from_db()
        assert away.ends_on == TODAY + timedelta(days=365)


def test_postgresql_refuses_a_dial_or_days_away_of_more_than_a_year(cast: Cast) -> None:
    with within(cast.acme):
        far = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=367)}
        by = {"set_by": cast.ada, "set_at": NOW, "level": 1}
        for create in (
            lambda: Dial.objects.create(focus=Focus.objects.first(), **far, **by),
            lambda: GoalDial.objects.create(goal=Goal.objects.first(), **far, **by),
            lambda: make.PauseFactory(enrolment=cast.enrolment(cast.pat), **far),
        ):
            with pytest.raises(IntegrityError, match="within_a_year"), transaction.atomic():
                create()


def test_dates_of_goals_of_before_end_with_this_century(cast: Cast) -> None:
    century = import_module("goals.migrations.0016_dates_this_century")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE goals_goal DROP CONSTRAINT goal_due_this_century")
        cursor.execute("ALTER TABLE goals_objective DROP CONSTRAINT objective_due_this_century")
    with within(cast.acme):
        later = [model.objects.order_by("pk").values_list("due_on", flat=True)[1:] for model in (Goal, Objective)]
        untouched = [list(rows) for rows in later]
        for model in (Goal, Objective):
            model.objects.filter(pk=model.objects.order_by("pk")[0].pk).update(due_on=date(9989, 12, 31))
    with as_owner(), connection.cursor() as cursor:
        for statement in ("SET CONSTRAINTS ALL IMMEDIATE", *century.LIFT, *century.CUT, *century.FORCE):
            cursor.execute(statement)

    with within(cast.acme):
        for model, others in zip((Goal, Objective), untouched, strict=True):
            assert list(model.objects.order_by("pk").values_list("due_on", flat=True)) == [century.LAST, *others]


def test_postgresql_refuses_goals_and_figures_of_another_century(cast: Cast) -> None:
    with within(cast.acme):
        for change in (
            lambda: Goal.objects.update(due_on=date(2101, 1, 1)),
            lambda: Objective.objects.update(due_on=date(2101, 1, 1)),
            lambda: Figure.objects.update(on=date(1999, 12, 31)),
        ):
            with pytest.raises(IntegrityError, match="this_century"), transaction.atomic():
                change()


def test_a_new_table_comes_with_its_constraints_and_indexes() -> None:
    """Each operation renders all historical models again: 900 took 92 s in every new database."""
    late = set()
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        made = {each.name_lower for each in migration.operations if isinstance(each, CreateModel)}
        added = [each for each in migration.operations if isinstance(each, AddConstraint | AddField | AddIndex)]
        if apps.get_app_config(app).path.startswith(str(settings.BASE_DIR / app)):
            late |= {f"{app}.{name}" for each in added if each.model_name_lower in made}

    assert late == {"cohorts.0002_curricula_as_a_feature"}  # small, and from before the rule
