"""Add members, change their roles, sponsors and digests.

Persons are global: actions neither reveal whether an address exists in another organisation, nor change data there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from secrets import token_urlsafe
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.audit import record
from cohorts.models import AddressCorrection, DigestClock, Enrolment, Membership, Organisation, Person, Role
from cohorts.nudges.planner import hold_leaders
from cohorts.people.actions.invitations import invite_all, open_invitations
from cohorts.people.actions.notices import tell_of_sponsor, tell_owners
from cohorts.people.ownership import ensure_an_owner_stays
from cohorts.people.policies import POWERFUL, ensure_may_give, is_own_power
from cohorts.people.rules import (
    GIVEN_BY_HAND,
    ensure_may_follow,
    ensure_may_manage,
    ensure_member,
    ensure_not_shut_out,
)
from cohorts.schedule.weekly import next_weekly
from cohorts.tenancy.sets import OneOf, insert_columns
from cohorts.web.addresses import plain_address
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock, lock_revision, save_revision


class Newcomer(NamedTuple):
    """Somebody to be made a member with at least these roles. Name, language and zone apply to new persons only.

    The address is a plain one (`plain_address`).
    """

    email: str
    name: str
    language: str
    zone: ZoneInfo
    roles: frozenset[str] = frozenset()


class Persons(NamedTuple):
    """Keys of persons by address, and of those among them whom this transaction made."""

    keys: dict[str, int]
    made: set[int]


class Welcomed(NamedTuple):
    """Keys of members by address, and the addresses of those who were none before."""

    members: dict[str, int]
    new: set[str]


def welcome(newcomers: Iterable[Newcomer], *, organisation: Organisation, now: datetime) -> dict[str, int]:
    """Make these people members of the open organisation, as `welcome_persons` does. Returns their keys by address."""
    wanted = list(newcomers)
    return welcome_persons(wanted, ensure_people(wanted), organisation=organisation, now=now).members


@transaction.atomic
def welcome_persons(
    newcomers: Iterable[Newcomer],
    persons: Persons,
    *,
    organisation: Organisation,
    now: datetime,
    managers: Mapping[str, int] = MappingProxyType({}),
) -> Welcomed:
    """Make these people members of the open organisation, in a constant number of statements.

    New and returning members are invited; new sponsors get digests. `persons` made just now are welcomed for the first
    time, and not looked for among the members. `managers` are keys of the members whom new ones report to.
    """
    wanted = {newcomer.email: newcomer for newcomer in newcomers}
    people = {email: persons.keys[email] for email in wanted}
    known = {member.person_id: member for member in _members({*people.values()} - persons.made)}
    ensure_not_shut_out(known.values())
    returned = _extend({wanted[email]: known[person] for email, person in people.items() if person in known})
    invite_all(returned, now=now)
    if returned:
        hold_leaders([member.pk for member in returned], is_held=False, now=now)
    start_digest_clocks(known.values(), organisation=organisation, now=now)
    new = {people[email]: newcomer for email, newcomer in wanted.items() if people[email] not in known}
    keys = _add(new, managers, organisation=organisation, now=now) | {
        person: member.pk for person, member in known.items()
    }
    return Welcomed(
        {email: keys[person] for email, person in people.items()}, {newcomer.email for newcomer in new.values()}
    )


def ensure_people(newcomers: Sequence[Newcomer]) -> Persons:
    """Who is no person yet becomes one."""
    known = _by_address([each.email for each in newcomers])
    # Another organisation may insert the same addresses concurrently; the second one uses the first one's rows.
    # Sorted, so that two concurrent lists cannot deadlock.
    new = sorted((each for each in newcomers if each.email not in known), key=attrgetter("email"))
    if not new:
        return Persons(known, set())
    columns: dict[str, list[str]] = {
        "email": [each.email for each in new],
        "language": [each.language for each in new],
        "password": [UNUSABLE_PASSWORD_PREFIX + token_urlsafe() for _each in new],  # make_password takes 0.1 ms each
    }
    made = insert_columns(Person, columns, ignore_conflicts=True, joined_at=timezone.now())
    are_all_new = len(made) == len(new)  # unless another organisation added one meanwhile, or one came twice
    keys = dict(zip(columns["email"], made, strict=True)) if are_all_new else _by_address(columns["email"])
    return Persons(known | keys, set(made))


def _by_address(addresses: Sequence[str]) -> dict[str, int]:
    return dict(_people_at(addresses).values_list("address", "pk"))


def _people_at(addresses: Collection[str]) -> QuerySet[Any]:
    return Person.objects.annotate(address=Lower("email")).filter(OneOf(Lower("email"), addresses))


def _members(people: Collection[int]) -> Iterable[Membership]:
    if not people:
        return []
    mine = Membership.objects.filter(person__one_of=people)
    return mine.select_for_update(of=("self",), no_key=True).select_related("person")


def _add(
    newcomers: Mapping[int, Newcomer], managers: Mapping[str, int], *, organisation: Organisation, now: datetime
) -> dict[int, int]:
    """Members out of persons who are none here. Returns their keys by those of the persons."""
    if not newcomers:
        return {}
    columns: dict[str, Sequence[Any]] = {
        "person": list(newcomers),
        "name": [each.name for each in newcomers.values()],
        "roles": [sorted(each.roles) for each in newcomers.values()],
        "zone": [each.zone for each in newcomers.values()],
        "manager": [managers.get(each.email) for each in newcomers.values()],
    }
    keys = insert_columns(Membership, columns)
    open_invitations(keys, now=now)
    sponsors = {
        key: each.zone for key, each in zip(keys, newcomers.values(), strict=True) if Role.SPONSOR in each.roles
    }
    first = {zone: _next_digest(Membership(zone=zone), now) for zone in {*sponsors.values()}}  # at the usual time
    _add_digest_clocks({key: first[zone] for key, zone in sponsors.items()}, organisation)
    return dict(zip(newcomers, keys, strict=True))


def _extend(members: Mapping[Newcomer, Membership]) -> list[Membership]:
    """Add missing roles and reactivate former members. Returns the reactivated ones.

    Those come back with the roles they are invited for and no others: an admin does not bring back an owner.
    """
    changed: dict[tuple[str, ...], list[int]] = {}
    returned = []
    for newcomer, member in members.items():
        if member.left_at is not None:
            member.left_at, member.roles = None, sorted(newcomer.roles)
            returned.append(member)
        elif not newcomer.roles <= set(member.roles):
            member.roles = sorted({*member.roles, *newcomer.roles})
        else:
            continue
        changed.setdefault(tuple(member.roles), []).append(member.pk)
    for roles, keys in changed.items():
        Membership.objects.filter(pk__one_of=keys).update(left_at=None, roles=list(roles))
    return returned


@transaction.atomic
def add_member(
    *,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Iterable[str],
    language: str,
    by: Membership | None,
    now: datetime,
) -> Membership:
    """Invite one person, or give an existing member more roles. `by` None is the operator's command line."""
    email, roles = plain_address(email), frozenset(roles)
    ensure_member(name=name, email=email, language=language, roles=roles, by=by)
    newcomer = Newcomer(email, name, language, organisation.zone, roles)
    known = Membership.objects.filter(person__email__iexact=email, left_at=None).values_list("roles", flat=True).first()
    key = welcome([newcomer], organisation=organisation, now=now)[newcomer.email]
    member = Membership.objects.select_related("person").get(pk=key)
    record(by=by, verb="added member", thing=member, now=now, roles="/".join(member.roles))
    tell_owners(member, roles - set(known or ()), by=by, now=now)
    return member


