"""Hosts: who gets in and with which role, the terms they set, house rules by version."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from coaching.hosting.actions.hosts import (
    add_host,
    begin_own_profile,
    black_out,
    change_host,
    hide_host,
    open_again,
    show_host,
)
from coaching.hosting.policies import hosts_run_by, may_run
from coaching.models import Host, HouseRules
from cohorts.models import Invitation, Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.cast import Cast
from tests.coaching.hosting.scenes import acme_host, day, host_facts
from tests.times import NOW, TODAY


@pytest.fixture
def host(cast: Cast) -> Iterator[Host]:
    with within(cast.acme):
        yield acme_host(cast)


def added(cast: Cast, **changes) -> Host:
    said = {
        "name": "Fjord Bank",
        "is_site": True,
        "is_from_outside": True,
        "email": "kari@fjord.test",
        "person_name": "Kari Fjord",
        "language": "nb",
        "by": cast.hana,
    }
    return add_host(organisation=cast.acme, now=NOW, **{**said, **changes})


def test_a_host_from_outside_is_invited_with_that_role_alone(host: Host, cast: Cast) -> None:
    made = added(cast)

    assert made.member.roles == ["host"]
    assert made.member.name == "Kari Fjord"
    assert Invitation.objects.filter(membership=made.member).count() == 1
    assert not made.is_active


def test_a_leader_who_becomes_a_host_keeps_their_roles(host: Host, cast: Cast) -> None:
    made = added(cast, email="ada@acme.test")

    assert made.member == cast.ada
    assert sorted(made.member.roles) == ["host", "leader"]
    assert not Invitation.objects.filter(membership=cast.ada).exists()


def test_a_site_without_a_person_is_looked_after_by_admins(host: Host, cast: Cast) -> None:
    made = added(cast, email="", person_name="")

    assert made.member is None
    assert may_run(cast.hana, made)
    assert not may_run(cast.gro, made)


def test_one_person_is_one_host(host: Host, cast: Cast) -> None:
    with pytest.raises(Invalid, match="Gro Acme is a host already") as refused:
        added(cast, email="gro@acme.test")
    assert refused.value.field == "email"


def test_two_hosts_never_have_one_name(host: Host, cast: Cast) -> None:
    with pytest.raises(Invalid, match="already"):
        added(cast, name="ACME host")


def test_only_admins_add_hosts(host: Host, cast: Cast) -> None:
    for name in ("ada", "sol", "gro", "cleo"):
        with pytest.raises(NotYours):
            added(cast, by=getattr(cast, name))
    assert not Membership.objects.filter(person__email="kari@fjord.test").exists()


def test_who_runs_a_host_is_one_rule_for_one_and_for_many(host: Host, cast: Cast) -> None:
    make.HostFactory(member=make.MembershipFactory(roles=["host", "leader"]))
    make.HostFactory()
    for member in Membership.objects.all():
        runs = set(hosts_run_by(member))
        assert runs == {each for each in Host.objects.all() if may_run(member, each)}
    assert set(hosts_run_by(cast.gro)) == {host}
    assert len(set(hosts_run_by(cast.hana))) == 3


def test_who_finds_a_host(host: Host, cast: Cast) -> None:
    hidden = make.HostFactory(is_active=False)
    left = make.HostFactory(member=make.MembershipFactory(roles=["host"], left_at=NOW))

    def found(member: Membership) -> set[Host]:
        return set(Host.objects.visible_to(member))

    assert found(cast.ada) == {host}
    assert found(cast.hana) == {host, hidden, left}
    assert found(cast.gro) == {host}
    assert found(cast.sol) == set()
    assert found(make.MembershipFactory(roles=["host"])) == set()


def test_other_house_rules_are_a_new_version_and_the_old_can_be_read(host: Host, cast: Cast) -> None:
    change_host(host=host, facts=host_facts(house_rules="No phones."), by=cast.gro, now=NOW)

    assert host.rules_version == 2
    assert list(HouseRules.objects.filter(host=host).values_list("version", "text")) == [
        (2, "No phones."),
        (1, "What you see here stays with you."),
    ]


def test_the_same_house_rules_stay_the_same_version(host: Host, cast: Cast) -> None:
    facts = host_facts(about="New words", house_rules=f" {host.house_rules}\n")

    change_host(host=host, facts=facts, by=cast.gro, now=NOW)

    assert (host.rules_version, host.about) == (1, "New words")


def test_first_house_rules_are_not_the_version_of_none(host: Host, cast: Cast) -> None:
    """A guest who booked while there were no rules has not accepted those."""
    made = added(cast)
    before = made.rules_version

    change_host(host=made, facts=host_facts(name="Fjord Bank"), by=made.member, now=NOW)

    assert made.rules_version == before + 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("behaviours", []),
        ("behaviours", ["kind"]),
        ("formats", []),
        ("formats", ["picnic"]),
        ("languages", []),
        ("places", 0),
        ("notice_days", -1),
        ("notice_days", 91),
        ("monthly_ceiling", 0),
        ("house_rules", "x" * 3001),
    ],
)
def test_a_profile_that_cannot_stand_is_refused(host: Host, cast: Cast, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        change_host(host=host, facts=host_facts(**{field: value}), by=cast.gro, now=NOW)
    assert refused.value.field == field


def test_a_host_is_shown_once_there_is_something_to_see(host: Host, cast: Cast) -> None:
    made = added(cast)
    with pytest.raises(NotNow, match="what there is to see"):
        show_host(host=made, by=made.member, now=NOW)

    change_host(host=made, facts=host_facts(name="Fjord Bank"), by=made.member, now=NOW)
    show_host(host=made, by=made.member, now=NOW)

    assert made in Host.objects.visible_to(cast.ada)


def test_a_host_with_dates_ahead_can_not_be_hidden(host: Host, cast: Cast) -> None:
    with pytest.raises(NotNow, match="There are 2 dates ahead"):
        hide_host(host=host, by=cast.gro, now=NOW)
    host.visits.update(starts_at=NOW - timedelta(days=1))

    hide_host(host=host, by=cast.gro, now=NOW)

    assert host not in Host.objects.visible_to(cast.ada)


def test_days_are_closed_once_and_opened_again(host: Host, cast: Cast) -> None:
    said = {"host": host, "starts_on": day(20), "ends_on": day(22), "today": TODAY, "by": cast.gro, "now": NOW}

    assert black_out(**said) == black_out(**said)
    assert host.blackouts.count() == 2
    open_again(blackout=host.blackouts.get(starts_on=day(20)), by=cast.gro, now=NOW)
    assert host.blackouts.count() == 1


@pytest.mark.parametrize(("first", "last"), [(5, 4), (-3, -1), (1, 121)])
def test_closed_days_that_cannot_stand_are_refused(host: Host, cast: Cast, first: int, last: int) -> None:
    with pytest.raises(Invalid) as refused:
        black_out(host=host, starts_on=day(first), ends_on=day(last), today=TODAY, by=cast.gro, now=NOW)
    assert refused.value.field == "ends_on"


def test_somebody_given_the_role_begins_a_profile_once(host: Host, cast: Cast) -> None:
    newcomer = make.MembershipFactory(roles=["host"], name="Nils Ny")

    assert begin_own_profile(member=newcomer, now=NOW) == begin_own_profile(member=newcomer, now=NOW)
    with pytest.raises(NotYours):
        begin_own_profile(member=cast.ada, now=NOW)


def test_two_hosts_of_one_name_both_get_a_profile(host: Host, cast: Cast) -> None:
    first, second = (make.MembershipFactory(roles=["host"], name="Nils Ny") for _ in range(2))

    names = {begin_own_profile(member=member, now=NOW).name for member in (first, second)}

    assert len(names) == 2
