from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Enrolment, Membership
from cohorts.models.cohort import Cadence as Level
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet
from goals.dial_rules import Setting
from goals.models.dialled import Dialled, Turned, within_a_year
from goals.models.share import Shared, names_sponsor
from goals.reserve import Life
from goals.stored_dates import day_of


class FocusQuerySet(OwnedQuerySet):
    def current(self) -> "FocusQuerySet":
        return self.filter(archived_on=None)

    def visible_to(self, membership: Membership) -> "FocusQuerySet":
        """Plans of the leader, and those that name the sponsor they have now. The same rule as `may_see_focus`."""
        theirs = models.Q(names_sponsor(Shared.FOCUS), enrolment__sponsor=membership)
        return self.filter(models.Q(enrolment__leader=membership) | theirs)

    def with_sponsor(self) -> "FocusQuerySet":
        """With `is_open`: whether the sponsor of now can read it."""
        return self.annotate(is_open=names_sponsor(Shared.FOCUS))

    def with_turns(self) -> "FocusQuerySet":
        """With their dial settings, in the same query: what `settings` reads."""
        turn = JSONObject(level="level", starts_on="starts_on", ends_on="ends_on")
        turns = Dial.objects.filter(focus=models.OuterRef("pk")).order_by("pk").values(turn=turn)
        return self.annotate(turns=ArraySubquery(turns))

    def closed_to_sponsor(self) -> "FocusQuerySet":
        return self.exclude(names_sponsor(Shared.FOCUS))


class Focus(Dialled, Revised, Tracked, OrganisationOwned):
    """A behaviour the leader works on, as an if-then plan. Audience: the leader; their sponsor sees the plan.

    A plan is shown in the language it was written in; older ones without a language, in the reader's.
    """

    enrolment = OwnedForeignKey(Enrolment, related_name="focuses")
    behaviour = models.CharField(_("behaviour"), max_length=40)
    cue = models.CharField(_("When…"), max_length=160)
    response = models.CharField(_("I will…"), max_length=160)
    language = models.CharField(max_length=5, blank=True, default="")
    started_on = models.DateField()
    archived_on = models.DateField(null=True, blank=True)
    key = models.UUIDField(null=True, blank=True)
    edition = models.BigIntegerField(null=True, blank=True)

    is_open: bool  # asked for by `with_sponsor`
    turns: list[dict[str, Any]] | None = None  # asked for by `with_turns`

    objects = OwnedManager.from_queryset(FocusQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "enrolment", "key"], name="focus_key_once"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        with override(self.language or get_language()):
            return gettext("When %(cue)s, I will %(response)s.") % {"cue": self.cue, "response": self.response}

    @property
    def when(self) -> str:
        """The first half of the plan, for a page that sets it apart."""
        with override(self.language or get_language()):
            return gettext("When %(cue)s,") % {"cue": self.cue}

    @property
    def then(self) -> str:
        """The second half of the plan."""
        with override(self.language or get_language()):
            return gettext("I will %(response)s.") % {"response": self.response}

    @property
    def behaviour_label(self) -> str:
        return str(Behaviour(self.behaviour).label) if self.behaviour in Behaviour else self.behaviour

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Its dial settings, in the order they were made."""
        if self.turns is not None:
            return tuple(
                Setting(turn["level"], date.fromisoformat(turn["starts_on"]), day_of(turn["ends_on"]))
                for turn in self.turns
            )
        return super().settings

    @property
    def life(self) -> Life:
        return Life(self.started_on, self.archived_on, self.settings)


class Dial(Turned, Tracked, OrganisationOwned):
    """How much attention a focus gets from a date on. Dated, never rewritten. Audience: as the focus.

    `period` is the busy period that turned it; None, the leader's own hand. `set_at` tells which came later; rows
    from before goals have none.
    """

    focus = OwnedForeignKey(Focus, related_name="dials")
    level = models.PositiveSmallIntegerField(choices=Level)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_reserve = models.BooleanField(default=False)
    period = OwnedForeignKey("BusyPeriod", models.SET_NULL, null=True, blank=True, related_name="+", is_indexed=False)
    set_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [within_a_year("dial_within_a_year")]
        ordering = ["starts_on", "id"]
