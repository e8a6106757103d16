"""The token in a team's link: signed, one for each link. It opens that team's page and nothing else."""

from dataclasses import dataclass

from cohorts.mail.signed_links import read_numbers, sign_numbers
from cohorts.tenancy.addresses import absolute, front_door
from goals.models import TeamLink

SALT = "goals.teams.link"


@dataclass(frozen=True, slots=True)
class LinkKey:
    organisation_id: int
    link_id: int


def team_token(link: TeamLink) -> str:
    return sign_numbers(SALT, link.organisation_id, link.pk)


def team_address(link: TeamLink) -> str:
    """What the leader hands out."""
    return absolute(front_door("shown_team", team_token(link)))


def read_team(token: str) -> LinkKey:
    """The link behind a token. Raises BadLink."""
    return LinkKey(*read_numbers(SALT, token, count=2))