@transaction.atomic
def invite_back(*, member: Membership, by: Membership, organisation: Organisation, now: datetime) -> None:
    """Invite a former member again, with the roles they had; owner and admin are given anew, with fresh proof."""
    lock(member)
    if member.left_at is None:
        raise NotNow(_("They are a member already."))
    merged = AddressCorrection.objects.merged().filter(member=member).select_related("into").order_by("-pk").first()
    if merged is not None and merged.into is not None:
        raise NotNow(_("They are merged with %(name)s.") % {"name": merged.into.name})
    roles = [role for role in member.roles if role not in POWERFUL]
    if not roles:
        raise NotNow(_("They were owner or admin only. Add them as a member to give them a role again."))
    member.left_at, member.roles = None, roles
    member.save(update_fields=["left_at", "roles"])
    record(by=by, verb="invited back", thing=member, now=now, roles="/".join(roles))
    hold_leaders([member.pk], is_held=False, now=now)
    invite_all([member], now=now)
    start_digest_clocks([member], organisation=organisation, now=now)


@transaction.atomic
def give_role(*, member: Membership, role: str, by: Membership, organisation: Organisation, now: datetime) -> None:
    """Give a member a role; a new sponsor gets digests."""
    ensure_choice("role", role, GIVEN_BY_HAND)
    ensure_may_give(by, role)
    lock(member)
    if not member.has_role(role):
        tell_owners(member, [role], by=by, now=now)
    member.roles = sorted({*member.roles, role})
    member.save(update_fields=["roles"])
    record(by=by, verb="gave role", thing=member, now=now, role=role)
    start_digest_clocks([member], organisation=organisation, now=now)


