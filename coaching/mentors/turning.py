"""What the clock does for mentors: end what cannot go on, let requests lapse, hand on free places."""

from datetime import datetime

from coaching.mentors.actions.requests import ask_on, lapse_requests
from coaching.mentors.actions.stopping import end_of_those_who_left
from cohorts.models import Organisation


def turn_mentors(organisation: Organisation, *, now: datetime) -> None:
    """In this order: each frees places for the next. Idempotent."""
    end_of_those_who_left(organisation=organisation, now=now)
    lapse_requests(now=now)
    ask_on(organisation=organisation, now=now)
