"""Signed links in mails. Each says what it may do and nothing else; none signs anybody in.

A nudge link may log that one date and switch that leader's mails off. A digest link may switch digests off.
They are revoked by raising the membership's `link_version`, and survive a new SECRET_KEY while the old one is among
SECRET_KEY_FALLBACKS.

A token is a few numbers and a signature. `signing.dumps` would need 22 characters and half the time more for the same.
Links of other kinds, each with a salt of its own, are signed and read by `sign_numbers` and `read_numbers`, too.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.core import signing

NUDGE_SALT, DIGEST_SALT = "cohorts.mail.nudge", "cohorts.mail.digest"


class BadLink(ValueError):
    """The link was cut off, altered, signed elsewhere, or is not of the kind this page takes."""


@dataclass(frozen=True, slots=True)
class MailLink:
    """What a link in a mail is about: an enrolment (nudge) or a membership (digest) on a date."""

    organisation_id: int
    subject_id: int
    on: date
    version: int


def nudge_token(organisation_id: int, enrolment_id: int, on: date, version: int) -> str:
    return sign_numbers(NUDGE_SALT, organisation_id, enrolment_id, on.toordinal(), version)


def digest_token(organisation_id: int, membership_id: int, on: date, version: int) -> str:
    return sign_numbers(DIGEST_SALT, organisation_id, membership_id, on.toordinal(), version)


def read_nudge(token: str) -> MailLink:
    """The nudge link behind a token. Raises BadLink."""
    return _read(token, NUDGE_SALT)


def read_digest(token: str) -> MailLink:
    """The digest link behind a token. Raises BadLink."""
    return _read(token, DIGEST_SALT)


def sign_numbers(salt: str, *numbers: int) -> str:
    """A token that holds these numbers, for links of one kind."""
    return _signer(salt).sign("-".join(map(str, numbers)))


def read_numbers(salt: str, token: str, *, count: int) -> tuple[int, ...]:
    """The numbers in a token of that kind. Raises BadLink.

    The signature first: only what we wrote ourselves is taken apart.
    """
    try:
        numbers = tuple(map(int, _signer(salt).unsign(token).split("-")))
    except (signing.BadSignature, ValueError) as problem:  # ValueError: half a character, or a format of other days
        raise BadLink from problem
    if len(numbers) != count:
        raise BadLink
    return numbers


@lru_cache
def _signer(salt: str) -> signing.Signer:
    """Kept, since making one costs a third of signing. A dot needs no escaping in an address."""
    return signing.Signer(salt=salt, sep=".")


def _read(token: str, salt: str) -> MailLink:
    organisation_id, subject_id, day, version = read_numbers(salt, token, count=4)
    return MailLink(organisation_id, subject_id, date.fromordinal(day), version)
