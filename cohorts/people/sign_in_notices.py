"""Mails about who can sign in as somebody: a factor added or removed, a device not seen before.

Each holds a link *this was not me*, good for seven days. It does one thing: it ends all sessions of the person, and
takes away the factor or forgets the device that the mail is about.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format

from cohorts.access.account_mail import put_off
from cohorts.access.sessions import end_sessions
from cohorts.audit import record
from cohorts.mail.signed_links import BadLink, read_numbers, sign_numbers
from cohorts.models import KnownDevice, Membership, Organisation, Person
from cohorts.people.memberships import belongings_of
from cohorts.tenancy.addresses import absolute, front_door
from cohorts.tenancy.wall import within

SALT = "cohorts.people.not_me"
LINK_LASTS = timedelta(days=7)


class What(StrEnum):
    """What a notice is about; also the kind of its mail. Links hold their place in this list: add at its end."""

    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    NEW_DEVICE = "new_device"


class ExpiredLink(BadLink):
    """It was one of ours, more than seven days ago."""


@dataclass(frozen=True, slots=True)
class NotMe:
    """What a link disowns: of which person, and the key of the factor or the device."""

    person_id: int
    what: What
    subject_id: int


def not_me_token(person: Person, what: What, subject_id: int, now: datetime) -> str:
    return sign_numbers(SALT, person.pk, list(What).index(what), subject_id, int(now.timestamp()))


def read_not_me(token: str, now: datetime) -> NotMe:
    """Raises BadLink, or ExpiredLink after seven days."""
    person_id, number, subject_id, at = read_numbers(SALT, token, count=4)
    if now.timestamp() - at > LINK_LASTS.total_seconds():
        raise ExpiredLink
    return NotMe(person_id, list(What)[number], subject_id)


@transaction.atomic
def tell(*, person: Person, what: What, subject_id: int, sort: str, name: str, agent: str, now: datetime) -> None:
    """Mail the person at once, and note it in each of their organisations. `sort`: the type of factor."""
    zone = _note(person, what.value.replace("_", " "), now, sort=sort)
    with translation.override(person.language):
        at = date_format(now.astimezone(zone), "DATETIME_FORMAT")
    link = absolute(front_door("not_me", not_me_token(person, what, subject_id, now)))
    put_off(
        kind=what,
        address=person.email,
        person=person,
        facts={"sort": sort, "name": name, "agent": agent, "at": f"{at} ({zone})", "link": link},
        language=person.language,
        now=now,
    )


@transaction.atomic
def disown(notice: NotMe, *, now: datetime) -> None:
    """Sign the person out everywhere and take away what the notice was about. Idempotent."""
    person = Person.objects.select_for_update(no_key=True).get(pk=notice.person_id)
    if notice.what == What.FACTOR_ADDED:
        Authenticator.objects.filter(user=person, pk=notice.subject_id).delete()
        drop_lone_recovery_codes(person)
    elif notice.what == What.NEW_DEVICE:
        KnownDevice.objects.filter(person=person, pk=notice.subject_id).delete()
    end_sessions(person)
    _note(person, f"disowned {notice.what.value.replace('_', ' ')}", now)


def drop_lone_recovery_codes(person: Person) -> None:
    """Recovery codes stand in for a factor; without one there is nothing to recover."""
    theirs = Authenticator.objects.filter(user=person)
    if not theirs.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        theirs.delete()


def _note(person: Person, verb: str, now: datetime, **details: str) -> tzinfo:
    """An entry in the trail of each organisation of this person. Returns the time zone they have in the first."""
    zones = []
    for belonging in belongings_of(person):
        with within(belonging.organisation_id):
            member = Membership.objects.get(person=person)
            at = Organisation.objects.get(pk=belonging.organisation_id).now(now)
            record(by=member, verb=verb, thing=member, now=at, **details)
            zones.append(member.zone)
    return zones[0] if zones else UTC
