"""Leaders without anybody, and mentors with places."""

from typing import Any

from coaching.mentors.actions.requests import AskOutcome, ask
from coaching.models import MentorProfile
from cohorts.models import Membership, Organisation
from tests import factories as make
from tests.times import NOW


def new_leader(name: str = "Liv Leader", **fields: Any) -> Membership:
    """In no cohort yet, with English as their language."""
    return make.MembershipFactory(name=name, roles=["leader"], person__language="en", **fields)


def new_mentor(name: str = "Mats Mentor", **fields: Any) -> MentorProfile:
    member = make.MembershipFactory(name=name, roles=["coach"])
    return make.MentorProfileFactory(member=member, **{"kind": "mentor", "places": 1, **fields})


def asked(profile: MentorProfile, leader: Membership, organisation: Organisation, words: str = "") -> AskOutcome:
    return ask(profile=profile, words=words, by=leader, organisation=organisation, now=NOW)
