"""Correcting a member's name and address: at once if they never came in, else after a day to stop it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from coaching.models import Ask
from cohorts.access.account_mail_sending import send_waiting
from cohorts.models import (
    AccountMail,
    AddressCorrection,
    ApiKey,
    AuditEntry,
    Enrolment,
    Invitation,
    Membership,
    Person,
)
from cohorts.people.actions.invitations import find_invitation
from cohorts.people.actions.members import add_member
from cohorts.people.invitation_links import invitation_token, token_hash
from cohorts.people.memberships import belongings_of
from cohorts.tenancy.wall import current_organisation_id, within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from cohorts.web.revisions import Stale
from feedback360.models import Rater, Request, Subject
from goals.models import Reflection, Share
from programme import tasks
from programme.membership import correction
from programme.membership.correction import carry_out_corrections, correct, stop_correction
from tests import factories as make
from tests.api.client import Program, key_of
from tests.cast import Cast
from tests.smtp_server import SmtpServer
from tests.times import NOW

DAY = timedelta(hours=24)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def nina(cast: Cast) -> Membership:
    """Invited under a mistyped address; her mail has left."""
    with within(cast.acme):
        member = add_member(
            organisation=cast.acme,
            email="nnia@acme.test",
            name="Ny, Nina, PhD",
            roles=["sponsor"],
            language="nb",
            by=cast.hana,
            now=NOW,
        )
        for invitation in Invitation.objects.filter(membership=member):
            invitation.token_hash = token_hash(invitation_token(cast.acme.pk, invitation.pk))
            invitation.sent_at = NOW
            invitation.save()
    return member


def to(cast: Cast, member: Membership, email: str, *, by: Membership | None = None) -> AddressCorrection | None:
    with within(cast.acme):
        return correct(member=member, name=member.name, email=email, by=by or cast.hana, now=NOW)


def again(cast: Cast, member: Membership) -> Membership:
    with within(cast.acme):
        return Membership.objects.select_related("person").get(pk=member.pk)


def carry_out(cast: Cast, after: timedelta) -> int:
    with within(cast.acme):
        return carry_out_corrections(now=NOW + after)


def verbs(cast: Cast) -> list[str]:
    with within(cast.acme):
        return list(AuditEntry.objects.order_by("number").values_list("verb", flat=True))


def told(kind: str) -> dict[str, str]:
    return {mail.address: mail.facts["reader"] for mail in AccountMail.objects.filter(kind=kind)}


def test_a_mistyped_address_is_corrected_at_once(cast: Cast, nina: Membership) -> None:
    assert to(cast, nina, " Nina <NINA@acme.test> ") is None

    assert again(cast, nina).person.email == "nina@acme.test"
    assert again(cast, nina).person.language == "nb"
    assert told("address_done") == {"nnia@acme.test": "old", "nina@acme.test": "new"}
    assert verbs(cast)[-1] == "corrected address"


def test_the_link_in_the_old_mailbox_is_dead_and_a_new_one_waits(cast: Cast, nina: Membership) -> None:
    with within(cast.acme):
        sent = invitation_token(cast.acme.pk, Invitation.objects.get(membership=nina).pk)
        assert find_invitation(token=sent, now=NOW) is not None

    to(cast, nina, "nina@acme.test")

    with within(cast.acme):
        assert find_invitation(token=sent, now=NOW) is None
        assert Invitation.objects.filter(membership=nina, revoked_at=None, state="due").count() == 1


def test_who_has_come_in_keeps_their_address_for_a_day(cast: Cast) -> None:
    waiting = to(cast, cast.bo, "bo.new@acme.test")

    assert waiting is not None
    assert carry_out(cast, DAY - timedelta(seconds=1)) == 0
    assert again(cast, cast.bo).person.email == "bo@acme.test"
    assert told("address_asked") == {"bo@acme.test": "old", "olav@acme.test": "owner"}

    assert carry_out(cast, DAY) == 1

    assert again(cast, cast.bo).person.email == "bo.new@acme.test"
    assert told("address_done") == {"bo@acme.test": "old", "bo.new@acme.test": "new", "olav@acme.test": "owner"}
    assert carry_out(cast, DAY) == 0


def test_the_clock_carries_it_out(cast: Cast) -> None:
    waiting = to(cast, cast.bo, "bo.new@acme.test")
    with within(cast.acme):
        AddressCorrection.objects.filter(pk=waiting.pk).update(due_at=NOW - DAY * 3650)

    tasks.recoveries()

    assert again(cast, cast.bo).person.email == "bo.new@acme.test"


def test_one_organisation_that_fails_stops_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the other job of the same organisation."""
    done: list[int] = []

    def fail_at_the_first(*, now: datetime) -> None:
        done.append(current_organisation_id())
        if len(done) == 1:
            raise ZeroDivisionError

    monkeypatch.setattr(tasks, "carry_out_recoveries", fail_at_the_first)
    waiting = to(cast, cast.bo, "bo.new@acme.test")
    with within(cast.acme):
        AddressCorrection.objects.filter(pk=waiting.pk).update(due_at=NOW - DAY * 3650)

    tasks.recoveries()

    assert {*done} == {cast.acme.pk, cast.zenith.pk}
    assert again(cast, cast.bo).person.email == "bo.new@acme.test"


