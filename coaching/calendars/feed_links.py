"""The secret address of a member's calendar feed: signed, with a number that a new address raises.

Signed and not random with a hash in the database, so that the member can read it again for their next device, and a
copy of the database opens nobody's calendar. It survives a new SECRET_KEY while the old one is among
SECRET_KEY_FALLBACKS, like every link in our mails.
"""

from dataclasses import dataclass

from cohorts.mail.signed_links import read_numbers, sign_numbers
from cohorts.tenancy.addresses import absolute, front_door

SALT = "coaching.feed"


@dataclass(frozen=True, slots=True)
class FeedLink:
    organisation_id: int
    member_id: int
    version: int


def feed_address(organisation_id: int, member_id: int, version: int) -> str:
    return absolute(front_door("calendar_feed", sign_numbers(SALT, organisation_id, member_id, version)))


def read_feed(token: str) -> FeedLink:
    """Whose feed this token opens. Raises BadLink."""
    return FeedLink(*read_numbers(SALT, token, count=3))
