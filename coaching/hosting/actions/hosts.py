"""Hosts: who they are, on which terms guests come, and the days on which nobody can."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.hosting.facts import HostFacts
from coaching.hosting.policies import ensure_may_run
from coaching.hosting.rules import (
    LENGTHS,
    ensure_blackout,
    ensure_can_be_shown,
    ensure_name_free,
    ensure_nothing_ahead,
    ensure_profile,
)
from coaching.models import Host, HostBlackout, HouseRules
from cohorts.audit import record
from cohorts.models import Membership, Organisation, Role
from cohorts.people.actions.members import add_member
from cohorts.web.bounds import ensure_name
from cohorts.web.permissions import Permission, may
from cohorts.web.refusals import Invalid, NotYours
from cohorts.web.revisions import lock, lock_revision, save_revision


@transaction.atomic
def add_host(
    *,
    organisation: Organisation,
    name: str,
    is_site: bool,
    is_from_outside: bool,
    email: str,
    person_name: str,
    language: str,
    by: Membership,
    now: datetime,
) -> Host:
    """Write down a host and invite the person who looks after the dates; without an address admins do that.

    Somebody new gets no role but *host*, and so sees nothing but their own dates.
    """
    if not by.is_admin:
        raise NotYours(_("Only an admin can add a host."))
    ensure_name("name", name, most=LENGTHS["name"])
    ensure_name_free(name)
    member = None
    if email.strip():
        member = add_member(
            organisation=organisation,
            email=email,
            name=person_name.strip() or name,
            roles=[Role.HOST],
            language=language,
            by=by,
            now=now,
        )
        if Host.objects.filter(member=member).exists():
            raise Invalid("email", _("%(name)s is a host already.") % {"name": member.name})
    host = Host.objects.create(
        member=member,
        name=name.strip(),
        is_site=is_site,
        is_from_outside=is_from_outside,
        zone=member.zone if member else organisation.zone,
        is_active=False,
    )
    record(by=by, verb="added host", thing=host, now=now)
    return host


@transaction.atomic
def begin_own_profile(*, member: Membership, now: datetime) -> Host:
    """The profile of somebody who was given the role *host*, or of an admin. Idempotent."""
    if not may(member, Permission.HOST):
        raise NotYours(_("Only the host or an admin can change this."))
    lock(member)
    found = Host.objects.filter(member=member).first()
    if found:
        return found
    name = member.name if not Host.objects.filter(name=member.name).exists() else f"{member.name} ({member.pk})"
    host = Host.objects.create(member=member, name=name[:120], zone=member.zone, is_active=False)
    record(by=member, verb="added host", thing=host, now=now)
    return host


@transaction.atomic
def change_host(
    *, host: Host, facts: HostFacts, by: Membership, now: datetime, expected_revision: int | None = None
) -> None:
    """Save a profile. Other house rules are a new version, and guests accept the newest."""
    ensure_may_run(by, host)
    ensure_profile(facts)
    ensure_name_free(facts.name, but=host)
    values = asdict(facts)
    lock_revision(host, expected_revision, *values, "rules_version")
    if host.house_rules.strip() != facts.house_rules.strip():
        values["rules_version"] = host.rules_version + 1
        HouseRules.objects.create(host=host, version=host.rules_version + 1, text=facts.house_rules, since=now)
    save_revision(host, **values)
    record(by=by, verb="changed host", thing=host, now=now, rules_version=host.rules_version)


@transaction.atomic
def show_host(*, host: Host, by: Membership, now: datetime) -> None:
    """Let leaders find the host. Idempotent."""
    ensure_may_run(by, host)
    lock(host)
    ensure_can_be_shown(host)
    _switch(host, True, "showed host", by, now)


@transaction.atomic
def hide_host(*, host: Host, by: Membership, now: datetime) -> None:
    """Take the host out of the directory. Idempotent; refused while dates lie ahead."""
    ensure_may_run(by, host)
    lock(host)
    ensure_nothing_ahead(host, now)
    _switch(host, False, "hid host", by, now)


def _switch(host: Host, is_active: bool, verb: str, by: Membership, now: datetime) -> None:
    if host.is_active == is_active:
        return
    host.is_active = is_active
    host.save(update_fields=["is_active"])
    record(by=by, verb=verb, thing=host, now=now)


@transaction.atomic
def black_out(
    *, host: Host, starts_on: date, ends_on: date, today: date, by: Membership, now: datetime
) -> HostBlackout:
    """Close these days to guests. Dates that lie in them already stay. Idempotent."""
    ensure_may_run(by, host)
    lock(host)
    ensure_blackout(host, starts_on, ends_on, today=today)
    blackout, is_new = HostBlackout.objects.get_or_create(host=host, starts_on=starts_on, ends_on=ends_on)
    if is_new:
        record(by=by, verb="closed days", thing=host, now=now, first=str(starts_on), last=str(ends_on))
    return blackout


@transaction.atomic
def open_again(*, blackout: HostBlackout, by: Membership, now: datetime) -> None:
    """Take closed days back."""
    ensure_may_run(by, blackout.host)
    record(
        by=by,
        verb="opened days",
        thing=blackout.host,
        now=now,
        first=str(blackout.starts_on),
        last=str(blackout.ends_on),
    )
    blackout.delete()
