"""Change the settings of an organisation. Each changed value is an entry of the trail, with the old and the new one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from cohorts.audit import record
from cohorts.enrolment.actions.cohorts import set_sending
from cohorts.models import Cohort, Enrolment, Membership, Organisation
from cohorts.nudges.planner import plan_again
from cohorts.schedule.time_zones import offered_zones
from cohorts.web.bounds import ensure_choice
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock_revision, save_revision
from programme.organisation.policies import ensure_may
from programme.organisation.rules import (
    ensure_hour_for_new,
    ensure_languages,
    ensure_organisation_name,
    ensure_quiet_hours,
    hour_is_quiet,
    hour_words,
    hours_words,
)


@dataclass(frozen=True, slots=True)
class Times:
    """Zone and hour that new cohorts begin with, and the hours in which no mail goes out."""

    zone: ZoneInfo
    quiet_from: time
    quiet_until: time
    nudge_hour: time


@transaction.atomic
def rename(
    *, organisation: Organisation, name: str, by: Membership, now: datetime, expected_revision: int | None = None
) -> Organisation:
    """Give the organisation another name: on every page, in every mail and report from now on."""
    ensure_may(by, organisation, Permission.OWN)
    ensure_organisation_name(name)
    name = " ".join(name.split())
    lock_revision(organisation, expected_revision, "name")
    old = organisation.name
    if name != old:
        save_revision(organisation, name=name)
        record(by=by, verb="changed name of organisation", thing=organisation, now=now, old=old, new=name)
    return organisation


@transaction.atomic
def change_times(
    *, organisation: Organisation, times: Times, by: Membership, now: datetime, expected_revision: int | None = None
) -> int:
    """Change zone, hour of new cohorts and quiet hours. Returns how many leaders chose an hour in the quiet.

    Their nudges come when the quiet ends. Nudges already sent do not change.
    """
    ensure_may(by, organisation, Permission.RUN_COHORTS)
    ensure_choice("zone", str(times.zone), offered_zones())
    ensure_quiet_hours(times.quiet_from, times.quiet_until)
    ensure_hour_for_new(times.nudge_hour, times.quiet_from, times.quiet_until)
    lock_revision(organisation, expected_revision, *Times.__slots__)
    before = times_of(organisation)
    if times == before:
        return len(leaders_in_quiet(before))
    save_revision(organisation, **{name: getattr(times, name) for name in Times.__slots__})
    # Audit before clocks: every action that changes clocks locks in this order.
    for verb, old, new in _said(before, times):
        if old != new:
            record(by=by, verb=verb, thing=organisation, now=now, old=old, new=new)
    if (before.quiet_from, before.quiet_until) != (times.quiet_from, times.quiet_until):
        plan_again(sorted({*leaders_in_quiet(before), *leaders_in_quiet(times)}), now=now)
    return len(leaders_in_quiet(times))


@transaction.atomic
def offer_languages(
    *,
    organisation: Organisation,
    language: str,
    languages: Collection[str],
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> Organisation:
    """Say in which languages people are invited here, and which comes first. Nobody's own language changes."""
    ensure_may(by, organisation, Permission.OWN)
    ensure_languages(language, languages)
    lock_revision(organisation, expected_revision, "language", "languages")
    chosen = [code for code, _name in settings.LANGUAGES if code in languages]
    old, new = _in_order(organisation.language, organisation.offered), _in_order(language, chosen)
    if old != new:
        save_revision(organisation, language=language, languages=chosen)
        record(by=by, verb="changed languages", thing=organisation, now=now, old=old, new=new)
    return organisation


@transaction.atomic
def switch_all_sending(
    *, organisation: Organisation, is_on: bool, by: Membership, now: datetime, cohorts: Collection[int] | None = None
) -> list[int]:
    """Switch sending of every cohort, or of these. Returns the keys of those that changed, for Undo."""
    ensure_may(by, organisation, Permission.RUN_COHORTS)
    found = Cohort.objects.select_for_update(no_key=True).filter(is_sending=not is_on).order_by("pk")
    if cohorts is not None:
        found = found.filter(pk__in=cohorts)
    locked = list(found)  # all of them before the first entry of the trail, as switching a single one does
    return [set_sending(cohort=cohort, is_on=is_on, by=by, now=now).pk for cohort in locked]


def leaders_in_quiet(times: Times) -> list[int]:
    """Enrolments of leaders who chose an hour in the quiet."""
    is_quiet = hour_is_quiet(times.quiet_from, times.quiet_until)
    return list(Enrolment.objects.active().filter(is_quiet).values_list("pk", flat=True))


def times_of(organisation: Organisation) -> Times:
    return Times(*(getattr(organisation, name) for name in Times.__slots__))


def _said(before: Times, after: Times) -> list[tuple[str, str, str]]:
    return [
        (
            "changed quiet hours",
            hours_words(before.quiet_from, before.quiet_until),
            hours_words(after.quiet_from, after.quiet_until),
        ),
        ("changed hour of new cohorts", hour_words(before.nudge_hour), hour_words(after.nudge_hour)),
        ("changed time zone", str(before.zone), str(after.zone)),
    ]


def _in_order(first: str, languages: Collection[str]) -> str:
    names = dict(settings.LANGUAGES)
    return ", ".join(names[code] for code in [first, *(code for code in languages if code != first)])
