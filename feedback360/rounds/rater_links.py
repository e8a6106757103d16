"""The link in a rater's mail: signed, one per rater and round, for all the leaders they are asked about.

It opens that rater's questions and nothing else, and signs nobody in. Raising the rater's `link_version` revokes it.
The link that stops mails is another one: it stands in the mail's header, which many machines on the way read and log.
"""

from dataclasses import dataclass

from cohorts.mail.signed_links import read_numbers, sign_numbers

SALT, STOP_SALT = "feedback360.rater", "feedback360.rater.stop"


@dataclass(frozen=True, slots=True)
class RaterLink:
    organisation_id: int
    rater_id: int
    version: int


def rater_token(organisation_id: int, rater_id: int, version: int) -> str:
    return sign_numbers(SALT, organisation_id, rater_id, version)


def stop_token(organisation_id: int, rater_id: int, version: int) -> str:
    return sign_numbers(STOP_SALT, organisation_id, rater_id, version)


def read_rater(token: str) -> RaterLink:
    """The rater whose questions this token opens. Raises BadLink."""
    return _read(token, SALT)


def read_stop(token: str) -> RaterLink:
    """The rater whose mails this token stops. Raises BadLink."""
    return _read(token, STOP_SALT)


def _read(token: str, salt: str) -> RaterLink:
    return RaterLink(*read_numbers(salt, token, count=3))
