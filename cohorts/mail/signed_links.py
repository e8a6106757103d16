"""Signed links in mails. Each says what it may do and nothing else; none signs anybody in.

A nudge link may log that one date and switch that leader's mails off. A digest link may switch digests off.
They are revoked by raising the membership's `link_version`.
"""

import hashlib
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

NUDGE, DIGEST = b"n", b"d"
FORM = struct.Struct(">cIQIH")  # scope, organisation, enrolment or membership, date, link version
SIGNATURE = 16
ONE_TAP_DAYS = 4


class BadLink(ValueError):
    """The link was cut off, altered, or is not of the kind this page takes."""


@dataclass(frozen=True, slots=True)
class MailLink:
    """What a link in a mail is about: an enrolment (nudge) or a membership (digest) on a date."""

    organisation_id: int
    subject_id: int
    on: date
    version: int

    def is_open_for_logging(self, today: date) -> bool:
        """One tap logs its own date, until the days in which back-filling is allowed are over."""
        return 0 <= (today - self.on).days < ONE_TAP_DAYS


def nudge_token(organisation_id: int, enrolment_id: int, on: date, version: int) -> str:
    return _sign(FORM.pack(NUDGE, organisation_id, enrolment_id, on.toordinal(), version))


def digest_token(organisation_id: int, membership_id: int, on: date, version: int) -> str:
    return _sign(FORM.pack(DIGEST, organisation_id, membership_id, on.toordinal(), version))


def read_nudge(token: str) -> MailLink:
    """The nudge link behind a token. Raises BadLink."""
    return _read(token, NUDGE)


def read_digest(token: str) -> MailLink:
    """The digest link behind a token. Raises BadLink."""
    return _read(token, DIGEST)


@lru_cache(maxsize=1)
def _key() -> bytes:
    return hashlib.sha256(b"cohorts.links" + settings.SECRET_KEY.encode()).digest()


def _signature(payload: bytes) -> bytes:
    return hmac.digest(_key(), payload, "sha256")[:SIGNATURE]


def _sign(payload: bytes) -> str:
    return urlsafe_b64encode(payload + _signature(payload)).decode().rstrip("=")


def _read(token: str, scope: bytes) -> MailLink:
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        payload, signature = raw[: FORM.size], raw[FORM.size :]
        found, organisation_id, subject_id, day, version = FORM.unpack(payload)
        on = date.fromordinal(day)
    except (NotBase64, ValueError, struct.error) as problem:
        raise BadLink from problem
    if found != scope or not hmac.compare_digest(signature, _signature(payload)):
        raise BadLink
    return MailLink(organisation_id, subject_id, on, version)
