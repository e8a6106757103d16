"""Whose sponsor a member is now: of each leader whose enrolment names them, until that leader leaves the cohort."""

from django.db import models

from cohorts.models import Enrolment, Membership


def is_sponsor_of(membership: Membership, leader_id: int) -> bool:
    """For one leader; `sponsored_by` is the same rule for many."""
    return Enrolment.objects.active().filter(leader=leader_id, sponsor=membership).exists()


def sponsored_by(membership: Membership, leader: str = "leader") -> models.Q:
    """As a condition on rows with a leader, such as teams."""
    theirs = Enrolment.objects.active().filter(leader=models.OuterRef(leader), sponsor=membership)
    return models.Q(models.Exists(theirs))