@transaction.atomic
def take_role(*, member: Membership, role: str, by: Membership, now: datetime) -> None:
    """Take a role from a member. Raises NotNow if something still depends on it."""
    ensure_choice("role", role, Role.values)
    ensure_may_give(by, role)
    if is_own_power(by, member, role):
        raise NotNow(_("You cannot take this role from yourself. Ask another owner or admin."))
    if role == Role.OWNER:
        ensure_an_owner_stays(member)
    lock(member)
    if role == Role.SPONSOR:
        _ensure_follows_nobody(member)
    if role == Role.LEADER and Enrolment.objects.active().filter(leader=member).exists():
        raise NotNow(_("They are in a cohort. Remove them from it first."))
    member.roles = [each for each in member.roles if each != role]
    member.save(update_fields=["roles"])
    record(by=by, verb="took role", thing=member, now=now, role=role)


@transaction.atomic
def change_roles(
    *,
    member: Membership,
    give: Iterable[str],
    take: Iterable[str],
    by: Membership,
    organisation: Organisation,
    now: datetime,
) -> None:
    """Give and take several roles, all or none. Those somebody else changed meanwhile stay as they are."""
    given, taken = frozenset(give), frozenset(take)
    for role in given | taken:
        ensure_choice("roles", role, GIVEN_BY_HAND)
    for role in sorted(taken, key=Role.OWNER.__ne__):  # taking ownership locks the organisation, before any other lock
        take_role(member=member, role=role, by=by, now=now)
    for role in sorted(given):
        give_role(member=member, role=role, by=by, organisation=organisation, now=now)


def _ensure_follows_nobody(member: Membership) -> None:
    count = Enrolment.objects.active().filter(sponsor=member).count()
    if count:
        raise NotNow(
            ngettext(
                "They are still the sponsor of %(count)d leader. Choose another sponsor for that leader first.",
                "They are still the sponsor of %(count)d leaders. Choose another sponsor for them first.",
                count,
            )
            % {"count": count}
        )


@transaction.atomic
def change_sponsor(
    *,
    enrolment: Enrolment,
    sponsor: Membership | None,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Change or remove a leader's sponsor. Raises Stale when the enrolment is not the expected revision."""
    if sponsor is not None:
        ensure_may_follow(sponsor, enrolment)
    lock_revision(enrolment, expected_revision, "sponsor")
    before = enrolment.sponsor_id
    save_revision(enrolment, sponsor=sponsor)
    record(by=by, verb="changed sponsor", thing=enrolment, now=now, sponsor=sponsor.pk if sponsor else None)
    tell_of_sponsor(enrolment, before=before, by=by, now=now)


@transaction.atomic
def change_manager(*, member: Membership, manager: Membership | None, by: Membership, now: datetime) -> None:
    """Change or remove who a member reports to. Idempotent."""
    if manager is not None:
        ensure_may_manage(manager, member)
    lock(member)
    if member.manager_id == (manager.pk if manager else None):
        return
    member.manager = manager
    member.save(update_fields=["manager"])
    record(by=by, verb="changed manager", thing=member, now=now, manager=manager.pk if manager else None)


@transaction.atomic
def set_digest(*, membership: Membership, is_on: bool, now: datetime) -> None:
    """Switch a sponsor's weekly digest on or off. Idempotent."""
    if membership.digest_on == is_on:
        return
    membership.digest_on = is_on
    membership.save(update_fields=["digest_on"])
    record(by=None, verb="switched digest on" if is_on else "switched digest off", thing=membership, now=now)


def start_digest_clocks(members: Iterable[Membership], *, organisation: Organisation, now: datetime) -> None:
    """Create digest clocks for those of these members who are sponsors and have none."""
    sponsors = [member for member in members if member.has_role(Role.SPONSOR)]
    _add_digest_clocks({member.pk: _next_digest(member, now) for member in sponsors}, organisation)


def _next_digest(member: Membership, now: datetime) -> datetime:
    return next_weekly(member.digest_weekday, member.digest_hour, member.zone, now)


def _add_digest_clocks(next_at: Mapping[int, datetime], organisation: Organisation) -> None:
    columns: dict[str, Sequence[Any]] = {"sponsor": list(next_at), "next_at": list(next_at.values())}
    insert_columns(DigestClock, columns, ignore_conflicts=True, is_simulated=organisation.is_demo)