def test_one_that_fails_holds_back_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for member in (cast.bo, cast.mia):
        to(cast, member, f"new.{member.person.email}")
    moved: list[Membership] = []

    def fail_at_the_first(member: Membership, *_arguments: object, **_named: object) -> None:
        moved.append(member)
        if len(moved) == 1:
            raise ZeroDivisionError

    monkeypatch.setattr(correction, "_carry_out", fail_at_the_first)

    assert carry_out(cast, DAY) == 1
    assert moved == [cast.bo, cast.mia]
    with within(cast.acme):
        assert AddressCorrection.objects.waiting().get(due_at__lte=NOW + DAY).member == cast.bo


def test_sessions_keys_and_links_of_the_old_address_end(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.bo)
    before, version = cast.bo.person, cast.bo.link_version
    with within(cast.acme):
        make.ApiKeyFactory(kind="personal", member=cast.bo, name="script", scopes=[], prefix="bo", secret_hash="b" * 64)
    assert client.get(client.url("organisation_home"), follow=True).status_code == 200
    to(cast, cast.bo, "bo.new@acme.test")

    carry_out(cast, DAY)

    assert client.get(client.url("organisation_home")).status_code in (302, 404)
    assert belongings_of(before) == []
    assert not UserSession.objects.filter(user=before).exists()
    assert again(cast, cast.bo).link_version == version + 1
    with within(cast.acme):
        assert not ApiKey.objects.filter(member=cast.bo, revoked_at=None).exists()


def test_the_account_of_another_organisation_stays_as_it_is(cast: Cast) -> None:
    """Pat is at Zenith, too: nothing of that account changes, and Acme learns nothing of it."""
    pat, elsewhere = cast.pat_at_acme, cast.pat_at_zenith
    to(cast, pat, "pat.new@acme.test")

    carry_out(cast, DAY)

    assert Person.objects.get(pk=pat.person_id).email == "pat@acme.test"
    assert [each.slug for each in belongings_of(Person.objects.get(pk=pat.person_id))] == ["zenith"]
    with within(cast.zenith):
        assert Membership.objects.get(pk=elsewhere.pk).person_id == pat.person_id
    assert again(cast, pat).person.email == "pat.new@acme.test"


def test_an_address_known_elsewhere_is_taken_like_any_other(cast: Cast, nina: Membership) -> None:
    language = cast.zoe.person.language

    to(cast, nina, "zoe@zenith.test")

    zoe = Person.objects.get(pk=cast.zoe.person_id)
    assert again(cast, nina).person_id == zoe.pk
    assert (zoe.language, zoe.email) == (language, "zoe@zenith.test")


@pytest.mark.parametrize("address", ["bo@acme.test", "BO@acme.test"])
def test_the_address_of_another_member_is_refused_beside_its_field(address: str, cast: Cast, nina: Membership) -> None:
    with within(cast.acme), pytest.raises(Invalid, match="a member already") as refused:
        correct(member=nina, name=nina.name, email=address, by=cast.hana, now=NOW)

    assert refused.value.field == "email"


def test_the_person_stops_it_with_one_tap(cast: Cast) -> None:
    to(cast, cast.bo, "eve@evil.test")
    link = AccountMail.objects.get(kind="address_asked", address="bo@acme.test").facts["link"]
    path = link.removeprefix("http://127.0.0.1:8090")
    scanner = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    assert scanner.get(path).status_code == 200
    with within(cast.acme):
        assert AddressCorrection.objects.get(member=cast.bo).stopped_at is None

    scanner.post(path)

    assert carry_out(cast, DAY) == 0
    assert again(cast, cast.bo).person.email == "bo@acme.test"
    assert told("address_stopped") == {"bo@acme.test": "old", "olav@acme.test": "owner"}
    assert verbs(cast)[-1] == "stopped another address"


