"""A leader hears of every change of their sponsor, owners of every new owner and admin; nobody twice."""

from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest

from cohorts.enrolment.actions.bulk import change_sponsors, restore_sponsors
from cohorts.models import MemberNotice, Membership, Organisation
from cohorts.models.mail import MailState
from cohorts.people.actions.access import suspend
from cohorts.people.actions.intakes import ImportContext, add_person
from cohorts.people.actions.invitations import HELD_FOR
from cohorts.people.actions.members import add_member, change_sponsor, give_role, take_role
from cohorts.people.imports.file import PersonRow
from cohorts.people.notice_mail import MEMBER_NOTICES
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.outbox import send
from tests.smtp_server import SmtpServer
from tests.times import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + HELD_FOR


@pytest.fixture(autouse=True)
def nothing_told(cast: Cast) -> None:
    with within(cast.acme):
        MemberNotice.objects.all().delete()


def by_form(cast: Cast) -> None:
    change_sponsor(enrolment=cast.enrolment(cast.ada), sponsor=cast.max, by=cast.hana, now=NOW)


def by_bulk(cast: Cast) -> None:
    change_sponsors(enrolments=[cast.enrolment(cast.ada)], sponsor=cast.max, by=cast.hana, now=NOW)


def by_list(cast: Cast) -> None:
    row = PersonRow(number=1, name="Ada Acme", email="ada@acme.test", sponsor_email="max@acme.test")
    cohort = cast.houses["acme"].cohort
    add_person(row=row, at=ImportContext(cast.acme, cohort, cast.hana, date(2026, 3, 11), NOW))


@pytest.mark.parametrize("change", [by_form, by_bulk, by_list])
def test_a_leader_is_told_of_another_sponsor(
    change: Callable[[Cast], None], cast: Cast, acme: Organisation, smtp_server: SmtpServer
) -> None:
    with within(acme):
        change(cast)

    assert send(MEMBER_NOTICES, acme, now=NOW)[MailState.SENT] == 0  # Undo takes a minute
    assert send(MEMBER_NOTICES, acme, now=LATER)[MailState.SENT] == 1
    message, text = read(smtp_server)
    assert (message["To"], message["Subject"]) == ("ada@acme.test", "Max Acme is now your sponsor")
    for words in (
        "From 11 March on, Max Acme is your sponsor instead of Sol Acme. Hana Acme changed this.",
        "Max Acme sees your day of the ninety",
        "Max Acme does not see what you shared with Sol Acme",
    ):
        assert words in text


def test_the_mail_about_a_sponsor_speaks_norwegian(cast: Cast, acme: Organisation, smtp_server: SmtpServer) -> None:
    cast.ada.person.language = "nb"
    cast.ada.person.save(update_fields=["language"])
    with within(acme):
        by_form(cast)
    send(MEMBER_NOTICES, acme, now=LATER)

    message, text = read(smtp_server)
    assert message["Subject"] == "Max Acme er nå sponsoren din"
    assert "Fra 11. mars er Max Acme sponsoren din i stedet for Sol Acme." in text
    assert "Max Acme ser ikke det du delte med Sol Acme" in text


def test_a_leader_left_without_a_sponsor_is_told(cast: Cast, acme: Organisation, smtp_server: SmtpServer) -> None:
    with within(acme):
        change_sponsor(enrolment=cast.enrolment(cast.ada), sponsor=None, by=cast.hana, now=NOW)
    send(MEMBER_NOTICES, acme, now=LATER)

    message, text = read(smtp_server)
    assert message["Subject"] == "You have no sponsor for now"
    assert "Sol Acme no longer sees your page" in text


