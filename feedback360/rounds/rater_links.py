"""The link in a rater's mail: signed, one per rater and round, for all the leaders they are asked about.

It opens that rater's questions and nothing else, and signs nobody in. Raising the rater's `link_version` revokes it.
The link that stops mails is another one: it stands in the mail's header, which many machines on the way read and log.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.core import signing

from cohorts.mail.signed_links import BadLink

SALT, STOP_SALT = "feedback360.rater", "feedback360.rater.stop"


@dataclass(frozen=True, slots=True)
class RaterLink:
    organisation_id: int
    rater_id: int
    version: int


def rater_token(organisation_id: int, rater_id: int, version: int) -> str:
    return _signer(SALT).sign(f"{organisation_id}-{rater_id}-{version}")


def stop_token(organisation_id: int, rater_id: int, version: int) -> str:
    return _signer(STOP_SALT).sign(f"{organisation_id}-{rater_id}-{version}")


def read_rater(token: str) -> RaterLink:
    """The rater whose questions this token opens. Raises BadLink."""
    return _read(token, SALT)


def read_stop(token: str) -> RaterLink:
    """The rater whose mails this token stops. Raises BadLink."""
    return _read(token, STOP_SALT)


def _read(token: str, salt: str) -> RaterLink:
    try:
        organisation_id, rater_id, version = map(int, _signer(salt).unsign(token).split("-"))
    except (signing.BadSignature, ValueError) as problem:  # ValueError: half a character, or a format of other days
        raise BadLink from problem
    return RaterLink(organisation_id, rater_id, version)


@lru_cache
def _signer(salt: str) -> signing.Signer:
    """Kept, since making one costs a third of signing. A dot needs no escaping in an address."""
    return signing.Signer(salt=salt, sep=".")
