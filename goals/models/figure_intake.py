from collections.abc import Sequence
from typing import Any

from django.db import models

from cohorts.models import Membership
from cohorts.models.intake import UploadQuerySet, UploadWithFile
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet
from goals.models.figure import Kpi


class FigureIntakeQuerySet(UploadQuerySet):
    def visible_to(self, membership: Membership) -> "FigureIntakeQuerySet":
        return self.filter(uploaded_by=membership)


class FigureIntake(UploadWithFile):
    """An uploaded list of figures. Its rows are `StagedFigure`, which stay a day after confirmation, for Undo.

    `kpi` holds for the whole file where it was chosen; `order` says what stands first in 03/04/2026; `followed` are the
    KPIs teams follow because of it. Audience: who uploaded it.
    """

    kpi = OwnedForeignKey(Kpi, null=True, blank=True, related_name="+", is_indexed=False)
    order = models.CharField(max_length=5, blank=True)
    followed: Any = models.JSONField(default=list)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager.from_queryset(FigureIntakeQuerySet)()  # type: ignore[assignment, misc]

    @classmethod
    def held_in(cls) -> Sequence[OwnedQuerySet]:
        return (StagedFigure.objects.all(),)


class StagedFigure(OrganisationOwned):
    """A row of an upload. It has values, or, with `said`, a problem; `twin` is the row of the file for the same day.

    Team and KPI are looked up again on confirmation, so they are no keys here. `old_…` is what an import replaced.
    Audience: who uploaded it.
    """

    is_target = False

    intake = OwnedForeignKey(FigureIntake, related_name="staged")
    number = models.IntegerField()
    on = models.DateField(null=True)
    team_number = models.BigIntegerField(null=True)
    kpi_number = models.BigIntegerField(null=True)
    numerator = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    denominator = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    asked = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    twin = models.IntegerField(null=True)
    said: Any = models.JSONField(null=True)
    old_numerator = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    old_denominator = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    old_asked = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    old_entry = models.CharField(max_length=4, blank=True)
    old_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "intake", "number"], name="staged_figure_once")]
        ordering = ["number"]
