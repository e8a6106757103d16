"""Taking an import back in sets: a statement for a table, however many people, and nothing left out of sight."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Clock, Enrolment, Intake, MemberNotice, Membership
from cohorts.people.actions import undoing
from cohorts.people.actions.intakes import ImportContext, confirm_intake, plan_upload, undo_import, upload_intake
from cohorts.people.actions.members import change_sponsor
from cohorts.people.actions.undoing import GO_ALONG, _begun, _together
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.times import NOW, TODAY


@pytest.fixture
def at(cast, acme):
    with within(acme):
        cohort = make.CohortFactory(
            name="Autumn", version=cast.house_of(acme).version, day1_on=TODAY + timedelta(days=30)
        )
        return ImportContext(acme, cohort, cast.hana, TODAY, NOW)


def imported(at, rows):
    data = "\n".join(["Name;E-mail;Manager;Manager's e-mail;Role", *rows]).encode()
    intake = upload_intake(cohort=at.cohort, file=BytesIO(data), file_name="people.csv", by=at.by, now=NOW)
    confirm_intake(intake=intake, fingerprint=plan_upload(intake, organisation=at.organisation).fingerprint, at=at)
    return Intake.objects.get(pk=intake.pk)


def undo(intake, at):
    return undo_import(intake=intake, by=at.by, now=NOW, today=TODAY)


def standing():
    everybody = Membership.objects.order_by("pk").values_list("pk", "roles", "manager", "left_at", "suspended_at")
    return [each for each in everybody if each[3] is None]


def people(count, host):
    return [f"Leader {number};l{number}@{host};Liv Lie;liv@{host};" for number in range(count)]


def test_three_people_and_three_hundred_take_the_same_few_statements(at, acme, count_queries):
    with within(acme):
        few, many = imported(at, people(3, "few.test")), imported(at, people(300, "many.test"))
        before = Enrolment.objects.exclude(cohort=at.cohort).count()

        one, other = count_queries(lambda: undo(few, at)), count_queries(lambda: undo(many, at))

        assert len(one) == len(other) < 30, "\n".join(other)
        assert Enrolment.objects.count() == before
        assert not Clock.objects.filter(enrolment__cohort=at.cohort).exists()
        assert Intake.objects.get(pk=many.pk).undone_at == NOW


def test_a_list_that_was_taken_back_comes_in_again_in_as_few_statements(at, acme, count_queries):
    """Its people are former members by then, who return."""
    with within(acme):
        for host, count in (("few.test", 3), ("many.test", 300)):
            undo(imported(at, people(count, host)), at)
        imported(at, people(1, "other.test"))

        few = count_queries(lambda: imported(at, people(3, "few.test")))
        many = count_queries(lambda: imported(at, people(300, "many.test")))

        assert len(few) == len(many), "\n".join(many)
        assert at.cohort.enrolments.count() == Clock.objects.filter(enrolment__cohort=at.cohort).count() == 304


def test_a_long_list_goes_in_pieces_with_the_keys_of_one_in_a_statement(at, acme, monkeypatch):
    monkeypatch.setattr(undoing, "KEYS_A_STATEMENT", 40)
    said = []
    with within(acme):
        before = standing()
        intake = imported(at, people(100, "many.test"))
        with CaptureQueriesContext(connection) as asked:
            undoing.take_back(intake.made, today=TODAY, now=NOW, say=lambda done, **total: said.append((done, total)))

        assert standing() == before
    deletes = [each["sql"] for each in asked if each["sql"].startswith('DELETE FROM "cohorts_enrolment"')]
    assert len(deletes) == 3
    assert [done for done, _total in said] == [0, 40, 80, 100, 140, 180, 201]
    assert all(total == {"people": 101, "total": 201} for _done, total in said)


def test_every_table_that_names_enrolments_is_asked_or_goes_along(acme):
    with within(acme):
        asked = str(_together(_begun([1], today=TODAY)).query)
    with_enrolments = {
        each.related_model for each in Enrolment._meta.get_fields(include_hidden=True) if each.one_to_many
    }

    assert len(with_enrolments) > 12
    for model in with_enrolments:
        assert (f'FROM "{model._meta.db_table}"' in asked) != (model in GO_ALONG), model
    for model in GO_ALONG:
        assert not [each for each in model._meta.get_fields(include_hidden=True) if each.one_to_many], model


def test_a_notice_of_another_sponsor_goes_with_the_enrolment(at, acme, cast):
    with within(acme):
        intake = imported(at, people(2, "few.test"))
        enrolment = at.cohort.enrolments.first()
        change_sponsor(enrolment=enrolment, sponsor=cast.max, by=at.by, now=NOW)
        assert MemberNotice.objects.filter(enrolment=enrolment).exists()

        undo(intake, at)

        assert not Enrolment.objects.filter(pk=enrolment.pk).exists()
        assert not MemberNotice.objects.filter(enrolment=enrolment.pk).exists()


def test_what_members_were_given_goes_and_what_they_got_since_stays(at, acme, cast):
    """Ada reports to somebody of the list since; Max got a manager by the list, and Cleo a role."""
    with within(acme):
        before = standing()
        rows = [
            *people(2, "few.test"),
            f"Max Acme;{cast.max.person.email};Liv Lie;liv@few.test;sponsor",
            f"New One;new@few.test;Cleo;{cast.cleo.person.email};",
        ]
        intake = imported(at, rows)
        made = intake.made
        assert [key for key, *_roles in made["given"]] == [cast.cleo.pk]
        assert [key for key, *_managers in made["managers"]] == [cast.max.pk]
        liv = Membership.objects.get(person__email="liv@few.test")
        Membership.objects.filter(pk=cast.ada.pk).update(manager=liv)

        undo(intake, at)

        changed = {key for key, *_rest in before} & {cast.ada.pk}
        assert [each for each in standing() if each[0] not in changed] == [
            each for each in before if each[0] not in changed
        ]
        assert Membership.objects.get(pk=cast.ada.pk).manager_id is None