def test_an_asker_who_lost_the_role_moves_nobody(cast: Cast) -> None:
    to(cast, cast.bo, "eve@evil.test")
    with within(cast.acme):
        Membership.objects.filter(pk=cast.hana.pk).update(roles=["coach"])

    assert carry_out(cast, DAY) == 0
    assert again(cast, cast.bo).person.email == "bo@acme.test"
    with within(cast.acme):
        assert AddressCorrection.objects.get(member=cast.bo).stopped_at is not None


def test_an_address_taken_meanwhile_stops_it(cast: Cast) -> None:
    to(cast, cast.bo, "late@acme.test")
    with within(cast.acme):
        make.MembershipFactory(person=make.PersonFactory(email="late@acme.test"))

    assert carry_out(cast, DAY) == 0
    assert again(cast, cast.bo).person.email == "bo@acme.test"


def test_an_admin_corrects_no_owner_and_no_factor(cast: Cast) -> None:
    TOTP.activate(cast.bo.person, "A" * 32)
    for member in (cast.olav, cast.bo):
        with within(cast.acme), pytest.raises(NotYours):
            correct(member=member, name=member.name, email="eve@evil.test", by=cast.hana, now=NOW)

    assert to(cast, cast.bo, "bo.new@acme.test", by=cast.olav) is not None


def shared(cast: Cast, nina: Membership) -> None:
    reflection = Reflection.objects.filter(enrolment__leader=cast.ada).first()
    Share.objects.create(reflection=reflection, reader=nina, shared_at=NOW)


def asked(cast: Cast, nina: Membership) -> None:
    Ask.objects.create(enrolment=cast.enrolment(cast.ada), sponsor=nina, text="?", asked_at=NOW, key=uuid4())


def is_rater(cast: Cast, nina: Membership) -> None:
    request = Request.objects.filter(state="asked").first()
    Rater.objects.filter(pk=request.rater_id).update(membership=nina)


def sponsors_a_subject(cast: Cast, nina: Membership) -> None:
    Enrolment.objects.filter(pk=Subject.objects.first().enrolment_id).update(sponsor=nina)


@pytest.mark.parametrize("opened", [shared, asked, is_rater, sponsors_a_subject])
def test_what_others_opened_to_somebody_waits_too(
    opened: Callable[[Cast, Membership], None], cast: Cast, nina: Membership
) -> None:
    """Or an admin would read it in a mailbox of their own."""
    with within(cast.acme):
        opened(cast, nina)

    assert to(cast, nina, "eve@evil.test") is not None
    assert again(cast, nina).person.email == "nnia@acme.test"


def test_a_factor_added_meanwhile_is_an_owners(cast: Cast) -> None:
    to(cast, cast.bo, "eve@evil.test")
    TOTP.activate(cast.bo.person, "A" * 32)

    assert carry_out(cast, DAY) == 0


def test_a_program_corrects_nobody_who_has_power_by_then(cast: Cast) -> None:
    with within(cast.acme):
        by = Membership.objects.get(pk=cast.hana.pk)
        by.key_prefix = "abc"
        correct(member=cast.bo, name=cast.bo.name, email="eve@evil.test", by=by, now=NOW)
        Membership.objects.filter(pk=cast.bo.pk).update(roles=["admin"])

    assert carry_out(cast, DAY) == 0


def test_a_factor_from_elsewhere_is_not_told(cast: Cast, nina: Membership) -> None:
    TOTP.activate(nina.person, "A" * 32)

    assert to(cast, nina, "nina@acme.test") is None


def test_nobody_but_an_admin_stops_it_on_the_page(cast: Cast) -> None:
    waiting = to(cast, cast.bo, "bo.new@acme.test")
    with within(cast.acme), pytest.raises(NotYours):
        stop_correction(correction=waiting, by=cast.sol, now=NOW)


def test_one_address_waits_at_a_time(cast: Cast) -> None:
    to(cast, cast.bo, "one@acme.test")
    with within(cast.acme), pytest.raises(Invalid, match="waiting already"):
        correct(member=cast.bo, name="Bo", email="two@acme.test", by=cast.hana, now=NOW)


