from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from cohorts.models import AuditEntry, DigestClock, Enrolment, Invitation, Membership
from cohorts.people.actions.members import add_member, change_manager, change_sponsor, give_role, take_role
from cohorts.schedule.weekly import next_weekly
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests.times import NOW

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("weekday", "at", "now", "next_at"),
    [
        (1, time(8), datetime(2026, 3, 11, 8, tzinfo=UTC), datetime(2026, 3, 16, 7, tzinfo=UTC)),
        (3, time(9), datetime(2026, 3, 11, 7, 59, tzinfo=UTC), datetime(2026, 3, 11, 8, tzinfo=UTC)),
        (3, time(9), datetime(2026, 3, 11, 8, tzinfo=UTC), datetime(2026, 3, 18, 8, tzinfo=UTC)),
        (1, time(8), datetime(2026, 3, 27, 8, tzinfo=UTC), datetime(2026, 3, 30, 6, tzinfo=UTC)),  # over the change
        (1, time(0, 30), datetime(2026, 3, 15, 23, tzinfo=UTC), datetime(2026, 3, 15, 23, 30, tzinfo=UTC)),
    ],
)
def test_next_weekly(weekday, at, now, next_at):
    assert next_weekly(weekday, at, OSLO, now) == next_at


def add(acme, cast, by="hana", roles=("sponsor",), email="New@firm.test"):
    return add_member(
        organisation=acme, email=email, name="Nina Ny", roles=roles, language="nb", by=getattr(cast, by), now=NOW
    )


def test_a_new_member_is_invited_and_a_sponsor_gets_digests(cast, acme):
    with within(acme):
        member = add(acme, cast)

        assert (member.person.email, member.person.language, member.roles) == ("new@firm.test", "nb", ["sponsor"])
        assert Invitation.objects.filter(membership=member, sent_at=None).count() == 1
        assert DigestClock.objects.get(sponsor=member).next_at == datetime(2026, 3, 16, 7, tzinfo=UTC)


def test_an_existing_member_gets_the_role_and_no_invitation(cast, acme):
    with within(acme):
        member = add(acme, cast, email="ada@acme.test")

        assert (member.pk, member.roles, member.name) == (cast.ada.pk, ["leader", "sponsor"], "Ada Acme")
        assert not Invitation.objects.filter(membership=member).exists()


def test_a_former_member_returns_with_an_invitation(cast, acme):
    with within(acme):
        Membership.objects.filter(pk=cast.sol.pk).update(left_at=NOW)

        member = add(acme, cast, email="sol@acme.test")

        assert member.left_at is None
        assert Invitation.objects.filter(membership=member).exists()


def test_only_an_owner_makes_or_unmakes_an_owner(cast, acme):
    with within(acme):
        with pytest.raises(NotYours):
            add(acme, cast, by="hana", roles=("owner",))
        with pytest.raises(NotYours):
            take_role(member=cast.olav, role="owner", by=cast.hana, now=NOW)

        assert add(acme, cast, by="olav", roles=("owner",)).roles == ["owner"]


def test_a_role_is_given_and_taken_with_a_trace(cast, acme):
    with within(acme):
        give_role(member=cast.ada, role="sponsor", by=cast.hana, organisation=acme, now=NOW)
        assert Membership.objects.get(pk=cast.ada.pk).roles == ["leader", "sponsor"]
        assert DigestClock.objects.filter(sponsor=cast.ada).exists()

        take_role(member=cast.ada, role="sponsor", by=cast.hana, now=NOW)
        assert Membership.objects.get(pk=cast.ada.pk).roles == ["leader"]
        assert [entry.verb for entry in AuditEntry.objects.all()[:2]] == ["took role", "gave role"]


def test_a_change_of_manager_leaves_one_trace(cast, acme):
    with within(acme):
        for _ in range(2):
            change_manager(member=cast.sol, manager=cast.max, by=cast.hana, now=NOW)
        change_manager(member=cast.sol, manager=None, by=cast.hana, now=NOW)

        trail = AuditEntry.objects.filter(verb="changed manager").order_by("pk")
        assert [entry.details["manager"] for entry in trail] == [cast.max.pk, None]


def test_nobody_reports_to_somebody_who_has_left(cast, acme):
    with within(acme):
        cast.max.left_at = NOW

        with pytest.raises(Invalid):
            change_manager(member=cast.sol, manager=cast.max, by=cast.hana, now=NOW)


@pytest.mark.parametrize(
    ("member", "role", "by", "sentence"),
    [
        ("hana", "admin", "hana", "You cannot take this role from yourself."),
        ("olav", "owner", "olav", "You cannot take this role from yourself."),
        ("sol", "sponsor", "hana", "They are still the sponsor of 1 leader."),
        ("ada", "leader", "hana", "They are in a cohort."),
    ],
)
def test_a_role_in_use_cannot_be_taken(cast, acme, member, role, by, sentence):
    with within(acme), pytest.raises(NotNow, match=sentence):
        take_role(member=getattr(cast, member), role=role, by=getattr(cast, by), now=NOW)


def test_only_a_sponsor_can_follow_a_leader(cast, acme):
    enrolment = cast.enrolment(cast.ada)
    with within(acme):
        with pytest.raises(Invalid, match="Only members with the role sponsor"):
            change_sponsor(enrolment=enrolment, sponsor=cast.pat_at_acme, by=cast.hana, now=NOW)
        change_sponsor(enrolment=enrolment, sponsor=cast.max, by=cast.hana, now=NOW)

        assert Enrolment.objects.get(pk=enrolment.pk).sponsor_id == cast.max.pk


def test_a_leader_cannot_be_their_own_sponsor(cast, acme):
    with within(acme), pytest.raises(Invalid, match="A leader cannot be their own sponsor"):
        change_sponsor(enrolment=cast.enrolment(cast.ada), sponsor=cast.ada, by=cast.hana, now=NOW)
