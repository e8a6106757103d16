from collections.abc import Iterable
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment, Membership, Step
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet
from goals.models.focus import Focus


class Went(models.IntegerChoices):
    """How a practice went, in everyday words."""

    HARD_GOING = 1, _("Hard going")
    CLUMSY = 2, _("Clumsy")
    OKAY = 3, _("Okay")
    WELL = 4, _("Well")
    NATURAL = 5, _("Natural")


class PracticeQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "PracticeQuerySet":
        """Whole rows, with place and line, for the leader only. The same rule as `may_read_practice`."""
        return self.filter(enrolment__leader=membership)

    def done_between(self, first: date, last: date) -> Iterable[date]:
        """The dates with a practice from `first` to `last`."""
        return self.filter(did_it=True, on__range=(first, last)).values_list("on", flat=True)


class Practice(Tracked, OrganisationOwned):
    """A logged attempt: done or not today, how it went, where. One per day; the newest log of a day replaces it.

    The deed is saved first and rated afterwards, so a practice that was done may still wait for its rating.
    `earlier_keys` are the other forms that said something about the day, with the newest edition seen of each.

    Audience: the leader. The sponsor and admins see that it happened and how it went, never the line.
    """

    enrolment = OwnedForeignKey(Enrolment, related_name="practices")
    focus = OwnedForeignKey(Focus, models.SET_NULL, null=True, blank=True, related_name="practices")
    step = OwnedForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    did_it = models.BooleanField()
    went = models.PositiveSmallIntegerField(_("how it went"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=80, blank=True)
    line = models.CharField(_("a line for yourself"), max_length=280, blank=True)
    is_back_filled = models.BooleanField(default=False)
    key = models.UUIDField()
    edition = models.BigIntegerField(null=True, blank=True)
    earlier_keys = models.JSONField(default=dict, db_default={}, blank=True)
    logged_at = models.DateTimeField()

    objects = OwnedManager.from_queryset(PracticeQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "on"], name="practice_once_a_day"),
            models.UniqueConstraint(fields=["organisation", "enrolment", "key"], name="practice_key_once"),
            models.CheckConstraint(
                name="practice_went_only_if_done",
                condition=models.Q(went=None) | models.Q(did_it=True, went__range=(1, 5)),
            ),
        ]
        ordering = ["-on"]

    @property
    def went_word(self) -> str:
        return str(Went(self.went).label) if self.went else ""
