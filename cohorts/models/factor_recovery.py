from django.db import models

from cohorts.models.delayed_change import DelayedChange, DelayedChangeQuerySet
from cohorts.tenancy.wall import OwnedManager


class FactorRecovery(DelayedChange):
    """An owner asks that a member's lost factors be removed. Audience: owners, the member.

    The reason helps the owners and the person decide whether to stop it.
    """

    reason = models.CharField(max_length=500)

    objects = OwnedManager.from_queryset(DelayedChangeQuerySet)()
