"""What a mentor offers, and what a leader looks for."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from coaching.mentors.rules import (
    MAX_CONFLICTS_CHARACTERS,
    ensure_hours,
    ensure_languages,
    ensure_profile,
    ensure_site,
    ensure_skills,
)
from coaching.models import MentorConflict, MentorProfile, MentorSearch
from cohorts.audit import record
from cohorts.models import Membership, Role
from cohorts.web.addresses import plain_address
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import Invalid, NotYours
from cohorts.web.revisions import lock_revision, save_revision


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """What stands in a profile."""

    kind: str
    about: str
    behaviours: tuple[str, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    hours_from: time
    hours_to: time
    zone: ZoneInfo
    site: str
    places: int
    cadence_days: int


@transaction.atomic
def save_profile(
    *,
    member: Membership,
    facts: ProfileFacts,
    conflicts: str,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> MentorProfile:
    """Write a coach's own profile, the first time or again. Fewer places end nothing that has begun."""
    if by.pk != member.pk or not member.has_role(Role.COACH):
        raise NotYours(_("Only coaches and mentors have a profile, and only they write it."))
    ensure_profile(**asdict(facts))
    named = {each.pk for each in members_named(conflicts)}
    if member.pk in named:
        raise Invalid("conflicts", _("Name others, not yourself."))
    values = _values(facts)
    profile, is_new = MentorProfile.objects.get_or_create(member=member, defaults={**values, "opened_at": now})
    if not is_new:
        lock_revision(profile, expected_revision, *values)
        save_revision(profile, **values)
    profile.conflicts.exclude(member__in=named).delete()
    MentorConflict.objects.bulk_create(
        [MentorConflict(profile=profile, member_id=key) for key in sorted(named)], ignore_conflicts=True
    )
    record(by=by, verb="saved mentor profile", thing=profile, now=now, places=facts.places)
    return profile


@transaction.atomic
def set_accepting(*, profile: MentorProfile, is_on: bool, by: Membership, now: datetime) -> None:
    """Take new people, or none for now. Switching it on begins a new count of unanswered requests. Idempotent."""
    if by.pk != profile.member_id:
        raise NotYours(_("Only coaches and mentors have a profile, and only they write it."))
    lock_revision(profile, None, "is_accepting")
    if profile.is_accepting == is_on:
        return
    save_revision(profile, is_accepting=is_on, **({"opened_at": now} if is_on else {}))
    record(by=by, verb="opened for requests" if is_on else "closed for requests", thing=profile, now=now)


@transaction.atomic
def save_search(
    *,
    leader: Membership,
    languages: Collection[str],
    skills: Collection[str],
    hours_from: time,
    hours_to: time,
    site: str,
    expected_revision: int | None = None,
) -> MentorSearch:
    """Keep what a leader looks for."""
    ensure_languages(languages)
    ensure_skills(skills)
    ensure_hours(hours_from, hours_to)
    ensure_site(site)
    values = {
        "languages": list(languages),
        "skills": list(skills),
        "hours_from": hours_from,
        "hours_to": hours_to,
        "site": site.strip(),
    }
    search, is_new = MentorSearch.objects.get_or_create(leader=leader, defaults=values)
    if not is_new:
        lock_revision(search, expected_revision, *values)
        save_revision(search, **values)
    return search


def members_named(text: str) -> list[Membership]:
    """The members behind addresses, one a line. Raises Invalid for an address nobody here has."""
    ensure_text("conflicts", text, most=MAX_CONFLICTS_CHARACTERS, is_required=False)
    addresses = list(dict.fromkeys(filter(None, map(plain_address, text.replace(",", "\n").splitlines()))))
    found = {each.person.email.lower(): each for each in _with_addresses(addresses)}
    unknown = next((each for each in addresses if each not in found), None)
    if unknown is not None:
        raise Invalid("conflicts", _("Nobody here has this address: %(email)s.") % {"email": unknown[:80]})
    return list(found.values())


def _with_addresses(addresses: Collection[str]) -> QuerySet[Membership]:
    members = Membership.objects.alias(address=Lower("person__email"))
    return members.filter(address__in=addresses).select_related("person")


def _values(facts: ProfileFacts) -> dict[str, object]:
    values = asdict(facts)
    for name in ("behaviours", "skills", "languages"):
        values[name] = list(values[name])
    return values | {"about": facts.about.strip(), "site": facts.site.strip()}
