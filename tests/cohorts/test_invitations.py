import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import translation

from cohorts.models import Invitation, Membership
from cohorts.models.mail import MailState
from cohorts.people.actions.invitations import (
    accept_invitations,
    find_invitation,
    invite_all,
    resend_invitation,
    revoke_invitation,
)
from cohorts.people.invitation_links import invitation_token, token_hash
from cohorts.people.invitation_mail import INVITATIONS
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from tests.outbox import send
from tests.times import NOW


def send_due_invitations(*, organisation, now):
    """How many went."""
    return send(INVITATIONS, organisation, now=now)[MailState.SENT]


@pytest.fixture
def invited(cast, acme):
    """Ada alone has an open invitation at Acme."""
    with within(acme):
        Invitation.objects.all().delete()
        invite_all([cast.ada], now=NOW)
    return cast.ada


def open_one(acme):
    with within(acme):
        return Invitation.objects.select_related("membership").get(revoked_at=None, accepted_at=None)


def bodies(accepted):
    message = message_from_bytes(accepted.content, policy=policy.default)
    parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
    return message, parts["text/plain"], parts["text/html"]


def link_in(accepted):
    _message, text, _html = bodies(accepted)
    return re.search(r"http://\S+/invitation/acme/(\S+)/", text)


def test_an_invitation_stores_only_the_hash_of_its_link(invited, acme, smtp_server):
    assert send_due_invitations(organisation=acme, now=NOW) == 1

    (accepted,) = smtp_server.accepted
    token = link_in(accepted)[1]
    invitation = open_one(acme)
    assert accepted.recipients == ("ada@acme.test",)
    assert len(token) == 43
    assert invitation.token_hash == token_hash(token) != token
    assert (invitation.sent_at, invitation.attempts, invitation.lease_until) == (NOW, 1, None)


def test_the_mail_has_two_parts_in_the_persons_language(invited, acme, smtp_server):
    invited.person.language = "nb"
    invited.person.save(update_fields=["language"])
    with translation.override("en"):
        send_due_invitations(organisation=acme, now=NOW)

    message, text, html = bodies(smtp_server.accepted[0])
    assert message["Content-Language"] == "nb"
    assert 'lang="nb"' in html
    assert "<style" not in html
    assert link_in(smtp_server.accepted[0])[0] in html
    assert "ada@acme.test" in text
    assert "token" not in str(message["Subject"]).lower()


@pytest.mark.parametrize(
    ("who", "subject", "words"),
    [
        ("ada", "Your ninety days with Acme", "one small thing each working day"),
        ("max", "Your ninety days with Acme", "one small thing each working day"),
        ("sol", "Your invitation from Acme", "your leaders are doing"),
        ("olav", "Your invitation from Acme", "You will open cohorts"),
        ("cleo", "Your invitation from Acme", "You will have 1:1s with leaders"),
        ("gro", "Your invitation from Acme", "Leaders will visit you"),
    ],
)
def test_the_mail_names_the_members_main_role(cast, acme, smtp_server, who, subject, words):
    with within(acme):
        Invitation.objects.all().delete()
        invite_all([getattr(cast, who)], now=NOW)

    send_due_invitations(organisation=acme, now=NOW)

    message, text, html = bodies(smtp_server.accepted[0])
    assert message["Subject"] == subject
    assert words in text
    assert words in " ".join(html.split())


def test_sending_again_sends_nothing_twice(invited, acme, smtp_server):
    send_due_invitations(organisation=acme, now=NOW)
    send_due_invitations(organisation=acme, now=NOW)

    assert len(smtp_server.accepted) == 1


def test_each_organisation_sends_its_own(cast, acme, zenith, smtp_server):
    with within(acme):
        Invitation.objects.all().delete()

    assert send_due_invitations(organisation=acme, now=NOW) == 0
    assert send_due_invitations(organisation=zenith, now=NOW) == 1
    assert [accepted.recipients for accepted in smtp_server.accepted] == [("zara@zenith.test",)]


def test_each_attempt_carries_the_same_link(invited, acme, smtp_server):
    smtp_server.script.drop("ACCEPTED", times=1)

    assert send_due_invitations(organisation=acme, now=NOW) == 0
    assert send_due_invitations(organisation=acme, now=NOW + timedelta(minutes=1)) == 1

    first, second = (link_in(accepted)[1] for accepted in smtp_server.accepted)
    assert first == second
    with within(acme):
        assert find_invitation(token=first, now=NOW).membership == invited


def test_a_mail_that_may_have_arrived_leaves_its_link_open(invited, acme, smtp_server):
    smtp_server.script.drop("ACCEPTED", times=2)
    for minutes in (0, 1):
        send_due_invitations(organisation=acme, now=NOW + timedelta(minutes=minutes))

    token = link_in(smtp_server.accepted[0])[1]
    with within(acme):
        assert find_invitation(token=token, now=NOW).reason == "silent"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"accepted_at": NOW}, "accepted"),
        ({"revoked_at": NOW}, "revoked"),
        ({"expires_at": NOW}, "expired"),
    ],
)
def test_an_invitation_that_is_over_is_not_sent(invited, acme, smtp_server, change, reason):
    with within(acme):
        Invitation.objects.update(**change)

    assert send_due_invitations(organisation=acme, now=NOW) == 0
    with within(acme):
        assert Invitation.objects.get().reason == reason
    assert smtp_server.accepted == []