def test_a_change_undone_within_its_minute_tells_nobody(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        changes = change_sponsors(enrolments=[cast.enrolment(cast.ada)], sponsor=cast.max, by=cast.hana, now=NOW)
        restore_sponsors(changes=changes, by=cast.hana, now=NOW + timedelta(seconds=30))

        assert not MemberNotice.objects.exists()


def test_two_changes_within_a_minute_are_one_mail(cast: Cast, acme: Organisation, smtp_server: SmtpServer) -> None:
    with within(acme):
        by_form(cast)
        other = make.MembershipFactory(name="Nina Ny", roles=["sponsor"])
        enrolment = cast.enrolment(cast.ada)
        enrolment.refresh_from_db()
        change_sponsor(enrolment=enrolment, sponsor=other, by=cast.hana, now=NOW + timedelta(seconds=30))

    assert send(MEMBER_NOTICES, acme, now=LATER + HELD_FOR)[MailState.SENT] == 1
    assert "Nina Ny is your sponsor instead of Sol Acme" in read(smtp_server)[1]


def test_a_change_undone_after_the_mail_is_told_as_well(
    cast: Cast, acme: Organisation, smtp_server: SmtpServer
) -> None:
    with within(acme):
        changes = change_sponsors(enrolments=[cast.enrolment(cast.ada)], sponsor=cast.max, by=cast.hana, now=NOW)
    send(MEMBER_NOTICES, acme, now=LATER)
    with within(acme):
        restore_sponsors(changes=changes, by=cast.hana, now=LATER)
    send(MEMBER_NOTICES, acme, now=LATER + HELD_FOR)

    subjects = [message_from_bytes(each.content)["Subject"] for each in smtp_server.accepted]
    assert subjects == ["Max Acme is now your sponsor", "Sol Acme is now your sponsor"]


def test_saving_the_same_sponsor_tells_nobody(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        change_sponsor(enrolment=cast.enrolment(cast.ada), sponsor=cast.sol, by=cast.hana, now=NOW)

        assert not MemberNotice.objects.exists()


def test_nobody_suspended_is_told_of_a_sponsor(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        by_form(cast)
        suspend(member=cast.ada, by=cast.hana, now=NOW)
    send(MEMBER_NOTICES, acme, now=LATER)

    with within(acme):
        assert MemberNotice.objects.values_list("state", "reason").get() == ("skipped", "left")


def test_owners_are_told_of_a_new_owner_or_admin(cast: Cast, acme: Organisation, smtp_server: SmtpServer) -> None:
    with within(acme):
        give_role(member=cast.sol, role="admin", by=cast.hana, organisation=acme, now=NOW)
        give_role(member=cast.sol, role="admin", by=cast.hana, organisation=acme, now=NOW)
        give_role(member=cast.sol, role="coach", by=cast.hana, organisation=acme, now=NOW)

    assert send(MEMBER_NOTICES, acme, now=LATER)[MailState.SENT] == 1
    message, text = read(smtp_server)
    assert (message["To"], message["Subject"]) == ("olav@acme.test", "Sol Acme is now a programme admin of Acme")
    assert "On 11 March, Hana Acme made Sol Acme a programme admin." in text
    assert f"/o/acme/members/{cast.sol.pk}/" in text


def test_a_role_taken_back_within_its_minute_is_not_told(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        give_role(member=cast.sol, role="admin", by=cast.hana, organisation=acme, now=NOW)
        take_role(member=cast.sol, role="admin", by=cast.hana, now=NOW)
    assert send(MEMBER_NOTICES, acme, now=LATER)[MailState.SENT] == 0


@pytest.mark.parametrize(("by", "told"), [("olav", set()), (None, {"olav"})])
def test_who_adds_an_owner_knows_it(by: str | None, told: set[str], cast: Cast, acme: Organisation) -> None:
    with within(acme):
        add_member(
            organisation=acme,
            email="new@acme.test",
            name="Nina Ny",
            roles=["owner"],
            language="en",
            by=getattr(cast, by) if by else None,
            now=NOW,
        )
        names = {getattr(cast, name).pk for name in told}
        assert set(MemberNotice.objects.values_list("recipient", flat=True)) == names
        assert Membership.objects.filter(person__email="new@acme.test").exists()


def read(server: SmtpServer) -> tuple[object, str]:
    """The newest mail, and its text in single spaces."""
    message = message_from_bytes(server.accepted[-1].content, policy=policy.default)
    return message, " ".join(message.get_body(("plain",)).get_content().split())
