"""Imports that meet: the same one twice, two lists of one organisation, one person in two; and two senders."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Barrier

import pytest
from django.db import connection

from cohorts.imports.uploads import PlanChanged, discard
from cohorts.models import Enrolment, Intake, Invitation, Membership, Person
from cohorts.models.mail import MailState
from cohorts.people.actions.import_runs import begin_import
from cohorts.people.actions.intakes import ImportContext, confirm_intake, plan_upload, upload_intake
from cohorts.people.actions.invitations import invite_all
from cohorts.people.invitation_mail import INVITATIONS
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from tests import factories as make
from tests.locks import wait_for_somebody
from tests.outbox import send
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)
HEADER, *PEOPLE = ["Navn;E-post;Leders e-post", *(f"A {n};a{n}@firm.test;liv@firm.test" for n in range(30))]
LIST = "\n".join([HEADER, *PEOPLE])
BACKWARDS = "\n".join([HEADER, *reversed(PEOPLE)])


def doorway(cast, admin):
    house = cast.house_of(admin)
    with within(house.organisation):
        cohort = make.CohortFactory(version=house.version, day1_on=TODAY + timedelta(days=12))
    return ImportContext(organisation=house.organisation, cohort=cohort, by=admin, today=TODAY, now=NOW)


def look(at: ImportContext, text: str = LIST) -> tuple[Intake, str]:
    with within(at.organisation):
        intake = upload_intake(cohort=at.cohort, file=BytesIO(text.encode()), file_name="a.csv", by=at.by, now=NOW)
        return intake, plan_upload(intake, organisation=at.organisation).fingerprint


def together(*calls: Callable[[], object]) -> list[object]:
    """Run these at the same moment, each on its own connection. Returns results, or the refusals they raised."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        except PlanChanged as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def confirming(at: ImportContext, intake: Intake, fingerprint: str) -> Callable[[], Intake]:
    def confirm():
        with within(at.organisation):
            return confirm_intake(intake=intake, fingerprint=fingerprint, at=at)

    return confirm


def counts(at: ImportContext):
    with within(at.organisation):
        people = Membership.objects.filter(person__email__endswith="@firm.test")
        invited = Invitation.objects.filter(membership__in=people)
        return people.count(), Enrolment.objects.filter(leader__in=people).count(), invited.count()


def test_a_double_tap_on_confirm_lets_everybody_in_once(cast):
    at = doorway(cast, cast.hana)
    intake, fingerprint = look(at)

    results = together(*[confirming(at, intake, fingerprint)] * 2)

    assert [result.state for result in results] == ["confirmed", "confirmed"]
    assert counts(at) == (31, 30, 31)


def test_of_two_lists_with_the_same_people_one_is_shown_again(cast):
    at = doorway(cast, cast.hana)
    first, fingerprint = look(at)
    second, _ = look(ImportContext(at.organisation, at.cohort, cast.olav, TODAY, NOW))

    results = together(confirming(at, first, fingerprint), confirming(at, second, fingerprint))

    assert sorted(type(result).__name__ for result in results) == ["Intake", "PlanChanged"]
    assert counts(at) == (31, 30, 31)


def test_the_same_new_people_in_two_organisations_are_one_person_each(cast):
    acme, zenith = doorway(cast, cast.hana), doorway(cast, cast.zara)
    looked = [(acme, *look(acme)), (zenith, *look(zenith, BACKWARDS))]

    results = together(*[confirming(*each) for each in looked])

    assert [result.state for result in results] == ["confirmed", "confirmed"]
    assert (counts(acme), counts(zenith)) == ((31, 30, 31), (31, 30, 31))
    assert Person.objects.filter(email__endswith="@firm.test").count() == 31


def test_two_workers_at_once_send_each_invitation_once(cast, acme, smtp_server):
    with within(acme):
        Invitation.objects.all().delete()
        members = list(Membership.objects.all())
        invite_all(members, now=NOW)
    smtp_server.script.delay("DOT", 0.05)

    sent = together(*[lambda: send(INVITATIONS, acme, now=NOW)[MailState.SENT]] * 2)

    assert sum(sent) == len(smtp_server.accepted) == len(members)
    assert len({accepted.recipients for accepted in smtp_server.accepted}) == len(members)


def test_a_list_handed_to_a_worker_keeps_its_rows_from_who_discards_it(cast):
    at = doorway(cast, cast.hana)
    intake, fingerprint = look(at)

    def refusal_of_discarding() -> NotNow | None:
        try:
            with within(at.organisation):
                discard(intake)
        except NotNow as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(1) as thread:
        with within(at.organisation):
            begin_import(intake=intake, fingerprint=fingerprint, by=at.by, now=NOW)
            other = thread.submit(refusal_of_discarding)
            wait_for_somebody()
        refusal = other.result()

    assert refusal is not None
    with within(at.organisation):
        assert intake.parts.exists()
        assert intake.pieces.exists()