@pytest.mark.parametrize(
    ("who", "change", "said"),
    [
        (Invitation, {"expires_at": NOW}, "You are still invited"),
        (Invitation, {"revoked_at": NOW}, "It was withdrawn, or a newer one replaced it."),
        (Membership, {"left_at": NOW}, "It was withdrawn, or a newer one replaced it."),
    ],
)
def test_a_link_that_no_longer_works_says_why(invited, acme, smtp_server, client, who, change, said):
    send_due_invitations(organisation=acme, now=NOW)
    address = f"/invitation/acme/{link_in(smtp_server.accepted[0])[1]}/"
    with within(acme):
        who.objects.filter(**({"pk": invited.pk} if who is Membership else {})).update(**change)

    page = client.get(address, HTTP_ACCEPT_LANGUAGE="en")

    assert page.status_code == 410
    assert said in page.content.decode()
    assert client.get(f"{address[:-3]}xx/").status_code == 404


def test_two_invitations_have_two_links(cast, acme, zenith):
    tokens = {invitation_token(organisation.pk, key) for organisation in (acme, zenith) for key in (1, 2)}

    assert len(tokens) == 4


def test_a_link_works_for_fourteen_days_and_opening_it_changes_nothing(invited, acme, zenith, smtp_server):
    send_due_invitations(organisation=acme, now=NOW)
    token = link_in(smtp_server.accepted[0])[1]

    with within(acme):
        assert find_invitation(token=token, now=NOW + timedelta(days=13)).membership == invited
        assert find_invitation(token=token, now=NOW + timedelta(days=14)) is None
        assert find_invitation(token=token + "x", now=NOW) is None
        assert find_invitation(token=token, now=NOW).accepted_at is None
    with within(zenith):
        assert find_invitation(token=token, now=NOW) is None


def test_coming_in_accepts(invited, acme, zenith):
    with within(zenith):
        assert accept_invitations(person=invited.person, now=NOW) == 0
    with within(acme):
        assert accept_invitations(person=invited.person, now=NOW) == 1
        assert Invitation.objects.get().accepted_at == NOW


def test_sending_it_again_gives_new_days_and_stops_the_old_link(invited, acme, cast, smtp_server):
    send_due_invitations(organisation=acme, now=NOW)
    old = link_in(smtp_server.accepted[0])[1]
    later = NOW + timedelta(days=10)
    with within(acme):
        resend_invitation(member=invited, by=cast.hana, now=later)
    send_due_invitations(organisation=acme, now=later)

    new = link_in(smtp_server.accepted[1])[1]
    with within(acme):
        assert find_invitation(token=old, now=later) is None
        assert find_invitation(token=new, now=later + timedelta(days=13)).membership == invited


def test_members_who_signed_in_are_not_invited_again(invited, acme, cast):
    with within(acme):
        accept_invitations(person=invited.person, now=NOW)

        with pytest.raises(NotNow, match="already signed in"):
            resend_invitation(member=invited, by=cast.hana, now=NOW)
        with pytest.raises(NotNow, match="already signed in"):
            resend_invitation(member=cast.bo, by=cast.hana, now=NOW)


def test_a_returning_member_can_be_invited_again(invited, acme, cast):
    with within(acme):
        accept_invitations(person=invited.person, now=NOW)
        invite_all([invited], now=NOW + timedelta(days=30))

        resend_invitation(member=invited, by=cast.hana, now=NOW + timedelta(days=40))

        assert Invitation.objects.filter(membership=invited, accepted_at=None, revoked_at=None).count() == 1


def test_a_revoked_invitation_is_neither_sent_nor_opened(invited, acme, cast, smtp_server):
    with within(acme):
        revoke_invitation(member=invited, by=cast.hana, now=NOW)

    assert send_due_invitations(organisation=acme, now=NOW) == 0


def test_an_open_invitation_is_not_doubled(invited, acme):
    with within(acme):
        invite_all([invited], now=NOW + timedelta(days=1))

        assert Invitation.objects.get().created_at == NOW


def test_an_expired_invitation_is_replaced(invited, acme):
    """A member who left before answering and comes back weeks later gets a mail."""
    with within(acme):
        invite_all([invited], now=NOW + timedelta(days=15))

        newest = Invitation.objects.get(membership=invited, revoked_at=None)
        assert newest.created_at == NOW + timedelta(days=15)


def test_signing_in_after_an_invitation_stays_in_its_language(invited, acme, smtp_server, client):
    invited.person.language = "nb"
    invited.person.save(update_fields=["language"])
    send_due_invitations(organisation=acme, now=NOW)

    client.get(f"/invitation/acme/{link_in(smtp_server.accepted[0])[1]}/", HTTP_ACCEPT_LANGUAGE="en")

    assert 'lang="nb"' in client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
