"""Where a rater who is signed in answers: the same page as behind the link in their mail."""

from cohorts.tenancy.addresses import front_door
from feedback360.models import Rater
from feedback360.rounds.rater_links import rater_token


def answer_url(rater: Rater) -> str:
    return front_door("rater", rater_token(rater.organisation_id, rater.pk, rater.link_version))