def test_somebody_who_left_is_not_corrected(cast: Cast) -> None:
    with within(cast.acme):
        Membership.objects.filter(pk=cast.bo.pk).update(left_at=NOW)
        with pytest.raises(NotNow):
            correct(member=cast.bo, name="Bo", email="bo@acme.test", by=cast.hana, now=NOW)


def test_a_name_is_cleaned_and_greets_right_afterwards(cast: Cast, nina: Membership) -> None:
    with within(cast.acme):
        correct(member=nina, name="  Ny,\u200b Åse,  PhD ", email="nnia@acme.test", by=cast.hana, now=NOW)

    assert (again(cast, nina).name, again(cast, nina).first_name) == ("Ny, Åse, PhD", "Åse")
    assert verbs(cast)[-1] == "corrected name"


def test_the_second_of_two_admins_is_told(cast: Cast, nina: Membership) -> None:
    with within(cast.acme):
        seen = again(cast, nina).revision
        correct(member=nina, name="Nina N.", email="nnia@acme.test", by=cast.hana, now=NOW, expected_revision=seen)
        with pytest.raises(Stale):
            correct(member=nina, name="Nina", email="nnia@acme.test", by=cast.olav, now=NOW, expected_revision=seen)


def test_a_rater_in_a_round_under_way_is_asked_at_the_new_address(cast: Cast) -> None:
    with within(cast.acme):
        rater = Rater.objects.filter(round__state="collecting", erased_at=None).first()
        Rater.objects.filter(pk=rater.pk).update(membership=cast.bo, email="bo@acme.test")
    to(cast, cast.bo, "bo.new@acme.test")

    carry_out(cast, DAY)

    with within(cast.acme):
        followed = Rater.objects.get(pk=rater.pk)
    assert (followed.email, followed.name) == ("bo.new@acme.test", cast.bo.name)
    assert followed.link_version == rater.link_version + 1


def test_both_addresses_get_a_real_mail_in_the_language_of_the_person(
    cast: Cast, nina: Membership, smtp_server: SmtpServer
) -> None:
    to(cast, nina, "nina@acme.test")

    send_waiting(now=timezone.now)

    texts = {mail.recipients[0]: _text(mail.content) for mail in smtp_server.accepted}
    assert texts.keys() == {"nnia@acme.test", "nina@acme.test"}
    assert all("Hei, Nina." in text for text in texts.values())
    assert "nina@acme.test" not in texts["nnia@acme.test"]


def _text(content: bytes) -> str:
    body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_page_shows_what_happens_before_it_does(cast: Cast, nina: Membership, client_for: Callable) -> None:
    client = client_for(cast.hana)
    page = client.url("member_correction", nina.pk)
    fields = {"name": "Nina Ny", "email": "nina@acme.test"}

    shown = client.post(page, fields)

    assert b"A new invitation goes to the new address" in shown.content
    assert again(cast, nina).person.email == "nnia@acme.test"

    client.post(page, {**fields, "sure": "on"})

    assert (again(cast, nina).name, again(cast, nina).person.email) == ("Nina Ny", "nina@acme.test")


def test_a_name_alone_is_one_step(cast: Cast, nina: Membership, client_for: Callable) -> None:
    client = client_for(cast.hana)

    client.post(client.url("member_correction", nina.pk), {"name": "Nina Ny", "email": "nnia@acme.test"})

    assert again(cast, nina).name == "Nina Ny"


def test_a_program_corrects_with_the_same_rules(cast: Cast, nina: Membership) -> None:
    program = Program(key_of(cast.olav))
    where = f"members/{nina.pk}/"
    tag = program.get(where).headers["ETag"]

    refused = program.patch(where, {"email": "bo@acme.test"}, If_Match=tag)
    done = program.patch(where, {"name": "Nina Ny", "email": "nina@acme.test"}, If_Match=tag)
    late = program.patch(where, {"name": "Nina"}, If_Match=tag)
    powerful = program.patch(f"members/{cast.hana.pk}/", {"email": "eve@evil.test"})
    waits = program.patch(f"members/{cast.bo.pk}/", {"email": "bo.new@acme.test"})

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "email")
    assert (done.status_code, done.json()["name"], done.json()["email"]) == (200, "Nina Ny", "nina@acme.test")
    assert (late.status_code, powerful.status_code) == (412, 403)
    assert (waits.status_code, waits.json()["email"]) == (200, "bo@acme.test")
