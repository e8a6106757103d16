"""Withdrawn invitations, suspension, removal and leaving: access ends at once, and the last owner stays."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from cohorts.enrolment.actions.cohorts import set_sending
from cohorts.models import AuditEntry, Clock, Invitation, Membership, Nudge, Organisation
from cohorts.nudges.planner import claim_due, plan_again
from cohorts.people.actions.access import end_membership, let_back_in, suspend
from cohorts.people.actions.invitations import (
    accept_invitations,
    find_invitation,
    invite_all,
    resend_invitation,
    revoke_invitation,
)
from cohorts.people.actions.members import add_member, take_role
from cohorts.people.memberships import belongings_of
from cohorts.people.sign_in import sign_ins, standing_of
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.cast import Cast, session_of
from tests.times import NOW

MORNING = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)  # nine in Oslo, the cast's hour
TODAY_PAGE = "/o/acme/today/"

pytestmark = pytest.mark.django_db


def sign_in_elsewhere(cast: Cast, who: Membership) -> None:
    UserSession.objects.create(user=who.person, ip="192.0.2.1", session_key=session_of(who.person), user_agent="x")


def has_session(who: Membership) -> bool:
    return Session.objects.filter(session_key=session_of(who.person)).exists()


def act(what: str, member: Membership, by: Membership) -> None:
    if what == "withdrawn":
        Invitation.objects.filter(membership=member).delete()
        invite_all([member], now=NOW)
        revoke_invitation(member=member, by=by, now=NOW)
    elif what == "suspended":
        suspend(member=member, by=by, now=NOW)
    elif what == "role":
        take_role(member=member, role="owner", by=by, now=NOW)
    else:
        end_membership(member=member, by=by, now=NOW)


ENDS = ["withdrawn", "suspended", "removed"]


@pytest.mark.parametrize("what", ENDS)
def test_access_ends_with_the_act(what: str, cast: Cast, acme: Organisation, client_for: Callable) -> None:
    client = client_for(cast.ada)
    assert client.get(TODAY_PAGE).status_code == 200
    sign_in_elsewhere(cast, cast.ada)

    with within(acme):
        version = cast.ada.link_version
        act(what, cast.ada, cast.hana)

        ada = Membership.objects.get(pk=cast.ada.pk)
        assert not ada.is_active
        assert ada.link_version == version + 1
        assert Clock.objects.get(enrolment__leader=ada).is_held
    assert belongings_of(cast.ada.person) == []
    assert not has_session(cast.ada)
    assert client.get(TODAY_PAGE).status_code == 302  # to the sign-in page


@pytest.mark.parametrize("what", ENDS)
def test_who_is_shut_out_and_signs_in_again_gets_nowhere(
    what: str, cast: Cast, acme: Organisation, client_for: Callable
) -> None:
    client = client_for(cast.ada)  # whose session nobody knows of, as after a sign-in
    with within(acme):
        act(what, cast.ada, cast.hana)

    assert client.get(TODAY_PAGE).status_code == 404


@pytest.mark.parametrize("what", ENDS)
def test_a_member_elsewhere_stays_signed_in_there(what: str, cast: Cast, acme: Organisation) -> None:
    sign_in_elsewhere(cast, cast.pat_at_acme)

    with within(acme):
        act(what, cast.pat_at_acme, cast.hana)

    assert [each.slug for each in belongings_of(cast.pat_at_acme.person)] == ["zenith"]
    assert has_session(cast.pat_at_acme)


def test_a_withdrawn_invitation_is_not_accepted_by_signing_in(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        act("withdrawn", cast.ada, cast.hana)
        assert accept_invitations(person=cast.ada.person, now=NOW) == 0

        (sign_in,) = sign_ins([standing_of(cast.ada)], zone=acme.zone, now=NOW).values()
        assert str(sign_in) == "Hasn’t signed in · invitation withdrawn"


def test_inviting_again_lets_in_who_was_withdrawn(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        act("withdrawn", cast.ada, cast.hana)
        resend_invitation(member=cast.ada, by=cast.hana, now=NOW)

        assert Membership.objects.get(pk=cast.ada.pk).is_active
        assert not Clock.objects.get(enrolment__leader=cast.ada).is_held
        assert Invitation.objects.get(membership=cast.ada, revoked_at=None).accepted_at is None


def test_inviting_again_lets_nobody_in_who_is_suspended(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        Invitation.objects.filter(membership=cast.ada).delete()
        invite_all([cast.ada], now=NOW)
        suspend(member=cast.ada, by=cast.hana, now=NOW)

        with pytest.raises(NotNow, match="They are suspended"):
            resend_invitation(member=cast.ada, by=cast.hana, now=NOW)


def test_a_suspended_members_invitation_link_opens_nothing(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        make.InvitationFactory(membership=cast.ada, token_hash="")
        Invitation.objects.filter(membership=cast.ada).update(token_hash=hashlib.sha256(b"test").hexdigest())
        assert find_invitation(token="test", now=NOW) is not None
        suspend(member=cast.ada, by=cast.hana, now=NOW)

        assert find_invitation(token="test", now=NOW) is None


def test_a_suspension_ends_and_everything_is_as_before(cast: Cast, acme: Organisation, client_for: Callable) -> None:
    client = client_for(cast.ada)
    with within(acme):
        suspend(member=cast.ada, by=cast.hana, now=NOW)
        let_back_in(member=cast.ada, by=cast.hana, now=NOW + timedelta(days=1))
        assert [each.verb for each in AuditEntry.objects.order_by("-number")[:2]] == [
            "let member in again",
            "suspended member",
        ]

    assert client.get(TODAY_PAGE).status_code == 200


def test_a_withdrawn_invitation_is_no_suspension_to_end(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        act("withdrawn", cast.ada, cast.hana)

        with pytest.raises(NotNow, match="Send them a new one"):
            let_back_in(member=cast.ada, by=cast.hana, now=NOW)


def test_no_nudge_is_made_for_somebody_suspended(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        Nudge.objects.all().delete()
        plan_again([cast.enrolment(cast.ada).pk, cast.enrolment(cast.bo).pk], now=MORNING - timedelta(hours=3))
        suspend(member=cast.ada, by=cast.hana, now=NOW)

    claim_due(now=MORNING)

    with within(acme):
        assert set(Nudge.objects.values_list("enrolment__leader", flat=True)) == {cast.bo.pk}
        let_back_in(member=cast.ada, by=cast.hana, now=MORNING)
        due = Clock.objects.get(enrolment__leader=cast.ada)
        assert (due.is_held, due.next_at is not None) == (False, True)


def test_switching_a_cohort_on_leaves_the_suspended_held(cast: Cast, acme: Organisation) -> None:
    cohort = cast.houses["acme"].cohort
    with within(acme):
        suspend(member=cast.ada, by=cast.hana, now=NOW)
        set_sending(cohort=cohort, is_on=False, by=cast.hana, now=NOW)
        set_sending(cohort=cohort, is_on=True, by=cast.hana, now=NOW)

        assert list(Clock.objects.filter(is_held=True).values_list("enrolment__leader", flat=True)) == [cast.ada.pk]


def test_letting_in_leaves_a_held_cohort_held(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        suspend(member=cast.ada, by=cast.hana, now=NOW)
        set_sending(cohort=cast.houses["acme"].cohort, is_on=False, by=cast.hana, now=NOW)
        let_back_in(member=cast.ada, by=cast.hana, now=NOW)

        assert Clock.objects.get(enrolment__leader=cast.ada).is_held


def test_a_list_or_a_form_lets_nobody_in_again(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        suspend(member=cast.sol, by=cast.hana, now=NOW)

        with pytest.raises(Invalid, match="Sol Acme is suspended"):
            add_member(
                organisation=acme,
                email="sol@acme.test",
                name="Sol",
                roles=["sponsor"],
                language="en",
                by=cast.hana,
                now=NOW,
            )


def test_a_former_owner_does_not_come_back_as_one(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        make.MembershipFactory(roles=["owner"])
        end_membership(member=cast.olav, by=cast.olav, now=NOW)
        back = add_member(
            organisation=acme,
            email="olav@acme.test",
            name="Olav",
            roles=["sponsor"],
            language="en",
            by=cast.hana,
            now=NOW,
        )

        assert (back.pk, back.roles, back.is_active) == (cast.olav.pk, ["sponsor"], True)


@pytest.mark.parametrize("what", ENDS)
def test_an_admin_shuts_no_owner_out(what: str, cast: Cast, acme: Organisation) -> None:
    with within(acme):
        make.MembershipFactory(roles=["owner"])

        with pytest.raises(NotYours):
            act(what, cast.olav, cast.hana)


@pytest.mark.parametrize("what", [*ENDS, "role"])
def test_the_last_owner_stays(what: str, cast: Cast, acme: Organisation) -> None:
    with within(acme):
        other = make.MembershipFactory(roles=["owner"])
        suspend(member=other, by=cast.olav, now=NOW)

        with pytest.raises(NotNow, match="This is the only owner"):
            act(what, cast.olav, other)
        assert Membership.objects.get(pk=cast.olav.pk).has_role("owner")


def test_leaving_is_told_apart_from_being_removed(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        end_membership(member=cast.cleo, by=cast.cleo, now=NOW)
        end_membership(member=cast.gro, by=cast.hana, now=NOW)
        end_membership(member=cast.gro, by=cast.hana, now=NOW)

        verbs = AuditEntry.objects.order_by("-number").values_list("verb", "thing_id")[:2]
        assert list(verbs) == [("removed member", cast.gro.pk), ("left organisation", cast.cleo.pk)]


def test_nobody_reports_to_somebody_removed(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        end_membership(member=cast.mia, by=cast.hana, now=NOW)

        assert Membership.objects.get(pk=cast.sol.pk).manager_id is None


def test_an_invitation_page_says_nothing_of_somebody_removed(cast: Cast, acme: Organisation) -> None:
    with within(acme):
        invite_all([cast.cleo], now=NOW)
        end_membership(member=cast.cleo, by=cast.hana, now=NOW)

        assert Invitation.objects.get(membership=cast.cleo).revoked_at == NOW
        (sign_in,) = sign_ins([standing_of(cast.cleo)], zone=acme.zone, now=NOW).values()
        assert str(sign_in) == "No longer a member · since 11 March"


def test_who_has_no_way_in_sees_no_organisation_after_signing_in(
    cast: Cast, acme: Organisation, client_for: Callable
) -> None:
    client: Client = client_for(cast.ada)
    with within(acme):
        suspend(member=cast.ada, by=cast.hana, now=NOW)

    page = client.get("/", headers={"host": "127.0.0.1"})
    assert page.status_code == 200
    assert "Acme" not in page.content.decode().replace("Ada Acme", "")
