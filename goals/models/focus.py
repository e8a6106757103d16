from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment, Membership
from cohorts.models.cohort import Cadence as Level
from cohorts.tenancy import OrganisationOwned, OwnedForeignKey, OwnedQuerySet, owned_manager


class FocusQuerySet(OwnedQuerySet):
    def current(self) -> "FocusQuerySet":
        return self.filter(archived_on=None)


class Focus(OrganisationOwned):
    """A behaviour the leader works on, as an if-then plan. Audience: the leader; their sponsor sees the plan."""

    enrolment = OwnedForeignKey(Enrolment, related_name="focuses")
    behaviour = models.CharField(_("behaviour"), max_length=40)
    cue = models.CharField(_("When…"), max_length=160)
    response = models.CharField(_("I will…"), max_length=160)
    started_on = models.DateField()
    archived_on = models.DateField(null=True, blank=True)

    objects = owned_manager(FocusQuerySet)

    class Meta:
        ordering = ["id"]

    def level_on(self, on: date) -> Level:
        """The dial in force on a date: the newest setting that began by then and has not run out."""
        for dial in sorted(self.dials.all(), key=lambda dial: (dial.starts_on, dial.pk), reverse=True):
            if dial.starts_on <= on:
                is_over = dial.ends_on is not None and on > dial.ends_on
                return Level.STEADY if is_over else Level(dial.level)
        return Level.STEADY


class Dial(OrganisationOwned):
    """How much attention a focus gets from a date on. Dated, never rewritten. Audience: as the focus."""

    focus = OwnedForeignKey(Focus, related_name="dials")
    level = models.PositiveSmallIntegerField(choices=Level)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_reserve = models.BooleanField(default=False)
    set_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["starts_on", "id"]
