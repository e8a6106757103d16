"""The token in a team's link: signed, one for each link. It opens that team's page and nothing else."""

from dataclasses import dataclass
from functools import lru_cache

from django.core import signing

from cohorts.mail.signed_links import BadLink
from cohorts.tenancy.addresses import absolute, front_door
from goals.models import TeamLink

SALT = "goals.teams.link"


@dataclass(frozen=True, slots=True)
class LinkKey:
    organisation_id: int
    link_id: int


def team_token(link: TeamLink) -> str:
    return _signer().sign(f"{link.organisation_id}-{link.pk}")


def team_address(link: TeamLink) -> str:
    """What the leader hands out."""
    return absolute(front_door("shown_team", team_token(link)))


def read_team(token: str) -> LinkKey:
    """The link behind a token. Raises BadLink."""
    try:
        organisation_id, link_id = map(int, _signer().unsign(token).split("-"))
    except (signing.BadSignature, ValueError) as problem:  # ValueError: half a character
        raise BadLink from problem
    return LinkKey(organisation_id, link_id)


@lru_cache
def _signer() -> signing.Signer:
    """A dot needs no escaping in an address."""
    return signing.Signer(salt=SALT, sep=".")
